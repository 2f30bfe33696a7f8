//! A claims challenge of the API: the token is good, but not good enough.
//!
//! Source: "Claims challenges, claims requests, and client capabilities" (Microsoft identity platform).

use defender_xdr_core::auth::{Identity, claims_challenge};
use defender_xdr_core::http::Answer;

use crate::error::{ApiError, ApiErrorKind};

/// The claims that a 401 demands, as JSON text.
pub(crate) fn of(answer: &Answer) -> Option<String> {
    let lines = answer.headers.get_all("www-authenticate");
    claims_challenge(lines.iter().filter_map(|line| line.to_str().ok())).filter(|_| answer.status == 401)
}

/// The error of a challenge that no token answered: a person has to, if one signs in here at all.
pub(crate) fn unanswered(error: ApiError, identity: Identity) -> ApiError {
    let said_no = match error.kind() {
        ApiErrorKind::TokenRefused => true,
        // A passing fault of the sign-in service says nothing about the challenge.
        ApiErrorKind::SignIn => !error.is_retryable(),
        _ => false,
    };
    if !said_no {
        return error;
    }
    error.with_hint(match identity {
        Identity::Delegated => {
            "the API asks for a stronger sign-in than the stored one, such as with multi-factor authentication: run \
             `defender-xdr auth login`"
        }
        Identity::Application => {
            "the API asks for more than an application can prove alone: ask an administrator which Conditional Access \
             policy covers it"
        }
    })
}
