//! What a certificate or key file holds: PEM sections, a bare DER certificate, or PKCS#12.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use defender_xdr_core::Secret;
use zeroize::Zeroizing;

use super::key::KeyError;
use super::pem::{self, PemError, Section};
use super::x509::{Certificate, NotACertificate};

/// Certificates, opened, and private keys, still closed. No `Debug`: it holds keys.
#[derive(Default)]
pub(super) struct Material {
    pub(super) certificates: Vec<Certificate>,
    pub(super) keys: Vec<Section>,
}

/// Content that cannot be used; completes a sentence that begins with what was read. Never holds any of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum MaterialError {
    #[error(transparent)]
    Pem(#[from] PemError),
    #[error(transparent)]
    Certificate(#[from] NotACertificate),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("holds neither a certificate nor a private key in PEM")]
    Nothing,
    #[cfg(not(feature = "pfx"))]
    #[error("is a PKCS#12 file (.pfx), and this program was built without the feature `pfx`")]
    Pkcs12,
    #[cfg(feature = "pfx")]
    #[error("is a PKCS#12 file (.pfx) that cannot be opened: {0}")]
    Pkcs12(&'static str),
}

impl MaterialError {
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Key(error) => error.hint(),
            #[cfg(not(feature = "pfx"))]
            Self::Pkcs12 => {
                "build with `--features pfx`, or convert it: openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes"
            }
            #[cfg(feature = "pfx")]
            Self::Pkcs12(_) => {
                "check `private-key-passphrase`, or convert it: openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes"
            }
            Self::Pem(_) | Self::Certificate(_) | Self::Nothing => {
                "give the whole PEM text, from the BEGIN to the END line"
            }
        }
    }
}

impl Material {
    /// Reads a file's content or a setting's text.
    pub(super) fn read(content: &[u8], passphrase: Option<&Secret>) -> Result<Self, MaterialError> {
        if let Ok(text) = std::str::from_utf8(content) {
            if pem::looks_like_pem(text) {
                return Self::from_pem(text);
            }
            // What tools put into a variable: the binary file in base64.
            let digits: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
            if let Ok(der) = STANDARD.decode(digits.as_bytes()) {
                return Self::from_der(&Zeroizing::new(der), passphrase);
            }
        }
        Self::from_der(content, passphrase)
    }

    fn from_pem(text: &str) -> Result<Self, MaterialError> {
        let mut material = Self::default();
        for section in pem::sections(text)? {
            match section.label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" => {
                    material.certificates.push(Certificate::parse(&section.der)?);
                }
                label if label.ends_with("PRIVATE KEY") => material.keys.push(section),
                _ => {}
            }
        }
        if material.certificates.is_empty() && material.keys.is_empty() {
            return Err(MaterialError::Nothing);
        }
        Ok(material)
    }

    fn from_der(der: &[u8], passphrase: Option<&Secret>) -> Result<Self, MaterialError> {
        if let Ok(certificate) = Certificate::parse(der) {
            return Ok(Self { certificates: vec![certificate], keys: Vec::new() });
        }
        if is_pkcs12(der) { Self::from_pkcs12(der, passphrase) } else { Err(MaterialError::Nothing) }
    }

    #[cfg(not(feature = "pfx"))]
    fn from_pkcs12(_der: &[u8], _passphrase: Option<&Secret>) -> Result<Self, MaterialError> {
        Err(MaterialError::Pkcs12)
    }

    #[cfg(feature = "pfx")]
    fn from_pkcs12(der: &[u8], passphrase: Option<&Secret>) -> Result<Self, MaterialError> {
        super::pkcs12::open(der, passphrase)
    }
}

/// A sequence that begins with the version 3 (RFC 7292 section 4), whatever the length of its length.
fn is_pkcs12(der: &[u8]) -> bool {
    let content = match der {
        [0x30, long @ 0x80..=0x84, rest @ ..] => rest.get(usize::from(long & 0x0f)..),
        [0x30, _, rest @ ..] => Some(rest),
        _ => None,
    };
    content.is_some_and(|content| content.starts_with(&[0x02, 0x01, 0x03]))
}
