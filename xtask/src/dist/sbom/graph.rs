//! Which crates are linked into a program: what is reached over normal dependencies without passing through a macro, which
//! runs while the program is compiled and stays behind.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A crate in the program.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: Option<String>,
    /// Names and versions of what it links itself, sorted.
    pub(super) needs: BTreeSet<(String, String)>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

/// A normal dependency has no kind.
#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Package {
    fn runs_at_build(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    }
}

/// The crates in `program`, sorted, and itself; `metadata` is the format of `cargo metadata --format-version 1`.
pub(super) fn linked(metadata: &[u8], program: &str) -> Result<Vec<Crate>> {
    let metadata: Metadata =
        serde_json::from_slice(metadata).context("cargo metadata is not what it used to be")?;
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let start = metadata.packages.iter().find(|package| package.name == program);
    let start = start.with_context(|| format!("there is no package {program}"))?;
    let mut waiting = vec![start.id.as_str()];
    let mut seen = BTreeSet::new();
    let mut crates = Vec::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let missing = || format!("cargo metadata does not say what {id} is");
        let package = packages.get(id).with_context(missing)?;
        let mut needs = BTreeSet::new();
        for edge in &nodes.get(id).with_context(missing)?.deps {
            let other = packages.get(edge.pkg.as_str()).with_context(missing)?;
            if edge.dep_kinds.iter().any(|kind| kind.kind.is_none()) && !other.runs_at_build() {
                needs.insert((other.name.clone(), other.version.clone()));
                waiting.push(&other.id);
            }
        }
        let (name, version) = (package.name.clone(), package.version.clone());
        crates.push(Crate { name, version, licence: package.license.clone(), needs });
    }
    crates.sort();
    Ok(crates)
}
