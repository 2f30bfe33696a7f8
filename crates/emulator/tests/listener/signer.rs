//! Certificates with RSA keys and the assertions they sign.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, date_time_ymd};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use ring::{digest, signature};
use serde_json::{Value, json};

pub(crate) const KEY: &str = include_str!("rsa_key.pem");
pub(crate) const OTHER_KEY: &str = include_str!("other_rsa_key.pem");

/// A certificate and its key.
pub(crate) struct Signer {
    pair: RsaKeyPair,
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
}

/// How an assertion names its certificate.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// RS256 with the SHA-1 thumbprint.
    Older,
    /// PS256 with the SHA-256 thumbprint.
    Newer,
    /// PS256 with the certificate itself.
    Chain,
}

impl Signer {
    /// A certificate valid until the start of this year.
    pub(crate) fn new(key: &str, until: i32) -> Self {
        let pair = KeyPair::from_pkcs8_pem_and_sign_algo(key, &PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "night job");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.self_signed(&pair).unwrap();
        Self {
            pair: RsaKeyPair::from_pkcs8(&pair.serialize_der()).unwrap(),
            der: certificate.der().to_vec(),
            pem: certificate.pem(),
        }
    }

    pub(crate) fn sign(&self, style: Style, claims: &Value) -> String {
        let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.der);
        let sha256 = digest::digest(&digest::SHA256, &self.der);
        let (encoding, header): (&dyn RsaEncoding, _) = match style {
            Style::Older => (
                &RSA_PKCS1_SHA256,
                json!({ "alg": "RS256", "typ": "JWT", "x5t": URL_SAFE_NO_PAD.encode(sha1) }),
            ),
            Style::Newer => (
                &RSA_PSS_SHA256,
                json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode(sha256) }),
            ),
            Style::Chain => (
                &RSA_PSS_SHA256,
                json!({ "alg": "PS256", "typ": "JWT", "x5c": [STANDARD.encode(&self.der)] }),
            ),
        };
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; signature::KeyPair::public_key(&self.pair).modulus_len()];
        self.pair.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The claims of a good assertion.
pub(crate) fn claims_for(client: &str, audience: &str, now: Timestamp) -> Value {
    json!({
        "iss": client, "sub": client, "aud": audience, "jti": "one",
        "nbf": now.as_second(), "iat": now.as_second(), "exp": now.as_second() + 600
    })
}
