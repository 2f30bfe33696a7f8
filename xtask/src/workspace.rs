//! Where the workspace and its build output lie, and how cargo is called on it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether nobody will build here again.
static ONCE: AtomicBool = AtomicBool::new(false);

/// The workspace root. Cargo tells a program it runs where its manifest is; a copied binary falls back to
/// where it was compiled.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Cargo's target directory: `CARGO_TARGET_DIR`, else `target` in the root.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| root().join(given))
}

/// From here on, cargo keeps nothing for a next build: that is gigabytes, which a machine for one run may not have.
pub(crate) fn build_once() {
    ONCE.store(true, Ordering::Relaxed);
}

/// The same cargo that runs this program, in the workspace root.
///
/// What cargo told us about our own package is taken away again: build scripts that watch those variables
/// (ring's does) would otherwise rebuild on every change between `cargo` and `cargo xtask`.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    if ONCE.load(Ordering::Relaxed) {
        command.env("CARGO_INCREMENTAL", "0");
    }
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_this_package) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(name, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE")
}

#[cfg(test)]
mod tests {
    use super::is_about_this_package;

    #[test]
    fn what_cargo_said_about_xtask_is_not_passed_on_but_the_users_settings_are() {
        for name in ["CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_LINKS", "CARGO_BIN_NAME"] {
            assert!(is_about_this_package(name), "{name}");
        }
        for name in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_INCREMENTAL", "PATH"] {
            assert!(!is_about_this_package(name), "{name}");
        }
    }
}
