//! The same change for many incidents: each once, an outcome for each, whatever happens to the others.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Command;

use defender_xdr_emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::support::{Ran, Stage, status, until};

const APIS: [(&str, &str); 2] = [("graph", "/v1.0/security/incidents/"), ("legacy", "/api/incidents/")];

fn outcomes(ran: &Ran) -> BTreeMap<String, String> {
    let word = |value: &Value| value.as_str().expect("text").to_owned();
    let records: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: BTreeMap<String, String> =
        records.iter().map(|record| (word(&record["id"]), word(&record["outcome"]))).collect();
    assert_eq!(told.len(), records.len(), "an id came twice: {}", ran.stdout);
    told
}

fn update(stage: &Stage, api: &str, arguments: &[&str]) -> Ran {
    let mut all = vec!["--api", api, "-o", "ndjson", "incidents", "update"];
    all.extend(arguments);
    stage.run(&all)
}

fn expected(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(id, outcome)| ((*id).to_owned(), (*outcome).to_owned())).collect()
}

fn changes_sent(stage: &Stage) -> usize {
    let changes =
        |method: &str, path: &str| method == "PATCH" || (method == "POST" && path.ends_with("/comments"));
    stage.tenant.control().requests().iter().filter(|one| changes(&one.method, &one.path)).count()
}

#[test]
fn many_incidents_are_changed_and_each_is_told() {
    for (api, _) in APIS {
        let stage = Stage::new();
        let ids = ["20100", "20101", "20102", "20103", "20104", "20105", "20100"];
        let mut arguments = ids.to_vec();
        arguments.extend(["--add-tag", "swept", "--comment", "swept up"]);
        let ran = update(&stage, api, &arguments).well();
        let all: Vec<_> = ids[..6].iter().map(|id| (*id, "updated")).collect();
        assert_eq!(outcomes(&ran), expected(&all), "{api}");
        for id in &ids[..6] {
            let seen = stage.run(&["incidents", "get", id]).well().json();
            assert!(seen["customTags"].to_string().contains("swept"), "{api}: {seen}");
            assert_eq!(seen["comments"].to_string().matches("swept up").count(), 1, "{api}");
        }
        let again =
            update(&stage, api, &["20100", "20101", "--add-tag", "swept", "--comment", "swept up", "--once"]);
        assert_eq!(
            outcomes(&again.well()),
            expected(&[("20100", "unchanged"), ("20101", "unchanged")]),
            "{api}"
        );
    }
}

#[test]
fn what_a_list_prints_can_be_changed_in_any_form() {
    let stage = Stage::new();
    for format in [&["-o", "json"][..], &["-o", "ndjson"], &["-o", "ndjson", "--raw", "--api", "legacy"]] {
        let mut list = vec!["incidents", "list", "--limit", "3", "--with-alerts"];
        list.extend(format);
        let printed = stage.run(&list).well().stdout;
        let change = ["-o", "ndjson", "incidents", "comment", "-", "--text", "seen"];
        let ran = stage.command(&change).input(&printed).go().well();
        assert_eq!(outcomes(&ran).len(), 3, "{format:?}: {}", ran.stderr);
    }
    let bare = stage.command(&["-o", "json", "incidents", "update", "-", "20103", "--add-tag", "x"]);
    assert_eq!(bare.input("20101\n\n20102\r\n20103\n").go().well().records().len(), 3);
    let none =
        stage.command(&["-o", "json", "incidents", "update", "-", "--add-tag", "x"]).input("").go().well();
    assert_eq!(none.json(), json!([]));
}

#[test]
fn input_that_breaks_off_changes_nothing() {
    let stage = Stage::new();
    let change = ["-o", "json", "incidents", "update", "-", "--status", "resolved"];
    let ran = stage.command(&change).input("{\"id\":\"20100\"}\n{\"id\":\"201").go().ends(2);
    assert_eq!(ran.error()["source"], "standard input, line 2");
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}

#[test]
fn one_that_fails_leaves_the_others_alone() {
    for (api, _) in APIS {
        let stage = Stage::new();
        let ids = ["20100", "99999", "no id", "20101", "--add-tag", "z", "--concurrency", "1"];
        let ran = update(&stage, api, &ids).ends(9);
        let told = [("20100", "updated"), ("20101", "updated"), ("99999", "failed"), ("no id", "failed")];
        assert_eq!(outcomes(&ran), expected(&told), "{api}");
        assert_eq!(ran.error()["kind"], "partial");
        assert!(ran.stdout.contains(r#""kind":"not-found""#), "{}", ran.stdout);
        let lost = update(&stage, api, &["99998", "99999", "--status", "resolved"]).ends(6);
        assert_eq!(lost.error()["kind"], "not-found", "{api}");
    }
}

#[test]
fn nothing_is_tried_that_cannot_work() {
    let stage = Stage::new();
    stage.tenant.switch(&json!({ "legacy_retired": 410 }));
    let ids: Vec<String> = (20_100..20_140).map(|id| id.to_string()).collect();
    let mut arguments: Vec<&str> = ids.iter().map(String::as_str).collect();
    arguments.extend(["--status", "resolved", "--concurrency", "2"]);
    let ran = update(&stage, "legacy", &arguments).ends(8);
    assert_eq!(ran.error()["kind"], "retired");
    assert_eq!(outcomes(&ran).values().filter(|outcome| *outcome == "failed").count(), 40);
    assert!(stage.tenant.requests_to("/api/incidents/") <= 3);
    update(&stage, "graph", &["20100", "20101", "--status", "redirected"]).ends(2);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}

#[test]
fn no_more_run_at_a_time_than_allowed() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/security/incidents/", 0, 40, Fault::Slow { milliseconds: 200 });
    let started = std::time::Instant::now();
    let ids: Vec<String> = (20_100..20_108).map(|id| id.to_string()).collect();
    let mut arguments: Vec<&str> = ids.iter().map(String::as_str).collect();
    arguments.extend(["--display-name", "one", "--concurrency", "8"]);
    update(&stage, "graph", &arguments).well();
    let together = started.elapsed();
    arguments.truncate(8);
    arguments.extend(["--display-name", "two", "--concurrency", "1"]);
    let started = std::time::Instant::now();
    update(&stage, "graph", &arguments).well();
    assert!(started.elapsed() > together + std::time::Duration::from_millis(800), "{together:?}");
}

#[test]
fn a_preview_tells_what_would_change_and_sends_no_change() {
    let stage = Stage::new();
    stage.run(&["incidents", "update", "20100", "--status", "active", "--tags", "a,b"]).well();
    stage.tenant.control().clear_requests();
    for (api, _) in APIS {
        let dry =
            ["--status", "active", "--add-tag", "c", "--comment", "x", "--assigned-to", "me@x", "--dry-run"];
        let mut one = vec!["--api", api, "-o", "json", "incidents", "update", "20100"];
        one.extend(dry);
        let told = stage.run(&one).well().json();
        assert_eq!((&told["id"], &told["outcome"]), (&json!("20100"), &json!("would-update")), "{api}");
        assert_eq!(told["unchanged"], json!(["status"]), "{api}");
        let changes = told["changes"].as_array().expect("changes");
        let of =
            |field: &str| changes.iter().find(|change| change["field"] == field).expect("a change").clone();
        assert_eq!(
            of("customTags"),
            json!({ "field": "customTags", "from": ["a", "b"], "to": ["a", "b", "c"] })
        );
        assert_eq!(of("assignedTo")["to"], "me@x");
        assert_eq!(of("comment"), json!({ "field": "comment", "from": null, "to": "x" }));
        let mut people = vec!["--api", api, "-o", "table", "incidents", "update", "20100"];
        people.extend(dry);
        let table = stage.run(&people).well().stdout;
        assert!(table.contains("(unchanged)") && table.contains("a, b, c"), "{table}");
        let mut many = vec!["20100", "99999"];
        many.extend(dry);
        let ran = update(&stage, api, &many).ends(9);
        assert_eq!(outcomes(&ran), expected(&[("20100", "would-update"), ("99999", "failed")]), "{api}");
    }
    assert_eq!(changes_sent(&stage), 0);
}

#[test]
fn a_comment_for_several_needs_its_flag() {
    let stage = Stage::new();
    stage.run(&["incidents", "comment", "20100", "20101", "hello"]).ends(2).saying(&["--text"]);
    stage.run(&["incidents", "comment", "20100"]).ends(2).saying(&["--text"]);
    stage.run(&["incidents", "comment", "20100", "20101", "--text", " "]).ends(2).saying(&["empty"]);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}

#[test]
fn ctrl_c_finishes_what_was_begun_and_begins_nothing_more() {
    let stage = Stage::new();
    let slow = Fault::Slow { milliseconds: 700 };
    stage.tenant.fault("/v1.0/security/incidents/", 0, 100, slow);
    let ids: Vec<String> = (20_100..20_120).map(|id| id.to_string()).collect();
    let mut arguments = vec!["-o", "ndjson", "incidents", "update"];
    arguments.extend(ids.iter().map(String::as_str));
    arguments.extend(["--display-name", "swept", "--concurrency", "2"]);
    let mut child = stage.start(&arguments);
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut first).expect("an outcome as soon as there is one");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let rest: Vec<String> = reader.lines().map(|line| line.expect("text")).collect();
    let ran = Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    let told = rest.len() + 1;
    assert!((2..=5).contains(&told), "{told}: {rest:?}");
    ran.saying(&["stopping", &format!("{told} of 20 incidents were done")]);
    let names = stage.run(&["incidents", "list", "--text", "swept", "--all"]).well().ids();
    let updated = std::iter::once(&first).chain(&rest).filter(|line| line.contains("updated")).count();
    assert_eq!(names.len(), updated);
}

#[test]
fn a_second_ctrl_c_names_what_was_left_under_way() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/security/incidents/", 0, 100, Fault::Slow { milliseconds: 15_000 });
    let child = stage.start(&[
        "incidents",
        "update",
        "20100",
        "20101",
        "20102",
        "--display-name",
        "x",
        "--concurrency",
        "2",
    ]);
    until("two requests came", || (stage.tenant.requests_to("/v1.0/security/incidents/") >= 2).then_some(()));
    for _ in 0..2 {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    let ran = Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    ran.saying(&["may have been made", "20100, 20101"]);
}

#[test]
fn a_lost_answer_is_looked_for_among_many_too() {
    for (api, path) in APIS {
        let stage = Stage::new();
        // One change is made and its answer lost; another is lost before it is made.
        let cut = FaultRule {
            method: Some("PATCH".into()),
            ..FaultRule::once(format!("{path}20100"), Fault::CutBody { bytes: 10 })
        };
        stage.tenant.control().add_fault(cut);
        let lost = FaultRule {
            method: Some("PATCH".into()),
            ..FaultRule::once(format!("{path}20101"), status(500, None))
        };
        stage.tenant.control().add_fault(lost);
        let ran = update(&stage, api, &["20100", "20101", "20102", "--add-tag", "z"]).ends(9);
        let told = [("20100", "updated"), ("20101", "unknown"), ("20102", "updated")];
        assert_eq!(outcomes(&ran), expected(&told), "{api}");
    }
}
