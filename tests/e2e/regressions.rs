//! What was wrong once must not come back.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault};
use serde_json::Value;

use crate::support::{Home, Run, Stage, status, until};

const DANA: &str = "dana@aurora-lab.example";
const GRAPH: &str = "/v1.0/security/incidents";

fn an_active_incident(stage: &Stage) -> String {
    let list = stage.run(&["incidents", "list", "--status", "active", "--limit", "1"]).well();
    list.json()[0]["id"].as_str().expect("an id").to_owned()
}

fn comments(incident: &Value) -> usize {
    incident["comments"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_completed_sign_in_replaces_a_configured_refresh_token_that_is_no_good() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let configured = format!("{}@stale-token", AUTOMATION.id);
    let with_token =
        |arguments: &[&str]| stage.command(arguments).env("DEFENDER_XDR_APPLICATION_ID", &configured).go();
    with_token(&["auth", "start"]).well();
    stage.tenant.control().approve(&stage.user_code(), DANA).expect("the person approves");
    with_token(&["auth", "complete"]).well();
    with_token(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_comment_that_cannot_be_read_back_is_there_and_does_not_invite_a_second_one() {
    let stage = Stage::new();
    let id = an_active_incident(&stage);
    let before = comments(&stage.run(&["incidents", "get", &id]).well().json());
    // The comment is posted below `…/comments`; the reading before it works, only that after it fails.
    stage.tenant.fault(&format!("{GRAPH}/{id}"), 2, 9, status(403, None));
    stage.run(&["incidents", "comment", &id, "once"]).ends(9).saying(&["was added", "do not repeat"]);
    stage.tenant.control().clear_faults();
    assert_eq!(comments(&stage.run(&["incidents", "get", &id]).well().json()), before + 1);
}

#[test]
fn one_question_is_one_request_when_a_poll_must_not_wait() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.run(&["auth", "start"]).well();
    let asked = stage.tenant.control().token_requests();
    stage.tenant.fault("/6f2c9a10", 0, 9, status(503, None));
    until("the interval has passed", || {
        let ran = stage.run(&["auth", "complete", "--no-wait"]);
        (ran.code == 1 && stage.tenant.requests_to("/6f2c9a10") > 1).then_some(())
    });
    assert!(stage.tenant.control().token_requests() - asked <= 1, "the general retry does not poll");
}

#[test]
fn a_mistake_in_the_settings_does_not_end_a_started_sign_in() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.start_and_approve(DANA);
    let broken = stage.home.write("not-a-certificate", "hello", 0o600);
    let set = format!("ca-file={}", broken.display());
    until("the interval has passed", || {
        (stage.run(&["--set", &set, "auth", "complete", "--no-wait"]).code == 3).then_some(())
    });
    stage.run(&["auth", "complete"]).well();
}

#[test]
fn a_quiet_sign_in_still_shows_the_code() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let child = stage.start(&["-q", "auth", "login"]);
    let code = stage.user_code();
    stage.tenant.control().approve(&code, DANA).expect("the person approves");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(&code), "{output:?}");
}

#[test]
fn demonstrations_at_once_lose_no_change() {
    let home = Home::new();
    let list = Run::new(&home, &["--demo", "incidents", "list", "--limit", "1"]).go().well();
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    let before = comments(&Run::new(&home, &["--demo", "incidents", "get", &id]).go().well().json());
    let children: Vec<_> = (0..6)
        .map(|number| {
            let text = format!("comment {number}");
            Run::new(&home, &["--demo", "incidents", "comment", &id, &text]).start()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().expect("it ends").status.success());
    }
    let after = Run::new(&home, &["--demo", "incidents", "get", &id]).go().well().json();
    assert_eq!(comments(&after), before + 6);
}

#[test]
fn what_cannot_be_kept_is_not_started() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let settings = stage.home.settings_file();
    let ran = stage
        .command(&["--config", settings.to_str().expect("text"), "auth", "start"])
        .env("HOME", "")
        .env("XDG_STATE_HOME", "")
        .env("XDG_CONFIG_HOME", "")
        .go();
    ran.ends(3).saying(&["no place to keep", "HOME"]);
}

#[test]
fn a_paused_refusal_keeps_its_kind_and_its_exit_code() {
    let stage = Stage::new();
    stage.also("retry-budget = 5");
    let wrong = |stage: &Stage| {
        stage
            .command(&["incidents", "list", "-o", "json"])
            .env("DEFENDER_XDR_CLIENT_SECRET", "wrong")
            .go()
            .ends(4)
            .error()
    };
    let (first, second) = (wrong(&stage), wrong(&stage));
    assert_eq!((&first["kind"], &first["source"]), (&second["kind"], &second["source"]));
    assert!(second["message"].as_str().is_some_and(|text| text.contains("not asking again")), "{second}");
}

#[test]
fn an_outage_that_says_how_long_is_throttling_when_nobody_can_wait_that_long() {
    let stage = Stage::new();
    stage.also("retry-budget = 2");
    stage.tenant.fault(GRAPH, 0, 9, status(503, Some(60)));
    let error = stage.run(&["-o", "json", "incidents", "list"]).ends(7).error();
    assert!(error["until"].is_string(), "{error}");
}

#[test]
fn a_slow_query_is_not_run_again() {
    let stage = Stage::new();
    let body_kind = BodyKind::Json;
    stage.tenant.fault(
        "/v1.0/security/runHuntingQuery",
        0,
        9,
        Fault::Status { status: 504, retry_after: None, body: None, body_kind },
    );
    stage.run(&["hunt", "DeviceInfo | take 1"]).ends(8);
    assert_eq!(stage.tenant.requests_to("/v1.0/security/runHuntingQuery"), 2);
}

#[test]
fn an_empty_tag_and_an_endless_query_are_refused() {
    let stage = Stage::new();
    let id = an_active_incident(&stage);
    stage.run(&["incidents", "update", &id, "--tags", ""]).ends(2).saying(&["it is empty", "--clear-tags"]);
    let long = stage.home.write("long.kql", &"a".repeat((1 << 20) + 1), 0o600);
    stage.run(&["hunt", "--file", long.to_str().expect("text")]).ends(2).saying(&["1 MiB", "long.kql"]);
}

#[test]
fn a_reset_forgets_the_sign_in_on_both_apis() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    stage.run(&["--api", "legacy", "auth", "reset"]).well();
    stage.run(&["auth", "status"]).ends(1);
}

#[test]
fn a_service_that_repeats_a_secret_in_its_error_does_not_bring_it_to_the_screen() {
    let stage = Stage::new();
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let body = serde_json::json!({
        "error": "invalid_client", "error_description": format!("AADSTS7000215: you sent {secret}"),
    });
    let echoing =
        Fault::Status { status: 400, retry_after: None, body: Some(body), body_kind: BodyKind::Json };
    stage.tenant.fault("/", 0, 999, echoing);
    for arguments in [["auth", "test", "-vvv"].as_slice(), &["auth", "test", "-o", "json"]] {
        let ran = stage.run(arguments).ends(4).saying(&["(hidden)"]);
        assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{}", ran.stderr);
    }
}

#[test]
fn two_that_complete_one_sign_in_are_both_signed_in() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.start_and_approve(DANA);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let both: Vec<_> = (0..2).map(|_| stage.start(&["auth", "complete"])).collect();
    for one in both {
        crate::support::Ran::new(one.wait_with_output().expect("it ends")).well();
    }
}

#[test]
fn a_demonstration_says_that_its_sign_in_page_lives_no_longer_than_a_command() {
    let home = Home::new();
    let ran = Run::new(&home, &["--demo", "--flow", "auth-code", "auth", "start"]).go().well();
    ran.saying(&["--demo auth login"]);
}
