//! A home directory that nobody has used before, and what is written into it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// An empty home, removed at the end.
#[derive(Debug)]
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The directory of settings and sealing key.
    pub(crate) fn config(&self) -> PathBuf {
        self.path().join("config/defender-xdr")
    }

    /// The directory of everything the program keeps.
    pub(crate) fn state(&self) -> PathBuf {
        self.path().join("state/defender-xdr")
    }

    /// The user's settings file.
    pub(crate) fn settings_file(&self) -> PathBuf {
        self.config().join("config.toml")
    }

    /// Writes the user's settings, for nobody else to read.
    pub(crate) fn settings(&self, text: &str) {
        self.write("config/defender-xdr/config.toml", text, 0o600);
    }

    /// Writes a file with a mode and answers its path.
    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path().join(name);
        // The program refuses settings in a directory that others can write, which some masks would give.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(path.parent().expect("a parent"))
            .expect("the directory is made");
        let mut file: File = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(mode)
            .open(&path)
            .expect("the file is made");
        file.write_all(text.as_bytes()).expect("the file is written");
        // The mask of the process may have taken bits away.
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the mode is set");
        path
    }

    /// Every file below, with its content.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.path(), &mut found);
        found
    }

    /// The sealed records of the state directory.
    pub(crate) fn sealed_records(&self) -> Vec<PathBuf> {
        let sealed = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "sealed");
        self.snapshot().into_keys().filter(sealed).collect()
    }
}

fn collect(directory: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let content = fs::read(&path).expect("a readable file");
            found.insert(path, content);
        }
    }
}
