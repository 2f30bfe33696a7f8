//! The signed assertion (RFC 7523 section 3, "Microsoft identity platform application authentication certificate
//! credentials"): a JWT that lives ten minutes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use defender_xdr_core::{Secret, Timestamp};
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Question;
use super::thumbprint::Thumbprint;
use super::x509::Certificate;

/// How long an assertion is good for, in seconds; Microsoft recommends five to ten minutes.
const LIFETIME: i64 = 600;

/// How Entra is told which registered certificate to check the signature with.
#[derive(Debug)]
pub(super) enum Naming {
    /// The chain, the application's own certificate first.
    Chain(Vec<Certificate>),
    /// The thumbprint alone.
    Thumbprint(Thumbprint),
}

impl Naming {
    /// SHA-1 says an old set-up, which means RS256 as in MSAL; all else is signed with PS256.
    fn algorithm(&self) -> (&'static str, &'static dyn RsaEncoding) {
        match self {
            Self::Thumbprint(Thumbprint::Sha1(_)) => ("RS256", &RSA_PKCS1_SHA256),
            Self::Chain(_) | Self::Thumbprint(Thumbprint::Sha256(_)) => ("PS256", &RSA_PSS_SHA256),
        }
    }

    fn header(&self) -> Value {
        let (algorithm, _) = self.algorithm();
        match self {
            Self::Thumbprint(thumbprint @ Thumbprint::Sha1(_)) => {
                json!({ "alg": algorithm, "typ": "JWT", "x5t": thumbprint.base64url() })
            }
            Self::Thumbprint(thumbprint @ Thumbprint::Sha256(_)) => {
                json!({ "alg": algorithm, "typ": "JWT", "x5t#S256": thumbprint.base64url() })
            }
            Self::Chain(chain) => {
                let own = chain.first().map(|own| Thumbprint::sha256(&own.der).base64url());
                let chain: Vec<_> =
                    chain.iter().map(|certificate| STANDARD.encode(&certificate.der)).collect();
                json!({ "alg": algorithm, "typ": "JWT", "x5t#S256": own, "x5c": chain })
            }
        }
    }
}

/// Signs a new assertion.
pub(super) fn sign(
    key: &RsaKeyPair,
    naming: &Naming,
    question: &Question<'_>,
    now: Timestamp,
) -> Result<Secret, Unspecified> {
    let issued = now.as_second();
    let claims = json!({
        "aud": question.token_endpoint.as_str(),
        "iss": question.application_id,
        "sub": question.application_id,
        "jti": Uuid::new_v4().to_string(),
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME,
    });
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(naming.header()), part(claims));
    let (_, encoding) = naming.algorithm();
    let signature = signature(key, encoding, &signed)?;
    Ok(Secret::new(format!("{signed}.{signature}")))
}

/// The signature of a signing input (RFC 7515 section 5.1) in base64url.
fn signature(
    key: &RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
    signed: &str,
) -> Result<String, Unspecified> {
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature)?;
    Ok(URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
#[path = "assertion_vectors.rs"]
mod vectors;
