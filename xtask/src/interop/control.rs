//! One HTTP POST to a test server's control route on loopback: too little to bring in an HTTP client for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// Signing a person in takes the provider a handful of its own pages.
const LIMIT: Duration = Duration::from_secs(30);

/// Posts `json` to `origin` (`http://host:port`) and `path`; anything but 200 is an error with the answer.
pub(crate) fn post(origin: &str, path: &str, json: &str) -> Result<()> {
    let address = origin.strip_prefix("http://").with_context(|| format!("{origin} is not plain http"))?;
    let mut stream = TcpStream::connect(address).with_context(|| format!("cannot reach {origin}"))?;
    stream.set_read_timeout(Some(LIMIT)).context("cannot limit the wait for an answer")?;
    let length = json.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{json}"
    )
    .with_context(|| format!("cannot post to {path}"))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).with_context(|| format!("no answer from {path}"))?;
    let answer = String::from_utf8_lossy(&answer);
    if !answer.starts_with("HTTP/1.1 200 ") {
        bail!("POST {path} was answered with: {answer}");
    }
    Ok(())
}
