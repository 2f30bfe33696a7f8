//! Which API, and where it lives.

use std::fmt::Write;

use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::http::{Url, require_secure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand unescaped in a path segment (RFC 3986 `unreserved`).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same for query values, plus the characters OData options are full of and that are allowed there.
const QUERY: &AsciiSet =
    &SEGMENT.remove(b'$').remove(b'\'').remove(b',').remove(b':').remove(b'/').remove(b'(').remove(b')');

/// A name or a value of a query, escaped.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// An API root.
#[derive(Debug, Clone)]
pub struct Endpoint {
    backend: Backend,
    root: Url,
}

/// An API root that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EndpointError {
    /// Not an address.
    #[error("`{0}` is not an address such as https://graph.microsoft.com")]
    NotAnAddress(String),
    /// More than scheme, host and port.
    #[error("`{0}` must be scheme and host only: version and path are added")]
    NotAHost(String),
    /// Plain HTTP beyond this machine.
    #[error(transparent)]
    Insecure(#[from] defender_xdr_core::http::HttpError),
    /// A well-known host of the other API.
    #[error("`{host}` speaks the {speaks} API, and `api` is {wanted}")]
    OtherDialect {
        /// The host.
        host: String,
        /// What it speaks.
        speaks: Backend,
        /// What was asked for.
        wanted: Backend,
    },
    /// The cloud does not offer the API.
    #[error("the {cloud} cloud has no {backend} endpoint for security")]
    NotOffered {
        /// The cloud's word.
        cloud: &'static str,
        /// The API.
        backend: Backend,
    },
}

impl Endpoint {
    /// An API at a root such as `https://graph.microsoft.com`, without version or path.
    ///
    /// # Errors
    /// When the root is no such address, not secure, or a well-known host of the other API.
    pub fn new(backend: Backend, root: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(root).map_err(|_| EndpointError::NotAnAddress(root.to_owned()))?;
        require_secure(&url)?;
        if url.path() != "/" || url.query().is_some() {
            return Err(EndpointError::NotAHost(root.to_owned()));
        }
        let host = url.host_str().unwrap_or_default();
        match Cloud::dialect_of(host) {
            Some(speaks) if speaks != backend => {
                Err(EndpointError::OtherDialect { host: host.to_owned(), speaks, wanted: backend })
            }
            _ => Ok(Self { backend, root: url }),
        }
    }

    /// The API of a cloud.
    ///
    /// # Errors
    /// When the cloud does not offer it.
    pub fn of_cloud(backend: Backend, cloud: Cloud) -> Result<Self, EndpointError> {
        let root = cloud.endpoint(backend).ok_or(EndpointError::NotOffered { cloud: cloud.id(), backend })?;
        Self::new(backend, root)
    }

    /// Which API it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The root.
    pub fn root(&self) -> &Url {
        &self.root
    }

    /// An address below the root: path segments are escaped, options are `name=value` pairs of OData.
    pub(crate) fn url(&self, segments: &[&str], options: &[(&str, String)]) -> Url {
        let mut url = self.root.clone();
        let prefix: &[&str] = match self.backend {
            Backend::Graph => &["v1.0", "security"],
            Backend::Legacy => &["api"],
        };
        let path = prefix.iter().chain(segments).fold(String::new(), |mut path, segment| {
            // Writing to a String cannot fail.
            let _ = write!(path, "/{}", utf8_percent_encode(segment, SEGMENT));
            path
        });
        url.set_path(&path);
        if !options.is_empty() {
            let query: Vec<_> = options
                .iter()
                .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, QUERY)))
                .collect();
            url.set_query(Some(&query.join("&")));
        }
        url
    }

    /// Whether a link leads back to this root: only then may it get our token.
    pub(crate) fn owns(&self, link: &Url) -> bool {
        link.origin() == self.root.origin() && link.username().is_empty() && link.password().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped_once() {
        let endpoint = Endpoint::new(Backend::Graph, "https://graph.microsoft.com").expect("a root");
        let url = endpoint.url(
            &["incidents", "a/../b c"],
            &[("$filter", "assignedTo eq 'o''neil & co' and x ge 2026-09-01T00:00:00Z".into())],
        );
        assert_eq!(
            url.as_str(),
            "https://graph.microsoft.com/v1.0/security/incidents/a%2F..%2Fb%20c?$filter=assignedTo%20eq%20%27o%27%27neil%20%26%20co%27%20and%20x%20ge%202026-09-01T00:00:00Z"
        );
    }

    #[test]
    fn a_host_of_the_other_api_is_refused() {
        assert!(matches!(
            Endpoint::new(Backend::Graph, "https://api.security.microsoft.com"),
            Err(EndpointError::OtherDialect { speaks: Backend::Legacy, .. })
        ));
        assert!(Endpoint::new(Backend::Legacy, "https://graph.microsoft.com/").is_err());
        assert!(Endpoint::new(Backend::Graph, "https://graph.microsoft.com/v1.0").is_err());
        assert!(Endpoint::new(Backend::Graph, "http://example.com").is_err());
        assert!(Endpoint::of_cloud(Backend::Graph, Cloud::China).is_err());
    }

    #[test]
    fn links_to_other_places_are_not_ours() {
        let endpoint = Endpoint::new(Backend::Graph, "https://graph.microsoft.com").expect("a root");
        let owns = |text: &str| endpoint.owns(&Url::parse(text).expect("a link"));
        assert!(owns("https://graph.microsoft.com/v1.0/x?$skiptoken=1"));
        assert!(owns("https://GRAPH.microsoft.com:443/"));
        assert!(!owns("https://graph.microsoft.com.attacker.example/"));
        assert!(!owns("http://graph.microsoft.com/"));
        assert!(!owns("https://graph.microsoft.com:444/"));
        assert!(!owns("https://user@graph.microsoft.com/"));
    }
}
