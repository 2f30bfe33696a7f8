//! The sealing key as a file of its own (mode 0600), in another directory than what it seals.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::bytes::{KEY_LEN, SealingKey};
use super::source::{KeySource, Replacement};
use crate::secret::hex;
use crate::store::atomic;
use crate::store::error::{StoreError, StoreErrorKind};

/// A key in a file: 64 hex digits.
#[derive(Debug, Clone)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// The key in this file. Nothing is touched before the first use.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl KeySource for KeyFile {
    fn id(&self) -> &'static str {
        "file"
    }

    fn place(&self) -> String {
        format!("the key {}", self.0.display())
    }

    fn read(&self) -> Result<Option<SealingKey>, StoreError> {
        read(&self.0)
    }

    /// Many processes may do so at once: one key wins.
    fn read_or_create(&self) -> Result<SealingKey, StoreError> {
        let path = &self.0;
        if let Some(key) = read(path)? {
            return Ok(key);
        }
        if let Some(directory) = path.parent() {
            atomic::create_private_directory(directory)?;
        }
        atomic::create_new(path, encode(&SealingKey::random()?).as_bytes())?;
        read(path)?.ok_or_else(|| corrupt(path))
    }

    fn draw(&self) -> Result<Option<Replacement>, StoreError> {
        let (key, path) = (SealingKey::random()?, self.0.clone());
        let text = encode(&key);
        Ok(Some(Replacement::new(key, move || atomic::replace(&path, text.as_bytes()))))
    }

    fn guards_against(&self) -> &'static [&'static str] {
        &["other users of this machine", "whoever gets a copy or backup of the directory of records alone"]
    }

    fn no_guard_against(&self) -> &'static [&'static str] {
        &["programs that run as you", "root", "a copy or backup that holds the key file, too"]
    }
}

fn encode(key: &SealingKey) -> Zeroizing<String> {
    Zeroizing::new(hex(key.bytes()) + "\n")
}

fn read(path: &Path) -> Result<Option<SealingKey>, StoreError> {
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
        let what = if metadata.is_symlink() { "a link" } else { "no plain file" };
        let message = format!("the sealing key {} is {what}", path.display());
        return Err(StoreError::new(StoreErrorKind::Exposed, message)
            .with_hint("put the key itself there, mode 0600: where a link leads may change unseen"));
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

fn decode(text: &str) -> Option<SealingKey> {
    if text.len() != KEY_LEN * 2 || !text.is_ascii() {
        return None;
    }
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    SealingKey::new(bytes.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/sealing.key");
        let key = KeyFile::new(&path).read_or_create().expect("made");
        assert_eq!(key, KeyFile::new(&path).read_or_create().expect("found"));
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
    }

    #[test]
    fn an_exposed_linked_or_damaged_key_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("sealing.key");
        KeyFile::new(&path).read_or_create().expect("made");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert_eq!(read(&link).expect_err("a link").kind(), StoreErrorKind::Exposed);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        assert_eq!(read(&path).expect_err("exposed").kind(), StoreErrorKind::Exposed);
        atomic::replace(&path, b"abc").expect("written");
        assert_eq!(read(&path).expect_err("damaged").kind(), StoreErrorKind::Corrupt);
    }

    #[test]
    fn a_drawn_key_is_in_its_place_only_once_it_is_installed() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = KeyFile::new(directory.path().join("sealing.key"));
        let old = file.read_or_create().expect("made");
        let drawn = file.draw().expect("drawn").expect("a file takes one");
        let new = drawn.key().clone();
        assert_eq!(file.read().expect("readable"), Some(old.clone()));
        drawn.install().expect("written");
        assert_eq!(file.read().expect("readable"), Some(new.clone()));
        assert_ne!(old, new);
    }
}
