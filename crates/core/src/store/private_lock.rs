//! A lock between processes: a file (mode 0600) that one of them holds at a time. The kernel lets go of it when its
//! holder dies.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::atomic;
use super::error::{StoreError, StoreErrorKind};

/// How often a lock that is held is tried again.
const PAUSE: Duration = Duration::from_millis(20);
/// Who waits longer is told for what.
const SILENCE: Duration = Duration::from_secs(3);

/// Held until dropped.
#[derive(Debug)]
pub(super) struct PrivateLock(#[expect(dead_code, reason = "closing the file is letting go")] File);

impl PrivateLock {
    /// Waits until nobody else holds the lock, at most for `patience`. Makes the directory if there is none.
    pub(super) fn wait(path: &Path, patience: Duration) -> Result<Self, StoreError> {
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
        // Counted in pauses, which no change of the clock shortens or stretches.
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if waited >= patience => return Err(busy(path, patience)),
                Err(TryLockError::WouldBlock) => {}
            }
            thread::sleep(PAUSE);
            waited += PAUSE;
            if waited == SILENCE {
                tracing::warn!("waiting for another process, which holds {}", path.display());
            }
        }
    }
}

fn busy(path: &Path, patience: Duration) -> StoreError {
    let message = format!("another process has held {} for {} s", path.display(), patience.as_secs());
    StoreError::new(StoreErrorKind::Busy, message).with_hint(format!(
        "`fuser {}` names it: end it if it hangs, then try again; `retry-budget` is how long to wait",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_in_vain_is_told_for_what() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.lock");
        let held = PrivateLock::wait(&path, Duration::ZERO).expect("free");
        let error = PrivateLock::wait(&path, Duration::from_millis(100)).expect_err("held");
        assert_eq!(error.kind(), StoreErrorKind::Busy);
        assert!(error.to_string().contains("a.lock"), "{error}");
        drop(held);
        PrivateLock::wait(&path, Duration::ZERO).expect("free again");
    }
}
