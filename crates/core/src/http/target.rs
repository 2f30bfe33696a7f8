//! Where requests may go: TLS everywhere, plain HTTP only to this very machine, or to a service of its host.

use std::net::{IpAddr, Ipv6Addr};

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

/// Whether the host of `url` is a link-local address literal: 169.254.0.0/16 (RFC 3927) or `fe80::/10` (RFC 4291).
fn is_link_local(url: &Url) -> bool {
    let v6 = |address: Ipv6Addr| address.is_unicast_link_local();
    url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse().ok()).is_some_and(|address| {
        match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => {
                address.to_ipv4_mapped().map_or_else(|| v6(address), |address| address.is_link_local())
            }
        }
    })
}

/// Refuses everything but `https`, and `http` to an address that no router passes on: where the host of a virtual
/// machine or a container answers.
pub fn require_host_local(url: &Url) -> Result<(), HttpError> {
    if url.scheme() == "http" && is_link_local(url) { Ok(()) } else { require_secure(url) }
}

/// Which addresses a client calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// Any that [`require_secure`] allows.
    Secure,
    /// One service of the host, by origin.
    HostService(String),
}

impl Reach {
    /// Whether this client may call `url`.
    pub(super) fn require(&self, url: &Url) -> Result<(), HttpError> {
        match self {
            Self::Secure => require_secure(url),
            Self::HostService(origin) if *origin == url.origin().ascii_serialization() => {
                require_host_local(url)
            }
            Self::HostService(origin) => Err(HttpError::new(
                HttpErrorKind::Insecure,
                format!(
                    "refusing to call {}: this client is for {origin} alone",
                    url.host_str().unwrap_or_default()
                ),
            )),
        }
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

    #[test]
    fn services_of_the_host_are_link_local_and_nothing_else() {
        let allowed = |text: &str| require_host_local(&Url::parse(text).expect("a URL")).is_ok();
        for text in [
            "http://169.254.169.254/metadata",
            "http://169.254.130.2:8081/msi/token",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://localhost:40342/",
            "https://host.example/",
        ] {
            assert!(allowed(text), "{text}");
        }
        for text in [
            "http://169.255.0.1/",
            "http://10.0.0.1/",
            "http://169.254.169.254.attacker.example/",
            "http://[fec0::1]/",
            "http://[::ffff:10.0.0.1]/",
            "ftp://169.254.169.254/",
        ] {
            assert!(!allowed(text), "{text}");
        }
    }
}
