//! The authority: sign-in host plus tenant, and the v2.0 endpoints below it.

use std::fmt;

use reqwest::Url;
use uuid::Uuid;

use crate::http::{AddressError, check_root};
use crate::settings::described;

/// A tenant segment that is well-formed; whether the tenant exists only Entra knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tenant(String);

impl Tenant {
    /// Reads a tenant GUID, a verified domain, or one of `organizations`, `common`, `consumers`.
    ///
    /// # Errors
    /// What the text is instead, to follow the name of the setting; nothing of the text itself.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_alias = ["organizations", "common", "consumers"].contains(&text);
        // RFC 1035 section 2.3.4 limits labels; a refresh token pasted here would have a longer one.
        let is_domain = text.contains('.')
            && text.len() <= 253
            && text.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            });
        if is_alias || is_domain || is_guid(text) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            // Secrets get pasted into the wrong line: the text is not repeated.
            Err(format!(
                "is {} and neither a tenant GUID nor a domain such as contoso.onmicrosoft.com",
                described(text)
            ))
        }
    }

    /// The segment as it stands in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names one tenant, as app-only sign-in needs.
    pub fn is_specific(&self) -> bool {
        !["organizations", "common", "consumers"].contains(&self.0.as_str())
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether a text is a GUID in the usual form, 8-4-4-4-12 hex digits.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Where one tenant signs in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    host: String,
    tenant: Tenant,
    identity: Option<String>,
}

impl Authority {
    /// Puts a host (`https://login.microsoftonline.com`, with or without trailing slash) and a tenant together.
    ///
    /// # Errors
    /// When the host is no address, more than scheme and host, or plain HTTP beyond this machine.
    pub fn new(host: &str, tenant: Tenant) -> Result<Self, AddressError> {
        let url = check_root(host)?;
        Ok(Self { host: url.as_str().trim_end_matches('/').to_owned(), tenant, identity: None })
    }

    /// The same authority under a lasting name, for one whose address changes from run to run.
    #[must_use]
    pub fn known_as(mut self, identity: Option<String>) -> Self {
        self.identity = identity;
        self
    }

    /// What its tokens are filed under: the lasting name, else the host.
    pub fn identity(&self) -> &str {
        self.identity.as_deref().unwrap_or(&self.host)
    }

    /// Scheme and host, without a trailing slash.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The tenant.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// `{host}/{tenant}/oauth2/v2.0/authorize`: a page, for a browser.
    pub fn authorization_endpoint(&self) -> Url {
        self.endpoint("authorize")
    }

    /// `{host}/{tenant}/oauth2/v2.0/token`.
    pub fn token_endpoint(&self) -> Url {
        self.endpoint("token")
    }

    /// `{host}/{tenant}/oauth2/v2.0/devicecode` (RFC 8628 calls it the device authorization endpoint).
    pub fn device_authorization_endpoint(&self) -> Url {
        self.endpoint("devicecode")
    }

    /// Where an administrator consents to what the application's registration asks for:
    /// `{host}/{tenant}/adminconsent` ("Admin consent on the Microsoft identity platform"). Without a registered
    /// `redirect_uri` the consent is recorded and the page then ends in AADSTS500113.
    pub fn admin_consent(&self, application_id: &str, redirect_uri: Option<&str>) -> Url {
        let mut url = self.address("adminconsent");
        url.query_pairs_mut().append_pair("client_id", application_id);
        if let Some(redirect_uri) = redirect_uri {
            url.query_pairs_mut().append_pair("redirect_uri", redirect_uri);
        }
        url
    }

    fn endpoint(&self, name: &str) -> Url {
        self.address(&format!("oauth2/v2.0/{name}"))
    }

    fn address(&self, path: &str) -> Url {
        let text = format!("{}/{}/{path}", self.host, self.tenant);
        #[expect(
            clippy::expect_used,
            reason = "the host parsed as an address and a tenant holds no reserved character"
        )]
        Url::parse(&text).expect("an authority is an address")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_stand_below_host_and_tenant() {
        let tenant = Tenant::parse("Contoso.onmicrosoft.com").expect("a tenant");
        let authority = Authority::new("https://login.microsoftonline.com/", tenant).expect("an authority");
        assert_eq!(
            authority.token_endpoint().as_str(),
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"
        );
    }

    #[test]
    fn malformed_tenants_are_refused() {
        for text in ["", "contoso", "6f2c9a10-4b7d-4e3a-9c58", "a b.c", "../x.y", "x..y", "a/b.c"] {
            assert!(Tenant::parse(text).is_err(), "{text}");
        }
        assert!(Tenant::parse("6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94").is_ok());
        assert!(!Tenant::parse("organizations").expect("an alias").is_specific());
    }

    #[test]
    fn what_was_pasted_by_mistake_is_not_repeated() {
        for text in ["planted~Q7.secret", &format!("0.{}", "planted".repeat(10))] {
            let problem = Tenant::parse(text).expect_err("no tenant");
            assert!(!problem.contains("planted") && problem.contains("characters"), "{problem}");
        }
    }

    #[test]
    fn hosts_with_paths_or_without_tls_are_refused() {
        let tenant = || Tenant::parse("organizations").expect("an alias");
        assert!(Authority::new("https://login.example/tenant", tenant()).is_err());
        assert!(Authority::new("http://login.example", tenant()).is_err());
        assert!(Authority::new("http://127.0.0.1:9000", tenant()).is_ok());
    }
}
