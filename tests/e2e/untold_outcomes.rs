//! Changes whose outcome cannot be printed: nothing more is begun, and stderr says what was done.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Ran, Stage};

fn ids() -> Vec<String> {
    (20_100..20_140).map(|id| id.to_string()).collect()
}

fn words(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(|id| id.as_str().expect("an id").to_owned()).collect()
}

fn swept(stage: &Stage) -> BTreeSet<String> {
    stage.run(&["-o", "json", "incidents", "list", "--text", "swept", "--all"]).well().ids()
}

/// Changes forty incidents, and says everything into a full disk.
fn sweep_into_a_full_disk(stage: &Stage, format: &str) -> Ran {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let child = Command::new(env!("CARGO_BIN_EXE_defender-xdr"))
        .args(["-o", format, "incidents", "update", "--display-name", "swept"])
        .args(ids())
        .env_clear()
        .env("HOME", stage.home.path())
        .env("XDG_CONFIG_HOME", stage.home.path().join("config"))
        .env("XDG_STATE_HOME", stage.home.path().join("state"))
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .output();
    Ran::new(child.expect("it ends"))
}

#[test]
fn a_reader_who_goes_away_ends_the_changes_and_stderr_says_how_far_they_came() {
    let stage = Stage::new();
    let ids = ids();
    let mut arguments = vec!["-o", "ndjson", "incidents", "update", "--display-name", "swept"];
    arguments.extend(ids.iter().map(String::as_str));
    let mut child = stage.start(&arguments);
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut first).expect("an outcome as soon as there is one");
    drop(reader);
    let error = Ran::new(child.wait_with_output().expect("it ends")).ends(9).error();
    assert_eq!((&error["kind"], &error["exit"]), (&Value::from("partial"), &Value::from(9)));
    let (changed, left) = (words(&error["changed"]), words(&error["not_tried"]));
    assert!(!changed.is_empty() && !left.is_empty(), "{error}");
    assert_eq!(changed, swept(&stage), "{error}");
    assert_eq!(changed.union(&left).cloned().collect::<BTreeSet<_>>(), ids.into_iter().collect());
}

#[test]
fn a_full_disk_ends_the_changes_and_stderr_says_how_far_they_came() {
    let stage = Stage::new();
    let error = sweep_into_a_full_disk(&stage, "ndjson").ends(9).error();
    let (changed, left) = (words(&error["changed"]), words(&error["not_tried"]));
    assert!(!left.is_empty(), "{error}");
    assert_eq!(changed, swept(&stage), "{error}");
    assert_eq!(changed.len() + left.len(), 40, "{error}");
}

#[test]
fn a_table_that_finds_no_room_at_its_end_was_of_changes_made() {
    let stage = Stage::new();
    let ran = sweep_into_a_full_disk(&stage, "table").ends(9);
    assert_eq!(swept(&stage).len(), 40);
    for id in ids() {
        assert!(ran.stderr.contains(&id), "{id}: {}", ran.stderr);
    }
}

#[test]
fn a_change_of_one_whose_reader_went_away_was_made_all_the_same() {
    let stage = Stage::new();
    let mut child = stage.start(&["incidents", "update", "20100", "--display-name", "swept"]);
    drop(child.stdout.take());
    let ran = Ran::new(child.wait_with_output().expect("it ends")).ends(9);
    ran.saying(&["the change was made", "do not repeat"]);
    // Nothing is changed here.
    let mut child =
        stage.start(&["incidents", "update", "20101", "20102", "--status", "active", "--dry-run"]);
    drop(child.stdout.take());
    Ran::new(child.wait_with_output().expect("it ends")).well();
}
