//! `cargo xtask generate [--check]`: what is made of the program itself, `docs/reference` and the snapshot of its help. The
//! tests make and compare them; here they are told to write.

use anyhow::{Context as _, Result};

use crate::{step, workspace};

/// What is to be done with what the program says now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generate {
    /// Write it.
    Write,
    /// Compare it with what is there.
    Check,
}

/// Makes or compares all of it.
///
/// # Errors
/// A page that is stale, with `--check`; a build that fails.
pub(crate) fn run(what: Generate) -> Result<()> {
    let mut tests = workspace::cargo(&[
        "test",
        "--locked",
        "--package",
        "defender-xdr",
        "--test",
        "e2e",
        "--",
        "reference::",
    ]);
    if what == Generate::Write {
        tests.env("UPDATE_SNAPSHOTS", "1");
    }
    step::run("cargo test reference", &mut tests).context("the pages made of the program")
}
