//! What Entra's errors mean and what to do. The OAuth `error` decides first, then `suberror`, then the AADSTS number,
//! which is a hint only.
//!
//! Sources: "Microsoft Entra authentication and authorization error codes"; "Handling authentication errors"
//! (`suberror`); RFC 6749 section 5.2; RFC 8628 section 3.5.

mod accounts;
mod applications;
mod code;
mod consents;
mod credentials;
mod policies;
mod requests;
mod sessions;
mod tenants;

use super::wire::ErrorBody;
use crate::auth::AuthErrorKind::{
    self, Configuration, ConsentRequired, Declined, Expired, InteractionRequired, InvalidClient, Paused,
    Pending, Policy, ResourceUnknown, SignInAgain, Tenant, Throttled, Unavailable, UnknownApplication,
};

pub use code::Code;

/// The table by theme; each part ascends.
const TABLE: &[(&str, &[Code])] = &[
    ("Sign-ins, codes and refresh tokens", sessions::CODES),
    ("Accounts", accounts::CODES),
    ("Policies", policies::CODES),
    ("Consent", consents::CODES),
    ("Application", applications::CODES),
    ("Credential of the application", credentials::CODES),
    ("Request", requests::CODES),
    ("Tenant, cloud and service", tenants::CODES),
];

/// What an Entra error means for the person who reads it.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The kind of failure.
    pub kind: AuthErrorKind,
    /// Cause and remedy, as one line.
    pub hint: String,
}

/// The table of AADSTS numbers, by theme.
pub fn themes() -> &'static [(&'static str, &'static [Code])] {
    TABLE
}

/// What is known about an AADSTS number.
pub fn look_up(number: u32) -> Option<&'static Code> {
    TABLE.iter().flat_map(|(_, codes)| *codes).find(|code| code.number == number)
}

/// Explains an error body.
pub fn explain(body: &ErrorBody) -> Explanation {
    let known = body.code().and_then(look_up);
    // Entra dresses its passing faults in the words of a refusal.
    if let Some(code) = known.filter(|code| matches!(code.kind, Unavailable | Throttled | Paused)) {
        return Explanation { kind: code.kind, hint: code.hint() };
    }
    let decided = by_error(&body.error).or_else(|| body.suberror.as_deref().and_then(by_suberror));
    match (decided, known) {
        // A number tells more precisely what has been decided, but not something else.
        (Some(decided), Some(code)) if decided.admits(code.kind) => {
            Explanation { kind: code.kind, hint: code.hint() }
        }
        (None, Some(code)) => Explanation { kind: code.kind, hint: code.hint() },
        (Some(decided), _) => decided.explain(body.code().filter(|_| known.is_none())),
        (None, None) => usually(&body.error).explain(body.code()),
    }
}

/// What is known without a number.
struct Decided {
    kind: AuthErrorKind,
    hint: &'static str,
    /// Kinds a number may make of it.
    finer: &'static [AuthErrorKind],
}

const fn decided(kind: AuthErrorKind, hint: &'static str) -> Decided {
    Decided { kind, hint, finer: &[] }
}

impl Decided {
    fn admits(&self, kind: AuthErrorKind) -> bool {
        kind == self.kind || self.finer.contains(&kind)
    }

    fn explain(&self, unknown: Option<u32>) -> Explanation {
        let page = unknown.map(|code| {
            format!("; https://login.microsoftonline.com/error?code={code} says more about AADSTS{code}")
        });
        Explanation { kind: self.kind, hint: format!("{}{}", self.hint, page.unwrap_or_default()) }
    }
}

/// Values of `error` that mean one thing, whatever else the body says.
fn by_error(error: &str) -> Option<Decided> {
    Some(match error {
        "authorization_pending" | "slow_down" => decided(Pending, "the sign-in is not completed yet"),
        "authorization_declined" => decided(Declined, "the sign-in was declined: start again"),
        "expired_token" => decided(Expired, "the device code has expired: start again"),
        "consent_required" => decided(ConsentRequired, CONSENT),
        "temporarily_unavailable" | "server_error" => {
            decided(Unavailable, "Entra has a passing fault: try again")
        }
        "invalid_client" => Decided {
            kind: InvalidClient,
            hint: "the application's credential was refused: check it",
            finer: &[Configuration, UnknownApplication, Policy, Tenant],
        },
        _ => return None,
    })
}

const CONSENT: &str =
    "consent is missing: an administrator has to consent to the permissions of this application";

/// The documented values of `suberror`, and those that Microsoft's own libraries know besides.
fn by_suberror(suberror: &str) -> Option<Decided> {
    Some(match suberror {
        "basic_action" => decided(
            InteractionRequired,
            "Entra wants to ask the person something: sign in again with `defender-xdr auth login`",
        ),
        "additional_action" => decided(
            Policy,
            "something has to be done outside this program first, such as registering the device: ask an administrator",
        ),
        "message_only" => Decided {
            kind: Policy,
            hint: "Entra refuses, and nothing in this program changes that: ask an administrator",
            finer: &[ConsentRequired],
        },
        "consent_required" => decided(ConsentRequired, CONSENT),
        "user_password_expired" => {
            decided(SignInAgain, "the password has expired: change it, then sign in again")
        }
        "bad_token" | "token_expired" => {
            decided(SignInAgain, "the sign-in is over: sign in again with `defender-xdr auth login`")
        }
        "client_mismatch" => decided(
            SignInAgain,
            "the refresh token belongs to another application: check `application-id`, then sign in again",
        ),
        "device_authentication_failed" | "protection_policy_required" => decided(
            Policy,
            "Conditional Access demands a device it knows: use another flow, from such a device",
        ),
        _ => return None,
    })
}

/// What an `error` means that says little, when nothing says more.
fn usually(error: &str) -> Decided {
    match error {
        "access_denied" => decided(Declined, "the sign-in was declined: start again"),
        "bad_verification_code" | "invalid_grant" => {
            decided(SignInAgain, "the sign-in was not accepted: sign in again with `defender-xdr auth login`")
        }
        "interaction_required" | "login_required" => {
            decided(InteractionRequired, "a person is needed: sign in again with `defender-xdr auth login`")
        }
        "unauthorized_client" => decided(
            UnknownApplication,
            "the application may not do this here: check `application-id`, `tenant-id` and `cloud`",
        ),
        "invalid_resource" => decided(
            ResourceUnknown,
            "the tenant does not know this API: check `cloud`, `tenant-id` and `scope`",
        ),
        "invalid_scope" => {
            decided(Configuration, "the scope is not valid: check `scope`, one resource with /.default")
        }
        "invalid_tenant" => decided(
            Tenant,
            "the tenant was not found: check `tenant-id`, and `cloud` if it lives in another cloud",
        ),
        _ => decided(
            Configuration,
            "Entra refused the request: check `application-id`, `tenant-id`, `scope` and `cloud`",
        ),
    }
}

#[cfg(test)]
mod tests;
