//! The sealing key as a file of its own (mode 0600), in another directory than what it seals.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::atomic;
use super::error::{StoreError, StoreErrorKind};
use super::seal::KEY_LEN;
use crate::secret::hex;

/// Reads the key, making one when there is none. Many processes may do so at once: one key wins.
pub(super) fn read_or_create(path: &Path) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    if let Some(directory) = path.parent() {
        atomic::create_private_directory(directory)?;
    }
    let mut key = Zeroizing::new([0; KEY_LEN]);
    SystemRandom::new().fill(key.as_mut_slice()).map_err(|_| {
        StoreError::new(StoreErrorKind::Io, "the system has no random numbers for a sealing key")
    })?;
    atomic::create_new(path, Zeroizing::new(hex(key.as_slice()) + "\n").as_bytes())?;
    read(path)?.ok_or_else(|| corrupt(path))
}

/// Reads the key; `None` when there is no file.
///
/// # Errors
/// When others could have read or changed it, or it is damaged.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io("read the sealing key", path, &error)),
    };
    let exposed = |why: &str| {
        StoreError::new(StoreErrorKind::Exposed, format!("the sealing key {} {why}", path.display()))
            .with_hint(format!(
                "if nobody else can have read it: chmod 600 {}; else delete it and sign in again",
                path.display()
            ))
    };
    if !metadata.is_file() {
        return Err(exposed("is not a plain file"));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(exposed("can be read by other users"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(exposed("belongs to another user"));
    }
    let text = Zeroizing::new(
        fs::read_to_string(path).map_err(|error| StoreError::io("read the sealing key", path, &error))?,
    );
    decode(text.trim()).map(Some).ok_or_else(|| corrupt(path))
}

fn corrupt(path: &Path) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, format!("the sealing key {} is damaged", path.display()))
        .with_hint("delete it and sign in again: a new one is made")
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() != KEY_LEN * 2 || !text.is_ascii() {
        return None;
    }
    (0..KEY_LEN)
        .map(|index| u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok())
        .collect::<Option<Vec<_>>>()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/sealing.key");
        let key = read_or_create(&path).expect("made");
        assert_eq!(key, read_or_create(&path).expect("found"));
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
    }

    #[test]
    fn an_exposed_linked_or_damaged_key_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("sealing.key");
        read_or_create(&path).expect("made");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert_eq!(read(&link).expect_err("a link").kind(), StoreErrorKind::Exposed);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        assert_eq!(read(&path).expect_err("exposed").kind(), StoreErrorKind::Exposed);
        atomic::replace(&path, b"abc").expect("written");
        assert_eq!(read(&path).expect_err("damaged").kind(), StoreErrorKind::Corrupt);
    }
}
