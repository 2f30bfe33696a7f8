//! Who signs in, and what comes of it.

use std::time::Duration;

use defender_xdr_emulator::directory::applications::{AUTOMATION, CORTEX_APP, READER, UNCONSENTED};
use defender_xdr_emulator::{Options, ScriptedFailure};

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";

fn stage() -> Stage {
    Stage::of_device_code(&AUTOMATION, Options::default())
}

#[test]
fn an_operator_reads_and_changes() {
    let stage = stage();
    stage.sign_in(DANA);
    let list = stage.run(&["incidents", "list", "--status", "active", "--limit", "1"]).well();
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    stage.run(&["incidents", "update", &id, "--status", "in-progress"]).ends(2);
    let changed = stage.run(&["incidents", "update", &id, "--status", "inProgress"]).well().json();
    assert_eq!(changed["status"], "inProgress");
}

#[test]
fn a_reader_reads_and_is_told_that_changing_needs_more() {
    let stage = stage();
    stage.sign_in("mika@aurora-lab.example");
    let list = stage.run(&["incidents", "list", "--limit", "1"]).well();
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    stage.run(&["incidents", "comment", &id, "hello"]).ends(5).saying(&["role"]);
}

#[test]
fn somebody_without_a_security_role_is_told_so() {
    let stage = stage();
    stage.sign_in("noor@aurora-lab.example");
    stage.run(&["incidents", "list"]).ends(5).saying(&["role", "Security Reader"]);
}

#[test]
fn declining_ends_the_sign_in() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    stage.tenant.control().decline(&stage.user_code()).expect("declined");
    stage.run(&["auth", "complete"]).ends(4).saying(&["start again"]);
    stage.run(&["auth", "complete"]).ends(4).saying(&["auth start"]);
}

#[test]
fn a_code_that_ran_out_is_over() {
    let mut options = Options::default();
    options.device_code.expires_in = Duration::from_secs(2);
    let stage = Stage::of_device_code(&AUTOMATION, options);
    stage.run(&["auth", "start"]).well();
    stage.run(&["auth", "complete"]).ends(4).saying(&["expired"]);
}

#[test]
fn a_policy_that_forbids_the_flow_is_named() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    let blocked = ScriptedFailure {
        error: "invalid_grant".to_owned(),
        code: Some(53003),
        suberror: Some("message_only".to_owned()),
        claims: None,
    };
    stage.tenant.control().fail(&stage.user_code(), blocked).expect("scripted");
    stage.run(&["auth", "complete"]).ends(4).saying(&[
        "AADSTS53003",
        "Conditional Access",
        "another flow",
        "`defender-xdr auth login --flow auth-code`",
        "`defender-xdr auth test --flow client-credentials`",
    ]);
}

#[test]
fn an_application_that_is_no_public_client_is_named() {
    let stage = Stage::of_device_code(&READER, Options::default());
    let start = stage.run(&["auth", "start"]);
    let refused = if start.code == 0 {
        let approval = stage.tenant.control().approve(&stage.user_code(), DANA);
        approval.expect("approved");
        stage.run(&["auth", "complete"])
    } else {
        start
    };
    refused.ends(4).saying(&["7000218", "public client", "--flow client-credentials"]);
}

#[test]
fn an_application_nobody_consented_to_names_the_permission() {
    let stage = Stage::of_device_code(&UNCONSENTED, Options::default());
    let start = stage.run(&["auth", "start"]);
    let refused = if start.code == 0 {
        stage.tenant.control().approve(&stage.user_code(), DANA).expect("approved");
        stage.run(&["auth", "complete"])
    } else {
        start
    };
    refused.ends(5).saying(&["consent"]);
}

#[test]
fn the_cortex_application_speaks_to_the_legacy_api_by_itself() {
    let stage = stage();
    stage.home.settings(&stage.settings_of("Cortex XSOAR App (Using Device Code Flow)", CORTEX_APP.id, ""));
    stage.sign_in(DANA);
    let status = stage.run(&["auth", "status"]).well().json();
    assert_eq!((status["flow"].as_str(), status["api"].as_str()), (Some("cortex-xsoar-app"), Some("legacy")));
    assert_eq!(stage.run(&["incidents", "list", "--limit", "3"]).well().records().len(), 3);
    assert!(stage.tenant.requests_to("/api/incidents") > 0);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}

#[test]
fn another_sign_in_takes_the_place_of_the_first() {
    let stage = stage();
    stage.sign_in(DANA);
    stage.sign_in("mika@aurora-lab.example");
    assert_eq!(stage.run(&["auth", "status"]).well().json()["account"], "mika@aurora-lab.example");
}
