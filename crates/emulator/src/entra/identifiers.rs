//! Fresh identifiers: trace ids, device codes, refresh tokens, token ids.
//!
//! Drawn from HMAC-SHA-256 over a counter, keyed once with system randomness: unguessable, and unable to fail in
//! the middle of an answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::error::Unspecified;
use ring::rand::SecureRandom;
use ring::{digest, hmac};

/// Letters and digits nobody confuses when reading a code aloud.
const USER_CODE_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const USER_CODE_LENGTH: usize = 9;

/// Draws fresh identifiers.
#[derive(Debug)]
pub(crate) struct Identifiers {
    key: hmac::Key,
    drawn: u64,
}

impl Identifiers {
    pub(crate) fn new(random: &dyn SecureRandom) -> Result<Self, Unspecified> {
        Ok(Self { key: hmac::Key::generate(hmac::HMAC_SHA256, random)?, drawn: 0 })
    }

    fn block(&mut self) -> hmac::Tag {
        self.drawn = self.drawn.wrapping_add(1);
        hmac::sign(&self.key, &self.drawn.to_be_bytes())
    }

    /// A random GUID (RFC 9562 version 4).
    pub(crate) fn guid(&mut self) -> String {
        guid(self.block().as_ref())
    }

    /// 256 random bits in base64url: 43 characters.
    pub(crate) fn opaque(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.block())
    }

    /// 128 random bits in base64url, as in the `uti` claim.
    pub(crate) fn token_id(&mut self) -> String {
        self.opaque().chars().take(22).collect()
    }

    /// A code for a person to type: nine upper-case letters and digits.
    pub(crate) fn user_code(&mut self) -> String {
        self.block()
            .as_ref()
            .iter()
            .take(USER_CODE_LENGTH)
            .filter_map(|byte| USER_CODE_ALPHABET.get(usize::from(byte & 31)))
            .map(|letter| char::from(*letter))
            .collect()
    }
}

/// The same GUID for the same parts, for object ids that nobody wrote down.
pub(crate) fn stable_guid(parts: &[&str]) -> String {
    guid(digest::digest(&digest::SHA256, parts.join("\n").as_bytes()).as_ref())
}

/// The same opaque text for the same parts, as in the pairwise `sub` claim.
pub(crate) fn stable_text(parts: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, parts.join("\n").as_bytes()))
}

fn guid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().take(16).enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match index {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// Whether a text has the layout of a GUID.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(index, letter)| match index {
            8 | 13 | 18 | 23 => letter == '-',
            _ => letter.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;

    #[test]
    fn identifiers_differ_and_have_their_layout() {
        let mut identifiers = Identifiers::new(&SystemRandom::new()).unwrap();
        let (one, two) = (identifiers.guid(), identifiers.guid());
        assert!(is_guid(&one) && is_guid(&two) && one != two);
        assert_eq!(&one[14..15], "4");
        assert_eq!(identifiers.opaque().len(), 43);
        let code = identifiers.user_code();
        assert!(
            code.len() == 9
                && code.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
        );
    }

    #[test]
    fn stable_identifiers_depend_on_every_part() {
        assert_eq!(stable_guid(&["a", "b"]), stable_guid(&["a", "b"]));
        assert_ne!(stable_guid(&["a", "b"]), stable_guid(&["a", "c"]));
        assert_ne!(stable_text(&["a", "b"]), stable_text(&["ab"]));
    }
}
