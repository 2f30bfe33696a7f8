//! Addresses that settings name: the root of a service, and a proxy. What is wrong is told without repeating the
//! text, since it may hold a secret.

use reqwest::Url;

use super::target::require_secure;
use crate::Environment;

/// Why an address cannot be the root of a service. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// No address at all.
    #[error("is no address such as https://login.microsoftonline.com")]
    NotAnAddress,
    /// Plain HTTP beyond this machine.
    #[error("must begin with https:// (plain http reaches this machine only)")]
    NotSecure,
    /// `https://user:password@host`.
    #[error("holds a user name or password before the host, which would be sent along")]
    UserInformation,
    /// `?…` or `#…`.
    #[error("holds a query or a fragment: it must be scheme and host only")]
    Query,
    /// More than `/`.
    #[error("holds a path: it must be scheme and host only, since version and path are added")]
    Path,
}

/// Reads the root of a service: scheme, host and port only.
///
/// # Errors
/// [`AddressError`], which repeats nothing of the text.
pub fn check_root(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(AddressError::NotAnAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInformation);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::Query);
    }
    if url.path() != "/" {
        return Err(AddressError::Path);
    }
    require_secure(&url).map_err(|_| AddressError::NotSecure)?;
    Ok(url)
}

/// Why an address cannot be a proxy's. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// No address at all.
    #[error("is no address such as http://proxy.example:3128")]
    NotAnAddress,
    /// SOCKS.
    #[error("names a SOCKS proxy, and only http:// and https:// proxies are supported")]
    Socks,
    /// Neither HTTP nor SOCKS.
    #[error("names a proxy that is neither http:// nor https://")]
    OtherScheme,
}

/// Reads a proxy's address as the environment writes it: without a scheme, `http` is meant.
///
/// # Errors
/// [`ProxyError`], which repeats nothing of the text.
pub fn check_proxy(text: &str) -> Result<Url, ProxyError> {
    let text = text.trim();
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("http://{text}")) }
        .map_err(|_| ProxyError::NotAnAddress)?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        "http" | "https" => Err(ProxyError::NotAnAddress),
        "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => Err(ProxyError::Socks),
        _ => Err(ProxyError::OtherScheme),
    }
}

/// The variable that names the system's proxy for https, as reqwest chooses it, and its value.
pub fn system_proxy(environment: &Environment) -> Option<(&'static str, &str)> {
    // An upper-case variable that is set but empty hides its lower-case twin, there as here.
    [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]].into_iter().find_map(|twins| {
        let name = twins.into_iter().find(|name| environment.names().any(|set| set == *name))?;
        Some((name, environment.get(name)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_scheme_host_and_port_only() {
        for (text, wrong) in [
            ("planted", AddressError::NotAnAddress),
            ("planted:secret", AddressError::NotAnAddress),
            ("https://user:planted@login.example", AddressError::UserInformation),
            ("https://planted@login.example", AddressError::UserInformation),
            ("https://login.example/?sig=planted", AddressError::Query),
            ("https://login.example/#planted", AddressError::Query),
            ("https://login.example/planted", AddressError::Path),
            ("http://login.example", AddressError::NotSecure),
        ] {
            let error = check_root(text).expect_err(text);
            assert_eq!(error, wrong, "{text}");
            assert!(!error.to_string().contains("planted"));
        }
        assert!(check_root("https://login.example:8443/").is_ok());
        assert!(check_root("http://127.0.0.1:8080").is_ok());
    }

    #[test]
    fn the_variable_of_https_wins() {
        let both = Environment::from_iter([("ALL_PROXY", "http://a"), ("https_proxy", "http://b")]);
        assert_eq!(system_proxy(&both), Some(("https_proxy", "http://b")));
        let empty = Environment::from_iter([("HTTPS_PROXY", ""), ("all_proxy", "http://a")]);
        assert_eq!(system_proxy(&empty), Some(("all_proxy", "http://a")));
        assert_eq!(system_proxy(&Environment::default()), None);
    }

    #[test]
    fn proxies_speak_http() {
        for text in ["http://proxy.example:3128", "https://user:pass@proxy.example", "proxy.example:3128"] {
            assert!(check_proxy(text).is_ok(), "{text}");
        }
        assert_eq!(check_proxy("socks5://proxy.example:1080"), Err(ProxyError::Socks));
        assert_eq!(check_proxy("ftp://proxy.example"), Err(ProxyError::OtherScheme));
        for text in ["user:planted@", "http://", "no address", "http://proxy.example:notaport"] {
            assert_eq!(check_proxy(text), Err(ProxyError::NotAnAddress), "{text}");
        }
    }
}
