//! A request and its answer as plain data.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};

/// What a request carries.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    Empty,
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(&'static str, String)>),
    /// `application/json`, already serialised.
    Json(Vec<u8>),
}

/// A request. No `Debug`: it carries secrets.
#[derive(Clone)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Where to; `https`, or `http` to a loopback address.
    pub url: Url,
    /// Headers beside those every request has.
    pub headers: HeaderMap,
    /// What it carries.
    pub body: Body,
    /// The largest answer accepted, in bytes.
    pub limit: usize,
    /// How long the service may rightly take, when that is more than the `timeout` setting.
    pub takes_up_to: Option<Duration>,
}

impl Call {
    /// A `GET` that accepts up to 1 MiB.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Body::Empty,
            limit: 1 << 20,
            takes_up_to: None,
        }
    }

    /// A form `POST` that accepts up to 1 MiB.
    pub fn form(url: Url, fields: Vec<(&'static str, String)>) -> Self {
        Self { method: Method::POST, body: Body::Form(fields), ..Self::get(url) }
    }
}

/// A whole answer.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// Who answered: scheme, host and port of the request.
    pub origin: String,
}

/// A body may hold tokens, and so may headers.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("origin", &self.origin)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// [`Answer::describe`] without the beginning of a body that may hold a token.
    pub fn describe_without_body_on_success(&self) -> String {
        if self.is_success() {
            let media = self.header("content-type").unwrap_or("no media type");
            format!("HTTP {}, {media}, {} bytes", self.status, self.body.len())
        } else {
            self.describe()
        }
    }

    /// One line about an answer that is not what was expected: status, media type and how it begins.
    pub fn describe(&self) -> String {
        let media = self.header("content-type").unwrap_or("no media type");
        let start: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(80)
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        let status =
            StatusCode::from_u16(self.status).map_or_else(|_| self.status.to_string(), |s| s.to_string());
        if start.trim().is_empty() {
            format!("HTTP {status}, {media}, empty body")
        } else {
            format!("HTTP {status}, {media}, beginning `{}`", start.trim())
        }
    }
}
