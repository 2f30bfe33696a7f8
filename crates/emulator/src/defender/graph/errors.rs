//! Error answers of Microsoft Graph.
//!
//! Source: Microsoft Graph, "Error responses and resource types"; security pages and texts as observed in reports.

use http::StatusCode;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use super::Correlation;
use crate::caller::TokenFault;
use crate::defender::authorize::Refusal;
use crate::defender::cpu::Exhausted;
use crate::defender::filter::FilterError;
use crate::defender::quota::Exceeded;
use crate::exchange::Response;

/// An error answer before it got its request ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) status: StatusCode,
    /// May be empty, as the real service does for some limits.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) retry_after: Option<i64>,
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// A bad query option: the code is empty (observed).
    pub(crate) fn query(message: impl AsRef<str>) -> Self {
        let message = format!("The query specified in the URI is not valid. {}", message.as_ref());
        Self::new(StatusCode::BAD_REQUEST, "", message)
    }

    /// More than one page may hold (exact text observed).
    pub(crate) fn top_limit(limit: usize, asked: usize) -> Self {
        Self::query(format!(
            "The limit of '{limit}' for Top query has been exceeded. The value from the incoming request is '{asked}'."
        ))
    }

    /// A deeper skip than alerts allow (observed on a sibling collection).
    pub(crate) fn skip_limit(limit: usize, asked: usize) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "", format!("'$skip={asked} cannot exceed {limit}'"))
    }

    pub(crate) fn segment(segment: &str) -> Self {
        Self::bad_request(format!("Resource not found for the segment '{segment}'."))
    }

    pub(crate) fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )
    }

    pub(crate) fn unknown(kind: &str, id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            format!("The {kind} with id '{id}' was not found."),
        )
    }

    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "UnknownError", "")
    }

    pub(crate) fn content_type() -> Self {
        Self::bad_request(
            "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
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
        let message = if with_header {
            "Too many requests.".to_owned()
        } else {
            format!("Too many requests. You can send requests again in {} seconds.", exceeded.wait)
        };
        let retry_after = with_header.then_some(exceeded.wait);
        Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message) }
    }

    /// The answer with its ids; `date` has no zone, as the service writes it.
    pub(crate) fn response(&self, correlation: &Correlation) -> Response {
        let body = json!({ "error": {
            "code": self.code,
            "message": self.message,
            "details": [],
            "innerError": {
                "date": correlation.date,
                "request-id": correlation.request_id,
                "client-request-id": correlation.client_request_id,
            },
        } });
        let mut response = Response::json(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = format!(
                "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", \
                 client_id=\"00000003-0000-0000-c000-000000000000\"",
                correlation.origin
            );
            response = response.with_header(WWW_AUTHENTICATE, &challenge);
        }
        match self.retry_after {
            Some(seconds) => response.with_header(RETRY_AFTER, &seconds.to_string()),
            None => response,
        }
    }
}

impl From<FilterError> for GraphError {
    fn from(fault: FilterError) -> Self {
        Self::query(fault.to_string())
    }
}

impl From<Refusal> for GraphError {
    fn from(refusal: Refusal) -> Self {
        let token = |text: &str| Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", text);
        match &refusal {
            Refusal::Token(TokenFault::Missing) => token("Access token is empty."),
            Refusal::Token(TokenFault::Invalid) => {
                token("Access token validation failure. Invalid signature.")
            }
            Refusal::Token(TokenFault::Expired) => token("Lifetime validation failed, the token is expired."),
            Refusal::WrongAudience => token("Access token validation failure. Invalid audience."),
            other => {
                Self::new(StatusCode::FORBIDDEN, "Forbidden", other.forbidden_text().unwrap_or_default())
            }
        }
    }
}
