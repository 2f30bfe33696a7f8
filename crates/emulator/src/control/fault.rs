//! Faults on demand: which requests go wrong, and how.

use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::entra::device_code::ScriptedFailure;
use crate::exchange::{Request, Response};

/// Which requests go wrong, how often, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The HTTP method, in any case; every method if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// What the path starts with, such as `/v1.0/security/incidents`; every path if empty.
    #[serde(default)]
    pub path_prefix: String,
    /// How many matching requests go wrong (1).
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching requests pass first (0).
    #[serde(default)]
    pub after: u32,
    /// How they go wrong.
    pub fault: Fault,
}

const fn once() -> u32 {
    1
}

impl FaultRule {
    /// The fault, once, for the next request whose path starts with `path_prefix`.
    pub fn once(path_prefix: impl Into<String>, fault: Fault) -> Self {
        Self { method: None, path_prefix: path_prefix.into(), times: 1, after: 0, fault }
    }
}

/// How a request goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Answered with this status, without reaching the tenant.
    Status {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, in seconds; no header if absent.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The body: a string is sent as text, anything else as JSON. Wins over `body_kind`.
        #[serde(default)]
        body: Option<Value>,
        /// A body of this kind (JSON).
        #[serde(default)]
        body_kind: BodyKind,
    },
    /// The connection is reset before any answer.
    Reset,
    /// The request is carried out, but the answer breaks off in the middle.
    CutBody {
        /// How many bytes of the body still arrive.
        bytes: usize,
    },
    /// The request is carried out and answered late.
    Slow {
        /// The delay.
        milliseconds: u64,
    },
    /// The API finds the access token expired.
    ExpiredToken,
    /// The API finds the access token invalid.
    UnauthorizedOnce,
    /// Answered 200 with JSON of a shape nobody promised.
    WrongJson,
    /// The token endpoint refuses with this error.
    TokenError(ScriptedFailure),
}

/// What an error body looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// The services' error object.
    #[default]
    Json,
    /// A gateway's page.
    Html,
    /// Nothing.
    Empty,
}

/// The rules in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FaultRule>);

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rules(&self) -> &[FaultRule] {
        &self.0
    }

    /// The fault that strikes a request, if any; the first rule that is due wins.
    pub(crate) fn strike(&mut self, request: &Request) -> Option<Fault> {
        self.0.retain(|rule| rule.times > 0);
        for rule in &mut self.0 {
            let method = rule.method.as_ref();
            let matches = request.path.starts_with(&rule.path_prefix)
                && method.is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()));
            if !matches {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            rule.times -= 1;
            return Some(rule.fault.clone());
        }
        None
    }
}

/// The answer of [`Fault::Status`].
pub(crate) fn status_answer(
    status: u16,
    retry_after: Option<u64>,
    body: Option<&Value>,
    kind: BodyKind,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Fault");
    let response = match (body, kind) {
        (Some(Value::String(text)), _) => Response::bytes(status, "text/plain; charset=utf-8", text.clone()),
        (Some(body), _) => Response::json(status, body),
        (None, BodyKind::Json) => {
            let code: String = reason.split_whitespace().collect();
            Response::json(status, &json!({ "error": { "code": code, "message": "A scripted fault." } }))
        }
        (None, BodyKind::Html) => Response::bytes(
            status,
            "text/html",
            format!("<html><head><title>{reason}</title></head><body><h1>{reason}</h1></body></html>"),
        ),
        (None, BodyKind::Empty) => {
            let mut response = Response::bytes(status, "text/plain", "");
            response.headers.clear();
            response
        }
    };
    match retry_after {
        Some(seconds) => response.with_header(HeaderName::from_static("retry-after"), &seconds.to_string()),
        None => response,
    }
}

/// The answer of [`Fault::WrongJson`].
pub(crate) fn wrong_json() -> Response {
    Response::json(StatusCode::OK, &json!({ "value": { "unexpected": ["shape", 17, null] } }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    fn request(method: Method, path: &str) -> Request {
        Request {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            origin: "http://127.0.0.1:1".to_owned(),
        }
    }

    #[test]
    fn a_rule_strikes_its_method_and_path_after_and_as_often_as_it_says() {
        let rule = json!({
            "method": "get", "path_prefix": "/v1.0/security", "times": 2, "after": 1, "fault": { "kind": "reset" }
        });
        let mut faults = Faults::default();
        faults.add(serde_json::from_value(rule).unwrap());
        let get = request(Method::GET, "/v1.0/security/incidents");
        assert_eq!(faults.strike(&request(Method::POST, "/v1.0/security/incidents")), None);
        assert_eq!(faults.strike(&request(Method::GET, "/api/incidents")), None);
        let struck: Vec<bool> = (0..4).map(|_| faults.strike(&get).is_some()).collect();
        assert_eq!(struck, [false, true, true, false]);
    }

    #[test]
    fn every_kind_is_read_from_its_documented_json() {
        for fault in [
            json!({ "kind": "status", "status": 503, "retry_after": null, "body_kind": "html" }),
            json!({ "kind": "cut_body", "bytes": 10 }),
            json!({ "kind": "slow", "milliseconds": 5 }),
            json!({ "kind": "expired_token" }),
            json!({ "kind": "wrong_json" }),
            json!({ "kind": "unauthorized_once" }),
            json!({ "kind": "token_error", "error": "invalid_grant", "code": 53003, "suberror": "message_only" }),
        ] {
            serde_json::from_value::<Fault>(fault.clone()).unwrap_or_else(|error| panic!("{fault}: {error}"));
        }
        assert!(serde_json::from_value::<Fault>(json!({ "kind": "flood" })).is_err());
    }

    #[test]
    fn a_status_fault_has_the_body_it_was_given() {
        let throttled = status_answer(429, Some(7), None, BodyKind::Json);
        assert_eq!(
            (throttled.status.as_u16(), &throttled.headers["retry-after"]),
            (429, &"7".parse().unwrap())
        );
        assert!(throttled.body.starts_with(b"{\"error\":{\"code\":\"TooManyRequests\""));
        assert!(status_answer(503, None, None, BodyKind::Html).body.starts_with(b"<html>"));
        assert!(status_answer(503, None, None, BodyKind::Empty).body.is_empty());
        let text = json!("plain words");
        assert_eq!(status_answer(500, None, Some(&text), BodyKind::Json).body.as_ref(), b"plain words");
    }
}
