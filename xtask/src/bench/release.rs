//! The programs that are measured, built the way users get them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::rounds::Subject;
use crate::{step, workspace};

/// Our release binary, freshly built.
pub(crate) fn product() -> Result<PathBuf> {
    let mut build = workspace::cargo(&["build", "--release", "--locked", "--package", "defender-xdr"]);
    step::run("cargo build --release", &mut build)?;
    Ok(workspace::target().join("release/defender-xdr"))
}

/// The program that `cargo xtask dist` packed last, if it did.
pub(crate) fn packaged() -> Option<PathBuf> {
    let built = workspace::target().join("x86_64-unknown-linux-musl/dist/defender-xdr");
    built.is_file().then_some(built)
}

/// A Rust program that prints one line and nothing else, compiled with `rustc -O`: what a start costs at least.
pub(crate) fn hello_world() -> Result<PathBuf> {
    let folder = workspace::target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let source = folder.join("hello.rs");
    fs::write(&source, "fn main() { println!(\"hello\"); }\n").context("cannot write hello.rs")?;
    let program = folder.join("hello");
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root()).args(["-O", "-C", "strip=symbols", "-o"]).arg(&program).arg(&source);
    step::run("rustc -O hello.rs", &mut rustc)?;
    Ok(program)
}

/// That program as the subject others are compared with.
pub(crate) fn hello_subject(program: &Path) -> Subject<'_> {
    Subject {
        name: "hello world",
        command: Box::new(move || Ok(Command::new(program))),
        did_the_work: |stdout| stdout == b"hello\n",
    }
}
