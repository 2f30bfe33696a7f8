//! The key this tenant signs its tokens with.
//!
//! ECDSA on P-256 (`ES256`, RFC 7518 section 3.4). The real service signs with RSA (`RS256`); a client has to
//! treat access tokens as opaque either way, and `ring` makes no RSA keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};

/// A signing key with its public half and name.
pub(crate) struct SigningKey {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    key_id: String,
    random: SystemRandom,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl SigningKey {
    pub(crate) fn generate() -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)?;
        Self::from_pkcs8(document.as_ref())
    }

    /// Reads a key kept in a state file (PKCS#8, DER).
    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random)
            .map_err(|_| Unspecified)?;
        let hash = digest::digest(&digest::SHA256, pair.public_key().as_ref());
        let key_id = URL_SAFE_NO_PAD.encode(hash).chars().take(27).collect();
        Ok(Self { pair, pkcs8: pkcs8.to_vec(), key_id, random })
    }

    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Signs claims as a compact JWS (RFC 7515 section 3.1).
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, Unspecified> {
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": self.key_id });
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = self.pair.sign(&self.random, signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a compact JWS that this key signed; `None` for anything else.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.get("alg")? != "ES256" || header.get("kid")? != self.key_id.as_str() {
            return None;
        }
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.pair.public_key().as_ref())
            .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }

    /// The public half as a JSON Web Key (RFC 7518 section 6.2.1).
    pub(crate) fn public_key(&self, issuer: &str) -> Value {
        // An uncompressed point: 0x04, then both coordinates of 32 bytes.
        let point = self.pair.public_key().as_ref();
        let coordinate =
            |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(point.get(range).unwrap_or_default());
        json!({
            "kty": "EC", "use": "sig", "kid": self.key_id, "alg": "ES256", "crv": "P-256",
            "x": coordinate(1..33), "y": coordinate(33..65), "issuer": issuer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_token_verifies_and_a_changed_one_does_not() {
        let key = SigningKey::generate().unwrap();
        let token = key.sign(&json!({ "sub": "a" })).unwrap();
        assert_eq!(key.verify(&token), Some(json!({ "sub": "a" })));
        let parts: Vec<&str> = token.split('.').collect();
        let forged = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode("{\"sub\":\"b\"}"), parts[2]);
        assert_eq!(key.verify(&forged), None);
        assert_eq!(SigningKey::generate().unwrap().verify(&token), None);
        assert_eq!(key.verify("not a token"), None);
    }

    #[test]
    fn a_key_survives_being_stored() {
        let key = SigningKey::generate().unwrap();
        let token = key.sign(&json!({})).unwrap();
        let restored = SigningKey::from_pkcs8(key.pkcs8()).unwrap();
        assert_eq!(restored.verify(&token), Some(json!({})));
        assert_eq!(restored.public_key("i"), key.public_key("i"));
        assert_eq!(key.public_key("i")["x"].as_str().unwrap().len(), 43);
    }
}
