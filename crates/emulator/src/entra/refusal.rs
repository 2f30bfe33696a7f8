//! An error answer of the token, device code and metadata endpoints, in the body layout Entra uses.
//!
//! Layout: RFC 6749 section 5.2 with the members of
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application>.

use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::exchange::Response;
use crate::options::ErrorTail;

/// Codes whose recorded answers carried no link to the lookup page.
const WITHOUT_LOOKUP_PAGE: &[u32] = &[7_000_014, 70_043];

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) error: String,
    /// The AADSTS number; absent for errors that have none.
    pub(crate) code: Option<u32>,
    pub(crate) text: String,
    pub(crate) suberror: Option<String>,
    pub(crate) claims: Option<String>,
}

/// What every answer to one request carries.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) trace_id: String,
    /// The request's `client-request-id`, or a fresh GUID.
    pub(crate) correlation_id: String,
    pub(crate) now: Timestamp,
    pub(crate) tail: ErrorTail,
}

impl Refusal {
    /// A refusal with HTTP 401 for `invalid_client` (RFC 6749 section 5.2) and 400 for everything else.
    pub(crate) fn new(
        error: impl Into<String>,
        code: impl Into<Option<u32>>,
        text: impl Into<String>,
    ) -> Self {
        let error = error.into();
        let status =
            if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, code: code.into(), text: text.into(), suberror: None, claims: None }
    }

    pub(crate) fn suberror(mut self, suberror: impl Into<Option<String>>) -> Self {
        self.suberror = suberror.into();
        self
    }

    pub(crate) fn claims(mut self, claims: impl Into<Option<String>>) -> Self {
        self.claims = claims.into();
        self
    }

    /// The same refusal as a failed client authentication.
    pub(crate) fn blaming_the_client(self) -> Self {
        Self { error: "invalid_client".to_owned(), status: StatusCode::UNAUTHORIZED, ..self }
    }

    pub(crate) fn into_response(self, envelope: &Envelope) -> Response {
        let timestamp = envelope.now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let number = self.code.map(|code| format!("AADSTS{code}: ")).unwrap_or_default();
        let gap = match envelope.tail {
            ErrorTail::Blanks => " ",
            ErrorTail::LineBreaks => "\r\n",
        };
        let Envelope { trace_id, correlation_id, .. } = envelope;
        let mut body = Map::new();
        body.insert("error".to_owned(), Value::String(self.error));
        body.insert(
            "error_description".to_owned(),
            Value::String(format!(
                "{number}{}{gap}Trace ID: {trace_id}{gap}Correlation ID: {correlation_id}{gap}Timestamp: {timestamp}",
                self.text
            )),
        );
        if let Some(code) = self.code {
            body.insert("error_codes".to_owned(), json!([code]));
        }
        body.insert("timestamp".to_owned(), json!(timestamp));
        body.insert("trace_id".to_owned(), json!(trace_id));
        body.insert("correlation_id".to_owned(), json!(correlation_id));
        if let Some(code) = self.code.filter(|code| !WITHOUT_LOOKUP_PAGE.contains(code)) {
            body.insert(
                "error_uri".to_owned(),
                json!(format!("https://login.microsoftonline.com/error?code={code}")),
            );
        }
        if let Some(suberror) = self.suberror {
            body.insert("suberror".to_owned(), Value::String(suberror));
        }
        if let Some(claims) = self.claims {
            body.insert("claims".to_owned(), Value::String(claims));
        }
        let telemetry = format!("1,{},0,,", self.code.unwrap_or_default());
        envelope
            .seal(Response::json(self.status, &Value::Object(body)))
            .with_header(HeaderName::from_static("x-ms-clitelem"), &telemetry)
    }
}

impl Envelope {
    /// The headers that answers of the token endpoint carry, so that no cache keeps one.
    pub(crate) fn seal(&self, response: Response) -> Response {
        response
            .with_header(http::header::CACHE_CONTROL, "no-store, no-cache")
            .with_header(http::header::PRAGMA, "no-cache")
            .with_header(http::header::EXPIRES, "-1")
            .with_header(http::header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with_header(HeaderName::from_static("x-ms-request-id"), &self.trace_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(tail: ErrorTail) -> Envelope {
        Envelope {
            trace_id: "t-1".to_owned(),
            correlation_id: "c-1".to_owned(),
            now: "2026-11-22T10:11:12Z".parse().unwrap(),
            tail,
        }
    }

    #[test]
    fn a_refusal_has_every_member_of_the_documented_body() {
        let refusal = Refusal::new("invalid_grant", 53_003, "Blocked by policy.")
            .suberror("message_only".to_owned())
            .claims("{\"access_token\":{}}".to_owned());
        let response = refusal.into_response(&envelope(ErrorTail::Blanks));
        assert_eq!(response.status, 400);
        assert_eq!(response.headers["cache-control"], "no-store, no-cache");
        assert_eq!(response.headers["pragma"], "no-cache");
        assert_eq!(response.headers["x-ms-request-id"], "t-1");
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(
            body,
            json!({
                "error": "invalid_grant",
                "error_description": "AADSTS53003: Blocked by policy. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-11-22 10:11:12Z",
                "error_codes": [53003],
                "timestamp": "2026-11-22 10:11:12Z",
                "trace_id": "t-1",
                "correlation_id": "c-1",
                "error_uri": "https://login.microsoftonline.com/error?code=53003",
                "suberror": "message_only",
                "claims": "{\"access_token\":{}}"
            })
        );
    }

    #[test]
    fn the_older_tail_breaks_lines_and_a_failed_client_gets_401() {
        let response = Refusal::new("invalid_client", 7_000_215, "Wrong secret.")
            .into_response(&envelope(ErrorTail::LineBreaks));
        assert_eq!(response.status, 401);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(
            body["error_description"],
            "AADSTS7000215: Wrong secret.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2026-11-22 10:11:12Z"
        );
        assert!(body.get("suberror").is_none());
    }

    #[test]
    fn an_error_without_a_number_names_none() {
        let response = Refusal::new("slow_down", None, "Slower.").into_response(&envelope(ErrorTail::Blanks));
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert!(body.get("error_codes").is_none() && body.get("error_uri").is_none());
        assert!(body["error_description"].as_str().unwrap().starts_with("Slower. Trace ID"));
    }
}
