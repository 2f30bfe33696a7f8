//! The log of requests, for tests that ask what a client sent. A secret is replaced by its length.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::exchange::Request;

/// Older entries make room beyond this many.
const CAPACITY: usize = 10_000;

/// Form fields and query options whose value nobody needs to see.
const SECRET_FIELDS: &[&str] = &[
    "client_secret",
    "client_assertion",
    "refresh_token",
    "access_token",
    "device_code",
    "code",
    "code_verifier",
    "password",
    "assertion",
];

/// A request as it arrived, without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoggedRequest {
    /// The tenant's time.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// Query pairs, decoded.
    pub query: Vec<(String, String)>,
    /// Headers by lower-case name; several values joined by `, `. Credentials read `Bearer <1234 characters>`.
    pub headers: BTreeMap<String, String>,
    /// Form fields in the order sent, if the body is a form; secrets read `<30 characters>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Vec<(String, String)>>,
    /// The body, if it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// Length of the body in bytes.
    pub body_length: usize,
    /// The status of the answer; `None` when the connection was reset instead.
    pub status: Option<u16>,
}

impl LoggedRequest {
    pub(crate) fn of(request: &Request, at: Timestamp) -> Self {
        let mut headers = BTreeMap::new();
        for name in request.headers.keys() {
            let values: Vec<String> = request
                .headers
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .map(|value| if is_credential(name.as_str()) { without_credential(&value) } else { value })
                .collect();
            headers.insert(name.as_str().to_owned(), values.join(", "));
        }
        let media_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let form = media_type
            .starts_with("application/x-www-form-urlencoded")
            .then(|| serde_urlencoded::from_bytes(&request.body).map(without_secrets).ok())
            .flatten();
        let json = media_type
            .starts_with("application/json")
            .then(|| serde_json::from_slice(&request.body).map(json_without_secrets).ok())
            .flatten();
        Self {
            at,
            method: request.method.to_string(),
            path: request.path.clone(),
            query: without_secrets(request.query.clone()),
            headers,
            form,
            json,
            body_length: request.body.len(),
            status: None,
        }
    }

    /// The value of a form field, with secrets already replaced.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.as_ref()?.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a token endpoint was asked.
    pub fn is_token_request(&self) -> bool {
        self.method == "POST"
            && (self.path.ends_with("/oauth2/v2.0/token") || self.path.ends_with("/oauth2/token"))
    }
}

fn is_credential(header: &str) -> bool {
    matches!(header, "authorization" | "proxy-authorization" | "cookie" | "x-identity-header" | "secret")
}

fn without_credential(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, credential)) => format!("{scheme} {}", length_of(credential)),
        None => length_of(value),
    }
}

fn without_secrets(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .map(|(name, value)| if is_secret(&name) { (name, length_of(&value)) } else { (name, value) })
        .collect()
}

fn json_without_secrets(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        for (name, value) in members.iter_mut() {
            if is_secret(name)
                && let Some(text) = value.as_str()
            {
                *value = Value::String(length_of(text));
            }
        }
    }
    body
}

fn is_secret(name: &str) -> bool {
    SECRET_FIELDS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

fn length_of(secret: &str) -> String {
    format!("<{} characters>", secret.chars().count())
}

/// The latest requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LoggedRequest>,
    token_requests: usize,
}

impl RequestLog {
    pub(crate) fn push(&mut self, entry: LoggedRequest) {
        self.token_requests += usize::from(entry.is_token_request());
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }

    /// Token requests since the log was last cleared.
    pub(crate) fn token_requests(&self) -> usize {
        self.token_requests
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method};

    #[test]
    fn secrets_leave_only_their_length() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Basic YWJjOmRlZg=="));
        headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        let request = Request {
            method: Method::POST,
            path: "/t/oauth2/v2.0/token".to_owned(),
            query: Vec::new(),
            headers,
            body: Bytes::from_static(
                b"grant_type=refresh_token&refresh_token=0.AXYAsecret&client_secret=hush",
            ),
            origin: "http://127.0.0.1:1".to_owned(),
        };
        let entry = LoggedRequest::of(&request, Timestamp::UNIX_EPOCH);
        assert_eq!(entry.field("grant_type"), Some("refresh_token"));
        assert_eq!(entry.field("refresh_token"), Some("<12 characters>"));
        assert_eq!(entry.field("client_secret"), Some("<4 characters>"));
        assert_eq!(entry.headers["authorization"], "Basic <12 characters>");
        let text = serde_json::to_string(&entry).unwrap();
        assert!(!text.contains("secret=") && !text.contains("hush") && !text.contains("YWJj"));
        let mut log = RequestLog::default();
        log.push(entry);
        assert_eq!(log.token_requests(), 1);
        log.clear();
        assert_eq!((log.token_requests(), log.entries().len()), (0, 0));
    }
}
