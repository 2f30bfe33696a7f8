//! The product seen from outside: the built program, an empty home, an invented tenant.
//!
//! Nothing of the product's own libraries is used here. The environment of every run is empty but for what a
//! test sets, so that the machine's settings cannot make a test pass.
#![expect(clippy::expect_used, clippy::panic, reason = "support code of tests fails a test by panicking")]

mod after_a_refusal;
mod alerts;
mod api_command;
mod bad_answers;
mod bad_credentials;
mod bad_network;
mod bad_settings;
mod bad_state;
#[cfg(feature = "board")]
mod board;
mod book;
mod claims_challenges;
mod completions;
mod console_blocks;
mod csv_lists;
mod demo;
mod doctor;
mod doctor_network;
mod emulator_command;
mod errors_page;
mod exit_codes;
mod fetch;
mod fetch_kills;
mod hunt;
mod hunt_answers;
mod hunt_queries;
mod incident_changes;
mod incident_entities;
mod incident_filters;
mod incident_lists;
mod init;
mod init_terminal;
mod interruptions;
mod jq;
#[cfg(feature = "keyring")]
mod keyring;
mod leak_matrix;
mod leaks;
mod many_incidents;
mod merged_incidents;
mod migrate_permissions;
mod migrate_scan;
mod named_incidents;
mod one_token;
mod output_formats;
mod own_settings;
mod paging_faults;
mod permissions;
mod proxies;
mod quotas;
mod recipes;
mod reference;
mod regressions;
mod report_page;
mod retirement;
mod sealing_key_rotation;
mod sealing_keys;
mod secret_commands;
mod sign_in_application;
mod sign_in_browser;
mod sign_in_managed_identity;
mod sign_in_outlook;
mod sign_in_person;
mod sign_in_renewal;
mod sign_in_screen;
mod sign_in_steps;
mod slim;
mod support;
mod survival;
mod throttling;
mod uncertain_changes;
mod untold_outcomes;
mod words_for_people;
mod xsoar_command;
mod xsoar_errors;
mod xsoar_fetch;
mod xsoar_fetch_kills;
mod xsoar_incidents;
mod xsoar_mirroring;
mod xsoar_odd_incidents;
mod xsoar_sign_in;

use std::path::Path;

/// A file that no `mod` line names would be silently left out.
#[test]
fn every_file_of_tests_is_compiled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e");
    for (directory, list) in [("", "main.rs"), ("support", "support/mod.rs")] {
        let listed = std::fs::read_to_string(root.join(list)).expect("the list of modules");
        for entry in std::fs::read_dir(root.join(directory)).expect("the directory of the tests") {
            let path = entry.expect("an entry").path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name in text");
            let is_list = root.join(list) == path;
            assert!(
                is_list || listed.contains(&format!("mod {stem};")),
                "{} is not listed in {list}",
                path.display()
            );
        }
    }
}
