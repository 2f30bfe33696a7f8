//! What a token is filed under: two tokens share a place only if they are interchangeable.

use ring::digest;

use crate::secret::hex;

/// The identity of a cached session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// Sign-in host, or the managed identity's source.
    pub authority: String,
    /// Tenant segment.
    pub tenant: String,
    /// Application id.
    pub application: String,
    /// Flow id.
    pub flow: String,
    /// Account or managed identity, when the settings choose one.
    pub account: Option<String>,
    /// Scopes; order does not matter.
    pub scopes: Vec<String>,
    /// A claims challenge the token must answer.
    pub claims: Option<String>,
}

impl CacheKey {
    /// The name of the session in a vault: a digest, since parts may hold characters no file name may.
    pub fn vault_name(&self) -> String {
        let mut scopes = self.scopes.clone();
        scopes.sort();
        scopes.dedup();
        let parts = [
            self.authority.to_ascii_lowercase(),
            self.tenant.to_ascii_lowercase(),
            self.application.to_ascii_lowercase(),
            self.flow.clone(),
            self.account.clone().unwrap_or_default(),
            scopes.join(" "),
            self.claims.clone().unwrap_or_default(),
        ];
        // A separator that cannot stand in any part keeps ("a", "bc") and ("ab", "c") apart.
        let digest = digest::digest(&digest::SHA256, parts.join("\n").as_bytes());
        format!("session-{}", &hex(digest.as_ref())[..32])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> CacheKey {
        CacheKey {
            authority: "https://login.example".into(),
            tenant: "t".into(),
            application: "a".into(),
            flow: "device-code".into(),
            account: None,
            scopes: vec!["b".into(), "a".into()],
            claims: None,
        }
    }

    #[test]
    fn scope_order_does_not_matter_and_every_part_does() {
        let same = CacheKey { scopes: vec!["a".into(), "b".into(), "a".into()], ..key() };
        assert_eq!(key().vault_name(), same.vault_name());
        let others = [
            CacheKey { authority: "x".into(), ..key() },
            CacheKey { tenant: "x".into(), ..key() },
            CacheKey { application: "x".into(), ..key() },
            CacheKey { flow: "x".into(), ..key() },
            CacheKey { account: Some("x".into()), ..key() },
            CacheKey { scopes: vec!["a".into()], ..key() },
            CacheKey { claims: Some("x".into()), ..key() },
        ];
        for other in others {
            assert_ne!(key().vault_name(), other.vault_name());
        }
    }
}
