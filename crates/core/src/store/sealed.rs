//! A vault of sealed files, one per record, shared between processes under file locks.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use zeroize::Zeroizing;

use super::error::{StoreError, StoreErrorKind};
use super::seal::{Sealer, Unsealable};
use super::{Vault, VaultGuard, atomic, key_file};

/// Records larger than this are not ours.
const LARGEST: u64 = 4 << 20;

/// Sealed files in one directory, their key in another.
pub struct SealedVault {
    directory: PathBuf,
    key_file: PathBuf,
    sealer: OnceLock<Sealer>,
}

impl std::fmt::Debug for SealedVault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SealedVault").field("directory", &self.directory).finish_non_exhaustive()
    }
}

impl SealedVault {
    /// A vault whose records lie in `directory` and whose key is `key_file`. Nothing is touched before the
    /// first use.
    pub fn new(directory: impl Into<PathBuf>, key_file: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), key_file: key_file.into(), sealer: OnceLock::new() }
    }

    /// The sealer. When reading, a missing key is not made: there is nothing it could open.
    fn sealer(&self, create: bool) -> Result<Option<&Sealer>, StoreError> {
        if let Some(sealer) = self.sealer.get() {
            return Ok(Some(sealer));
        }
        let key = if create {
            Some(key_file::read_or_create(&self.key_file)?)
        } else {
            key_file::read(&self.key_file)?
        };
        let Some(sealer) = key.and_then(|key| Sealer::new(&key)) else { return Ok(None) };
        Ok(Some(self.sealer.get_or_init(|| sealer)))
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

    fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
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
}

impl Vault for SealedVault {
    fn load(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.path(name)?;
        let record = match read_bounded(&path) {
            Ok(record) => record,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io("read", &path, &error)),
        };
        let opened = match self.sealer(false)? {
            Some(sealer) => sealer.open(name, &record),
            None => Err(Unsealable::OtherKey),
        };
        opened.map(Some).map_err(|fault| match fault {
            Unsealable::Damaged => StoreError::new(
                StoreErrorKind::Corrupt,
                format!("the stored record {} is damaged", path.display()),
            )
            .with_hint("run `defender-xdr auth reset`, then sign in again"),
            Unsealable::OtherKey => StoreError::new(
                StoreErrorKind::OtherKey,
                format!(
                    "the stored record {} was sealed with another key than {}",
                    path.display(),
                    self.key_file.display()
                ),
            )
            .with_hint("put the key file back, or run `defender-xdr auth reset` and sign in again"),
        })
    }

    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let path = self.path(name)?;
        self.prepare()?;
        let sealed = self.sealer(true)?.and_then(|sealer| sealer.seal(name, content)).ok_or_else(|| {
            StoreError::new(StoreErrorKind::Io, "the system has no random numbers to seal with")
        })?;
        atomic::replace(&path, &sealed)
    }

    fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("delete", &path, &error)),
        }
    }

    fn lock(&self, name: &str) -> Result<VaultGuard, StoreError> {
        let path = self.path(name)?.with_extension("lock");
        self.prepare()?;
        let failed = |error: io::Error| StoreError::io("lock", &path, &error);
        // The lock file stays: deleting it would let two processes hold "the" lock on different files.
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Box::new(file))
    }

    fn lasts(&self) -> bool {
        true
    }

    fn protection(&self) -> String {
        if let Err(error) = key_file::read(&self.key_file) {
            return format!("none can be read or kept, since {error}");
        }
        format!(
            "sealed in {} with the key {}: safe in backups or copies of the one directory alone, and from other \
             users; not from programs that run as you",
            self.directory.display(),
            self.key_file.display()
        )
    }
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::Error::other("it is far larger than anything stored here"));
    }
    fs::read(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(root: &Path) -> SealedVault {
        SealedVault::new(root.join("state"), root.join("config/sealing.key"))
    }

    #[test]
    fn records_survive_another_process_and_not_another_key() {
        let root = tempfile::tempdir().expect("a directory");
        assert!(vault(root.path()).load("a").expect("readable").is_none());
        vault(root.path()).save("a", b"content").expect("saved");
        assert_eq!(vault(root.path()).load("a").expect("readable").expect("there").as_slice(), b"content");
        fs::remove_file(root.path().join("config/sealing.key")).expect("removed");
        assert_eq!(vault(root.path()).load("a").expect_err("no key").kind(), StoreErrorKind::OtherKey);
    }

    #[test]
    fn a_cut_record_is_named_not_served() {
        let root = tempfile::tempdir().expect("a directory");
        vault(root.path()).save("a", b"content").expect("saved");
        let path = root.path().join("state/a.sealed");
        let whole = fs::read(&path).expect("there");
        atomic::replace(&path, &whole[..whole.len() - 1]).expect("cut");
        let error = vault(root.path()).load("a").expect_err("cut");
        assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        assert!(error.to_string().contains("a.sealed"));
    }

    #[test]
    fn an_open_directory_is_closed_to_others() {
        let root = tempfile::tempdir().expect("a directory");
        let directory = root.path().join("state");
        fs::create_dir(&directory).expect("made");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("opened");
        let guard = vault(root.path()).lock("a").expect("free");
        assert_eq!(fs::metadata(&directory).expect("there").mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(directory.join("a.lock")).expect("there").mode() & 0o777, 0o600);
        drop(guard);
    }

    #[test]
    fn names_cannot_leave_the_directory() {
        let root = tempfile::tempdir().expect("a directory");
        for name in ["../x", "a/b", "", ".hidden", "A"] {
            assert!(vault(root.path()).save(name, b"").is_err(), "{name}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_protects_nothing() {
        let root = tempfile::tempdir().expect("a directory");
        vault(root.path()).save("a", b"content").expect("saved");
        assert!(vault(root.path()).protection().starts_with("sealed in"));
        let key = root.path().join("config/sealing.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("opened");
        let told = vault(root.path()).protection();
        assert!(!told.contains("sealed in") && told.contains("can be read by other users"), "{told}");
    }

    #[test]
    fn a_lock_is_held_until_its_guard_is_dropped() {
        let root = tempfile::tempdir().expect("a directory");
        let guard = vault(root.path()).lock("a").expect("free");
        let other = File::options().write(true).open(root.path().join("state/a.lock")).expect("there");
        assert!(other.try_lock().is_err());
        drop(guard);
        assert!(other.try_lock().is_ok());
    }
}
