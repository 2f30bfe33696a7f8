//! What it costs to start at all: `--version` beside a program that only prints a line.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::rounds::{self, Subject};
use super::{release, summary};

pub(crate) fn run(runs: usize) -> Result<()> {
    let (product, hello) = (release::product()?, release::hello_world()?);
    let packaged = release::packaged();
    let mut subjects = vec![version("defender-xdr --version", &product), release::hello_subject(&hello)];
    if let Some(packaged) = &packaged {
        subjects.push(version("the program of the packages", packaged));
    }
    summary::print("Start", &rounds::run(&subjects, runs)?);
    Ok(())
}

fn version<'a>(name: &'static str, program: &'a Path) -> Subject<'a> {
    let command = move || {
        let mut command = Command::new(program);
        command.arg("--version");
        Ok(command)
    };
    let did_the_work = |stdout: &[u8]| stdout.starts_with(b"defender-xdr ");
    Subject { name, command: Box::new(command), did_the_work }
}
