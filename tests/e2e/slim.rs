//! A build with one sign-in flow only. It is made by whoever runs all tests, and named by a variable.

use std::io::Write;

use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Home, Run, Stage};

#[expect(clippy::disallowed_methods, reason = "the path of another build reaches a test only so")]
fn slim_binary() -> Option<String> {
    let path = std::env::var("DEFENDER_XDR_TEST_SLIM_BINARY").ok();
    if path.is_none() {
        let why =
            "DEFENDER_XDR_TEST_SLIM_BINARY is not set: `cargo xtask test` builds a slim program and sets it";
        writeln!(std::io::stderr(), "{why}").expect("stderr takes it");
    }
    path
}

#[test]
fn a_slim_build_lists_only_what_is_in_it() {
    let Some(program) = slim_binary() else { return };
    let home = Home::new();
    let flows = Run::of(&program, &home, &["auth", "flows", "-o", "json"]).go().well().records();
    let ids: Vec<_> = flows.iter().map(|flow| flow["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["client-credentials"]);
}

#[test]
fn a_flow_that_was_left_out_names_the_feature_to_build_with() {
    let Some(program) = slim_binary() else { return };
    let stage = Stage::new();
    Run::of(&program, &stage.home, &["--flow", "device-code", "auth", "start"])
        .go()
        .ends(3)
        .saying(&["device-code", "feature"]);
}

#[test]
fn a_slim_build_signs_in_and_lists() {
    let Some(program) = slim_binary() else { return };
    let stage = Stage::of(&AUTOMATION);
    let ran = Run::of(&program, &stage.home, &["incidents", "list", "--limit", "3"]).go().well();
    assert_eq!(ran.records().len(), 3);
}

#[test]
fn the_full_build_lists_every_flow_with_its_settings() {
    let home = Home::new();
    let flows = Run::new(&home, &["auth", "flows", "-o", "json"]).go().well().records();
    let ids: Vec<_> = flows.iter().map(|flow| flow["id"].as_str().expect("an id")).collect();
    for id in ["client-credentials", "cortex-xsoar-app", "device-code", "managed-identity"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    assert!(flows.iter().all(|flow| flow["name"].is_string() && flow["settings"].is_array()));
}
