//! Keys as people hand them over: base64 of 32 bytes, as `openssl rand -base64 32` prints it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::bytes::SealingKey;
use crate::store::error::{StoreError, StoreErrorKind};

/// Reads a key. The error names `place` and never the text.
pub(super) fn decode(text: &str, place: &str) -> Result<SealingKey, StoreError> {
    let refused = |why: &str| {
        StoreError::new(StoreErrorKind::KeyUnavailable, format!("{place} {why}"))
            .with_hint("make a key with `openssl rand -base64 32`")
    };
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| refused("is no base64"))?);
    SealingKey::new(&bytes).ok_or_else(|| refused(&format!("holds {} bytes, and a key has 32", bytes.len())))
}

/// Writes a key in that form.
#[cfg(feature = "keyring")]
pub(super) fn encode(key: &SealingKey) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_32_bytes_is_a_key_and_all_else_is_told_without_the_text() {
        let good = STANDARD.encode([9; 32]);
        assert_eq!(decode(&format!(" {good}\n"), "it").expect("a key").bytes(), &[9; 32]);
        for (text, why) in [("cGxhbnRlZA==", "holds 7 bytes"), ("not/planted!", "no base64"), ("", "0 bytes")]
        {
            let error = decode(text, "the variable X").expect_err("no key");
            assert_eq!(error.kind(), StoreErrorKind::KeyUnavailable);
            assert!(
                error.to_string().contains("the variable X") && error.to_string().contains(why),
                "{error}"
            );
            assert!(text.is_empty() || !error.to_string().contains(text), "{error}");
        }
    }
}
