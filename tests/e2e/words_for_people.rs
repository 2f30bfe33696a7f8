//! What people type, and what they are shown.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::support::{Ran, Stage, status};

#[test]
fn moments_are_written_in_many_ways() {
    let stage = Stage::new();
    let expected = stage.run(&["incidents", "list", "--all", "--since", "3 days"]).well().ids();
    assert!(!expected.is_empty());
    for when in ["3d", "3 days ago", "-3 days"] {
        assert_eq!(
            stage.run(&["incidents", "list", "--all", "--since", when]).well().ids(),
            expected,
            "{when}"
        );
    }
    let day = (Timestamp::now() - jiff::SignedDuration::from_hours(72)).to_string();
    let of_day = stage.run(&["incidents", "list", "--all", "--since", &day[..10]]).well().ids();
    assert!(of_day.is_superset(&expected));
    stage.run(&["incidents", "list", "--since", "yesterdayish"]).ends(2).saying(&["--since", "3 days"]);
}

#[test]
fn a_status_that_an_api_does_not_know_is_refused_by_name() {
    let stage = Stage::new();
    let list = ["--api", "legacy", "-o", "json", "incidents", "list", "--status", "active,awaitingAction"];
    let error = stage.run(&list).ends(2).error();
    assert_eq!(error["source"], "flag --status", "{error}");
    assert!(error["hint"].to_string().contains("graph"), "{error}");
    assert_eq!(stage.tenant.requests_to("/api/"), 0);
    stage.run(&["--api", "graph", "incidents", "list", "--status", "awaitingAction"]).well();
}

#[test]
fn a_wait_of_days_is_told_as_the_server_said_it() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, status(429, Some(10 * 24 * 3600)));
    let error = stage.run(&["-o", "json", "incidents", "list"]).ends(7).error();
    let until: Timestamp = error["until"].as_str().expect("a moment").parse().expect("a time");
    let hours = until.duration_since(Timestamp::now()).as_hours();
    assert!((239..=240).contains(&hours), "{error}");
}

#[test]
fn a_retry_says_what_it_is_for() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 1, status(502, None));
    stage.run(&["-v", "incidents", "list", "--limit", "1"]).well().saying(&["HTTP 502"]);
}

#[test]
fn errors_hold_no_characters_that_reorder_or_hide() {
    let stage = Stage::new();
    let trick = "7\u{202E}evil\u{200B}";
    for arguments in [
        vec!["incidents", "list", "--since", trick],
        vec!["--api", "legacy", "incidents", "get", trick],
        vec!["incidents", "list", "--status", trick],
    ] {
        let ran = stage.run(&arguments).ends(2);
        assert!(ran.stderr.contains("7evil"), "{}", ran.stderr);
        assert!(!ran.stderr.contains(['\u{202E}', '\u{200B}']), "{}", ran.stderr.escape_unicode());
    }
}

#[test]
fn raw_answers_are_no_table() {
    let stage = Stage::new();
    stage.run(&["--raw", "-o", "table", "incidents", "list"]).ends(2).saying(&["--raw"]);
    stage.run(&["--raw", "incidents", "list", "--limit", "1"]).well();
}

#[test]
fn ctrl_c_ends_a_hunt_that_waits_for_its_query_at_once() {
    let stage = Stage::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_defender-xdr"))
        .args(["hunt", "-"])
        .env_clear()
        .env("HOME", stage.home.path())
        .env("XDG_CONFIG_HOME", stage.home.path().join("config"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let keyboard = child.stdin.take();
    // Nothing outside tells that it reads by now.
    sleep(Duration::from_secs(1));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let stopped = Instant::now();
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    assert!(stopped.elapsed() < Duration::from_secs(1), "{:?}", stopped.elapsed());
    drop(keyboard);
}
