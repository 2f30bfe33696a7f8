//! `cargo xtask prove`: the long forms of tests whose short forms every run has.

mod kill;

use anyhow::{Result, bail};

/// Runs one proof, or all.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["kill"] => kill::prove(),
        _ => bail!("no such proof: `{}`; there is: kill", arguments.join(" ")),
    }
}
