//! Whether a settings file is its user's own: whoever can change it decides where secrets are sent.

use std::fs::{self, File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::StatVfsMountFlags;

use super::error::SettingsError;
use super::origin::Origin;

/// Who owns a file or directory and what others may do with it.
#[derive(Debug, Clone, Copy)]
struct Rights {
    owner: u32,
    mode: u32,
}

impl Rights {
    fn of(metadata: &Metadata) -> Self {
        Self { owner: metadata.uid(), mode: metadata.mode() }
    }

    /// Only `user` and root can change it.
    fn belongs_to(self, user: u32) -> bool {
        self.owner == 0 || self.owner == user
    }

    fn is_writable_by_others(self) -> bool {
        self.mode & 0o022 != 0
    }

    /// In a directory with the sticky bit, others cannot replace what is not theirs.
    fn is_sticky(self) -> bool {
        self.mode & 0o1000 != 0
    }
}

/// Refuses a file that somebody else owns, can write, or can replace in its directory.
pub(super) fn require_own(path: &Path, file: &File) -> Result<(), SettingsError> {
    let unreadable =
        |error: std::io::Error| SettingsError::new(format!("cannot look at {}: {error}", path.display()));
    let user = rustix::process::geteuid().as_raw();
    let metadata = file.metadata().map_err(unreadable)?;
    if let Some(error) = fault("settings file", path, Rights::of(&metadata), user) {
        return Err(error.with_origin(whole_file(path)));
    }
    // A pipe (`--config <(…)`) stands in no directory of anybody's.
    if !metadata.is_file() {
        return Ok(());
    }
    // Both the directory of the name and that of what a link leads to.
    let real = fs::canonicalize(path).map_err(unreadable)?;
    for directory in [path.parent(), real.parent()].into_iter().flatten() {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let rights = Rights::of(&fs::metadata(directory).map_err(unreadable)?);
        if rights.is_sticky() && rights.belongs_to(user) {
            continue;
        }
        if let Some(error) = fault("directory of the settings file", directory, rights, user)
            && !is_read_only(directory)
        {
            return Err(error.with_origin(whole_file(path)));
        }
    }
    Ok(())
}

/// Where an error about a file as a whole comes from.
pub(super) fn whole_file(path: &Path) -> Origin {
    Origin::File { path: path.to_owned(), line: 0, trusted: false, private: false }
}

fn fault(what: &str, path: &Path, rights: Rights, user: u32) -> Option<SettingsError> {
    let why = "so others could decide where secrets are sent";
    if !rights.belongs_to(user) {
        return Some(
            SettingsError::new(format!("the {what} {} belongs to another user, {why}", path.display()))
                .with_hint(format!("make it yours or root's: chown {user} {}", path.display())),
        );
    }
    rights.is_writable_by_others().then(|| {
        SettingsError::new(format!("the {what} {} can be written by other users, {why}", path.display()))
            .with_hint(format!("chmod go-w {}", path.display()))
    })
}

/// Nobody writes through a read-only mount, whatever the modes: so are settings mounted into containers.
fn is_read_only(directory: &Path) -> bool {
    rustix::fs::statvfs(directory).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::RDONLY))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn is_refused(owner: u32, mode: u32) -> bool {
        fault("file", Path::new("x"), Rights { owner, mode }, 1000).is_some()
    }

    #[test]
    fn only_the_user_and_root_may_own_or_change_it() {
        assert!(!is_refused(1000, 0o600) && !is_refused(1000, 0o644) && !is_refused(0, 0o644));
        assert!(is_refused(1001, 0o600), "somebody else's");
        assert!(is_refused(1000, 0o620) && is_refused(1000, 0o602) && is_refused(0, 0o666));
    }

    #[test]
    fn a_directory_in_which_others_can_replace_the_file_is_refused_unless_it_is_sticky() {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join("config.toml");
        crate::store::atomic::replace(&path, b"").expect("written");
        let check = |mode: u32| {
            fs::set_permissions(root.path(), fs::Permissions::from_mode(mode)).expect("changed");
            require_own(&path, &File::open(&path).expect("opened"))
        };
        assert!(check(0o755).is_ok());
        assert!(check(0o1777).is_ok(), "like /tmp");
        let error = check(0o777).expect_err("anybody can put another file there");
        assert!(error.hint().is_some_and(|hint| hint.starts_with("chmod go-w ")), "{error:?}");
    }
}
