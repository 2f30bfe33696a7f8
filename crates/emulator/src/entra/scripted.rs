//! Refusals on demand, as policies of a tenant would refuse: at which moment, for whom, how often.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use crate::directory::applications::Application;
use crate::directory::people::Person;

/// When a sign-in is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// On the pages of the authorization endpoint, once somebody has signed in.
    Authorize,
    /// At the redemption of an authorization code.
    AuthorizationCode,
    /// At the redemption of a device code that somebody approved.
    DeviceCode,
    /// When a refresh token is used.
    RefreshToken,
    /// When an application signs in as itself.
    ClientCredentials,
}

/// A refusal to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRefusal {
    /// When it strikes.
    pub grant: Moment,
    /// The AADSTS number, such as 53003.
    pub code: u32,
    /// The OAuth error; the one seen with this number if absent.
    #[serde(default)]
    pub error: Option<String>,
    /// The `suberror`; the one seen with this number if absent.
    #[serde(default)]
    pub suberror: Option<String>,
    /// The `claims` member: JSON inside a string.
    #[serde(default)]
    pub claims: Option<String>,
    /// Only for this application, by GUID; for every one if absent.
    #[serde(default)]
    pub application: Option<String>,
    /// Only for this person, by sign-in name; for everybody if absent.
    #[serde(default)]
    pub user: Option<String>,
    /// How many sign-ins are refused (1).
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

/// The refusals in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Scripted(Vec<SignInRefusal>);

impl Scripted {
    pub(crate) fn add(&mut self, refusal: SignInRefusal) {
        self.0.push(refusal);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn waiting(&self) -> &[SignInRefusal] {
        &self.0
    }

    /// The refusal that strikes now, if any.
    pub(crate) fn strike(
        &mut self,
        moment: Moment,
        application: &Application,
        person: Option<&Person>,
    ) -> Option<Refusal> {
        let due = self.0.iter_mut().find(|rule| {
            rule.times > 0
                && rule.grant == moment
                && rule.application.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(application.id))
                && rule.user.as_ref().is_none_or(|name| {
                    person.is_some_and(|person| person.user_principal_name.eq_ignore_ascii_case(name))
                })
        })?;
        due.times -= 1;
        let refusal = due.refusal();
        self.0.retain(|rule| rule.times > 0);
        Some(refusal)
    }
}

impl SignInRefusal {
    /// This number, once, at this moment, for everybody.
    pub fn once(grant: Moment, code: u32) -> Self {
        Self {
            grant,
            code,
            error: None,
            suberror: None,
            claims: None,
            application: None,
            user: None,
            times: 1,
        }
    }

    fn refusal(&self) -> Refusal {
        let (error, suberror, text) = seen_with(self.code);
        Refusal::new(self.error.as_deref().unwrap_or(error), self.code, text)
            .suberror(self.suberror.clone().or_else(|| suberror.map(str::to_owned)))
            .claims(self.claims.clone())
    }
}

/// Error, `suberror` and a text of our own for a number. Recorded answers differ between `invalid_grant` and
/// `interaction_required` for most policies; a script can name the other.
fn seen_with(code: u32) -> (&'static str, Option<&'static str>, &'static str) {
    match code {
        50_072 | 50_079 => {
            ("interaction_required", Some("basic_action"), "Multi-factor authentication has to be set up.")
        }
        50_074 | 50_076 | 50_078 => (
            "interaction_required",
            Some("basic_action"),
            "Multi-factor authentication is required to access the resource.",
        ),
        50_057 => ("invalid_grant", None, "The user account is disabled."),
        50_097 => ("interaction_required", Some("additional_action"), "Device authentication is required."),
        50_105 => {
            ("invalid_grant", None, "The signed in user is not assigned to a role for the application.")
        }
        50_158 => (
            "interaction_required",
            Some("additional_action"),
            "External security challenge was not satisfied.",
        ),
        50_199 => ("interaction_required", None, "For security reasons, user confirmation is required."),
        53_000..=53_002 | 530_003 => (
            "interaction_required",
            Some("message_only"),
            "The device is not in the state that a Conditional Access policy demands.",
        ),
        53_003 => {
            ("invalid_grant", Some("message_only"), "Access has been blocked by Conditional Access policies.")
        }
        65_001 => ("invalid_grant", Some("consent_required"), "Nobody has consented to use the application."),
        70_043 => (
            "invalid_grant",
            Some("token_expired"),
            "The refresh token has expired due to sign-in frequency checks.",
        ),
        7_000_215 => ("invalid_client", None, "Invalid client secret provided."),
        7_000_218 => (
            "invalid_client",
            None,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ),
        7_000_222 => ("invalid_client", None, "The provided client secret keys are expired."),
        90_033 => ("temporarily_unavailable", None, "A transient error has occurred. Please try again."),
        90_094 => ("consent_required", None, "Only an administrator may consent."),
        _ => ("invalid_grant", None, "The sign-in was refused as scripted."),
    }
}
