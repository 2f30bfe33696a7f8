//! Peak memory of a command that touches every sign-in flow but no network: `auth flows`.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

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
        Subject { name: "defender-xdr auth flows", command: Box::new(ours), did_the_work: lists_flows },
        release::hello_subject(&hello),
    ];
    summary::print("Memory of `auth flows`", &rounds::run(&subjects, runs)?);
    Ok(())
}

fn lists_flows(stdout: &[u8]) -> bool {
    let flows: Option<Vec<Value>> = serde_json::from_slice(stdout).ok();
    flows.is_some_and(|flows| !flows.is_empty() && flows.iter().all(|flow| flow["id"].is_string()))
}
