//! Reads the error bodies of both APIs and says what they mean for the person who called.
//!
//! Sources: "Common REST API error codes" (Defender XDR), "Microsoft Graph error responses".

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, Identity};
use defender_xdr_core::backend::{Backend, LEGACY_RETIREMENT};
use defender_xdr_core::http::{Answer, Url};
use serde::Deserialize;

use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::{Operation, least_permission};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Inner,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inner {
    code: Option<String>,
    message: Option<String>,
    /// Legacy: a tracking id.
    target: Option<String>,
    #[serde(alias = "innererror", rename = "innerError")]
    details: Option<Identifiers>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifiers {
    #[serde(rename = "request-id")]
    request_id: Option<String>,
}

/// What was asked, for words and remedies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) backend: Backend,
    pub(crate) identity: Identity,
    /// The last day of the API has come.
    pub(crate) is_retired: bool,
}

impl Asked {
    fn both_remedies(self) -> String {
        ways_out(self.operation, self.backend, self.identity)
    }
}

/// Both ways out when an application has no rights on one API: it may have them on the other.
pub fn ways_out(operation: Operation, backend: Backend, identity: Identity) -> String {
    let permission = least_permission(operation, backend, identity);
    match backend {
        Backend::Graph => format!(
            "grant the application the Microsoft Graph permission {permission} with admin consent, or set \
                 `api = \"legacy\"` (--api legacy), which works until {LEGACY_RETIREMENT}"
        ),
        Backend::Legacy => format!(
            "grant the application the Microsoft Threat Protection permission {permission} with admin consent, \
                 or set `api = \"graph\"` (--api graph), which needs {}",
            least_permission(operation, Backend::Graph, identity)
        ),
    }
}

/// A sign-in error on the way to an API call. Missing consent is told with both ways out.
pub(crate) fn from_auth(error: AuthError, asked: Asked) -> ApiError {
    let lacks_rights =
        matches!(error.kind(), AuthErrorKind::ConsentRequired | AuthErrorKind::ResourceUnknown);
    let converted = ApiError::from_auth(error);
    if lacks_rights { converted.with_hint(asked.both_remedies()) } else { converted }
}

/// What the service said about an error.
pub(crate) struct Said {
    /// On one line; `None` when it said nothing.
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// Reads an error body, or the headers when it is none.
pub(crate) fn said(answer: &Answer) -> Said {
    let body: Option<Body> = serde_json::from_slice(&answer.body).ok();
    let error = body.map(|body| body.error).unwrap_or_default();
    let request_id = error
        .details
        .and_then(|details| details.request_id)
        .or_else(|| answer.header("request-id").map(str::to_owned))
        .or(error.target);
    let message = error.message.as_deref().map(one_line).filter(|text| !text.is_empty());
    Said { message, code: error.code, request_id }
}

/// An answer that is no success.
pub(crate) fn from_answer(answer: &Answer, asked: Asked, until: Option<Timestamp>) -> ApiError {
    let Said { message: said, code, request_id } = said(answer);
    let verb = asked.operation.verb();
    let said = said.as_deref();
    let message = match said {
        Some(text) => format!("cannot {verb}: {text}"),
        None => format!("cannot {verb}: {}", answer.describe()),
    };
    let word = code.as_deref().unwrap_or_default();
    let kind = match answer.status {
        _ if says_retired(answer.status, said.unwrap_or_default(), asked.backend) => ApiErrorKind::Retired,
        400..=499 if is_too_large(said.unwrap_or_default(), asked.operation) => ApiErrorKind::ResultTooLarge,
        400 | 405 | 409 | 412..=415 | 422 => ApiErrorKind::BadRequest,
        // Nobody has said how the old hosts will answer: each of these may be it.
        404 if asked.is_retired && !is_unknown_incident(word, said.unwrap_or_default(), asked.operation) => {
            ApiErrorKind::Retired
        }
        403 | 410 if asked.is_retired => ApiErrorKind::Retired,
        401 => ApiErrorKind::TokenRefused,
        403 => ApiErrorKind::Forbidden,
        404 if is_unknown_incident(word, said.unwrap_or_default(), asked.operation) => ApiErrorKind::NotFound,
        429 => ApiErrorKind::Throttled,
        503 if until.is_some() => ApiErrorKind::Throttled,
        404 | 410 | 500..=599 => ApiErrorKind::Unavailable,
        _ => ApiErrorKind::Unreadable,
    };
    let message = match elsewhere(answer) {
        Some(host) => format!("{message}; it points to {host}"),
        None => message,
    };
    let hint = hint(kind, answer.status, said.unwrap_or_default(), asked);
    ApiError::new(kind, message).with_code(code).with_request_id(request_id).with_until(until).with_hint(hint)
}

fn hint(kind: ApiErrorKind, status: u16, said: &str, asked: Asked) -> String {
    let unlicensed = said.contains("not provisioned") || said.contains("mode is inactive");
    match kind {
        ApiErrorKind::TokenRefused | ApiErrorKind::Forbidden if unlicensed => {
            "Microsoft Defender XDR is not licensed or not set up in this tenant".to_owned()
        }
        ApiErrorKind::TokenRefused | ApiErrorKind::Forbidden => {
            let role = match asked.identity {
                Identity::Delegated if asked.operation.writes() => {
                    "; the person also needs a role that may change incidents, such as Security Operator"
                }
                Identity::Delegated => {
                    "; the person also needs a role that may see incidents, such as Security Reader"
                }
                Identity::Application => "",
            };
            format!("{}{role}", asked.both_remedies())
        }
        ApiErrorKind::ResultTooLarge => {
            "nothing of it came: ask for fewer columns (`| project …`), fewer rows (`--limit`), or one span of time after \
             the other"
                .to_owned()
        }
        ApiErrorKind::Unavailable if asked.operation == Operation::Hunt && matches!(status, 500 | 504) => {
            "the service stops a query after three minutes: narrow it, or try again later".to_owned()
        }
        ApiErrorKind::BadRequest if asked.operation == Operation::Hunt => {
            "correct the query: the text above is the query engine's".to_owned()
        }
        ApiErrorKind::BadRequest if asked.operation == Operation::ListIncidents => {
            format!("correct the filter: `--filter` is sent to the {} API as it is", asked.backend)
        }
        ApiErrorKind::BadRequest => "correct what is named above: the service does not accept it".to_owned(),
        ApiErrorKind::NotFound => {
            let list = asked.operation.listed_by();
            format!("check the id: `defender-xdr {list}` shows those you may see")
        }
        ApiErrorKind::Throttled => "wait; the limits are per application and minute".to_owned(),
        ApiErrorKind::Retired => format!(
            "set `api = \"graph\"` (--api graph), which needs the Microsoft Graph permission {}",
            least_permission(asked.operation, Backend::Graph, asked.identity)
        ),
        ApiErrorKind::Unavailable if matches!(status, 404 | 410) => {
            format!("check `endpoint` and `cloud`: this host does not know the path{}", end_of_legacy(asked))
        }
        ApiErrorKind::Unreadable if (300..400).contains(&status) => format!(
            "check `endpoint`, `cloud` and `proxy`: a token is for one host, so no redirect is followed{}",
            end_of_legacy(asked)
        ),
        ApiErrorKind::Unavailable => "try again later".to_owned(),
        _ => "check `endpoint` and `proxy`: something else may be answering".to_owned(),
    }
}

/// What an address that no longer answers may mean on the legacy API.
fn end_of_legacy(asked: Asked) -> String {
    match asked.backend {
        Backend::Graph => String::new(),
        Backend::Legacy => format!(
            "; the legacy API ends on {LEGACY_RETIREMENT}: if that is the reason, set `api = \"graph\"` (--api graph)"
        ),
    }
}

/// The host that a redirect leads to. The rest of its address may hold what is nobody's business.
fn elsewhere(answer: &Answer) -> Option<String> {
    let to = Url::parse(answer.header("location").filter(|_| (300..400).contains(&answer.status))?).ok()?;
    Some(format!("{}://{}", to.scheme(), to.host_str()?))
}

/// Whether a query is refused for the size of its result.
fn is_too_large(said: &str, operation: Operation) -> bool {
    operation == Operation::Hunt && said.contains("exceeded the allowed result size")
}

/// Whether a legacy answer tells the end of the API. How the real one will is not known: 404, 410 and 403 are expected,
/// and a text that names it.
fn says_retired(status: u16, said: &str, backend: Backend) -> bool {
    let said = said.to_ascii_lowercase();
    let tells = ["retired", "retirement", "decommissioned", "no longer available", "no longer supported"];
    backend == Backend::Legacy
        && (status == 410 || ((400..500).contains(&status) && tells.iter().any(|word| said.contains(word))))
}

/// Whether a 404 is about the incident and not about the path. `ResourceNotFound` is documented for it; `NotFound` is
/// said of both, so the text decides.
fn is_unknown_incident(code: &str, said: &str, operation: Operation) -> bool {
    !matches!(operation, Operation::ListIncidents | Operation::Hunt)
        && (code == "ResourceNotFound"
            || (code == "NotFound" && said.to_ascii_lowercase().contains("incident")))
}

/// Reads an error body, for fuzzing: the first byte chooses what was asked, the next two choose the status.
#[cfg(fuzzing)]
pub fn fuzz_error_body(bytes: &[u8]) {
    let [asked, high, low, body @ ..] = bytes else { return };
    let status = u16::from_be_bytes([*high, *low]) % 300 + 300;
    let answer = Answer {
        status,
        headers: defender_xdr_core::http::HeaderMap::new(),
        body: body.to_vec(),
        origin: "https://x.example".into(),
    };
    let asked = usize::from(*asked);
    let operation = Operation::ALL[asked / 4 % Operation::ALL.len()];
    let backend = Backend::ALL[asked % Backend::ALL.len()];
    let identity = [Identity::Application, Identity::Delegated][asked / 2 % 2];
    let error = from_answer(&answer, Asked { operation, backend, identity, is_retired: false }, None);
    assert!(!error.to_string().is_empty() && !error.to_string().contains('\n'));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use defender_xdr_core::http::HeaderMap;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: body.into(), origin: "https://x.example".into() }
    }

    fn asked(backend: Backend) -> Asked {
        Asked {
            operation: Operation::ListIncidents,
            backend,
            identity: Identity::Application,
            is_retired: false,
        }
    }

    #[test]
    fn a_missing_role_names_both_ways_out() {
        let body = r#"{"error":{"code":"Forbidden","message":"Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, application roles: .","innerError":{"request-id":"r1"}}}"#;
        let error = from_answer(&answer(403, body), asked(Backend::Graph), None);
        assert_eq!(
            (error.kind(), error.code(), error.request_id()),
            (ApiErrorKind::Forbidden, Some("Forbidden"), Some("r1"))
        );
        let hint = error.hint().expect("a hint");
        assert!(
            hint.contains("SecurityIncident.Read.All")
                && hint.contains("api = \"legacy\"")
                && hint.contains("2027-02-01")
        );
    }

    #[test]
    fn an_empty_code_and_both_spellings_of_the_inner_error_are_read() {
        let body = r#"{"error":{"code":"","message":"The limit of '50' for Top query has been exceeded.","details":[],"innererror":{"request-id":"r2"}}}"#;
        let error = from_answer(&answer(400, body), asked(Backend::Graph), None);
        assert_eq!(
            (error.kind(), error.code(), error.request_id()),
            (ApiErrorKind::BadRequest, None, Some("r2"))
        );
    }

    #[test]
    fn a_page_of_a_proxy_is_described() {
        let error = from_answer(&answer(502, "<html>Bad gateway"), asked(Backend::Legacy), None);
        assert_eq!(error.kind(), ApiErrorKind::Unavailable);
        assert!(error.to_string().contains("502") && error.to_string().contains("<html>"));
    }

    #[test]
    fn an_unknown_path_is_not_an_unknown_incident() {
        let kind = |operation, body: &str| {
            let asked = Asked { operation, ..asked(Backend::Legacy) };
            from_answer(&answer(404, body), asked, None).kind()
        };
        let unknown = r#"{"error":{"code":"ResourceNotFound","message":"Incident 7 was not found"}}"#;
        let path = r#"{"error":{"code":"NotFound","message":"The requested resource does not exist."}}"#;
        assert_eq!(kind(Operation::GetIncident, unknown), ApiErrorKind::NotFound);
        for body in ["", "<html>", path] {
            assert_eq!(kind(Operation::GetIncident, body), ApiErrorKind::Unavailable, "{body}");
        }
        assert_eq!(kind(Operation::ListIncidents, unknown), ApiErrorKind::Unavailable);
    }

    #[test]
    fn a_retired_api_names_the_other_one_whatever_its_status() {
        let body = r#"{"error":{"code":"NotFound","message":"This API has been retired."}}"#;
        for status in [403, 404, 410] {
            let error = from_answer(&answer(status, body), asked(Backend::Legacy), None);
            assert_eq!(error.kind(), ApiErrorKind::Retired, "{status}");
            assert!(error.hint().is_some_and(|hint| hint.contains("api = \"graph\"")), "{status}");
        }
        assert_ne!(
            from_answer(&answer(404, body), asked(Backend::Graph), None).kind(),
            ApiErrorKind::Retired
        );
    }

    #[test]
    fn after_the_last_day_an_answer_that_may_be_the_end_is_read_as_it() {
        let kind = |status, operation, body: &str| {
            let asked = Asked { operation, is_retired: true, ..asked(Backend::Legacy) };
            from_answer(&answer(status, body), asked, None).kind()
        };
        for status in [403, 404, 410] {
            assert_eq!(kind(status, Operation::ListIncidents, "<html>"), ApiErrorKind::Retired, "{status}");
        }
        let unknown = r#"{"error":{"code":"ResourceNotFound","message":"Incident 7 was not found"}}"#;
        assert_eq!(kind(404, Operation::GetIncident, unknown), ApiErrorKind::NotFound);
        assert_eq!(kind(429, Operation::ListIncidents, ""), ApiErrorKind::Throttled);
        assert_eq!(kind(401, Operation::ListIncidents, ""), ApiErrorKind::TokenRefused);
    }

    #[test]
    fn a_redirect_names_the_host_it_points_to_and_what_that_may_mean() {
        let mut answer = answer(301, "");
        answer
            .headers
            .insert("location", "https://elsewhere.example/api?secret=1".parse().expect("a header"));
        let error = from_answer(&answer, asked(Backend::Legacy), None);
        let said = error.to_string();
        assert!(said.ends_with("it points to https://elsewhere.example"), "{said}");
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("no redirect is followed") && hint.contains("api = \"graph\""), "{hint}");
    }
}
