//! What a refusal leaves behind: a pause that says why, and a status that says the truth.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault, Options};
use serde_json::json;

use crate::support::{Stage, status};

const DANA: &str = "dana@aurora-lab.example";
const TOKEN: &str = "/6f2c9a10";

#[test]
fn a_paused_error_keeps_the_number_of_the_refusal() {
    let stage = Stage::new();
    let wrong = || {
        stage
            .command(&["incidents", "list", "-o", "json"])
            .env("DEFENDER_XDR_CLIENT_SECRET", "wrong")
            .go()
            .ends(4)
            .error()
    };
    let (first, second) = (wrong(), wrong());
    assert_eq!(first["code"], "AADSTS7000215");
    assert!(second["message"].as_str().is_some_and(|text| text.contains("not asking again")), "{second}");
    assert_eq!(second["code"], first["code"]);
}

#[test]
fn the_proof_asks_although_the_credential_rests() {
    let stage = Stage::new();
    let run = |arguments: &[&str]| {
        stage.command(arguments).env("DEFENDER_XDR_CLIENT_SECRET", "wrong").go().ends(4);
        stage.tenant.control().token_requests()
    };
    let asked = run(&["incidents", "list"]);
    assert_eq!(run(&["incidents", "list"]), asked);
    assert_eq!(run(&["auth", "test"]), asked + 1);
    assert_eq!(run(&["--retry-now", "incidents", "list"]), asked + 2);
}

#[test]
fn a_passing_fault_during_the_proof_does_not_rest_the_credential() {
    let dressed = |error: &str| Fault::Status {
        status: 400,
        retry_after: None,
        body: Some(
            json!({ "error": error, "error_description": "AADSTS90033: busy", "error_codes": [90033] }),
        ),
        body_kind: BodyKind::Json,
    };
    for fault in [status(503, None), dressed("temporarily_unavailable"), dressed("invalid_grant")] {
        let stage = Stage::new();
        stage.tenant.fault(TOKEN, 0, 9, fault);
        stage.run(&["--set", "retry-budget=1", "auth", "test"]).ends(8);
        stage.tenant.control().clear_faults();
        let started = Instant::now();
        stage.run(&["incidents", "list", "--limit", "1"]).well();
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}

#[test]
fn a_revoked_sign_in_is_no_sign_in() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    assert_eq!(stage.run(&["auth", "status"]).well().json()["refused"], json!(null));
    assert!(stage.tenant.control().revoke_sessions() > 0);
    stage.run(&["auth", "test"]).ends(4);
    let after = stage.run(&["auth", "status"]).ends(1).json();
    assert_eq!(after["signed_in"], false);
    assert_eq!(after["refused"]["code"], "AADSTS50173");
    stage.run(&["-o", "table", "auth", "status"]).ends(1);
    stage.sign_in(DANA);
    assert_eq!(stage.run(&["auth", "status"]).well().json()["signed_in"], true);
}

#[test]
fn the_status_does_not_praise_a_key_that_cannot_be_used() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    let key = stage.home.config().join("sealing.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("changed");
    let ran = stage.run(&["auth", "status"]).ends(1);
    let told = ran.json()["protection"].as_str().expect("a text").to_owned();
    assert!(!told.contains("sealed in") && told.contains("can be read by other users"), "{told}");
}

#[test]
fn a_question_before_its_time_says_until_when() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.run(&["auth", "start"]).well();
    stage.run(&["auth", "complete", "--no-wait"]).ends(1).saying(&["not asked before", "good until"]);
    let help = stage.run(&["auth", "complete", "--help"]).well().stdout;
    assert!(help.contains("RFC 8628"), "{help}");
}

#[test]
fn a_flow_with_nothing_to_complete_says_so_as_json() {
    let stage = Stage::new();
    for command in ["start", "complete"] {
        let told = stage.run(&["-o", "json", "auth", command]).well().json();
        assert!(told["message"].as_str().is_some_and(|text| text.contains("nothing to")), "{told}");
    }
}

#[test]
fn a_damaged_record_and_a_read_only_home_are_warned_about_once() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    for record in stage.home.sealed_records() {
        fs::copy(stage.home.settings_file(), record).expect("damaged");
    }
    for command in
        [&["incidents", "list"][..], &["auth", "complete"], &["auth", "status"], &["auth", "permissions"]]
    {
        let ran = stage.run(command);
        assert_eq!(ran.stderr.matches("is damaged").count(), 1, "{command:?}: {}", ran.stderr);
    }
    let stage = Stage::new();
    // Two places that cannot be written, not even by root: below a file, and in a system of files of its own.
    let below_a_file = stage.home.write("state", "no directory", 0o600);
    for place in [below_a_file.to_str().expect("text"), "/proc"] {
        let ran =
            stage.command(&["incidents", "list", "--limit", "1"]).env("XDG_STATE_HOME", place).go().well();
        assert_eq!(ran.stderr.matches("warning:").count(), 1, "{}", ran.stderr);
    }
}
