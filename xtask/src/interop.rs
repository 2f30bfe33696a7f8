//! `cargo xtask interop`: sign-in proved by strangers.
//!
//! Our tests and our emulator come from the same hands and could share a mistake. Here our binary signs in at
//! an identity provider that others wrote, and Microsoft's own client libraries sign in at our emulator.

mod arc;
pub(crate) mod background;
pub(crate) mod clients;
mod control;
pub(crate) mod deadline;
mod formats;
pub(crate) mod install;
mod pack;
mod phrases;
pub(crate) mod product;
mod provider;
pub(crate) mod report;
mod signed_in;

use anyhow::Result;

use crate::{clean_environment, step, workspace};

/// Installs what is missing and runs both directions.
pub(crate) fn run() -> Result<()> {
    let installed = install::ensure()?;
    step::run("cargo fetch", &mut workspace::cargo(&["fetch", "--locked"]))?;
    prove(&installed)
}

/// Runs both directions with what is installed and downloaded already.
pub(crate) fn prove(installed: &install::Installed) -> Result<()> {
    let mut build = workspace::cargo(&["build", "--workspace", "--bins", "--locked", "--offline"]);
    step::run("cargo build --bins", clean_environment::apply(&mut build))?;
    let product = product::Product::debug()?;
    provider::prove(&product, installed)?;
    report::prove(&product, installed)?;
    clients::prove(&product, installed)?;
    arc::prove(&product, installed)?;
    formats::prove(&product, installed)?;
    phrases::prove(installed)?;
    pack::prove(&product, installed)
}
