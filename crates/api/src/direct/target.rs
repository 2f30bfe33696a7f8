//! From what a person writes to an address of the configured root.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Url;

use crate::endpoint::Endpoint;
use crate::error::ApiError;

/// What lies below `security`, so that it need not be written.
///
/// Source: Microsoft Graph v1.0, "Use the Microsoft Graph security API".
const BELOW_SECURITY: [&str; 10] = [
    "alerts_v2",
    "alerts",
    "incidents",
    "runHuntingQuery",
    "cases",
    "identities",
    "secureScores",
    "secureScoreControlProfiles",
    "threatIntelligence",
    "attackSimulation",
];

/// The address of `path`: a full one below the root, or one relative to it. Graph paths without a version get `v1.0`,
/// legacy ones without it `api`.
///
/// # Errors
/// When it leads to another host, or is no address.
pub(super) fn address(endpoint: &Endpoint, path: &str) -> Result<Url, ApiError> {
    let path = path.trim();
    if path.is_empty() || path.chars().any(char::is_control) {
        return Err(ApiError::refused("the path is empty or holds control characters"));
    }
    if path.contains('#') {
        return Err(
            ApiError::refused("the path holds a `#`, which would cut it off").with_hint("write `%23` for it")
        );
    }
    let root = endpoint.root();
    let text = if is_absolute(path) {
        path.to_owned()
    } else {
        let below = path.trim_start_matches('/');
        let first = below.split(['/', '?', '(']).next().unwrap_or_default();
        let is = |word: &str| first.eq_ignore_ascii_case(word);
        let prefix = match endpoint.backend() {
            Backend::Graph if is("v1.0") || is("beta") => "",
            Backend::Graph if BELOW_SECURITY.iter().any(|word| is(word)) => "v1.0/security/",
            Backend::Graph => "v1.0/",
            Backend::Legacy if is("api") => "",
            Backend::Legacy => "api/",
        };
        format!("{root}{prefix}{below}")
    };
    let url =
        Url::parse(&text).map_err(|error| ApiError::refused(format!("the path is no address: {error}")))?;
    if !endpoint.owns(&url) {
        return Err(ApiError::refused(format!(
            "{} gets no token: only {} does",
            url.host_str().unwrap_or("another place"),
            root.as_str().trim_end_matches('/')
        ))
        .with_hint("give a path, or set `api`, `cloud` or `endpoint` to where it lives"));
    }
    Ok(url)
}

/// RFC 3986 section 3.1: a scheme, and what follows it.
fn is_absolute(path: &str) -> bool {
    path.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(backend: Backend, path: &str) -> Result<String, String> {
        let root = match backend {
            Backend::Graph => "https://graph.microsoft.com",
            Backend::Legacy => "https://api.security.microsoft.com",
        };
        let endpoint = Endpoint::new(backend, root).expect("a root");
        address(&endpoint, path)
            .map(|url| url.as_str()[root.len()..].to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_of_a_path_is_added() {
        let graph = |path| of(Backend::Graph, path).expect("an address");
        assert_eq!(graph("/incidents"), "/v1.0/security/incidents");
        assert_eq!(graph("security/incidents?$top=1"), "/v1.0/security/incidents?$top=1");
        assert_eq!(graph("/v1.0/security/alerts_v2"), "/v1.0/security/alerts_v2");
        assert_eq!(graph("beta/security/rules"), "/beta/security/rules");
        assert_eq!(graph("users/dana@aurora-lab.example"), "/v1.0/users/dana@aurora-lab.example");
        assert_eq!(graph("https://graph.microsoft.com:443/beta/me"), "/beta/me");
        let legacy = |path| of(Backend::Legacy, path).expect("an address");
        assert_eq!(legacy("incidents/7"), "/api/incidents/7");
        assert_eq!(
            legacy("/api/incidents?$filter=status eq 'Active'"),
            "/api/incidents?$filter=status%20eq%20%27Active%27"
        );
    }

    #[test]
    fn nothing_leads_away_from_the_root() {
        for path in [
            "https://graph.microsoft.com.attacker.example/v1.0/me",
            "http://graph.microsoft.com/v1.0/me",
            "https://graph.microsoft.com:8443/v1.0/me",
            "https://dana:secret@graph.microsoft.com/v1.0/me",
            "HTTPS://attacker.example/",
            "ftp://attacker.example/",
        ] {
            assert!(of(Backend::Graph, path).is_err(), "{path}");
        }
        for path in [
            "//attacker.example/x",
            "/\\attacker.example",
            "@attacker.example",
            "..//attacker.example",
            ":8443/x",
        ] {
            assert!(of(Backend::Graph, path).is_ok_and(|path| path.starts_with('/')), "{path}");
        }
    }

    #[test]
    fn what_would_be_cut_off_or_means_nothing_is_refused() {
        for path in ["", "  ", "incidents#7", "inci\ndents"] {
            assert!(of(Backend::Graph, path).is_err(), "{path:?}");
        }
    }
}
