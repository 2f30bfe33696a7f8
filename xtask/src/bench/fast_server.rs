//! Servers that have their answers rendered, so that whoever reads them is what is measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::interop::product::Product;
use crate::{step, workspace};

/// The programs that are measured beside ours, and the servers, freshly built.
pub(super) fn build_programs() -> Result<PathBuf> {
    let folder = workspace::target().join("bench/bare");
    let manifest = workspace::root().join("xtask/bench/bare/Cargo.toml");
    let mut build = workspace::cargo(&["build", "--release", "--locked", "--manifest-path"]);
    step::run(
        "cargo build what is measured beside it",
        build.arg(manifest).arg("--target-dir").arg(&folder),
    )?;
    Ok(folder.join("release"))
}

/// Our program, signed in at a server.
pub(super) fn product_at(product: &Product, home: &Path, origin: &str) -> Command {
    let mut command = product.command(home);
    for (key, value) in [
        ("AUTHENTICATION_FLOW", "client-credentials"),
        ("CLOUD", "custom"),
        ("QUOTA", "observed"),
        ("AUTHORITY_HOST", origin),
        ("ENDPOINT", origin),
        ("TENANT_ID", "11111111-2222-4333-8444-555555555555"),
        ("APPLICATION_ID", "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60"),
        ("CLIENT_SECRET", "any"),
    ] {
        command.env(format!("DEFENDER_XDR_{key}"), value);
    }
    command
}

/// Lists everything of a server as one object a line.
pub(super) fn list_at(product: &Product, home: &Path, origin: &str, more: &[&str]) -> Command {
    let mut command = product_at(product, home, origin);
    command.args(["incidents", "list", "--all", "--with-alerts", "-o", "ndjson"]).args(more);
    command
}
