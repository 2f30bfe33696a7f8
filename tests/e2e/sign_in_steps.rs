//! The steps of a device code sign-in, each a process of its own.

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Fault, Options, ScriptedFailure};

use crate::support::{Ran, Stage, until};

fn stage() -> Stage {
    Stage::of_device_code(&AUTOMATION, Options::default())
}

#[test]
fn start_says_where_to_go_and_which_code_to_enter() {
    let stage = stage();
    let object = stage.run(&["auth", "start", "-o", "json"]).well().json();
    for member in ["verification_uri", "user_code", "expires_at", "message"] {
        assert!(object[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {object}");
    }
    let text = stage.run(&["auth", "start", "-o", "table"]).well().stdout;
    let codes = stage.tenant.control().waiting_user_codes();
    assert!(codes.iter().any(|code| text.contains(code.as_str())), "{text} holds none of {codes:?}");
}

#[test]
fn complete_without_waiting_answers_no_until_the_person_has_acted() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    stage.run(&["auth", "complete", "--no-wait"]).ends(1).saying(&["not completed yet"]);
    stage.run(&["auth", "status"]).ends(1);
    stage.tenant.control().approve(&stage.user_code(), "dana@aurora-lab.example").expect("approved");
    let done = until("the sign-in is completed", || {
        let ran = stage.run(&["auth", "complete", "--no-wait"]);
        (ran.code != 1).then_some(ran)
    });
    assert_eq!(done.well().json()["account"], "dana@aurora-lab.example");
}

#[test]
fn complete_waits_for_the_person() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    let completing = stage.start(&["auth", "complete"]);
    until("a poll came", || (stage.tenant.control().token_requests() > 0).then_some(()));
    stage.tenant.control().approve(&stage.user_code(), "dana@aurora-lab.example").expect("approved");
    let ran = Ran::new(completing.wait_with_output().expect("it ends")).well();
    assert!(ran.json()["message"].as_str().is_some_and(|text| text.contains("signed in")), "{}", ran.stdout);
}

#[test]
fn login_starts_and_completes_in_one_go() {
    let stage = stage();
    let login = stage.start(&["auth", "login"]);
    let code = stage.user_code();
    stage.tenant.control().approve(&code, "dana@aurora-lab.example").expect("approved");
    Ran::new(login.wait_with_output().expect("it ends")).well().saying(&[&code]);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn status_tells_of_a_sign_in_that_waits() {
    let stage = stage();
    assert_eq!(stage.run(&["auth", "status"]).ends(1).json()["pending_until"], serde_json::Value::Null);
    stage.run(&["auth", "start"]).well();
    let status = stage.run(&["auth", "status"]).ends(1).json();
    assert!(status["pending_until"].is_string(), "{status}");
}

#[test]
fn completing_what_was_never_started_says_what_to_do() {
    stage().run(&["auth", "complete"]).ends(4).saying(&["auth start"]);
}

#[test]
fn commands_before_the_sign_in_say_what_to_do() {
    stage().run(&["incidents", "list"]).ends(4).saying(&["defender-xdr auth"]);
}

#[test]
fn a_started_sign_in_survives_the_one_that_started_it() {
    let stage = stage();
    stage.start_and_approve("dana@aurora-lab.example");
    assert!(!stage.home.sealed_records().is_empty());
    stage.run(&["auth", "complete"]).well();
}

#[test]
fn being_told_to_slow_down_stretches_the_interval() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    let slow_down =
        ScriptedFailure { error: "slow_down".to_owned(), code: None, suberror: None, claims: None };
    stage.tenant.fault("/", 0, 1, Fault::TokenError(slow_down));
    until("the first poll came", || {
        stage.run(&["auth", "complete", "--no-wait"]).ends(1);
        (stage.tenant.control().token_requests() == 1).then_some(())
    });
    let started = std::time::Instant::now();
    stage.tenant.control().approve(&stage.user_code(), "dana@aurora-lab.example").expect("approved");
    stage.run(&["auth", "complete"]).well();
    // RFC 8628 section 3.5: five seconds more than the one second before.
    assert!(started.elapsed().as_secs() >= 5, "polled again after {:?}", started.elapsed());
    assert_eq!(stage.tenant.control().token_requests(), 2);
}

#[test]
fn polls_keep_to_the_interval() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    for _ in 0..10 {
        stage.run(&["auth", "complete", "--no-wait"]).ends(1);
    }
    assert!(stage.tenant.control().token_requests() <= 2, "{}", stage.tenant.control().token_requests());
}

#[test]
fn reset_ends_a_started_sign_in() {
    let stage = stage();
    stage.run(&["auth", "start"]).well();
    stage.run(&["auth", "reset"]).well();
    stage.run(&["auth", "complete"]).ends(4);
}
