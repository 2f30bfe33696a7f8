//! Private keys: PKCS#8 (RFC 5958), encrypted or not, and PKCS#1 (RFC 8017 appendix A.1.2). RSA only, as Entra wants.

use defender_xdr_core::Secret;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef};
use ring::error::KeyRejected;
use ring::signature::RsaKeyPair;

use super::pem::Section;

/// `rsaEncryption`, RFC 8017 appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Some seconds of work.
const MOST_ROUNDS: u32 = 10_000_000;
/// Bytes.
const MOST_MEMORY: u64 = 512 << 20;
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
    #[error("holds an RSA key that cannot be used: {}", in_words(.0))]
    Rejected(KeyRejected),
}

/// The names of reasons are for programmers.
fn in_words(rejected: &KeyRejected) -> String {
    match rejected.to_string().as_str() {
        "TooSmall" => "it has fewer than 2048 bits".to_owned(),
        "TooLarge" => "it has more than 4096 bits".to_owned(),
        "InvalidEncoding" => "it is damaged".to_owned(),
        "InconsistentComponents" => "its numbers do not belong together".to_owned(),
        other => other.to_owned(),
    }
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
    if !is_within_reason(&sealed.encryption_algorithm) {
        return Err(KeyError::Encryption);
    }
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

/// A key file may ask for any amount of work, and for parameters that no derivation takes. OpenSSL writes thousands of
/// rounds, or scrypt with 16 MiB.
fn is_within_reason(scheme: &EncryptionScheme) -> bool {
    let EncryptionScheme::Pbes2(parameters) = scheme else { return true };
    match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MOST_ROUNDS,
        Kdf::Scrypt(scrypt) => {
            let (cost, block, lanes) =
                (scrypt.cost_parameter, u64::from(scrypt.block_size), u64::from(scrypt.parallelization));
            let memory = cost.saturating_mul(block).saturating_mul(128);
            cost.is_power_of_two() && cost > 1 && memory.saturating_mul(lanes) <= MOST_MEMORY
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use pkcs8::der::Decode;
    use pkcs8::pkcs5::EncryptionScheme;

    use super::is_within_reason;

    /// `PBES2` with scrypt (RFC 7914 section 7.1) and AES-256 in CBC mode.
    fn scrypt(cost: &[u8], block: u8, lanes: u8) -> Vec<u8> {
        let parameters =
            [&[4, 2, 7, 7, 2, u8::try_from(cost.len()).expect("short")], cost, &[2, 1, block, 2, 1, lanes]];
        let kdf = [
            [0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b].to_vec(),
            sequence(&parameters.concat()),
        ];
        let mut cipher = vec![0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x10];
        cipher.extend([9; 16]);
        let scheme = [
            [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d].to_vec(),
            sequence(&[sequence(&kdf.concat()), sequence(&cipher)].concat()),
        ];
        sequence(&scheme.concat())
    }

    fn sequence(content: &[u8]) -> Vec<u8> {
        [&[0x30, u8::try_from(content.len()).expect("short")], content].concat()
    }

    #[test]
    fn parameters_that_no_derivation_takes_or_no_machine_has_room_for_are_refused() {
        let accepts = |cost: &[u8], block, lanes| {
            is_within_reason(&EncryptionScheme::from_der(&scrypt(cost, block, lanes)).expect("a scheme"))
        };
        assert!(accepts(&[0x40, 0x00], 8, 1), "as OpenSSL writes it");
        assert!(!accepts(&[0], 1, 1), "no logarithm");
        assert!(!accepts(&[1], 1, 1));
        assert!(!accepts(&[3], 8, 1), "no power of two");
        assert!(!accepts(&[0x01, 0x00, 0x00, 0x00], 8, 1), "16 GiB");
        assert!(!accepts(&[0x40, 0x00], 127, 127));
    }
}
