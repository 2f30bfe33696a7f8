//! A new sealing key for records that are there: each is resealed under its lock, one after the other. Killed at any
//! point, everything still opens, and the next rotation carries on.
//!
//! The order does it. First the old keys are written down, sealed with the new one; then the new key takes its place;
//! then records follow one by one; only then the old keys are forgotten. Whoever finds a record under an old key looks
//! it up under the key that is in its place.

use std::fs;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::error::{StoreError, StoreErrorKind};
use super::seal::{Sealer, Unsealable};
use super::sealed::{SealedVault, read_record};
use super::sealing_key::{KEY_LEN, KeySource, Replacement, SealingKey};
use super::{Vault, atomic};
use crate::secret::hex;

/// Names that belong to the change of keys itself.
const TURN: &str = "sealing-key";
const PREVIOUS: &str = "previous-keys-";

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Id of the key that seals from now on.
    pub key_id: String,
    /// How many records were resealed.
    pub resealed: usize,
    /// Records that no known key opens. They were left as they are.
    pub left: Vec<PathBuf>,
}

impl SealedVault {
    /// Reseals every record with a new key of this vault's source; or, with `from`, those under the key of that source
    /// with the key of this vault's.
    ///
    /// # Errors
    /// When a key cannot be read or made, or a record not be written. What was resealed stays so; the rest still opens,
    /// and another rotation carries on.
    pub fn rotate(&self, from: Option<&dyn KeySource>) -> Result<Rotation, StoreError> {
        // One rotation at a time.
        let _turn = self.lock(TURN)?;
        let (new, mut old, install) = match from {
            None => self.draw()?,
            Some(from) => self.move_from(from)?,
        };
        let sealer = sealer(&new)?;
        for key in std::iter::once(new.clone()).chain(old.clone()) {
            for earlier in self.keys_before(&self::sealer(&key)?)? {
                if !old.contains(&earlier) {
                    old.push(earlier);
                }
            }
        }
        old.retain(|key| *key != new);
        if !old.is_empty() {
            self.write_down(&sealer, &old)?;
        }
        if let Some(install) = install {
            install.install()?;
        }
        let (resealed, left) = self.reseal(&sealer, &old)?;
        self.forget_old_keys(&new, &old, left.is_empty())?;
        self.sweep()?;
        Ok(Rotation { key_id: new.id_text(), resealed, left })
    }

    /// The old keys that are written down under this one, while a rotation is under way.
    pub(super) fn keys_before(&self, sealer: &Sealer) -> Result<Vec<SealingKey>, StoreError> {
        let name = name_of(&hex(&sealer.key_id()));
        let Some(record) = read_record(&self.path(&name)?)? else { return Ok(Vec::new()) };
        // A damaged one brings nothing back: records under old keys are then reported as such.
        let Ok(keys) = sealer.open(&name, &record) else { return Ok(Vec::new()) };
        Ok(keys.chunks_exact(KEY_LEN).filter_map(SealingKey::new).collect())
    }

    fn draw(&self) -> Result<Start, StoreError> {
        let current = self.source.read_or_create()?;
        let Some(replacement) = self.source.draw()? else {
            return Err(StoreError::new(
                StoreErrorKind::KeyUnavailable,
                format!("{} can only be changed where it is set", self.source.place()),
            )
            .with_hint(format!(
                "set the new key there and the old one as the previous key, then run `defender-xdr auth rotate-key --from \
                 {}`",
                self.source.id()
            )));
        };
        Ok((replacement.key().clone(), vec![current], Some(replacement)))
    }

    fn move_from(&self, from: &dyn KeySource) -> Result<Start, StoreError> {
        let old = from.read();
        match self.source.read_or_create() {
            Ok(new) => {
                let old = match old {
                    // The same place, where the new key already is: a rotation that was cut short.
                    Err(error)
                        if error.kind() == StoreErrorKind::OtherKey && from.id() == self.source.id() =>
                    {
                        Vec::new()
                    }
                    Ok(None) => return Err(absent(from)),
                    old => old?.into_iter().collect(),
                };
                Ok((new, old, None))
            }
            // The place still holds what another passphrase was stretched with.
            Err(error) if error.kind() == StoreErrorKind::OtherKey => {
                let old = old?.ok_or_else(|| absent(from))?;
                let Some(replacement) = self.source.draw()? else { return Err(error) };
                Ok((replacement.key().clone(), vec![old], Some(replacement)))
            }
            Err(error) => Err(error),
        }
    }

    fn write_down(&self, sealer: &Sealer, old: &[SealingKey]) -> Result<(), StoreError> {
        let name = name_of(&hex(&sealer.key_id()));
        let keys = Zeroizing::new(old.iter().flat_map(|key| *key.bytes()).collect::<Vec<u8>>());
        let record = sealer.seal(&name, &keys).ok_or_else(no_random_numbers)?;
        atomic::replace(&self.path(&name)?, &record)
    }

    fn reseal(&self, new: &Sealer, old: &[SealingKey]) -> Result<(usize, Vec<PathBuf>), StoreError> {
        let old = old.iter().map(sealer).collect::<Result<Vec<_>, _>>()?;
        let (mut resealed, mut left) = (0, Vec::new());
        for name in self.names()? {
            let path = self.path(&name)?;
            // A process that looked for the key before it changed holds the lock until it has written.
            let _turn = self.lock(&name)?;
            let Some(record) = read_record(&path)? else { continue };
            if new.sealed(&record) {
                continue;
            }
            let mut tried = old.iter().map(|sealer| sealer.open(&name, &record));
            match tried.find(|opened| !matches!(opened, Err(Unsealable::OtherKey))) {
                Some(Ok(content)) => {
                    let sealed = new.seal(&name, &content).ok_or_else(no_random_numbers)?;
                    atomic::replace(&path, &sealed)?;
                    resealed += 1;
                }
                _ => left.push(path),
            }
        }
        Ok((resealed, left))
    }

    /// Names of records, and of those that somebody may be about to write: their lock is there first.
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let failed = |error: std::io::Error| StoreError::io("list", &self.directory, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.directory).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let ours = path.extension().is_some_and(|word| word == "sealed" || word == "lock");
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            if let Some(name) = stem.filter(|name| ours && self.path(name).is_ok())
                && !name.starts_with(TURN)
                && !name.starts_with(PREVIOUS)
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn forget_old_keys(&self, new: &SealingKey, old: &[SealingKey], all: bool) -> Result<(), StoreError> {
        for key in old.iter().chain([new]) {
            self.remove(&name_of(&key.id_text()))?;
        }
        if !all {
            return Ok(());
        }
        // What a rotation left that died before its key was in place.
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(PREVIOUS)) {
                fs::remove_file(entry.path())
                    .map_err(|error| StoreError::io("delete", &entry.path(), &error))?;
            }
        }
        Ok(())
    }
}

/// The new key, the old ones, and how the new one takes its place.
type Start = (SealingKey, Vec<SealingKey>, Option<Replacement>);

fn name_of(key_id: &str) -> String {
    format!("{PREVIOUS}{key_id}")
}

fn sealer(key: &SealingKey) -> Result<Sealer, StoreError> {
    Sealer::new(key).ok_or_else(|| StoreError::new(StoreErrorKind::KeyUnavailable, "a sealing key is none"))
}

fn no_random_numbers() -> StoreError {
    StoreError::new(StoreErrorKind::Io, "the system has no random numbers to seal with")
}

fn absent(from: &dyn KeySource) -> StoreError {
    StoreError::new(
        StoreErrorKind::KeyUnavailable,
        format!("there is no key in the old place: {}", from.place()),
    )
    .with_hint("name the source whose key sealed the records; nothing was changed")
}

#[cfg(test)]
mod tests;
