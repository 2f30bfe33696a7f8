//! `cargo xtask layers`: who of us may import whom.
//!
//! The rules are a table (`rules`), the facts come from `cargo metadata` (`packages`) and from the source of
//! the end-to-end tests (`imports`); comparing the two is a plain function (`check`).

mod check;
mod imports;
pub(crate) mod packages;
mod rules;

use anyhow::{Result, bail};

use crate::workspace;

/// Checks the workspace this program belongs to.
pub(crate) fn run() -> Result<()> {
    let packages = packages::of_workspace()?;
    let mut violations = check::violations(&rules::RULES, &packages);
    violations.extend(imports::violations(&workspace::root().join("tests"))?);
    if violations.is_empty() {
        eprintln!("layers: {} packages keep to their rows", packages.len());
        return Ok(());
    }
    for violation in &violations {
        eprintln!("layers: {violation}");
    }
    bail!("{} violation(s) of the import table in xtask/src/layers/rules.rs", violations.len())
}
