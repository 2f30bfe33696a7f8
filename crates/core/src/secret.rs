//! Text that must never be shown: no `Display`, no `Serialize`, a `Debug` that says nothing, zeroed on drop.

use std::fmt;

use ring::digest;
use zeroize::Zeroizing;

/// A password, token or key.
///
/// The only way to its content is [`Secret::expose`], so every use can be found by that name.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The content. Call it only where the content leaves for its destination.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A SHA-256 digest in lower-case hex, to recognise a value without keeping it.
    pub fn fingerprint(&self) -> String {
        hex(digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref())
    }
}

/// Lower-case hexadecimal text of some bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", Secret::new("planted")), "Secret(…)");
    }

    #[test]
    fn a_fingerprint_is_sha_256() {
        // FIPS 180-2, appendix B.1: the digest of "abc".
        assert_eq!(
            Secret::new("abc").fingerprint(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
