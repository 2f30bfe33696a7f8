//! The strangers' software: a Python environment and a Node folder, at the versions the lock files name.
//!
//! Installed with the caller's environment, because that knows the way to the registries, and only again when
//! a lock file changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::{step, workspace};

const REMEDY: &str = "interop needs python3 with venv, node 20 or newer and npm, and the way to their registries; \
                      to leave it out for now: `cargo xtask test --without-interop`";

/// Proof that everything is in place.
pub(crate) struct Installed {
    /// `tests/interop`.
    pub(crate) folder: PathBuf,
    /// The environment's interpreter.
    pub(crate) python: PathBuf,
}

/// Installs what is missing or out of date.
///
/// # Errors
/// A program that is not on this machine, or an install that failed: always with the way to leave interop out.
pub(crate) fn ensure() -> Result<Installed> {
    let folder = workspace::root().join("tests/interop");
    install(&folder).map_err(|cause| anyhow!("{cause:#}\n{REMEDY}"))?;
    let python = folder.join(".venv/bin/python");
    Ok(Installed { folder, python })
}

fn install(folder: &Path) -> Result<()> {
    for (program, arguments) in
        [("python3", ["-m", "venv", "--help"].as_slice()), ("node", &["--version"]), ("npm", &["--version"])]
    {
        require(program, arguments)?;
    }
    python(folder)?;
    let locks = [folder.join("package.json"), folder.join("package-lock.json")];
    Stamp::new(&folder.join("node_modules"), &locks)?.unless_current(|| {
        step::run("npm ci", Command::new("npm").args(["ci", "--loglevel", "error"]).current_dir(folder))
    })
}

/// A Python environment inside `folder`, from the `requirements.txt` there.
fn python(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join(".venv");
    Stamp::new(&environment, &[folder.join("requirements.txt")])?.unless_current(|| {
        let mut create = Command::new("python3");
        create.args(["-m", "venv", "--clear"]).arg(&environment);
        step::run("python3 -m venv", &mut create)?;
        let mut pip = Command::new(environment.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--requirement",
        ]);
        step::run("pip install", pip.arg(folder.join("requirements.txt")))?;
        let mut check = Command::new(environment.join("bin/python"));
        step::run("pip check", check.args(["-m", "pip", "check"]))
    })?;
    Ok(environment)
}

/// An environment of its own, for software that would crowd the one of [`ensure`].
///
/// # Errors
/// As those of [`ensure`].
pub(crate) fn environment(folder: &Path) -> Result<PathBuf> {
    require("python3", &["-m", "venv", "--help"])?;
    python(folder)
}

fn require(program: &str, arguments: &[&str]) -> Result<()> {
    let probe = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let shown = || format!("`{program} {}`", arguments.join(" "));
    match probe {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("{} does not work here: {status}", shown()),
        Err(error) => bail!("{} cannot be started: {error}", shown()),
    }
}

/// A copy of the lock files inside what was installed from them, written last.
struct Stamp {
    file: PathBuf,
    wanted: Vec<u8>,
}

impl Stamp {
    fn new(installed: &Path, locks: &[PathBuf]) -> Result<Self> {
        let mut wanted = Vec::new();
        for lock in locks {
            wanted.extend(fs::read(lock).with_context(|| format!("cannot read {}", lock.display()))?);
        }
        Ok(Self { file: installed.join(".installed-from"), wanted })
    }

    fn unless_current(&self, install: impl FnOnce() -> Result<()>) -> Result<()> {
        if fs::read(&self.file).is_ok_and(|found| found == self.wanted) {
            return Ok(());
        }
        install()?;
        fs::write(&self.file, &self.wanted).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use anyhow::bail;

    use super::{Stamp, require};

    #[test]
    fn an_install_is_repeated_only_after_a_lock_file_changed() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("lock");
        let mut installs = 0;
        let mut ensure = |content: &str| {
            fs::write(&lock, content).unwrap();
            let stamp = Stamp::new(folder.path(), std::slice::from_ref(&lock)).unwrap();
            stamp.unless_current(|| {
                installs += 1;
                Ok(())
            })
        };
        for content in ["one", "one", "two", "two"] {
            ensure(content).unwrap();
        }
        assert_eq!(installs, 2);
    }

    #[test]
    fn a_failed_install_leaves_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::new(folder.path(), &[]).unwrap();
        assert!(stamp.unless_current(|| bail!("no network")).is_err());
        assert!(!stamp.file.exists());
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = require("no-such-program-anywhere", &["--version"]).unwrap_err().to_string();
        assert!(error.contains("`no-such-program-anywhere --version` cannot be started"), "{error}");
    }

    #[test]
    fn a_program_that_fails_is_named() {
        let error = require("false", &["-m", "venv"]).unwrap_err().to_string();
        assert!(error.contains("`false -m venv` does not work here"), "{error}");
    }
}
