//! `cargo xtask semver [REVISION]`: whether the library crates still offer what they offered at a revision, as
//! `cargo-semver-checks` reads it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{step, workspace};

/// What others build on. The board, the report and the command line are programs' parts, the emulator is for tests.
const LIBRARIES: [&str; 7] = [
    "defender-xdr-core",
    "defender-xdr-api",
    "defender-xdr-auth-device-code",
    "defender-xdr-auth-auth-code",
    "defender-xdr-auth-client-credentials",
    "defender-xdr-auth-managed-identity",
    "defender-xdr-xsoar",
];

/// Compares with the last commit, or with the revision that is named.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let revision = match words {
        [] => "HEAD",
        [revision] => revision,
        _ => bail!("semver takes one revision"),
    };
    let installed = Command::new("cargo-semver-checks").arg("--version").output();
    if !installed.is_ok_and(|output| output.status.success()) {
        bail!("cargo-semver-checks is missing; get it with `cargo install cargo-semver-checks --locked`");
    }
    let mut check = workspace::cargo(&["semver-checks", "--baseline-rev", revision]);
    for library in LIBRARIES {
        check.args(["--package", library]);
    }
    step::run(&format!("cargo semver-checks against {revision}"), &mut check)
}
