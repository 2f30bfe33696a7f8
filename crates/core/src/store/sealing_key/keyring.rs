//! The sealing key as an entry of the operating system's keyring: Secret Service on Linux and the BSDs, Keychain on
//! macOS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::bytes::SealingKey;
use super::encoded::{decode, encode};
use super::source::{KeySource, Replacement};
use crate::keyring_entry::{self, KeyringError};
use crate::store::error::{StoreError, StoreErrorKind};
use crate::store::private_lock::PrivateLock;

/// Making an entry takes a moment, unless the person has to unlock the keyring first.
const PATIENCE: Duration = Duration::from_secs(150);

/// A key in the keyring: an entry for each directory of records.
#[derive(Debug, Clone)]
pub struct KeyringKey {
    entry: String,
    lock: PathBuf,
}

impl KeyringKey {
    /// The entry for the records in `directory`.
    pub fn new(directory: &Path) -> Self {
        Self {
            entry: format!("sealing-key {}", directory.display()),
            lock: directory.join("sealing-key-creation.lock"),
        }
    }

    fn failed(&self, error: &KeyringError) -> StoreError {
        StoreError::new(
            StoreErrorKind::KeyUnavailable,
            format!("the keyring entry `{}` cannot be used: {error}", self.entry),
        )
        .with_hint(
            "unlock the keyring of your desktop session; where there is none (SSH, a service, a container), set \
             `sealing-key-source` to `file`, `systemd`, `environment` or `passphrase`",
        )
    }
}

impl KeySource for KeyringKey {
    fn id(&self) -> &'static str {
        "keyring"
    }

    fn place(&self) -> String {
        format!("the keyring entry `{}`", self.entry)
    }

    fn read(&self) -> Result<Option<SealingKey>, StoreError> {
        let found = keyring_entry::read(&self.entry).map_err(|error| self.failed(&error))?;
        found.map(|text| decode(text.expose(), &self.place())).transpose()
    }

    fn read_or_create(&self) -> Result<SealingKey, StoreError> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        // A keyring has no "only if absent": two processes would each keep a key of their own.
        let _turn = PrivateLock::wait(&self.lock, PATIENCE)?;
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        let key = SealingKey::random()?;
        keyring_entry::write(&self.entry, &encode(&key)).map_err(|error| self.failed(&error))?;
        Ok(key)
    }

    fn draw(&self) -> Result<Option<Replacement>, StoreError> {
        let (key, place) = (SealingKey::random()?, self.clone());
        let text = encode(&key);
        Ok(Some(Replacement::new(key, move || {
            keyring_entry::write(&place.entry, &text).map_err(|error| place.failed(&error))
        })))
    }

    fn guards_against(&self) -> &'static [&'static str] {
        &[
            "other users of this machine",
            "whoever gets a copy or backup of the disk without your login password: the keyring is encrypted with it",
            "everybody while the keyring is locked",
        ]
    }

    fn no_guard_against(&self) -> &'static [&'static str] {
        &[
            "programs that run as you while the keyring is unlocked (on macOS they are asked about first)",
            "root, while you are logged in",
        ]
    }
}
