//! Words for calls whose meaning nobody here knows: what the service said, and where to look.

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::AuthError;
use defender_xdr_core::http::{Answer, Method};

use crate::error::{ApiError, ApiErrorKind};
use crate::purpose::Purpose;
use crate::refusal;

/// A call that nobody here knows.
pub(super) struct Unknown<'a> {
    pub(super) method: &'a Method,
    /// Path alone: a query may hold what people search for.
    pub(super) path: &'a str,
}

impl Unknown<'_> {
    fn reads(&self) -> bool {
        super::call::reads(self.method)
    }
}

impl Purpose for Unknown<'_> {
    fn verb(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn changes(&self) -> bool {
        !self.reads()
    }

    fn without_token(&self, error: AuthError) -> ApiError {
        ApiError::from_auth(error)
    }

    fn refused(&self, answer: &Answer, until: Option<Timestamp>) -> ApiError {
        let said = refusal::said(answer);
        let kind = match answer.status {
            400 | 405 | 406 | 409 | 411..=415 | 422 | 428 => ApiErrorKind::BadRequest,
            401 => ApiErrorKind::TokenRefused,
            403 => ApiErrorKind::Forbidden,
            // A body of the API's own form: it is the API that does not know it.
            404 if said.message.is_some() || said.code.is_some() => ApiErrorKind::NotFound,
            429 => ApiErrorKind::Throttled,
            503 if until.is_some() => ApiErrorKind::Throttled,
            404 | 410 | 500..=599 => ApiErrorKind::Unavailable,
            _ => ApiErrorKind::Unreadable,
        };
        let hint = match kind {
            ApiErrorKind::Forbidden => {
                "grant the application a permission for this call, with admin consent: its page of the API reference \
                 lists them, and the text above may name what is missing"
            }
            ApiErrorKind::TokenRefused => "`defender-xdr auth status` shows the sign-in that was refused",
            ApiErrorKind::BadRequest | ApiErrorKind::NotFound => {
                "the text above is the service's own: check path, method and fields"
            }
            ApiErrorKind::Throttled => "wait; the limits are per application",
            ApiErrorKind::Unreadable if (300..400).contains(&answer.status) => {
                "the service points elsewhere, where no token is sent"
            }
            ApiErrorKind::Unavailable => "try again later",
            _ => "check `endpoint` and `proxy`: something else may be answering",
        };
        let message = said.message.unwrap_or_else(|| answer.describe());
        ApiError::new(kind, format!("cannot {}: {message}", self.verb()))
            .with_code(said.code)
            .with_request_id(said.request_id)
            .with_until(until)
            .with_hint(hint)
    }

    fn uncertain(&self, error: ApiError) -> ApiError {
        if self.reads() { error } else { error.after_sending_something() }
    }
}
