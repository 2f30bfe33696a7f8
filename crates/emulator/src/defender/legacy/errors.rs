//! Error answers of the legacy API.
//!
//! Source: Microsoft Learn, "Common Microsoft Defender XDR REST API error codes"; texts as observed in public reports.

use http::StatusCode;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use crate::caller::TokenFault;
use crate::defender::authorize::Refusal;
use crate::defender::cpu::Exhausted;
use crate::defender::quota::Exceeded;
use crate::exchange::Response;

/// An error answer before it got its tracking id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LegacyError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) retry_after: Option<i64>,
}

impl LegacyError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn odata(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ODataError", message)
    }

    pub(crate) fn body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequestBody", message)
    }

    pub(crate) fn unknown_incident(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", format!("Incident {id} was not found"))
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "The requested resource does not exist.")
    }

    pub(crate) fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "BadRequest",
            "The requested resource does not support this HTTP method.",
        )
    }

    pub(crate) fn media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BadRequest",
            "The media type of the body has to be application/json.",
        )
    }

    pub(crate) fn retired(status: u16) -> Self {
        Self::new(
            StatusCode::from_u16(status).unwrap_or(StatusCode::GONE),
            "NotFound",
            "This API has been retired. Use the Microsoft Graph security API.",
        )
    }

    pub(crate) fn exhausted(exhausted: Exhausted, with_header: bool) -> Self {
        let retry_after = with_header.then_some(exhausted.wait);
        Self {
            retry_after,
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", exhausted.message())
        }
    }

    pub(crate) fn throttled(exceeded: Exceeded, with_header: bool) -> Self {
        let Exceeded { limit, window, wait } = exceeded;
        let (hours, minutes) = (window / 3600, window / 60 % 60);
        let message = format!(
            "API calls quota exceeded! Maximum allowed {limit} per {hours:02}:{minutes:02}:00 for the key \
             Destination+TenantID+AppID. You can send requests again in {wait} seconds."
        );
        let retry_after = with_header.then_some(wait);
        Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message) }
    }

    /// The answer. `tracking`: the GUID to quote to support.
    pub(crate) fn response(&self, tracking: &str) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message, "target": tracking } });
        let mut response = Response::json(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{}\"", self.message);
            response = response.with_header(WWW_AUTHENTICATE, &challenge);
        }
        match self.retry_after {
            Some(seconds) => response.with_header(RETRY_AFTER, &seconds.to_string()),
            None => response,
        }
    }
}

impl From<Refusal> for LegacyError {
    fn from(refusal: Refusal) -> Self {
        let unauthorized = |text: &str| Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", text);
        match &refusal {
            Refusal::Token(TokenFault::Missing) => {
                unauthorized("Authorization has been denied for this request.")
            }
            Refusal::Token(TokenFault::Invalid) => unauthorized("The signature of the token is invalid."),
            Refusal::Token(TokenFault::Expired) => unauthorized("The token expired."),
            // Observed: a token for a neighbouring API is answered with 403 here.
            Refusal::WrongAudience => Self::new(
                StatusCode::FORBIDDEN,
                "Forbidden",
                "The audience of the token is invalid: it was issued for another resource.",
            ),
            other => {
                Self::new(StatusCode::FORBIDDEN, "Forbidden", other.forbidden_text().unwrap_or_default())
            }
        }
    }
}
