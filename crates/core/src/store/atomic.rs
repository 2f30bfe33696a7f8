//! Files that are whole or absent: temporary file, fsync, rename, fsync of the directory. Survives kill -9.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use super::error::StoreError;

/// Makes a directory and its parents for the owner alone (mode 0700). An existing one is left as it is.
///
/// # Errors
/// When it cannot be made.
pub fn create_private_directory(path: &Path) -> Result<(), StoreError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| StoreError::io("create the directory", path, &error))
}

/// Replaces a file (mode 0600), all or nothing.
///
/// # Errors
/// When it cannot be written; the old content is then untouched.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let failed = |error: io::Error| StoreError::io("write", path, &error);
    let temporary = write_temporary(path, content).map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    sync_directory(path).map_err(failed)
}

/// Writes a file only if there is none. Whether it was written.
///
/// # Errors
/// When it cannot be written.
pub fn create_new(path: &Path, content: &[u8]) -> Result<bool, StoreError> {
    let failed = |error: io::Error| StoreError::io("write", path, &error);
    let temporary = write_temporary(path, content).map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => sync_directory(path).map(|()| true).map_err(failed),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

fn write_temporary(path: &Path, content: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .prefix(".writing-")
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(directory)?;
    temporary.write_all(content)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// The rename itself must reach the disk, or a power cut brings the old file back.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_private() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("file");
        replace(&path, b"one").expect("written");
        replace(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert!(!create_new(&path, b"three").expect("no fault"));
        assert_eq!(fs::read_dir(directory.path()).expect("listed").count(), 1);
    }
}
