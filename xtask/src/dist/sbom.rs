//! The crates that are in the program, as `CycloneDX` 1.5 (<https://cyclonedx.org/docs/1.5/json/>), from `cargo tree`.

mod graph;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use self::graph::{Crate, FORMAT, Id};
use super::moment::Moment;
use super::{NAME, TARGET, VERSION};
use crate::workspace;

/// The document for the default features of the sources in `root`.
pub(super) fn of(root: &Path, moment: &Moment) -> Result<Vec<u8>> {
    // Macros run while the program is compiled, and stay behind.
    let mut tree = workspace::cargo(&["tree", "--locked", "--package", NAME, "--target", TARGET]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", FORMAT]);
    let output = tree.current_dir(root).output().context("cannot run cargo tree")?;
    ensure!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    let (program, crates) = graph::linked(&String::from_utf8(output.stdout)?)?;
    let mut bytes = serde_json::to_vec_pretty(&document(&program, &crates, moment))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn document(program: &Id, crates: &BTreeMap<Id, Crate>, moment: &Moment) -> Value {
    let all = |kind| crates.iter().map(move |(id, found)| (id, component(id, found, kind)));
    let own = all("application").find(|(id, _)| *id == program).map(|(_, component)| component);
    let others = all("library").filter(|(id, _)| *id != program).map(|(_, component)| component);
    let relations = crates.iter().map(
        |(id, found)| json!({ "ref": purl(id), "dependsOn": found.needs.iter().map(purl).collect::<Vec<_>>() }),
    );
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": moment.text(),
            "tools": { "components": [{ "type": "application", "name": "xtask", "version": VERSION }] },
            "component": own,
        },
        "components": others.collect::<Vec<_>>(),
        "dependencies": relations.collect::<Vec<_>>(),
    })
}

fn component(id: &Id, found: &Crate, kind: &str) -> Value {
    let (name, version) = id;
    let mut component =
        json!({ "type": kind, "bom-ref": purl(id), "name": name, "version": version, "purl": purl(id) });
    if !found.licence.is_empty() {
        // Crates of long ago wrote `/` where SPDX has `OR`.
        component["licenses"] = json!([{ "expression": found.licence.replace('/', " OR ") }]);
    }
    component
}

/// <https://github.com/package-url/purl-spec>; a `+` in a version is percent-encoded there.
fn purl((name, version): &Id) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{of, purl};
    use crate::dist::moment;
    use crate::workspace;

    #[test]
    fn it_has_what_the_format_requires_and_names_nothing_that_is_not_there() {
        let moment = moment::of_sources().unwrap();
        let bytes = of(&workspace::root(), &moment).unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((&document["bomFormat"], &document["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
        assert_eq!(document["metadata"]["component"]["name"], "defender-xdr");
        let components = document["components"].as_array().unwrap();
        let mut known = BTreeSet::from([document["metadata"]["component"]["bom-ref"].as_str().unwrap()]);
        for component in components {
            assert_eq!(component["type"], "library");
            for member in ["bom-ref", "name", "version", "purl"] {
                assert!(component[member].as_str().is_some_and(|text| !text.is_empty()), "{component}");
            }
            let licence = component["licenses"][0]["expression"].as_str();
            assert!(licence.is_some_and(|text| !text.contains('/')), "{component}");
            assert!(known.insert(component["bom-ref"].as_str().unwrap()), "twice: {component}");
        }
        let names: BTreeSet<_> = components.iter().map(|found| found["name"].as_str().unwrap()).collect();
        for linked in ["ring", "rustls", "serde_json", "tokio", "defender-xdr-core"] {
            assert!(names.contains(linked), "{linked} is linked");
        }
        for absent in ["serde_derive", "cc", "wiremock", "x509-parser", "tar"] {
            assert!(!names.contains(absent), "{absent} is a tool, of the build or of tests");
        }
        let relations = document["dependencies"].as_array().unwrap();
        assert_eq!(relations.len(), known.len());
        for relation in relations {
            assert!(known.contains(relation["ref"].as_str().unwrap()));
            let needs = relation["dependsOn"].as_array().unwrap();
            assert!(needs.iter().all(|need| known.contains(need.as_str().unwrap())), "{relation}");
        }
        assert_eq!(bytes, of(&workspace::root(), &moment).unwrap());
    }

    #[test]
    fn a_plus_in_a_version_is_encoded() {
        assert_eq!(
            purl(&("zstd-sys".to_owned(), "2.0.1+zstd.1".to_owned())),
            "pkg:cargo/zstd-sys@2.0.1%2Bzstd.1"
        );
    }
}
