//! Readers who go away, people who lose patience, outputs that are full.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Fault, Options};

use crate::support::{Ran, Stage, until};

fn interrupt(child: &Child) {
    signal(child, "-INT");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

/// Waits until the pipe behind standard output is full: something was written, and then nothing more for a second.
fn is_stuck(child: &Child) {
    let account = format!("/proc/{}/io", child.id());
    let (mut before, mut since) = (String::new(), Instant::now());
    until("nothing more is written", || {
        let text = std::fs::read_to_string(&account).ok()?;
        let written = text.lines().find_map(|line| line.strip_prefix("wchar: "))?.to_owned();
        if written != before || written.len() < 5 {
            (before, since) = (written, Instant::now());
        }
        (since.elapsed() > Duration::from_secs(1)).then_some(())
    });
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 2000, ..Options::default() });
    for format in ["json", "ndjson"] {
        let mut child = stage.start(&["incidents", "list", "--all", "-o", format]);
        let mut first = String::new();
        let mut reader = BufReader::with_capacity(64, child.stdout.take().expect("a pipe"));
        reader.read_line(&mut first).expect("a first line");
        assert!(!first.is_empty());
        drop(reader);
        Ran::new(child.wait_with_output().expect("it ends")).well();
    }
}

#[test]
fn help_into_a_closed_pipe_is_no_error() {
    let stage = Stage::new();
    let mut child = stage.start(&["--help"]);
    drop(child.stdout.take());
    Ran::new(child.wait_with_output().expect("it ends")).well();
}

#[test]
fn a_full_disk_behind_stdout_is_an_error() {
    let stage = Stage::new();
    let full = OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let child = Command::new(env!("CARGO_BIN_EXE_defender-xdr"))
        .args(["--demo", "incidents", "list"])
        .env_clear()
        .env("HOME", stage.home.path())
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .output();
    Ran::new(child.expect("it ends")).ends(8).saying(&["cannot write the output"]);
}

#[test]
fn ctrl_c_ends_a_list_that_waits() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, Fault::Slow { milliseconds: 15_000 });
    let child = stage.start(&["incidents", "list"]);
    until("the request came", || (stage.tenant.requests_to("/v1.0/") > 0).then_some(()));
    interrupt(&child);
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
}

#[test]
fn ctrl_c_ends_a_sign_in_that_waits_and_it_can_be_completed_later() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let child = stage.start(&["auth", "login"]);
    let code = stage.user_code();
    until("a poll came", || (stage.tenant.control().token_requests() > 0).then_some(()));
    interrupt(&child);
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    stage.tenant.control().approve(&code, "dana@aurora-lab.example").expect("approved");
    stage.run(&["auth", "complete"]).well();
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn ctrl_c_ends_the_emulator() {
    let stage = Stage::new();
    let mut child = stage.start(&["emulator", "-o", "json"]);
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut line).expect("a line when it is ready");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("an object");
    assert_eq!(ready["ready"], true);
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn ctrl_c_ends_a_list_whose_reader_does_not_read() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 2000, ..Options::default() });
    let mut child = stage.start(&["incidents", "list", "--all", "-o", "ndjson"]);
    let _unread = child.stdout.take();
    is_stuck(&child);
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn a_supervisor_ends_a_fetch_whose_reader_does_not_read() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 2000, ..Options::default() });
    let mut child = stage.start(&["fetch", "--since", "2000-01-01", "--follow"]);
    let unread = child.stdout.take().expect("a pipe");
    is_stuck(&child);
    signal(&child, "-TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    // What was handed over is in the pipe, and what was not comes again.
    let id =
        |line: &str| Some(serde_json::from_str::<serde_json::Value>(line).ok()?["id"].as_str()?.to_owned());
    let mut ids: BTreeSet<String> =
        BufReader::new(unread).lines().map_while(Result::ok).filter_map(|line| id(&line)).collect();
    assert!(!ids.is_empty() && ids.len() < 2000);
    let again = stage.run(&["fetch", "--since", "2000-01-01"]).well();
    ids.extend(again.stdout.lines().filter_map(id));
    assert_eq!(ids.len(), 2000);
}

#[test]
fn ctrl_c_ends_an_expression_that_never_ends() {
    let stage = Stage::new();
    let child = stage.start(&["--jq", "def f: f; f", "incidents", "list", "-o", "ndjson"]);
    until("the answer came", || (stage.tenant.requests_to("/v1.0/") > 0).then_some(()));
    interrupt(&child);
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
}
