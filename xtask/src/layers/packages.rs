//! What cargo knows about our packages and their dependencies on each other.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::workspace;

/// One package of the workspace.
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Where its manifest lies, from the workspace root, with `/`.
    pub(crate) folder: String,
    /// What it depends on, in every kind and for every platform.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One entry of a package's dependency tables.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    /// The package's real name, also when it is renamed on import.
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) kind: Option<Kind>,
    /// Set when the dependency is a folder, which of ours all are.
    #[serde(default)]
    pub(crate) path: Option<String>,
}

/// The table a dependency stands in; a normal one has no kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Dev,
    Build,
}

/// The packages of this workspace, from `cargo metadata`.
pub(crate) fn of_workspace() -> Result<Vec<Package>> {
    let output = workspace::cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    parse(&output.stdout)
}

/// Reads the format of `cargo metadata --format-version 1`
/// (<https://doc.rust-lang.org/cargo/commands/cargo-metadata.html>).
pub(crate) fn parse(metadata: &[u8]) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Listed>,
        workspace_root: String,
    }
    #[derive(Deserialize)]
    struct Listed {
        name: String,
        manifest_path: String,
        dependencies: Vec<Dependency>,
    }
    let metadata: Metadata =
        serde_json::from_slice(metadata).context("cargo metadata is not what it used to be")?;
    let root = Path::new(&metadata.workspace_root);
    let packages = metadata.packages.into_iter().map(|listed| {
        let folder = Path::new(&listed.manifest_path).parent().unwrap_or(root);
        let folder = folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().replace('\\', "/");
        Package { name: listed.name, folder, dependencies: listed.dependencies }
    });
    Ok(packages.collect())
}
