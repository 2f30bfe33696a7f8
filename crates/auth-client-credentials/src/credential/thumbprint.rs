//! A certificate's thumbprint: typed by people in hex, sent to Entra in base64url.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

/// The digest of a DER certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thumbprint {
    /// `x5t`; what portals show.
    Sha1([u8; 20]),
    /// `x5t#S256`.
    Sha256([u8; 32]),
}

impl Thumbprint {
    /// Reads 40 or 64 hex digits in any case, with or without colons and blanks. Windows' certificate dialog puts an
    /// invisible mark before the first digit when the text is copied.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let ignored = |character: char| {
            character.is_whitespace() || matches!(character, ':' | '-' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        };
        let digits: Vec<u8> = text
            .chars()
            .filter(|character| !ignored(*character))
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        match digits.len() {
            40 => bytes.try_into().ok().map(Self::Sha1),
            64 => bytes.try_into().ok().map(Self::Sha256),
            _ => None,
        }
    }

    pub(super) fn sha1(certificate: &[u8]) -> Self {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
        let mut bytes = [0; 20];
        bytes.copy_from_slice(digest.as_ref());
        Self::Sha1(bytes)
    }

    pub(super) fn sha256(certificate: &[u8]) -> Self {
        let digest = digest::digest(&digest::SHA256, certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self::Sha256(bytes)
    }

    /// Whether it is this certificate's.
    pub(super) fn fits(&self, certificate: &[u8]) -> bool {
        let own = match self {
            Self::Sha1(_) => Self::sha1(certificate),
            Self::Sha256(_) => Self::sha256(certificate),
        };
        *self == own
    }

    /// As headers want it: the bytes, not the hex text, in base64url without padding (RFC 7515 section 4.1.7).
    pub(super) fn base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes())
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        }
    }
}

/// Upper-case hex without colons, as the portal shows it.
impl fmt::Display for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(formatter, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-2, appendix A.1 and B.1: the digests of "abc".
    const SHA1: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
    const SHA256: &str = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

    #[test]
    fn however_it_is_written_it_is_the_same() {
        let colons: Vec<_> = SHA1.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect();
        let ways = [
            SHA1.to_owned(),
            SHA1.to_lowercase(),
            colons.join(":"),
            colons.join(" "),
            format!("\u{200e}{SHA1} \n"),
        ];
        for written in ways {
            let read = Thumbprint::parse(&written).expect("a thumbprint");
            assert_eq!((read, read.to_string()), (Thumbprint::sha1(b"abc"), SHA1.to_owned()), "{written:?}");
            assert!(read.fits(b"abc") && !read.fits(b"abd"));
        }
        assert_eq!(Thumbprint::parse(SHA256), Some(Thumbprint::sha256(b"abc")));
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "A999",
            &SHA1[..39],
            &format!("{SHA1}0"),
            &SHA1.replace('A', "G"),
            "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
        ] {
            assert_eq!(Thumbprint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn base64url_is_of_the_bytes_and_unpadded() {
        assert_eq!(Thumbprint::sha1(b"abc").base64url(), "qZk-NkcGgWq6PiVxeFDCbJzQ2J0");
    }
}
