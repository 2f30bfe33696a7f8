//! Refresh tokens: how long they live and what ends them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::aadsts;
use super::refusal::Refusal;

/// A refresh token dies after this time without use.
/// <https://learn.microsoft.com/entra/identity-platform/refresh-tokens>
const IDLE_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What one refresh token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) application_id: String,
    /// The person's sign-in name.
    pub(crate) user: String,
    /// The tenant segment of the sign-in, in its one spelling.
    pub(crate) segment: String,
    /// The scope of the sign-in, used when a refresh names none.
    pub(crate) scope: String,
    pub(crate) issued: Timestamp,
    pub(crate) last_used: Timestamp,
    /// Since when the token is refused.
    pub(crate) revoked: Option<Timestamp>,
    /// When it ends whatever happens: tokens of a page in a browser, and all that follow from them.
    #[serde(default)]
    pub(crate) ends: Option<Timestamp>,
    /// A death on demand.
    #[serde(default)]
    pub(crate) ended: Option<Ending>,
}

/// How a refresh token dies on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// An administrator revoked it, or the password changed (AADSTS50173).
    Revoked,
    /// Nobody used it for 90 days (AADSTS700082).
    Idle,
    /// It belonged to a page in a browser and its 24 hours are over (AADSTS700084).
    DayOver,
    /// The tenant demands a sign-in more often (AADSTS70043).
    SignInFrequency,
}

impl Ending {
    /// The ending with this AADSTS number.
    pub(crate) fn numbered(code: u32) -> Option<Self> {
        [Self::Revoked, Self::Idle, Self::DayOver, Self::SignInFrequency]
            .into_iter()
            .find(|ending| ending.number() == code)
    }

    const fn number(self) -> u32 {
        match self {
            Self::Revoked => 50_173,
            Self::Idle => 700_082,
            Self::DayOver => 700_084,
            Self::SignInFrequency => 70_043,
        }
    }
}

impl Session {
    /// Uses the token: a fresh idle period starts, unless it is dead already.
    pub(crate) fn redeem(&mut self, application_id: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.application_id != application_id {
            return Err(aadsts::invalid_refresh_token());
        }
        if let Some(revoked) = self.revoked {
            return Err(aadsts::revoked_refresh_token(&self.issued.to_string(), &revoked.to_string()));
        }
        let issued = self.issued.to_string();
        match self.ended {
            None => {}
            Some(Ending::Revoked) => return Err(aadsts::revoked_refresh_token(&issued, &now.to_string())),
            Some(Ending::Idle) => return Err(aadsts::idle_refresh_token(&issued)),
            Some(Ending::DayOver) => return Err(aadsts::refresh_token_of_a_page(&issued)),
            Some(Ending::SignInFrequency) => return Err(aadsts::sign_in_frequency()),
        }
        if self.ends.is_some_and(|ends| now >= ends) {
            return Err(aadsts::refresh_token_of_a_page(&issued));
        }
        if now.duration_since(self.last_used) >= IDLE_LIFE {
            return Err(aadsts::idle_refresh_token(&self.issued.to_string()));
        }
        self.last_used = now;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Timestamp {
        "2026-03-01T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(days * 24)
    }

    fn session() -> Session {
        Session {
            application_id: "app".to_owned(),
            user: "dana@aurora-lab.example".to_owned(),
            segment: "organizations".to_owned(),
            scope: "offline_access".to_owned(),
            issued: at(0),
            last_used: at(0),
            revoked: None,
            ends: None,
            ended: None,
        }
    }

    fn code(result: Result<(), Refusal>) -> Option<u32> {
        result.err().and_then(|refusal| refusal.code)
    }

    #[test]
    fn every_use_starts_ninety_fresh_days() {
        let mut session = session();
        assert_eq!(code(session.redeem("app", at(89))), None);
        assert_eq!(code(session.redeem("app", at(178))), None);
        assert_eq!(code(session.redeem("app", at(268))), Some(700_082));
    }

    #[test]
    fn a_token_belongs_to_one_application() {
        assert_eq!(code(session().redeem("other", at(1))), Some(70_000));
    }

    #[test]
    fn a_revoked_token_is_refused_as_a_bad_token() {
        let mut session = Session { revoked: Some(at(1)), ..session() };
        let refusal = session.redeem("app", at(1)).unwrap_err();
        assert_eq!((refusal.code, refusal.suberror.as_deref()), (Some(50_173), Some("bad_token")));
    }

    #[test]
    fn each_death_on_demand_has_its_number() {
        for (ending, number) in [
            (Ending::Revoked, 50_173),
            (Ending::Idle, 700_082),
            (Ending::DayOver, 700_084),
            (Ending::SignInFrequency, 70_043),
        ] {
            let mut session = Session { ended: Some(ending), ..session() };
            assert_eq!(code(session.redeem("app", at(1))), Some(number));
        }
    }

    #[test]
    fn the_day_of_a_page_is_not_prolonged_by_use() {
        let mut session = Session { ends: Some(at(1)), ..session() };
        assert_eq!(code(session.redeem("app", at(0))), None);
        assert_eq!(code(session.redeem("app", at(1))), Some(700_084));
    }
}
