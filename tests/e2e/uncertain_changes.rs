//! Changes of which nobody knows whether they were made, and changes that others make at the same time.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use defender_xdr_emulator::{BodyKind, Fault, FaultRule};
use serde_json::{Value, json};

use crate::support::{Ran, Stage, status, until};

const APIS: [(&str, &str); 2] = [("graph", "/v1.0/security/incidents/"), ("legacy", "/api/incidents/")];

fn active(stage: &Stage) -> String {
    let list = ["incidents", "list", "--status", "active", "--limit", "1"];
    stage.run(&list).well().json()[0]["id"].as_str().expect("an incident").to_owned()
}

#[track_caller]
fn warns_against_repeating(ran: Ran, id: &str, what: &str) {
    let error = ran.ends(8).error();
    assert_eq!(error["kind"], "outcome-unknown", "{what}: {error}");
    let hint = error["hint"].as_str().expect("a hint");
    assert!(
        hint.contains(&format!("incidents get {id}")) && hint.contains("do not repeat"),
        "{what}: {hint}"
    );
    assert!(!error.to_string().contains("try again"), "{what}: {error}");
}

/// Lets the next change of an incident go wrong; reading it goes well.
fn change_goes_wrong(stage: &Stage, path: &str, fault: &Fault) {
    stage.tenant.control().clear_faults();
    for method in ["PATCH", "POST"] {
        let rule = FaultRule { method: Some(method.into()), ..FaultRule::once(path, fault.clone()) };
        stage.tenant.control().add_fault(rule);
    }
}

#[test]
fn a_change_that_was_not_made_and_not_answered_is_looked_for_and_not_repeated() {
    for (api, path) in APIS {
        let stage = Stage::new();
        let id = active(&stage);
        for fault in [status(500, None), status(503, Some(1)), Fault::Reset] {
            let changes = [
                vec!["incidents", "update", &id, "--status", "inProgress"],
                vec!["incidents", "comment", &id, "once"],
            ];
            for change in changes {
                change_goes_wrong(&stage, &format!("{path}{id}"), &fault);
                let mut all = vec!["--api", api, "--set", "timeout=1", "-o", "json"];
                all.extend(&change);
                let ran = stage.run(&all);
                assert!(ran.stderr.contains("does not show the change yet"), "{api}: {}", ran.stderr);
                warns_against_repeating(ran, &id, &format!("{api} {fault:?} {change:?}"));
            }
        }
    }
}

#[test]
fn a_change_that_was_made_and_not_answered_is_found_and_counts() {
    for (api, path) in APIS {
        let stage = Stage::new();
        let id = active(&stage);
        let slow = Fault::Slow { milliseconds: 4_000 };
        for (round, fault) in [Fault::CutBody { bytes: 10 }, slow].into_iter().enumerate() {
            let tag = format!("round-{round}");
            // The same words in every round: what counts is that there is one more of them.
            for change in [vec!["update", &id, "--add-tag", &tag], vec!["comment", &id, "once"]] {
                change_goes_wrong(&stage, &format!("{path}{id}"), &fault);
                let mut all = vec!["--api", api, "--set", "timeout=1", "-o", "json", "incidents"];
                all.extend(&change);
                let ran = stage.run(&all).well();
                assert_eq!(ran.json()["id"], id.as_str(), "{api} {change:?}");
                ran.saying(&["the answer was lost", "the change was made"]);
            }
            let seen = stage.run(&["incidents", "get", &id]).well().json();
            assert!(seen["customTags"].to_string().contains(&tag), "{api}: {seen}");
            assert_eq!(seen["comments"].to_string().matches("\"once\"").count(), round + 1, "{api}: {seen}");
        }
    }
}

#[test]
fn a_comment_can_be_repeated_without_being_doubled() {
    for (api, path) in APIS {
        let stage = Stage::new();
        let id = active(&stage);
        let comment =
            ["--api", api, "-o", "json", "incidents", "comment", &id, "isolate\n  the host", "--once"];
        change_goes_wrong(&stage, &format!("{path}{id}"), &status(500, None));
        let error = stage.run(&comment).ends(8).error();
        assert!(error["hint"].to_string().contains("--once"), "{error}");
        for _ in 0..3 {
            stage.run(&comment).well();
        }
        let seen = stage.run(&["incidents", "get", &id]).well().json();
        assert_eq!(seen["comments"].to_string().matches("isolate").count(), 1, "{api}: {seen}");
    }
}

#[test]
fn a_comment_after_a_change_is_not_repeated_either() {
    let stage = Stage::new();
    let id = active(&stage);
    let path = format!("/v1.0/security/incidents/{id}/comments");
    let both = ["-o", "json", "incidents", "update", &id, "--status", "inProgress", "--comment", "once"];
    change_goes_wrong(&stage, &path, &status(500, None));
    let ran = stage.run(&both);
    assert!(ran.stderr.contains("the incident was changed"), "{}", ran.stderr);
    warns_against_repeating(ran, &id, "comment");
    change_goes_wrong(&stage, &path, &Fault::CutBody { bytes: 5 });
    let comments = stage.run(&both).well().json()["comments"].to_string();
    assert_eq!(comments.matches("\"once\"").count(), 1, "{comments}");
}

#[test]
fn a_person_who_stops_a_change_is_told_that_it_may_have_been_made() {
    for (api, path) in APIS {
        let stage = Stage::new();
        let id = active(&stage);
        let path = format!("{path}{id}");
        change_goes_wrong(&stage, &path, &Fault::Slow { milliseconds: 15_000 });
        let child = stage.start(&["--api", api, "incidents", "comment", &id, "once"]);
        // The first one reads.
        until("the change came", || (stage.tenant.requests_to(&path) > 1).then_some(()));
        interrupt(child.id());
        let ran = Ran::new(child.wait_with_output().expect("it ends")).ends(130);
        ran.saying(&["may have been made", &format!("incidents get {id}")]);
    }
}

fn interrupt(process: u32) {
    let sent = Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

#[test]
fn a_person_who_stops_a_list_is_told_nothing_of_changes() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 1, Fault::Slow { milliseconds: 15_000 });
    let child = stage.start(&["incidents", "list"]);
    until("the request came", || (stage.tenant.requests_to("/v1.0/") > 0).then_some(()));
    interrupt(child.id());
    assert_eq!(Ran::new(child.wait_with_output().expect("it ends")).ends(130).stderr, "");
}

#[test]
fn a_change_that_cannot_be_shown_was_made_all_the_same() {
    let stage = Stage::new();
    let id = active(&stage);
    for change in [vec!["update", &id, "--status", "inProgress"], vec!["comment", &id, "once"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let child = Command::new(env!("CARGO_BIN_EXE_defender-xdr"))
            .arg("incidents")
            .args(change)
            .env_clear()
            .env("HOME", stage.home.path())
            .env("XDG_CONFIG_HOME", stage.home.path().join("config"))
            .stdout(Stdio::from(full))
            .stderr(Stdio::piped())
            .output();
        Ran::new(child.expect("it ends")).ends(9).saying(&["the change was made", "do not repeat"]);
    }
}

#[test]
fn tags_added_by_many_processes_at_once_are_all_kept() {
    for (api, _) in APIS {
        let stage = Stage::new();
        let id = active(&stage);
        let tags: BTreeSet<String> = (0..12).map(|number| format!("tag-{number}")).collect();
        let children: Vec<_> = tags
            .iter()
            .map(|tag| stage.start(&["--api", api, "incidents", "update", &id, "--add-tag", tag]))
            .collect();
        for child in children {
            Ran::new(child.wait_with_output().expect("it ends")).well();
        }
        let seen = stage.run(&["--api", api, "incidents", "get", &id]).well().json();
        let kept: BTreeSet<String> = serde_json::from_value(seen["customTags"].clone()).expect("tags");
        assert!(kept.is_superset(&tags), "{api}: {kept:?}");
    }
}

#[test]
fn an_empty_value_changes_nothing_and_names_its_flag() {
    let stage = Stage::new();
    let id = active(&stage);
    let sent = stage.tenant.control().requests().len();
    for flag in ["--assigned-to", "--display-name", "--resolving-comment", "--comment"] {
        for value in ["", "  "] {
            stage.run(&["incidents", "update", &id, flag, value]).ends(2).saying(&[flag, "empty"]);
        }
    }
    let json = ["-o", "json", "incidents", "update", &id, "--assigned-to", ""];
    assert_eq!(stage.run(&json).ends(2).error()["source"], "flag --assigned-to");
    let word = ["-o", "json", "incidents", "update", &id, "--classification", "maybe"];
    assert_eq!(stage.run(&word).ends(2).error()["source"], "flag --classification");
    let both = ["incidents", "update", &id, "--add-tag", "a,b", "--remove-tag", "b"];
    stage.run(&both).ends(2).saying(&["added and removed"]);
    assert_eq!(stage.tenant.control().requests().len(), sent);
}

#[test]
fn a_comma_separates_tags_wherever_they_are_named() {
    let stage = Stage::new();
    let id = active(&stage);
    let update = |flags: &[&str]| -> Value {
        let mut all = vec!["incidents", "update", &id];
        all.extend(flags);
        stage.run(&all).well().json()["customTags"].clone()
    };
    assert_eq!(update(&["--tags", "a,b"]), json!(["a", "b"]));
    assert_eq!(update(&["--add-tag", "c,d"]), json!(["a", "b", "c", "d"]));
    assert_eq!(update(&["--remove-tag", "a,d"]), json!(["b", "c"]));
}

#[test]
fn a_retired_api_names_the_other_one_in_every_command() {
    let stage = Stage::new();
    let commands = [
        vec!["incidents", "list"],
        vec!["incidents", "get", "20250"],
        vec!["incidents", "update", "20250", "--status", "active"],
        vec!["incidents", "update", "20250", "--add-tag", "a"],
        vec!["incidents", "comment", "20250", "hello"],
        vec!["hunt", "DeviceInfo | take 1"],
    ];
    for answer in [403, 404, 410] {
        stage.tenant.switch(&json!({ "legacy_retired": answer }));
        for command in &commands {
            let mut all = vec!["--api", "legacy", "-o", "json"];
            all.extend(command);
            let error = stage.run(&all).ends(8).error();
            assert_eq!(error["kind"], "retired", "{answer} {command:?}: {error}");
            assert!(
                error["hint"].to_string().contains("api = \\\"graph\\\""),
                "{answer} {command:?}: {error}"
            );
        }
    }
}

#[test]
fn only_an_unknown_incident_is_not_found() {
    for (api, path) in APIS {
        let stage = Stage::new();
        stage.tenant.fault(path, 0, 9, status(404, None));
        stage.run(&["--api", api, "incidents", "get", "20250"]).ends(8).saying(&["endpoint"]);
    }
}

#[test]
fn a_gateway_page_in_place_of_the_thread_is_no_success() {
    let stage = Stage::new();
    let id = stage.run(&["incidents", "list", "--limit", "1"]).well().json()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let page = Fault::Status {
        status: 200,
        retry_after: None,
        body: Some("<html>login</html>".into()),
        body_kind: BodyKind::Html,
    };
    for fault in [page, Fault::WrongJson] {
        stage.tenant.fault(&format!("/v1.0/security/incidents/{id}/comments"), 0, 1, fault);
        let ran = stage.run(&["-o", "json", "incidents", "comment", &id, "please isolate"]).ends(8);
        assert_eq!(ran.error()["kind"], "outcome-unknown");
    }
}
