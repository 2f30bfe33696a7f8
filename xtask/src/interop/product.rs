//! Our binary as a user on a fresh machine has it: an empty home and nothing in the environment.

use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use super::deadline::{self, Finished};
use crate::workspace;

/// Device flow polls every five seconds; nothing here takes longer than a few polls.
const LIMIT: Duration = Duration::from_secs(90);

/// The program under test.
pub(crate) struct Product {
    binary: PathBuf,
}

impl Product {
    /// The debug build, which must exist.
    pub(crate) fn debug() -> Result<Self> {
        Self::at(workspace::target().join("debug/defender-xdr"))
    }

    pub(crate) fn at(binary: PathBuf) -> Result<Self> {
        if !binary.is_file() {
            bail!("{} does not exist", binary.display());
        }
        Ok(Self { binary })
    }

    /// Where the program lies, for those who find it by its name.
    pub(crate) fn folder(&self) -> Result<&Path> {
        self.binary.parent().context("a program in no folder")
    }

    /// The program with an empty environment but `home`.
    pub(crate) fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().current_dir(home).env("HOME", home);
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
        ] {
            command.env(name, home.join(folder));
        }
        command
    }

    /// A user with an empty home and these settings in the environment, keys as in the settings file.
    pub(crate) fn user(&self, settings: &[(&str, &str)]) -> Result<User<'_>> {
        let home = tempfile::tempdir().context("no temporary home")?;
        let name = |key: &str| format!("DEFENDER_XDR_{}", key.to_ascii_uppercase().replace('-', "_"));
        let settings = settings.iter().map(|(key, value)| (name(key), (*value).to_owned())).collect();
        Ok(User { product: self, home, settings })
    }
}

/// One user of the program; the home lives as long as the user.
pub(crate) struct User<'a> {
    product: &'a Product,
    home: TempDir,
    settings: Vec<(String, String)>,
}

impl User<'_> {
    /// Where this user's files are.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Sets one more variable for every run.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Runs the program and requires this exit code; returns stdout.
    pub(crate) fn expect(&self, exit: i32, arguments: &[&str]) -> Result<String> {
        self.run(exit, arguments, Stdio::null())
    }

    /// The same with a line to read.
    pub(crate) fn expect_given(&self, exit: i32, arguments: &[&str], line: &str) -> Result<String> {
        let mut input = tempfile::tempfile().context("no temporary file")?;
        writeln!(input, "{line}").and_then(|()| input.rewind()).context("cannot write the input")?;
        self.run(exit, arguments, input.into())
    }

    /// The program with this user's settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.product.command(self.home.path());
        command.args(arguments).envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, exit: i32, arguments: &[&str], input: Stdio) -> Result<String> {
        let mut command = self.command(arguments);
        let Finished { status, stdout, stderr } = deadline::output_given(&mut command, input, LIMIT)?;
        if status.code() != Some(exit) {
            bail!(
                "`defender-xdr {}` ended with {status} instead of exit code {exit}\nstdout: {}\nstderr: {}",
                arguments.join(" "),
                stdout.trim(),
                stderr.trim()
            );
        }
        Ok(stdout)
    }

    /// Runs the program, requires success and reads stdout as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Result<Value> {
        let stdout = self.expect(0, arguments)?;
        serde_json::from_str(&stdout)
            .with_context(|| format!("`defender-xdr {}` did not print JSON: {stdout}", arguments.join(" ")))
    }
}
