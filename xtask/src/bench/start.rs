//! What it costs to start at all: `--version` beside a program that only prints a line.

use std::process::Command;

use anyhow::Result;

use super::rounds::{self, Subject};
use super::{release, summary};

pub(crate) fn run(runs: usize) -> Result<()> {
    let (product, hello) = (release::product()?, release::hello_world()?);
    let ours = || {
        let mut command = Command::new(&product);
        command.arg("--version");
        Ok(command)
    };
    let subjects = [
        Subject {
            name: "defender-xdr --version",
            command: Box::new(ours),
            did_the_work: |stdout| stdout.starts_with(b"defender-xdr "),
        },
        release::hello_subject(&hello),
    ];
    summary::print("Start", &rounds::run(&subjects, runs)?);
    Ok(())
}
