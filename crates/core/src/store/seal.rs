//! The sealed form of a record: ChaCha20-Poly1305 (RFC 8439) with a random nonce. Format version, key id and
//! the record's name are associated data, so that a record moved to another name does not open.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::sealing_key::{KEY_ID_LEN, SealingKey};

/// Says what the file is and in which format version.
const MAGIC: &[u8; 8] = b"dxdr-s1\n";

/// Why a sealed record does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsealable {
    /// Too short, not ours, or changed since it was written.
    Damaged,
    /// Sealed with another key.
    OtherKey,
}

/// Seals and opens records.
pub(super) struct Sealer {
    key: LessSafeKey,
    key_id: [u8; KEY_ID_LEN],
}

impl Sealer {
    /// A sealer for a key; `None` never happens with keys of this length, which ring checks again.
    pub(super) fn new(key: &SealingKey) -> Option<Self> {
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, key.bytes()).ok()?;
        Some(Self { key: LessSafeKey::new(unbound), key_id: key.id() })
    }

    /// Id of the key.
    pub(super) fn key_id(&self) -> [u8; KEY_ID_LEN] {
        self.key_id
    }

    /// Whether a record says that this key sealed it.
    pub(super) fn sealed(&self, record: &[u8]) -> bool {
        record.strip_prefix(MAGIC).is_some_and(|rest| rest.starts_with(&self.key_id))
    }

    /// Seals `content` for the record `name`. `None` when the system has no random numbers.
    pub(super) fn seal(&self, name: &str, content: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut body = content.to_vec();
        let aad = Aad::from(self.associated(name));
        self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut body).ok()?;
        Some([MAGIC.as_slice(), &self.key_id, &nonce, &body].concat())
    }

    /// Opens a sealed record.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let rest = sealed.strip_prefix(MAGIC).ok_or(Unsealable::Damaged)?;
        let (key_id, rest) = rest.split_at_checked(KEY_ID_LEN).ok_or(Unsealable::Damaged)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(Unsealable::Damaged)?;
        if key_id != self.key_id {
            return Err(Unsealable::OtherKey);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable::Damaged)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(self.associated(name)), &mut body)
            .map_err(|_| Unsealable::Damaged)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    fn associated(&self, name: &str) -> Vec<u8> {
        [MAGIC.as_slice(), &self.key_id, name.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&SealingKey::new(&[byte; 32]).expect("the right length")).expect("a key")
    }

    #[test]
    fn what_is_sealed_opens_only_under_its_name_and_key() {
        let sealed = sealer(1).seal("a", b"content").expect("random numbers");
        assert_eq!(sealer(1).open("a", &sealed).expect("opens").as_slice(), b"content");
        assert_eq!(sealer(1).open("b", &sealed).expect_err("moved"), Unsealable::Damaged);
        assert_eq!(sealer(2).open("a", &sealed).expect_err("other key"), Unsealable::OtherKey);
        assert!(!sealed.windows(7).any(|window| window == b"content"));
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let sealed = sealer(1).seal("a", b"content").expect("random numbers");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(sealer(1).open("a", &changed).is_err(), "byte {position}");
            assert!(sealer(1).open("a", &sealed[..position]).is_err(), "cut at {position}");
        }
    }
}
