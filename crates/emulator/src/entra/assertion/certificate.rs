//! A certificate registered for an application, and the signatures made with its key.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::digest;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};

use super::validity::Validity;

/// `rsaEncryption` (RFC 8017 appendix C), as DER writes it.
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Why a certificate is not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// No application has this GUID.
    #[error("no application has this id")]
    UnknownApplication,
    /// The text holds no certificate.
    #[error("the PEM text holds no X.509 certificate of version 3")]
    NoCertificate,
    /// The key is none that assertions are signed with.
    #[error("the certificate's key is no RSA key")]
    NoRsaKey,
}

/// How an assertion is signed (RFC 7518 section 3.1).
#[derive(Debug, Clone, Copy)]
pub(super) enum Algorithm {
    Rs256,
    Ps256,
}

/// A registered certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct RegisteredCertificate {
    /// DER in base64, so that a state file can hold it.
    der: String,
}

impl RegisteredCertificate {
    /// The first certificate of a PEM text.
    pub(crate) fn read(pem: &str) -> Result<Self, CertificateError> {
        let der =
            CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| CertificateError::NoCertificate)?;
        let certificate = EndEntityCert::try_from(&der).map_err(|_| CertificateError::NoCertificate)?;
        if Validity::read(&der).is_none() {
            return Err(CertificateError::NoCertificate);
        }
        let key = certificate.subject_public_key_info();
        if !key.as_ref().windows(RSA.len()).any(|window| window == RSA) {
            return Err(CertificateError::NoRsaKey);
        }
        Ok(Self { der: STANDARD.encode(&der) })
    }

    fn der(&self) -> Vec<u8> {
        STANDARD.decode(&self.der).unwrap_or_default()
    }

    /// Whether the key of the certificate made this signature.
    pub(super) fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn SignatureVerificationAlgorithm = match algorithm {
            Algorithm::Rs256 => RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Ps256 => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        };
        let der = CertificateDer::from(self.der());
        EndEntityCert::try_from(&der)
            .is_ok_and(|certificate| certificate.verify_signature(algorithm, message, signature).is_ok())
    }

    pub(super) fn valid_at(&self, now: Timestamp) -> bool {
        Validity::read(&self.der()).is_some_and(|validity| validity.contains(now))
    }

    pub(super) fn has(&self, thumbprint: &Thumbprint) -> bool {
        let algorithm = match thumbprint {
            Thumbprint::Sha1(_) => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Thumbprint::Sha256(_) => &digest::SHA256,
        };
        digest::digest(algorithm, &self.der()).as_ref() == thumbprint.bytes()
    }

    /// The thumbprints, as headers of assertions and as the portal write them.
    pub(crate) fn told(&self) -> Value {
        let der = self.der();
        let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
        let sha256 = digest::digest(&digest::SHA256, &der);
        json!({
            "thumbprint": Thumbprint::Sha1(sha1.as_ref().to_vec()).to_string(),
            "x5t": URL_SAFE_NO_PAD.encode(sha1),
            "x5t#S256": URL_SAFE_NO_PAD.encode(sha256),
        })
    }
}

/// Which certificate the header of an assertion names (RFC 7515 sections 4.1.7 and 4.1.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thumbprint {
    Sha1(Vec<u8>),
    Sha256(Vec<u8>),
}

impl Thumbprint {
    /// `x5t#S256` or else `x5t`; padding is tolerated. When certificates come along (`x5c`) and no thumbprint, the
    /// first one is meant.
    pub(super) fn of_header(header: &Value) -> Option<Self> {
        let decoded = |name: &str| {
            let text = header.get(name)?.as_str()?;
            URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
        };
        let leaf = || {
            let der = STANDARD.decode(header.get("x5c")?.get(0)?.as_str()?).ok()?;
            Some(Self::Sha256(digest::digest(&digest::SHA256, &der).as_ref().to_vec()))
        };
        decoded("x5t#S256").map(Self::Sha256).or_else(|| decoded("x5t").map(Self::Sha1)).or_else(leaf)
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Sha1(bytes) | Self::Sha256(bytes) => bytes,
        }
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}
