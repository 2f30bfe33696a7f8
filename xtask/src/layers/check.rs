//! Compares the packages with the table and says in a sentence what to do about each difference.

use super::packages::{Dependency, Kind, Package};
use super::rules::{EXAMPLES, Rule};

/// One sentence per violation; empty when the workspace keeps to the table.
pub(crate) fn violations(rules: &[Rule], packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter(|package| !package.folder.starts_with(EXAMPLES))
        .flat_map(|package| violations_of(rules, packages, package))
        .collect()
}

fn violations_of(rules: &[Rule], packages: &[Package], package: &Package) -> Vec<String> {
    let Some(rule) = rules.iter().find(|rule| rule.folder == package.folder) else {
        return vec![format!(
            "`{}` in {}/ has no row in the import table: decide which ring it belongs to and what it may import, \
             then add a row to xtask/src/layers/rules.rs",
            package.name, package.folder
        )];
    };
    let mut found = Vec::new();
    if rule.package != package.name {
        found.push(format!(
            "the package in {}/ is called `{}`: call it `{}`, so that folder and name tell the same",
            package.folder, package.name, rule.package
        ));
    }
    let ours = |dependency: &&Dependency| {
        dependency.path.is_some()
            || packages.iter().any(|package| package.name == dependency.name)
            || rules.iter().any(|rule| rule.package == dependency.name)
    };
    for dependency in package.dependencies.iter().filter(ours) {
        let dev = dependency.kind == Some(Kind::Dev);
        // A crate that is its own dev-dependency switches on features for its tests; nobody new comes in.
        let itself = dependency.name == package.name;
        let allowed = rule.imports.contains(&dependency.name.as_str())
            || dev && (itself || rule.tests_with.contains(&dependency.name.as_str()));
        if !allowed {
            let table = match dependency.kind {
                None => "dependencies",
                Some(Kind::Dev) => "dev-dependencies",
                Some(Kind::Build) => "build-dependencies",
            };
            found.push(format!(
                "`{}` must not have `{}` in [{table}]; it may import {}: move what is shared into a ring that both \
                 may import",
                package.name,
                dependency.name,
                sentence(rule)
            ));
        }
    }
    found
}

fn sentence(rule: &Rule) -> String {
    let list =
        |names: &[&str]| if names.is_empty() { "nothing of ours".to_owned() } else { names.join(", ") };
    match rule.tests_with {
        [] => list(rule.imports),
        more => format!("{} (and {} in its tests)", list(rule.imports), list(more)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{packages, rules::RULES};
    use super::violations;

    fn depends(name: &str, kind: Option<&str>) -> Value {
        json!({"name": name, "kind": kind, "path": format!("/ws/somewhere/{name}"), "req": "*"})
    }

    fn package(name: &str, folder: &str, dependencies: &[Value]) -> Value {
        json!({"name": name, "manifest_path": format!("/ws/{folder}/Cargo.toml"), "dependencies": dependencies})
    }

    fn check(invented: &[Value]) -> Vec<String> {
        let metadata = json!({"packages": invented, "workspace_root": "/ws", "version": 1});
        violations(&RULES, &packages::parse(metadata.to_string().as_bytes()).unwrap())
    }

    fn only(invented: &[Value]) -> String {
        let found = check(invented);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    }

    #[test]
    fn the_intended_workspace_has_no_violations() {
        let tested = depends("defender-xdr-emulator", Some("dev"));
        let core = depends("defender-xdr-core", None);
        let third_party = json!({"name": "serde", "kind": null, "source": "registry"});
        let found = check(&[
            package("defender-xdr-core", "crates/core", &[third_party, tested.clone()]),
            package(
                "defender-xdr-auth-device-code",
                "crates/auth-device-code",
                &[core.clone(), tested.clone()],
            ),
            package("defender-xdr-api", "crates/api", &[core.clone(), tested]),
            package("defender-xdr-xsoar", "crates/xsoar", &[core.clone(), depends("defender-xdr-api", None)]),
            package("defender-xdr-emulator", "crates/emulator", &[]),
            package(
                "defender-xdr",
                "crates/cli",
                &[
                    core,
                    depends("defender-xdr-auth-device-code", None),
                    depends("defender-xdr-emulator", None),
                ],
            ),
            package("library-use", "examples/library-use", &[depends("defender-xdr", None)]),
        ]);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn core_importing_any_of_us_is_found() {
        let message =
            only(&[package("defender-xdr-core", "crates/core", &[depends("defender-xdr-api", None)])]);
        assert!(
            message.contains("`defender-xdr-core` must not have `defender-xdr-api` in [dependencies]"),
            "{message}"
        );
    }

    #[test]
    fn a_provider_importing_another_provider_is_found() {
        let other = depends("defender-xdr-auth-client-credentials", None);
        only(&[package("defender-xdr-auth-device-code", "crates/auth-device-code", &[other])]);
    }

    #[test]
    fn a_provider_or_an_api_that_tests_with_more_than_the_emulator_is_found() {
        let dev = depends("defender-xdr-api", Some("dev"));
        let message = only(&[package("defender-xdr-auth-device-code", "crates/auth-device-code", &[dev])]);
        assert!(message.contains("[dev-dependencies]"), "{message}");
        let dev = depends("defender-xdr-auth-device-code", Some("dev"));
        only(&[package("defender-xdr-api", "crates/api", &[dev])]);
    }

    #[test]
    fn the_emulator_as_a_normal_dependency_of_a_library_is_found() {
        only(&[package("defender-xdr-api", "crates/api", &[depends("defender-xdr-emulator", None)])]);
    }

    #[test]
    fn the_emulator_importing_any_of_us_in_any_kind_is_found() {
        for kind in [None, Some("dev"), Some("build")] {
            only(&[package(
                "defender-xdr-emulator",
                "crates/emulator",
                &[depends("defender-xdr-core", kind)],
            )]);
        }
    }

    #[test]
    fn a_build_dependency_counts_like_a_normal_one() {
        let message = only(&[package(
            "defender-xdr-core",
            "crates/core",
            &[depends("defender-xdr-emulator", Some("build"))],
        )]);
        assert!(message.contains("[build-dependencies]"), "{message}");
    }

    #[test]
    fn somebody_importing_the_program_is_found() {
        only(&[package("defender-xdr-xsoar", "crates/xsoar", &[depends("defender-xdr", None)])]);
    }

    #[test]
    fn a_renamed_dependency_and_one_without_a_path_are_still_ours() {
        let hidden = json!({"name": "defender-xdr-api", "rename": "innocent", "kind": null});
        only(&[package("defender-xdr-core", "crates/core", &[hidden])]);
    }

    #[test]
    fn a_folder_of_ours_that_the_table_does_not_know_is_found_as_a_dependency() {
        only(&[package("defender-xdr-core", "crates/core", &[depends("shared-drawer", None)])]);
    }

    #[test]
    fn a_crate_may_switch_on_its_own_features_for_its_tests() {
        let itself = depends("defender-xdr-core", Some("dev"));
        assert_eq!(check(&[package("defender-xdr-core", "crates/core", &[itself])]), Vec::<String>::new());
    }

    #[test]
    fn a_crate_in_no_row_is_found_and_the_remedy_is_named() {
        let message = only(&[package("defender-xdr-utils", "crates/utils", &[])]);
        assert!(message.contains("add a row to xtask/src/layers/rules.rs"), "{message}");
    }

    #[test]
    fn a_package_that_is_not_named_after_its_folder_is_found() {
        let message = only(&[package("defender-core", "crates/core", &[])]);
        assert!(message.contains("call it `defender-xdr-core`"), "{message}");
    }
}
