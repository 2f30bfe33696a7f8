//! The binary with a single sign-in flow and nothing else, and the proof that the tests ran it.
//!
//! A binary without the other flows, the emulator and the like answers differently (unknown flow, no
//! `--demo`); only running it shows that those answers exist.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{clean_environment, step, workspace};

/// How the end-to-end tests learn the path. Unset when tests run without xtask.
pub(crate) const VARIABLE: &str = "DEFENDER_XDR_TEST_SLIM_BINARY";

const FEATURES: &str = "client-credentials";

/// A slim build behind a script that keeps count of its runs.
pub(crate) struct SlimBinary {
    script: PathBuf,
    log: PathBuf,
}

impl SlimBinary {
    /// Builds and puts the result aside, for the default build has the same path.
    pub(crate) fn build() -> Result<Self> {
        let what = format!("cargo build --no-default-features --features {FEATURES}");
        let mut build = workspace::cargo(&["build", "--locked", "--offline", "--package", "defender-xdr"]);
        build.args(["--no-default-features", "--features", FEATURES]);
        step::run(&what, clean_environment::apply(&mut build))?;
        let directory = workspace::target().join("slim");
        fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))?;
        let binary = directory.join("defender-xdr-slim");
        fs::copy(workspace::target().join("debug/defender-xdr"), &binary)
            .context("cannot copy the slim binary")?;
        Self::counting(&directory, &binary)
    }

    /// Writes the counting script next to `binary`, with an empty log.
    fn counting(directory: &Path, binary: &Path) -> Result<Self> {
        let log = directory.join("runs");
        let script = directory.join("defender-xdr");
        // Built-in commands only: tests start it with an empty environment, so without a PATH.
        let text =
            format!("#!/bin/sh\necho run >> '{}'\nexec '{}' \"$@\"\n", log.display(), binary.display());
        fs::write(&log, "").with_context(|| format!("cannot write {}", log.display()))?;
        fs::write(&script, text).with_context(|| format!("cannot write {}", script.display()))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))
            .context("cannot make it executable")?;
        Ok(Self { script, log })
    }

    /// Tells the tests that `command` runs where the slim binary is.
    pub(crate) fn offer_to(&self, command: &mut Command) {
        command.env(VARIABLE, &self.script);
    }

    /// Fails when no test has run the binary since it was built.
    pub(crate) fn require_use(&self) -> Result<()> {
        let runs = fs::read_to_string(&self.log)
            .context("cannot read how often the slim binary ran")?
            .lines()
            .count();
        if runs == 0 {
            bail!(
                "no test ran the binary built with only `{FEATURES}`: the end-to-end tests must start the program \
                 that {VARIABLE} names"
            );
        }
        eprintln!("the slim binary was run {runs} times");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::SlimBinary;

    #[test]
    fn a_slim_binary_that_nobody_ran_is_a_failure() {
        let directory = tempfile::tempdir().unwrap();
        let slim = SlimBinary::counting(directory.path(), Path::new("/bin/sh")).unwrap();
        assert!(slim.require_use().is_err());
    }

    #[test]
    fn a_run_with_an_empty_environment_counts_and_passes_arguments_and_exit_code_on() {
        let directory = tempfile::tempdir().unwrap();
        let slim = SlimBinary::counting(directory.path(), Path::new("/bin/sh")).unwrap();
        let status = Command::new(&slim.script).env_clear().args(["-c", "exit 7"]).status().unwrap();
        assert_eq!(status.code(), Some(7));
        assert!(slim.require_use().is_ok());
    }
}
