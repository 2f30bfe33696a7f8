//! `cargo xtask prove`: the long forms of tests whose short forms every run has.

mod fetch;
pub(crate) mod fuzz;
mod kill;

use anyhow::{Result, bail};

/// Runs one proof, or all.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] => {
            kill::prove().and_then(|()| fetch::prove()).and_then(|()| fuzz::prove(fuzz::Length::Long, None))
        }
        ["kill"] => kill::prove(),
        ["fetch"] => fetch::prove(),
        ["fuzz"] => fuzz::prove(fuzz::Length::Long, None),
        ["fuzz", target] if !target.starts_with('-') => fuzz::prove(fuzz::Length::Long, Some(target)),
        ["fuzz", "--short"] => fuzz::prove(fuzz::Length::Short, None),
        _ => {
            bail!("no such proof: `{}`; there are: kill, fetch, fuzz [TARGET | --short]", arguments.join(" "))
        }
    }
}
