//! Where requests may go: TLS everywhere, plain HTTP only to this very machine.

use std::net::IpAddr;

use reqwest::Url;

use super::error::{HttpError, HttpErrorKind};

/// Whether the host of `url` is `localhost` or a loopback address literal.
pub fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

/// Refuses everything but `https`, and `http` to a loopback address (an emulator on this machine).
pub fn require_secure(url: &Url) -> Result<(), HttpError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        scheme => Err(HttpError::new(
            HttpErrorKind::Insecure,
            format!(
                "refusing to send credentials to {scheme}://{}: only https is allowed beyond this machine",
                url.host_str().unwrap_or_default()
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> bool {
        require_secure(&Url::parse(text).expect("a URL")).is_ok()
    }

    #[test]
    fn plain_http_reaches_only_this_machine() {
        assert!(allowed("https://graph.microsoft.com/"));
        assert!(allowed("http://localhost:80/"));
        assert!(allowed("http://127.0.0.1:8080/"));
        assert!(allowed("http://127.9.9.9/"));
        assert!(allowed("http://[::1]:8080/"));
        assert!(!allowed("http://10.0.0.1/"));
        assert!(!allowed("http://localhost.attacker.example/"));
        assert!(!allowed("http://127.0.0.1.attacker.example/"));
        assert!(!allowed("ftp://localhost/"));
    }
}
