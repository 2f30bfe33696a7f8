//! `cargo xtask book`: the documentation as a book of web pages, in `target/book`.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{step, workspace};

/// The one external program it takes.
const TOOL: &str = "mdbook";

pub(crate) fn run() -> Result<()> {
    let found = Command::new(TOOL).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        bail!("`{TOOL}` is not installed: cargo install {TOOL} --locked");
    }
    step::run("mdbook build", Command::new(TOOL).arg("build").arg(workspace::root()))?;
    println!("{}", workspace::root().join("target/book/index.html").display());
    Ok(())
}
