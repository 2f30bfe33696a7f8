//! Files that are whole or absent: temporary file, fsync, rename, fsync of the directory. Survives kill -9.
//!
//! A process that is killed between the first step and the rename leaves its temporary file. What lies in it may be a
//! whole secret, so the next write in that directory, and every [`sweep`], removes it. A temporary file is locked as
//! long as its writer lives: that tells one that was left from one that is being written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::error::StoreError;

/// How the names of temporary files begin.
const PREFIX: &str = ".defender-xdr-writing-";

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

/// Removes what writers left in a directory that were killed. Those at work are not disturbed.
///
/// # Errors
/// When a file that was left cannot be removed. A directory that is not there holds none.
pub fn sweep(directory: &Path) -> Result<(), StoreError> {
    let Ok(entries) = fs::read_dir(directory) else { return Ok(()) };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        remove_if_left(&path).map_err(|error| StoreError::io("delete", &path, &error))?;
    }
    Ok(())
}

/// Removes a temporary file whose writer is gone.
fn remove_if_left(path: &Path) -> io::Result<()> {
    let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(());
    }
    let file =
        match File::options().write(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path) {
            Ok(file) => file,
            Err(error) => return gone(error),
        };
    // Held until the file is gone: a writer that made it a moment ago waits, and sees that it lost it.
    match file.try_lock() {
        Ok(()) => fs::remove_file(path).or_else(gone),
        // Somebody writes, or the file system knows no locks: then nobody can tell, and it stays.
        Err(_) => Ok(()),
    }
}

fn write_temporary(path: &Path, content: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // What cannot be removed is no reason not to write.
    let _best_effort = sweep(directory);
    let mut temporary = locked_temporary(directory)?;
    temporary.write_all(content)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn locked_temporary(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    loop {
        let temporary = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(fs::Permissions::from_mode(0o600))
            .tempfile_in(directory)?;
        // A file system without locks keeps files all the same.
        let _best_effort = temporary.as_file().lock();
        // Somebody may have swept it between the two steps.
        if temporary.as_file().metadata()?.nlink() > 0 {
            return Ok(temporary);
        }
    }
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

    fn plant(path: &Path) {
        File::create(path).and_then(|mut file| file.write_all(b"a secret")).expect("written");
    }

    #[test]
    fn what_a_killed_writer_left_goes_and_what_is_being_written_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("file");
        let writing = write_temporary(&path, b"being written").expect("written");
        let left = directory.path().join(format!("{PREFIX}killed"));
        plant(&left);
        sweep(directory.path()).expect("swept");
        assert!(!left.exists());
        plant(&left);
        replace(&directory.path().join("other"), b"").expect("written");
        assert!(!left.exists(), "a write sweeps, too");
        writing.persist(&path).expect("still there");
        assert_eq!(fs::read(&path).expect("readable"), b"being written");
    }

    #[test]
    fn writers_and_sweepers_do_not_disturb_each_other() {
        let directory = tempfile::tempdir().expect("a directory");
        let place = directory.path();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || {
                    for round in 0..50 {
                        let text = format!("{writer} {round}");
                        replace(&place.join(format!("file-{writer}")), text.as_bytes()).expect("written");
                        sweep(place).expect("swept");
                    }
                });
            }
        });
        for writer in 0..4 {
            let text = fs::read_to_string(place.join(format!("file-{writer}"))).expect("readable");
            assert_eq!(text, format!("{writer} 49"));
        }
        assert_eq!(fs::read_dir(place).expect("listed").count(), 4);
    }
}
