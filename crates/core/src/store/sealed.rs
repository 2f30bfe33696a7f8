//! A vault of sealed files, one per record, shared between processes under file locks.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::error::{StoreError, StoreErrorKind};
use super::private_lock::PrivateLock;
use super::seal::{Sealer, Unsealable};
use super::sealing_key::{KeyFile, KeySource, SealingKey};
use super::{Protection, Vault, VaultGuard, atomic};

/// Records larger than this are not ours.
const LARGEST: u64 = 4 << 20;

/// Whoever holds a record asks for a token, which takes as long as its repetitions may, and a little to write it down.
const PATIENCE: Duration = Duration::from_secs(150);

/// Sealed files in one directory, their key somewhere else.
pub struct SealedVault {
    pub(super) directory: PathBuf,
    pub(super) source: Arc<dyn KeySource>,
    sealer: Mutex<Option<Arc<Sealer>>>,
    patience: Duration,
}

impl std::fmt::Debug for SealedVault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SealedVault")
            .field("directory", &self.directory)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl SealedVault {
    /// A vault whose records lie in `directory` and whose key is the file `key_file`. Nothing is touched before the
    /// first use.
    pub fn new(directory: impl Into<PathBuf>, key_file: impl Into<PathBuf>) -> Self {
        Self::with_key(directory, Arc::new(KeyFile::new(key_file)))
    }

    /// A vault whose records lie in `directory` and whose key comes from `source`.
    pub fn with_key(directory: impl Into<PathBuf>, source: Arc<dyn KeySource>) -> Self {
        Self { directory: directory.into(), source, sealer: Mutex::default(), patience: PATIENCE }
    }

    /// The same vault, waiting this long for a record that another process holds.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Where the key is, in words.
    pub fn key_place(&self) -> String {
        self.source.place()
    }

    /// Content as a sealed record of this name, for whoever keeps the bytes. The key is looked up anew: another process
    /// may have changed it, and a record under the old key might never be found by its rotation.
    ///
    /// # Errors
    /// When there is no key to seal with.
    pub fn seal(&self, name: &str, content: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sealer = self.remember(&self.source.read_or_create()?)?;
        sealer.seal(name, content).ok_or_else(|| {
            StoreError::new(StoreErrorKind::Io, "the system has no random numbers to seal with")
        })
    }

    /// The content of a sealed record of this name.
    ///
    /// # Errors
    /// When it is damaged, was sealed with another key or under another name.
    pub fn open(&self, name: &str, record: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.try_open(name, record)?.map_err(|fault| self.told(fault, "the sealed record"))
    }

    fn try_open(
        &self,
        name: &str,
        record: &[u8],
    ) -> Result<Result<Zeroizing<Vec<u8>>, Unsealable>, StoreError> {
        let Some(sealer) = self.sealer()? else { return Ok(Err(Unsealable::OtherKey)) };
        let opened = sealer.open(name, record);
        if !matches!(opened, Err(Unsealable::OtherKey)) {
            return Ok(opened);
        }
        // Amid a rotation, records are under the old key until their turn comes.
        let previous = self.keys_before(&sealer)?;
        let mut tried = previous.iter().filter_map(Sealer::new).map(|sealer| sealer.open(name, record));
        Ok(tried.find(|opened| !matches!(opened, Err(Unsealable::OtherKey))).unwrap_or(opened))
    }

    /// The sealer for reading. A missing key is not made: there is nothing it could open.
    fn sealer(&self) -> Result<Option<Arc<Sealer>>, StoreError> {
        if let Some(sealer) = self.known().as_ref() {
            return Ok(Some(Arc::clone(sealer)));
        }
        self.source.read()?.map(|key| self.remember(&key)).transpose()
    }

    fn remember(&self, key: &SealingKey) -> Result<Arc<Sealer>, StoreError> {
        let mut known = self.known();
        if let Some(sealer) = known.as_ref().filter(|sealer| sealer.key_id() == key.id()) {
            return Ok(Arc::clone(sealer));
        }
        let sealer = Sealer::new(key).map(Arc::new).ok_or_else(|| {
            StoreError::new(StoreErrorKind::KeyUnavailable, format!("{} is no key", self.source.place()))
        })?;
        *known = Some(Arc::clone(&sealer));
        Ok(sealer)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Arc<Sealer>>> {
        self.sealer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the directory, or takes others' rights from an existing one.
    fn prepare(&self) -> Result<(), StoreError> {
        atomic::create_private_directory(&self.directory)?;
        let failed = |error: io::Error| StoreError::io("make private", &self.directory, &error);
        let mode = fs::metadata(&self.directory).map_err(failed)?.mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(&self.directory, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        }
        Ok(())
    }

    pub(super) fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        let plain =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_' || c == '.';
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(StoreError::new(
                StoreErrorKind::Io,
                format!("`{name}` is no name for a stored record: use lower-case letters, digits and -"),
            ));
        }
        Ok(self.directory.join(format!("{name}.sealed")))
    }

    fn told(&self, fault: Unsealable, what: &str) -> StoreError {
        match fault {
            Unsealable::Damaged => StoreError::new(StoreErrorKind::Corrupt, format!("{what} is damaged"))
                .with_hint("run `defender-xdr auth reset`, then sign in again"),
            Unsealable::OtherKey => StoreError::new(
                StoreErrorKind::OtherKey,
                format!("{what} was sealed with another key than {}", self.source.place()),
            )
            .with_hint(
                "put that key back; if `sealing-key-source` was changed, run `defender-xdr auth rotate-key --from` and the \
                 source it had; or run `defender-xdr auth reset` and sign in again",
            ),
        }
    }
}

impl Vault for SealedVault {
    fn load(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.path(name)?;
        for first_look in [true, false] {
            let Some(record) = read_record(&path)? else { return Ok(None) };
            match self.try_open(name, &record)? {
                Ok(content) => return Ok(Some(content)),
                // Another process may have changed the key since we looked for it, and the record with it.
                Err(Unsealable::OtherKey) if first_look => *self.known() = None,
                Err(fault) => return Err(self.told(fault, &format!("the stored record {}", path.display()))),
            }
        }
        Ok(None)
    }

    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let path = self.path(name)?;
        self.prepare()?;
        atomic::replace(&path, &self.seal(name, content)?)
    }

    fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("delete", &path, &error)),
        }
    }

    fn sweep(&self) -> Result<(), StoreError> {
        atomic::sweep(&self.directory)
    }

    fn lock(&self, name: &str) -> Result<VaultGuard, StoreError> {
        let path = self.path(name)?.with_extension("lock");
        self.prepare()?;
        Ok(Box::new(PrivateLock::wait(&path, self.patience)?))
    }

    fn lasts(&self) -> bool {
        true
    }

    fn protection(&self) -> Protection {
        let place = self.source.place();
        let unusable = self.source.check().err();
        let (against, not_against) = if unusable.is_some() {
            (&[][..], &[][..])
        } else {
            (self.source.guards_against(), self.source.no_guard_against())
        };
        let summary = match unusable {
            Some(error) => format!("none can be read or kept, since {error}"),
            None => format!(
                "sealed in {} with {place}: safe from {}; not from {}",
                self.directory.display(),
                against.join("; "),
                not_against.join("; ")
            ),
        };
        Protection {
            store: "sealed",
            key_source: Some(self.source.id()),
            key_place: Some(place),
            summary,
            against: against.to_vec(),
            not_against: not_against.to_vec(),
        }
    }
}

/// A record as stored; `None` when there is none.
pub(super) fn read_record(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match read_bounded(path) {
        Ok(record) => Ok(Some(record)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path, &error)),
    }
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    // To read from a pipe is to wait for whoever writes into it.
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    if metadata.len() > LARGEST {
        return Err(io::Error::other("it is far larger than anything stored here"));
    }
    fs::read(path)
}

#[cfg(test)]
mod tests;
