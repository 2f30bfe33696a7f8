//! The key itself: 32 bytes that nobody sees, and a short name for them.

use std::fmt;

use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::secret::hex;
use crate::store::error::{StoreError, StoreErrorKind};

/// Length of a key in bytes: that of ChaCha20-Poly1305 (RFC 8439).
pub(in crate::store) const KEY_LEN: usize = 32;
/// Length of a key's id in bytes.
pub(in crate::store) const KEY_ID_LEN: usize = 8;

/// A key that seals records. Zeroed when dropped; `Debug` shows its id only.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKey(Zeroizing<[u8; KEY_LEN]>);

impl SealingKey {
    /// A key of exactly 32 bytes; `None` for any other length.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        if bytes.len() != KEY_LEN {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// A new random key.
    pub(in crate::store) fn random() -> Result<Self, StoreError> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        SystemRandom::new().fill(key.as_mut_slice()).map_err(|_| {
            StoreError::new(StoreErrorKind::Io, "the system has no random numbers for a sealing key")
        })?;
        Ok(Self(key))
    }

    pub(in crate::store) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// What records carry to say which key sealed them: the start of the key's SHA-256 digest.
    pub(in crate::store) fn id(&self) -> [u8; KEY_ID_LEN] {
        let digest = digest::digest(&digest::SHA256, self.0.as_slice());
        let mut id = [0; KEY_ID_LEN];
        id.copy_from_slice(&digest.as_ref()[..KEY_ID_LEN]);
        id
    }

    /// That id as text: 16 lower-case hex digits. It gives nothing of the key away.
    pub fn id_text(&self) -> String {
        hex(&self.id())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealingKey({})", self.id_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_32_bytes_are_a_key_and_it_is_not_shown() {
        for length in [0, 16, 31, 33, 64] {
            assert!(SealingKey::new(&vec![7; length]).is_none(), "{length}");
        }
        let key = SealingKey::new(&[7; KEY_LEN]).expect("a key");
        assert_eq!(format!("{key:?}"), format!("SealingKey({})", key.id_text()));
        assert!(!format!("{key:?}").contains("0707"));
    }

    #[test]
    fn two_random_keys_differ() {
        assert_ne!(SealingKey::random().expect("drawn"), SealingKey::random().expect("drawn"));
    }
}
