//! A ledger in a file (mode 0600). Whole or absent whoever is killed when; not forced to the disk, since after a crash of
//! the machine an empty one will do.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use super::atomic;
use super::ledger::{Change, Ledger};

/// Somebody holds it for some microseconds, on a machine where hundreds want it for seconds. Who holds it that long was
/// stopped, and nobody waits for that a second time.
const PATIENCE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(2);

/// Nobody writes more.
const LONGEST: u64 = 4 << 20;

/// A ledger in a file.
#[derive(Debug)]
pub struct FileLedger {
    path: PathBuf,
    /// Somebody held it for too long.
    stuck: AtomicBool,
}

impl FileLedger {
    /// The ledger at a path. Nothing is made before it is first written.
    pub fn new(path: PathBuf) -> Self {
        Self { path, stuck: AtomicBool::new(false) }
    }

    fn lock(&self) -> io::Result<File> {
        if let Some(directory) = self.path.parent() {
            atomic::create_private_directory(directory)
                .map_err(|error| io::Error::other(error.to_string()))?;
        }
        let path = self.path.with_extension("lock");
        let failed = |error: io::Error| about("lock", &path, &error);
        let file = private(&path, false).map_err(failed)?;
        let file = match file.try_lock() {
            Ok(()) => Some(file),
            Err(TryLockError::WouldBlock) => {
                let patience = if self.stuck.load(Ordering::Relaxed) { AGAIN } else { PATIENCE };
                queue(file, patience).map_err(failed)?
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        };
        self.stuck.store(file.is_none(), Ordering::Relaxed);
        file.ok_or_else(|| failed(io::Error::new(io::ErrorKind::TimedOut, "somebody holds it")))
    }

    /// The lock keeps others from the name beside it.
    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let beside = self.path.with_extension("writing");
        let written = private(&beside, true).and_then(|mut file| file.write_all(text));
        written.and_then(|()| fs::rename(&beside, &self.path))
    }
}

impl Ledger for FileLedger {
    fn read(&self) -> io::Result<Option<Vec<u8>>> {
        let failed = |error: io::Error| about("read", &self.path, &error);
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
            Ok(about) if !about.is_file() || about.len() > LONGEST => {
                Err(failed(io::Error::new(io::ErrorKind::InvalidData, "it is no file of ours")))
            }
            Ok(_) => fs::read(&self.path).map(Some).map_err(failed),
        }
    }

    fn change(&self, change: &mut Change<'_>) -> io::Result<()> {
        let lock = self.lock()?;
        let before = self.read()?;
        let written = match change(before.as_deref()) {
            None => Ok(()),
            Some(text) => self.replace(&text).map_err(|error| about("write", &self.path, &error)),
        };
        drop(lock);
        written
    }
}

/// Waits for the lock in the kernel's queue, where everybody's turn comes; whoever only looks again and again may never find
/// it free. In a thread, since that queue knows no end of patience: `None` then.
fn queue(file: File, patience: Duration) -> io::Result<Option<File>> {
    let (hand_over, taken) = sync_channel(0);
    thread::Builder::new().spawn(move || {
        let locked = file.lock().map(|()| file);
        // Nobody is there any more: it is let go.
        hand_over.send(locked).ok();
    })?;
    taken.recv_timeout(patience).ok().transpose()
}

fn about(doing: &str, path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot {doing} {}: {error}", path.display()))
}

fn private(path: &Path, empty: bool) -> io::Result<File> {
    File::options().create(true).truncate(empty).write(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn count(ledger: &FileLedger) -> io::Result<()> {
        ledger.change(&mut |text| {
            let before: u64 = text.map_or(0, |text| String::from_utf8_lossy(text).parse().unwrap_or(0));
            Some((before + 1).to_string().into_bytes())
        })
    }

    #[test]
    fn nobodys_change_is_lost() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/er/count.json");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| count(&FileLedger::new(path.clone())).expect("counted")));
            }
        });
        assert_eq!(FileLedger::new(path.clone()).read().expect("read"), Some(b"200".to_vec()));
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_holder_that_was_stopped_is_not_waited_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let ledger = FileLedger::new(directory.path().join("count.json"));
        let held = ledger.lock().expect("free");
        assert!(count(&ledger).is_err());
        drop(held);
        count(&ledger).expect("free again");
    }

    #[test]
    fn what_a_killed_writer_left_is_in_nobodys_way() {
        let directory = tempfile::tempdir().expect("a directory");
        let ledger = FileLedger::new(directory.path().join("count.json"));
        atomic::replace(&directory.path().join("count.writing"), b"99999999").expect("written");
        count(&ledger).expect("counted");
        assert_eq!(ledger.read().expect("read"), Some(b"1".to_vec()));
    }

    #[test]
    fn a_place_that_is_no_file_is_an_error_and_no_more() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join("count.json")).expect("made");
        assert!(FileLedger::new(directory.path().join("count.json")).read().is_err());
        assert!(count(&FileLedger::new(directory.path().join("count.json"))).is_err());
    }
}
