//! The device code flow (RFC 8628): codes, the person's decision, and what a poll is answered.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::aadsts;
use super::claims_request::AskedClaims;
use super::refusal::Refusal;
use crate::directory::applications;
use crate::directory::people::{self, Person};
use crate::options::DeviceCodeOptions;

/// Seconds that `slow_down` adds to the interval for good (RFC 8628 section 3.5).
const SLOW_DOWN_SECONDS: u64 = 5;

/// A poll this much too early still passes: a client that keeps to the interval must not be caught by jitter.
const JITTER: SignedDuration = SignedDuration::from_millis(500);

/// A started sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeviceSignIn {
    pub(crate) user_code: String,
    pub(crate) device_code: String,
    pub(crate) application_id: String,
    /// The tenant segment it was started with, in its one spelling.
    pub(crate) segment: String,
    pub(crate) scope: String,
    /// What was asked for by the `claims` parameter.
    #[serde(default)]
    pub(crate) claims: AskedClaims,
    pub(crate) started: Timestamp,
    pub(crate) expires: Timestamp,
    /// Seconds between polls.
    interval: u64,
    last_poll: Option<Timestamp>,
    pub(crate) state: Decision,
}

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    Pending,
    Approved { user: String },
    Declined,
    Failed(ScriptedFailure),
    Redeemed,
}

/// A failure a script asks for, such as a conditional access policy that blocks the sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedFailure {
    /// The OAuth error code, such as `invalid_grant`.
    pub error: String,
    /// The AADSTS number, such as 53003.
    #[serde(default)]
    pub code: Option<u32>,
    /// The `suberror` member.
    #[serde(default)]
    pub suberror: Option<String>,
    /// The `claims` member: JSON inside a string.
    #[serde(default)]
    pub claims: Option<String>,
}

impl ScriptedFailure {
    pub(crate) fn refusal(&self) -> Refusal {
        Refusal::new(self.error.clone(), self.code, "The sign-in was refused as scripted.")
            .suberror(self.suberror.clone())
            .claims(self.claims.clone())
    }
}

/// Why a person's decision is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// No sign-in has this code.
    #[error("no sign-in is waiting with this code")]
    UnknownCode,
    /// The code's time is over.
    #[error("the code has expired")]
    Expired,
    /// Somebody has decided already.
    #[error("the code was already used")]
    AlreadyHandled,
    /// Nobody has this sign-in name.
    #[error("nobody here has this sign-in name")]
    UnknownPerson,
    /// The person's account is in another tenant (AADSTS50020).
    #[error("the account is not in the tenant of this sign-in")]
    ForeignPerson,
}

impl DeviceSignIn {
    pub(crate) fn start(
        (user_code, device_code): (String, String),
        (application_id, segment, scope): (&str, &str, &str),
        now: Timestamp,
        options: &DeviceCodeOptions,
    ) -> Self {
        Self {
            user_code,
            device_code,
            application_id: application_id.to_owned(),
            segment: segment.to_owned(),
            scope: scope.to_owned(),
            claims: AskedClaims::default(),
            started: now,
            expires: now.saturating_add(options.expires_in).unwrap_or(now),
            interval: options.interval.as_secs(),
            last_poll: None,
            state: Decision::Pending,
        }
    }

    pub(crate) fn interval(&self) -> u64 {
        self.interval
    }

    /// Lets somebody decide, once and in time.
    pub(crate) fn decide(&mut self, decision: Decision, now: Timestamp) -> Result<(), DecisionError> {
        if now >= self.expires {
            return Err(DecisionError::Expired);
        }
        if self.state != Decision::Pending {
            return Err(DecisionError::AlreadyHandled);
        }
        if let Decision::Approved { user } = &decision {
            let person = people::find(user).ok_or(DecisionError::UnknownPerson)?;
            if !self.takes(person) {
                return Err(DecisionError::ForeignPerson);
            }
        }
        self.state = decision;
        Ok(())
    }

    /// Whether a person's account is in a tenant this sign-in is open to.
    pub(crate) fn takes(&self, person: &Person) -> bool {
        matches!(self.segment.as_str(), "common" | "organizations") || self.segment == person.tenant.id
    }

    /// Answers one poll: the person to issue tokens for, or why not (yet).
    pub(crate) fn poll(
        &mut self,
        now: Timestamp,
        options: &DeviceCodeOptions,
    ) -> Result<&'static Person, Refusal> {
        let earlier = self.last_poll.replace(now);
        match &self.state {
            Decision::Redeemed => return Err(aadsts::spent_device_code()),
            _ if now >= self.expires => return Err(aadsts::expired_device_code()),
            Decision::Declined => return Err(aadsts::authorization_declined(options.declined_code)),
            Decision::Failed(failure) => return Err(failure.refusal()),
            Decision::Approved { user } => return people::find(user).ok_or_else(aadsts::spent_device_code),
            Decision::Pending => {}
        }
        let interval = SignedDuration::from_secs(i64::try_from(self.interval).unwrap_or(i64::MAX));
        let too_fast = earlier.is_some_and(|earlier| now.duration_since(earlier) + JITTER < interval);
        if options.slow_down && too_fast {
            self.interval = self.interval.saturating_add(SLOW_DOWN_SECONDS);
            return Err(aadsts::slow_down(self.interval));
        }
        Err(aadsts::authorization_pending())
    }

    /// The display name of the application that asks.
    pub(crate) fn application_name(&self) -> &'static str {
        applications::find(&self.application_id).map_or("Unknown application", |application| application.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::applications::CORTEX_APP;
    use crate::directory::tenants::{AURORA, BOREALIS};

    fn at(seconds: i64) -> Timestamp {
        "2026-03-01T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    fn started(segment: &str) -> DeviceSignIn {
        let codes = ("ABCDEFGHJ".to_owned(), "opaque".to_owned());
        DeviceSignIn::start(codes, (CORTEX_APP.id, segment, "s"), at(0), &DeviceCodeOptions::default())
    }

    fn poll(code: &mut DeviceSignIn, seconds: i64) -> Result<&'static str, String> {
        code.poll(at(seconds), &DeviceCodeOptions::default())
            .map(|person| person.user_principal_name)
            .map_err(|refusal| refusal.error)
    }

    fn approve(code: &mut DeviceSignIn, user: &str, seconds: i64) -> Result<(), DecisionError> {
        code.decide(Decision::Approved { user: user.to_owned() }, at(seconds))
    }

    #[test]
    fn polls_wait_until_somebody_approves() {
        let mut code = started(AURORA.id);
        assert_eq!(poll(&mut code, 5), Err("authorization_pending".to_owned()));
        approve(&mut code, "Mika@aurora-lab.example", 6).unwrap();
        assert_eq!(poll(&mut code, 10), Ok("mika@aurora-lab.example"));
    }

    #[test]
    fn polling_too_fast_adds_five_seconds_for_good() {
        let mut code = started(AURORA.id);
        assert_eq!(poll(&mut code, 0), Err("authorization_pending".to_owned()));
        assert_eq!(poll(&mut code, 3), Err("slow_down".to_owned()));
        assert_eq!(poll(&mut code, 9), Err("slow_down".to_owned()));
        assert_eq!(code.interval(), 15);
        assert_eq!(poll(&mut code, 24), Err("authorization_pending".to_owned()));
    }

    #[test]
    fn slow_down_can_be_switched_off() {
        let options = DeviceCodeOptions { slow_down: false, ..DeviceCodeOptions::default() };
        let mut code = started(AURORA.id);
        for _ in 0..3 {
            assert_eq!(code.poll(at(1), &options).unwrap_err().error, "authorization_pending");
        }
    }

    #[test]
    fn a_code_ends_after_its_time_even_when_it_was_approved() {
        let mut code = started(AURORA.id);
        approve(&mut code, "dana@aurora-lab.example", 10).unwrap();
        assert_eq!(poll(&mut code, 900), Err("expired_token".to_owned()));
        assert_eq!(
            approve(&mut started(AURORA.id), "dana@aurora-lab.example", 900),
            Err(DecisionError::Expired)
        );
    }

    #[test]
    fn one_person_decides_once_and_in_the_right_tenant() {
        let mut code = started("organizations");
        assert_eq!(approve(&mut code, "nobody@aurora-lab.example", 1), Err(DecisionError::UnknownPerson));
        code.decide(Decision::Declined, at(1)).unwrap();
        assert_eq!(approve(&mut code, "dana@aurora-lab.example", 2), Err(DecisionError::AlreadyHandled));
        assert_eq!(poll(&mut code, 5), Err("authorization_declined".to_owned()));
        let mut elsewhere = started(BOREALIS.id);
        assert_eq!(approve(&mut elsewhere, "dana@aurora-lab.example", 1), Err(DecisionError::ForeignPerson));
    }

    #[test]
    fn a_scripted_failure_is_answered_as_scripted() {
        let mut code = started(AURORA.id);
        let failure = ScriptedFailure {
            error: "interaction_required".to_owned(),
            code: Some(53_003),
            suberror: Some("message_only".to_owned()),
            claims: None,
        };
        code.decide(Decision::Failed(failure), at(1)).unwrap();
        let refusal = code.poll(at(5), &DeviceCodeOptions::default()).unwrap_err();
        assert_eq!((refusal.error.as_str(), refusal.code), ("interaction_required", Some(53_003)));
        assert_eq!(refusal.suberror.as_deref(), Some("message_only"));
    }
}
