//! Whether what has to outlive a command can be kept: the state directory, who may look into it, the room on its disk.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::finding::Finding;

pub(super) const CHECK: &str = "state";

/// With less, the next token may already not fit.
const TOO_LITTLE: u64 = 1 << 20;
/// With less, a day's incidents may not.
const LITTLE: u64 = 64 << 20;

/// What there is to know about the place of the state.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    /// The directory itself, or the nearest one above that exists.
    nearest: PathBuf,
    exists: bool,
    /// Why nothing can be written there.
    unwritable: Option<String>,
    /// Permission bits of the directory, when it exists.
    mode: u32,
    /// Bytes left on its disk.
    free: Option<u64>,
}

impl Place {
    /// Looks at a directory. Nothing stays behind.
    pub(super) fn look(path: &Path) -> Self {
        let mut nearest = path;
        while fs::symlink_metadata(nearest).is_err() {
            let Some(above) = nearest.parent() else { break };
            nearest = above;
        }
        let metadata = fs::metadata(nearest);
        let mode = metadata.as_ref().map_or(0, MetadataExt::mode) & 0o7777;
        let unwritable = match &metadata {
            Err(error) => Some(error.to_string()),
            Ok(metadata) if !metadata.is_dir() => Some("it is no directory".to_owned()),
            Ok(_) => try_to_write(nearest).err().map(|error| error.to_string()),
        };
        let free = rustix::fs::statvfs(nearest).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
        Self {
            path: path.to_owned(),
            nearest: nearest.to_owned(),
            exists: nearest == path,
            unwritable,
            mode,
            free,
        }
    }

    /// The verdict. `keeps` says what protects what is kept.
    pub(super) fn verdict(&self, keeps: &str) -> Finding {
        let path = self.path.display();
        if let Some(why) = &self.unwritable {
            let nearest = self.nearest.display();
            let seen = format!("nothing can be kept in {path}: {nearest}: {why}");
            let remedy = format!(
                "make {nearest} a directory of yours that you may write, or name another place with XDG_STATE_HOME; until \
                 then every command signs in anew"
            );
            return Finding::problem(CHECK, seen, remedy);
        }
        let room = self.free.map(|free| format!(", {} free", size(free))).unwrap_or_default();
        if self.free.is_some_and(|free| free < TOO_LITTLE) {
            return Finding::problem(CHECK, format!("the disk of {path} is full{room}"), "make room on it");
        }
        if self.exists && self.mode & 0o022 != 0 {
            let seen = format!("{path} can be written by other users (mode {:03o})", self.mode & 0o777);
            return Finding::warning(CHECK, seen, format!("chmod 700 {path}"));
        }
        if self.free.is_some_and(|free| free < LITTLE) {
            return Finding::warning(
                CHECK,
                format!("the disk of {path} is nearly full{room}"),
                "make room on it",
            );
        }
        let seen = if self.exists {
            format!("{path}{room}; {keeps}")
        } else {
            format!("{path} will be made when something is kept{room}; {keeps}")
        };
        Finding::ok(CHECK, seen)
    }
}

/// Rights alone do not tell: a file system may be mounted for reading only, or be none that takes files.
fn try_to_write(directory: &Path) -> io::Result<()> {
    let probe = directory.join(format!(".doctor-{}", std::process::id()));
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&probe)?;
    fs::remove_file(&probe)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=0xF_FFFF => format!("{} KiB", bytes >> 10),
        0x10_0000..=0x3FFF_FFFF => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    fn place() -> Place {
        let path = PathBuf::from("/home/dana/.local/state/defender-xdr");
        Place {
            nearest: path.clone(),
            path,
            exists: true,
            unwritable: None,
            mode: 0o700,
            free: Some(1 << 33),
        }
    }

    #[test]
    fn a_place_to_write_with_room_is_fine() {
        let found = place().verdict("sealed");
        assert_eq!(found.verdict, Verdict::Ok);
        assert!(found.seen.contains("8 GiB free; sealed"), "{}", found.seen);
        let absent = Place { exists: false, nearest: "/home/dana".into(), mode: 0o777, ..place() };
        assert!(absent.verdict("").seen.contains("will be made"));
    }

    #[test]
    fn no_room_no_rights_and_too_many_rights_are_told() {
        let full = Place { free: Some(4096), ..place() };
        assert!(full.verdict("").is_problem());
        let tight = Place { free: Some(2 << 20), ..place() };
        assert_eq!(tight.verdict("").verdict, Verdict::Warning);
        let open = Place { mode: 0o777, ..place() };
        assert!(open.verdict("").remedy.is_some_and(|remedy| remedy.starts_with("chmod 700")));
        let shut = Place { unwritable: Some("Permission denied".to_owned()), ..place() };
        assert!(shut.verdict("").seen.contains("Permission denied"));
    }

    #[test]
    fn a_file_in_the_way_is_found_and_nothing_stays_behind() {
        let root = tempfile::tempdir().expect("a directory");
        let file = root.path().join("file");
        defender_xdr_core::store::atomic::replace(&file, b"").expect("written");
        assert!(Place::look(&file.join("defender-xdr")).unwritable.is_some());
        assert!(Place::look(&root.path().join("a/b")).unwritable.is_none());
        assert_eq!(fs::read_dir(root.path()).expect("listed").count(), 1);
    }
}
