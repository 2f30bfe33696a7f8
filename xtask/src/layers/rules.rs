//! The table of rings: one row per crate, with what it may import of ours.

/// What a crate of ours may depend on among our own crates.
pub(crate) struct Rule {
    /// Where the package lies, from the workspace root.
    pub(crate) folder: &'static str,
    /// The package's name.
    pub(crate) package: &'static str,
    /// Allowed as normal and as build dependency.
    pub(crate) imports: &'static [&'static str],
    /// Allowed as dev-dependency in addition to `imports`.
    pub(crate) tests_with: &'static [&'static str],
}

pub(crate) const CORE: &str = "defender-xdr-core";
pub(crate) const API: &str = "defender-xdr-api";
pub(crate) const BOARD: &str = "defender-xdr-board";
pub(crate) const REPORT: &str = "defender-xdr-report";
pub(crate) const XSOAR: &str = "defender-xdr-xsoar";
pub(crate) const MIGRATE: &str = "defender-xdr-migrate";
pub(crate) const EMULATOR: &str = "defender-xdr-emulator";
pub(crate) const CLI: &str = "defender-xdr";
pub(crate) const DEVICE_CODE: &str = "defender-xdr-auth-device-code";
pub(crate) const CLIENT_CREDENTIALS: &str = "defender-xdr-auth-client-credentials";
pub(crate) const AUTH_CODE: &str = "defender-xdr-auth-auth-code";
pub(crate) const MANAGED_IDENTITY: &str = "defender-xdr-auth-managed-identity";

const fn provider(folder: &'static str, package: &'static str) -> Rule {
    Rule { folder, package, imports: &[CORE], tests_with: &[EMULATOR] }
}

/// Every crate that may exist. A crate of ours without a row is an error: its place has to be decided first.
pub(crate) const RULES: [Rule; 13] = [
    Rule { folder: "crates/core", package: CORE, imports: &[], tests_with: &[EMULATOR] },
    provider("crates/auth-device-code", DEVICE_CODE),
    provider("crates/auth-client-credentials", CLIENT_CREDENTIALS),
    provider("crates/auth-auth-code", AUTH_CODE),
    provider("crates/auth-managed-identity", MANAGED_IDENTITY),
    Rule { folder: "crates/api", package: API, imports: &[CORE], tests_with: &[EMULATOR] },
    Rule { folder: "crates/xsoar", package: XSOAR, imports: &[API, CORE], tests_with: &[EMULATOR] },
    Rule { folder: "crates/migrate", package: MIGRATE, imports: &[API, CORE], tests_with: &[EMULATOR] },
    Rule { folder: "crates/board", package: BOARD, imports: &[API, CORE], tests_with: &[] },
    Rule { folder: "crates/report", package: REPORT, imports: &[API, CORE], tests_with: &[] },
    // The fake shares no code with what it tests, not even in its own tests.
    Rule { folder: "crates/emulator", package: EMULATOR, imports: &[], tests_with: &[] },
    Rule {
        folder: "crates/cli",
        package: CLI,
        imports: &[
            CORE,
            API,
            BOARD,
            MIGRATE,
            REPORT,
            XSOAR,
            EMULATOR,
            DEVICE_CODE,
            CLIENT_CREDENTIALS,
            AUTH_CODE,
            MANAGED_IDENTITY,
        ],
        tests_with: &[],
    },
    // It builds and runs the others; importing one would make the tool depend on what it checks.
    Rule { folder: "xtask", package: "xtask", imports: &[], tests_with: &[] },
];

/// Packages below this folder show library users the way and may import everything.
pub(crate) const EXAMPLES: &str = "examples/";

#[cfg(test)]
mod tests {
    use super::{CLI, RULES};

    #[test]
    fn a_crate_is_named_after_its_folder_and_only_the_program_itself_is_not() {
        for rule in RULES.iter().filter(|rule| rule.folder.starts_with("crates/") && rule.package != CLI) {
            assert_eq!(rule.package, format!("defender-xdr-{}", rule.folder.trim_start_matches("crates/")));
        }
    }

    #[test]
    fn only_the_cli_may_import_providers() {
        for rule in RULES.iter().filter(|rule| rule.package != CLI) {
            let named = rule.imports.iter().chain(rule.tests_with);
            assert!(named.clone().all(|import| !import.contains("-auth-")), "{}", rule.package);
        }
    }
}
