//! Peak memory of a command that touches every sign-in flow but no network: `auth flows`.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::rounds::{self, Subject};
use super::{release, summary};

pub(crate) fn run(runs: usize) -> Result<()> {
    let (product, hello) = (release::product()?, release::hello_world()?);
    let home = tempfile::tempdir().context("no temporary home")?;
    let ours = || {
        let mut command = Command::new(&product);
        command.args(["auth", "flows", "-o", "json"]).env("HOME", home.path());
        Ok(command)
    };
    let subjects = [
        Subject { name: "defender-xdr auth flows", command: Box::new(ours) },
        Subject { name: "hello world", command: Box::new(|| Ok(Command::new(&hello))) },
    ];
    summary::print("Memory of `auth flows`", &rounds::run(&subjects, runs)?);
    Ok(())
}
