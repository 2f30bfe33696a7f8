//! How a passphrase becomes a key: Argon2id (RFC 9106), with parameters and salt in a file beside the records.

use std::fs;
use std::io;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::bytes::{KEY_LEN, SealingKey};
use crate::Secret;
use crate::secret::hex;
use crate::store::error::{StoreError, StoreErrorKind};

const VERSION: u32 = 1;
const KDF: &str = "argon2id";
const SALT_LEN: usize = 16;

// The OWASP Password Storage Cheat Sheet's first choice for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// A file that asks for more was not written by this program, and would only keep it busy.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;

/// What is stored beside the records. Nothing in it is secret; without it the passphrase opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretching {
    version: u32,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    /// Id of the key that the right passphrase gives; records carry it, too.
    key_id: String,
}

impl Stretching {
    /// Draws a salt and stretches `passphrase` with today's parameters.
    pub(super) fn draw(passphrase: &Secret) -> Result<(Self, SealingKey), StoreError> {
        let mut salt = [0; SALT_LEN];
        SystemRandom::new().fill(&mut salt).map_err(|_| {
            StoreError::new(StoreErrorKind::Io, "the system has no random numbers for a salt")
        })?;
        let mut drawn = Self {
            version: VERSION,
            kdf: KDF.to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: hex(&salt),
            key_id: String::new(),
        };
        let key = drawn.stretch(passphrase).ok_or_else(cannot_stretch)?;
        drawn.key_id = key.id_text();
        Ok((drawn, key))
    }

    /// The stored parameters; `None` when there are none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io("read", path, &error)),
        };
        let stored: Option<Self> = serde_json::from_slice(&text).ok();
        stored.filter(Self::is_ours).map(Some).ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::Corrupt,
                format!("{} does not say how this program stretches a passphrase", path.display()),
            )
            .with_hint(
                "put it back from a backup, or delete it, run `defender-xdr auth reset` and sign in again",
            )
        })
    }

    /// Weaker than today's is refused as well: somebody may want the passphrase to be guessed.
    fn is_ours(&self) -> bool {
        self.version == VERSION
            && self.kdf == KDF
            && (MEMORY_KIB..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            && (PASSES..=MOST_PASSES).contains(&self.passes)
            && (LANES..=MOST_LANES).contains(&self.lanes)
            && self.salt.len() == SALT_LEN * 2
            && self.salt.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The key of `passphrase`; `None` when that is another passphrase than the store was made with.
    pub(super) fn open(&self, passphrase: &Secret) -> Result<Option<SealingKey>, StoreError> {
        let key = self.stretch(passphrase).ok_or_else(cannot_stretch)?;
        Ok(Some(key).filter(|key| key.id_text() == self.key_id))
    }

    /// As stored.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Plain numbers and texts always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    fn stretch(&self, passphrase: &Secret) -> Option<SealingKey> {
        let parameters = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_LEN)).ok()?;
        tracing::debug!("stretching the sealing passphrase");
        let mut key = Zeroizing::new([0; KEY_LEN]);
        // The salt goes in as the text that is stored: no decoding that could differ between versions.
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(passphrase.expose().as_bytes(), self.salt.as_bytes(), key.as_mut_slice())
            .ok()?;
        SealingKey::new(key.as_slice())
    }
}

fn cannot_stretch() -> StoreError {
    StoreError::new(
        StoreErrorKind::Io,
        "the passphrase cannot be stretched into a key: is there memory left?",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_passphrase_gives_the_key() {
        let (stretching, key) = Stretching::draw(&Secret::new("correct horse")).expect("drawn");
        assert_eq!(stretching.open(&Secret::new("correct horse")).expect("stretched"), Some(key.clone()));
        assert_eq!(stretching.open(&Secret::new("Correct horse")).expect("stretched"), None);
        let (_, other) = Stretching::draw(&Secret::new("correct horse")).expect("drawn");
        assert_ne!(key, other, "each store has a salt of its own");
    }

    /// The reference program prints the same: `echo -n passphrase | argon2 SALT -id -t 2 -k 19456 -p 1 -l 32 -r`.
    #[test]
    fn the_stretching_is_argon2id_of_rfc_9106() {
        let vector = Params::new(32, 3, 4, Some(32)).expect("RFC 9106, 5.3");
        let parameters = argon2::ParamsBuilder::new()
            .m_cost(vector.m_cost())
            .t_cost(vector.t_cost())
            .p_cost(vector.p_cost())
            .data(argon2::AssociatedData::new(&[4; 12]).expect("12 bytes"))
            .build()
            .expect("parameters");
        let argon = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, parameters)
            .expect("a secret of 8 bytes");
        let mut tag = [0; 32];
        argon.hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("hashed");
        assert_eq!(hex(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    #[test]
    fn weakened_parameters_and_other_versions_are_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("stretching.json");
        let (good, _) = Stretching::draw(&Secret::new("correct horse")).expect("drawn");
        crate::store::atomic::replace(&path, &good.to_bytes()).expect("written");
        assert_eq!(Stretching::read(&path).expect("readable"), Some(good.clone()));
        let changes: [fn(&mut Stretching); 6] = [
            |one| one.version = 2,
            |one| one.kdf = "md5".to_owned(),
            |one| one.memory_kib = 8,
            |one| one.memory_kib = u32::MAX,
            |one| one.passes = 1,
            |one| one.salt.truncate(4),
        ];
        for change in changes {
            let mut other = good.clone();
            change(&mut other);
            crate::store::atomic::replace(&path, &other.to_bytes()).expect("written");
            assert_eq!(Stretching::read(&path).expect_err("refused").kind(), StoreErrorKind::Corrupt);
        }
    }
}
