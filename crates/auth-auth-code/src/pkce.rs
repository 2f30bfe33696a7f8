//! Random values and the proof key for code exchange (RFC 7636), `S256` only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use ring::digest;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// 256 random bits as 43 characters of base64url: a verifier (RFC 7636 section 4.1), a state or a nonce.
pub(crate) fn random() -> Result<Secret, AuthError> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| AuthError::new(AuthErrorKind::Setup, "this machine gives no random numbers"))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// The challenge of a verifier (RFC 7636 section 4.2).
pub(crate) fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.expose().as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ: their tags under a key of the moment
/// are compared.
pub(crate) fn equal(expected: &str, given: &str) -> bool {
    let Ok(key) = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()) else { return false };
    let tag = hmac::sign(&key, expected.as_bytes());
    hmac::verify(&key, given.as_bytes(), tag.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn random_values_are_verifiers_and_differ() {
        let (one, other) = (random().expect("random"), random().expect("random"));
        assert_eq!(one.expose().len(), 43);
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(one.expose().chars().all(unreserved));
        assert!(!equal(one.expose(), other.expose()));
        assert!(equal(one.expose(), one.expose()));
        assert!(!equal("state", "stat") && !equal("state", ""));
    }
}
