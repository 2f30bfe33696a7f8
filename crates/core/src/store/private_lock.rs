//! A lock between processes: a file (mode 0600) that one of them holds at a time. The kernel lets go of it when its
//! holder dies.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::atomic;
use super::error::StoreError;

/// Held until dropped.
#[derive(Debug)]
pub(super) struct PrivateLock(#[expect(dead_code, reason = "closing the file is letting go")] File);

impl PrivateLock {
    /// Waits until nobody else holds the lock. Makes the directory if there is none.
    pub(super) fn wait(path: &Path) -> Result<Self, StoreError> {
        if let Some(directory) = path.parent() {
            atomic::create_private_directory(directory)?;
        }
        let failed = |error: io::Error| StoreError::io("lock", path, &error);
        // The lock file stays: deleting it would let two processes hold "the" lock on different files.
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Self(file))
    }
}
