//! HTTP by hand over plain sockets, so that a test can ask the tenant without any client under test.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in: {}", self.body))
    }
}

/// GETs `http://host:port/path`.
pub(crate) fn get(url: &str, token: Option<&str>) -> Reply {
    send("GET", url, token, None, "")
}

/// POSTs JSON.
pub(crate) fn post_json(url: &str, token: Option<&str>, body: &str) -> Reply {
    send("POST", url, token, Some("application/json"), body)
}

/// POSTs a form whose values need no escaping.
pub(crate) fn post_form(url: &str, fields: &[(&str, &str)]) -> Reply {
    let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    send("POST", url, None, Some("application/x-www-form-urlencoded"), &body.join("&"))
}

fn send(method: &str, url: &str, token: Option<&str>, media_type: Option<&str>, body: &str) -> Reply {
    let rest = url.strip_prefix("http://").expect("plain http");
    let (host, path) = rest.split_once('/').expect("a path");
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let kind = media_type.map(|kind| format!("Content-Type: {kind}\r\n")).unwrap_or_default();
    let length = body.len();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{token}{kind}\r\n{body}"
    );
    let mut stream = TcpStream::connect(host).expect("the tenant listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let answer = String::from_utf8(answer).expect("an answer in text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "the tenant says how long its answers are"
    );
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    Reply { status, body: body.to_owned() }
}
