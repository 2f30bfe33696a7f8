//! Private keys: PKCS#8 (RFC 5958), encrypted or not, and PKCS#1 (RFC 8017 appendix A.1.2). RSA only, as Entra wants.

use defender_xdr_core::Secret;
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef};
use ring::error::KeyRejected;
use ring::signature::RsaKeyPair;

use super::pem::Section;

/// `rsaEncryption`, RFC 8017 appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-ecPublicKey`, RFC 5480 section 2.1.1.
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A key that cannot be used; completes a sentence that begins with where it was read.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyError {
    #[error("holds an encrypted private key, and `private-key-passphrase` is not set")]
    PassphraseMissing,
    #[error("holds a private key that `private-key-passphrase` does not open")]
    PassphraseWrong,
    #[error("holds a private key in an encryption that is not supported")]
    Encryption,
    #[error("holds an elliptic-curve key, and Entra takes RSA keys only for applications")]
    EllipticCurve,
    #[error("holds a private key of a kind that is not RSA, and Entra takes RSA keys only for applications")]
    OtherAlgorithm,
    #[error("holds a private key that cannot be read")]
    Malformed,
    #[error("holds an RSA key that cannot be used: {0}")]
    Rejected(KeyRejected),
}

impl KeyError {
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::PassphraseMissing => {
                "set `private-key-passphrase`, best as a reference such as `file:PATH`"
            }
            Self::PassphraseWrong => "check `private-key-passphrase`",
            Self::Encryption => {
                "encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem"
            }
            Self::EllipticCurve | Self::OtherAlgorithm => {
                "make an RSA key of 2048 to 4096 bits with its certificate: docs/certificates.md"
            }
            Self::Malformed => "give the whole PEM text of the key, from the BEGIN to the END line",
            Self::Rejected(_) => "use an RSA key of 2048, 3072 or 4096 bits",
        }
    }
}

/// Opens a key.
pub(super) fn open(section: &Section, passphrase: Option<&Secret>) -> Result<RsaKeyPair, KeyError> {
    if section.sealed_by_header {
        return Err(KeyError::Encryption);
    }
    match section.label.as_str() {
        "PRIVATE KEY" => from_pkcs8(&section.der),
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&section.der).map_err(KeyError::Rejected),
        "ENCRYPTED PRIVATE KEY" => from_encrypted(&section.der, passphrase),
        "EC PRIVATE KEY" => Err(KeyError::EllipticCurve),
        _ => Err(KeyError::OtherAlgorithm),
    }
}

fn from_pkcs8(der: &[u8]) -> Result<RsaKeyPair, KeyError> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Malformed)?;
    match info.algorithm.oid {
        RSA => RsaKeyPair::from_pkcs8(der).map_err(KeyError::Rejected),
        ELLIPTIC_CURVE => Err(KeyError::EllipticCurve),
        _ => Err(KeyError::OtherAlgorithm),
    }
}

fn from_encrypted(der: &[u8], passphrase: Option<&Secret>) -> Result<RsaKeyPair, KeyError> {
    // Old schemes (PBES1) do not even parse, whatever the passphrase.
    let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Encryption)?;
    let passphrase = passphrase.ok_or(KeyError::PassphraseMissing)?;
    let opened = sealed.decrypt(passphrase.expose()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }) => {
            KeyError::Encryption
        }
        // A wrong passphrase shows as bad padding, or as bytes that are no key.
        _ => KeyError::PassphraseWrong,
    })?;
    from_pkcs8(opened.as_bytes())
}
