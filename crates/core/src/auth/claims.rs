//! A look into an access token for display only. Tokens are opaque: no decision may rest on this.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::Secret;

/// What a token says about itself, unverified.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Claims {
    /// The API it is for.
    pub aud: Option<String>,
    /// Tenant GUID.
    pub tid: Option<String>,
    /// Application GUID (v1 tokens).
    pub appid: Option<String>,
    /// The person's name for sign-in.
    pub upn: Option<String>,
    /// The same in v2 tokens.
    pub preferred_username: Option<String>,
    /// Delegated permissions, space separated.
    pub scp: Option<String>,
    /// App-only permissions.
    pub roles: Vec<String>,
}

impl Claims {
    /// Permissions of either kind.
    pub fn permissions(&self) -> Vec<String> {
        let scopes = self.scp.iter().flat_map(|scopes| scopes.split_whitespace()).map(str::to_owned);
        self.roles.iter().cloned().chain(scopes).collect()
    }
}

/// Reads the claims of a token that happens to be a JWT (RFC 7519); `None` for any other.
pub fn peek(token: &Secret) -> Option<Claims> {
    let payload = token.expose().split('.').nth(1)?;
    let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_a_jwt_are_read_and_other_tokens_give_none() {
        // The payload of RFC 7519 section 3.1 has none of our claims but is a payload.
        let vector = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(peek(&Secret::new(vector)).is_some_and(|claims| claims.permissions().is_empty()));
        assert!(peek(&Secret::new("opaque")).is_none());
        assert!(peek(&Secret::new("a.b!.c")).is_none());
    }
}
