//! `cargo xtask test` and `cargo xtask alone`: the tests, in an environment that says nothing about us.

use anyhow::Result;

use crate::layers::packages;
use crate::slim_binary::SlimBinary;
use crate::{clean_environment, interop, step, workspace};

/// Whether the run proves itself against independent servers and clients.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interop {
    /// The normal case; a machine without Python or Node fails.
    Included,
    /// Only when asked for, and said loudly.
    LeftOut,
}

/// Downloads with the caller's environment (a company proxy, a registry mirror), then runs everything with a
/// clean one.
pub(crate) fn test(interop: Interop) -> Result<()> {
    fetch()?;
    let installed = match interop {
        Interop::Included => Some(interop::install::ensure()?),
        Interop::LeftOut => None,
    };
    let slim = SlimBinary::build()?;
    let mut tests = workspace::cargo(&["test", "--workspace", "--locked", "--offline"]);
    clean_environment::apply(&mut tests);
    slim.offer_to(&mut tests);
    step::run("cargo test --workspace", &mut tests)?;
    slim.require_use()?;
    if let Some(installed) = installed {
        interop::prove(&installed)
    } else {
        eprintln!(
            "\n{line}\nINTEROP WAS LEFT OUT (--without-interop): nothing independent of this workspace has \
             confirmed sign-in.\n{line}",
            line = "!".repeat(78)
        );
        Ok(())
    }
}

/// Each crate's tests by themselves: finds features and dependencies that a crate only has because another
/// one asks for them.
pub(crate) fn alone() -> Result<()> {
    fetch()?;
    for package in packages::of_workspace()? {
        let mut tests = workspace::cargo(&["test", "--locked", "--offline", "--package", &package.name]);
        step::run(&format!("cargo test -p {}", package.name), clean_environment::apply(&mut tests))?;
    }
    Ok(())
}

fn fetch() -> Result<()> {
    step::run("cargo fetch", &mut workspace::cargo(&["fetch", "--locked"]))
}
