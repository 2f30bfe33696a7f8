//! Which crates are linked into a program, from what `cargo tree` prints. `cargo metadata` would not do: it gives crates the
//! features that the tests of others ask for, too.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};

/// How `cargo tree` is asked for a line: the depth goes before it, ` (*)` behind it if what is below was shown before.
pub(super) const FORMAT: &str = "|{p}|{l}";

/// Name and version.
pub(super) type Id = (String, String);

/// A crate in the program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Crate {
    /// Its licence, as its author wrote it.
    pub(super) licence: String,
    /// What it links itself.
    pub(super) needs: BTreeSet<Id>,
}

/// The crates of a tree printed with `--prefix depth`. The program comes first in it.
pub(super) fn linked(tree: &str) -> Result<(Id, BTreeMap<Id, Crate>)> {
    let mut crates: BTreeMap<Id, Crate> = BTreeMap::new();
    // The crates between the program and this line.
    let mut above: Vec<Id> = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let (depth, id, licence) =
            parts(line).with_context(|| format!("cargo tree is not what it used to be: {line}"))?;
        ensure!(depth <= above.len(), "cargo tree left a level out: {line}");
        above.truncate(depth);
        if let Some(parent) = above.last() {
            crates.entry(parent.clone()).or_default().needs.insert(id.clone());
        }
        licence.clone_into(&mut crates.entry(id.clone()).or_default().licence);
        above.push(id);
    }
    let program = above.into_iter().next().context("cargo tree printed nothing")?;
    Ok((program, crates))
}

fn parts(line: &str) -> Option<(usize, Id, &str)> {
    let (depth, rest) = line.split_once('|')?;
    let (package, licence) = rest.split_once('|')?;
    let mut words = package.split(' ');
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    Some((depth.parse().ok()?, (name, version), licence.trim_end_matches(" (*)")))
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn a_tree_becomes_crates_with_what_each_needs() {
        let tree = "0|top v0.1.0 (/some where)|MIT\n1|left v1.2.3|MIT/Apache-2.0\n2|leaf v2.0.0|ISC\n\
                    1|right v3.0.0|Zlib\n2|left v1.2.3|MIT/Apache-2.0 (*)\n";
        let (program, crates) = linked(tree).unwrap();
        let id = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(program, id("top", "0.1.0"));
        assert_eq!(crates.len(), 4);
        let left = &crates[&id("left", "1.2.3")];
        assert_eq!(left.licence, "MIT/Apache-2.0");
        assert_eq!(left.needs, [id("leaf", "2.0.0")].into());
        assert_eq!(crates[&program].needs, [id("left", "1.2.3"), id("right", "3.0.0")].into());
        assert_eq!(crates[&id("right", "3.0.0")].needs, [id("left", "1.2.3")].into());
    }

    #[test]
    fn a_tree_of_another_form_is_an_error() {
        for wrong in ["", "top v0.1.0", "0|top|MIT", "0|top v1|MIT\n2|leaf v1|MIT"] {
            assert!(linked(wrong).is_err(), "{wrong}");
        }
    }
}
