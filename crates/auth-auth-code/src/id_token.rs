//! The one thing an `id_token` is asked for: that the answer belongs to this start (`OpenID` Connect Core section
//! 3.1.3.7). It comes from the token endpoint over TLS, which stands in for checking its signature.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use serde::Deserialize;

use crate::pkce::equal;

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    nonce: String,
}

/// Fails unless the token brings the nonce back.
pub(crate) fn check(id_token: &Secret, nonce: &str) -> Result<(), AuthError> {
    let payload = id_token.expose().split('.').nth(1).and_then(|part| {
        let json = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
        serde_json::from_slice::<Payload>(&json).ok()
    });
    match payload {
        Some(payload) if equal(nonce, &payload.nonce) => Ok(()),
        _ => Err(AuthError::new(
            AuthErrorKind::SignInAgain,
            "the sign-in service answered for another sign-in than the one started here (`nonce`)",
        )
        .with_hint("start again; if it happens again, somebody may be interfering with your browser")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> Secret {
        Secret::new(format!("e30.{}.", URL_SAFE_NO_PAD.encode(payload)))
    }

    #[test]
    fn only_the_same_nonce_will_do() {
        assert!(check(&token(r#"{"nonce":"mine","sub":"x"}"#), "mine").is_ok());
        for other in [token(r#"{"nonce":"other"}"#), token("{}"), token("no json"), Secret::new("opaque")] {
            assert_eq!(check(&other, "mine").expect_err("not ours").kind(), AuthErrorKind::SignInAgain);
        }
    }
}
