//! A new sealing key under sign-ins that are there: nobody has to sign in again, whenever it is killed, and whoever
//! works meanwhile goes on.
//!
//! `DEFENDER_XDR_TEST_ROUNDS` is how many kills there are; `cargo xtask prove kill` sets it to a thousand.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";
const KEYS: [&str; 2] =
    ["BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg="];
const ACCOUNTS: [&str; 4] = ["one", "two", "three", "four"];

#[expect(clippy::disallowed_methods, reason = "the one question of a test to whoever runs it")]
fn rounds() -> usize {
    let asked = std::env::var("DEFENDER_XDR_TEST_ROUNDS").ok();
    asked.map_or(20, |text| text.parse().expect("a number of rounds"))
}

/// A moment in a run that takes this long, or shortly after its end.
fn moment(whole: Duration) -> Duration {
    let nanoseconds = u64::try_from(whole.as_nanos()).expect("short") * 6 / 5;
    Duration::from_nanos(RandomState::new().hash_one(0) % nanoseconds.max(1))
}

/// Several sign-ins of one person, each in a record of its own.
fn signed_in() -> Stage {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    let first = stage.home.sealed_records();
    for account in ACCOUNTS {
        let flag = format!("account={account}");
        stage.run(&["--set", &flag, "auth", "start"]).well();
        stage.tenant.control().approve(&stage.user_code(), DANA).expect("the person approves");
        stage.run(&["--set", &flag, "auth", "complete"]).well();
    }
    assert!(stage.home.sealed_records().len() > first.len(), "each account has a record");
    stage
}

fn everybody_is_signed_in(stage: &Stage, told: &str) {
    for account in ACCOUNTS {
        let ran = stage.run(&["--set", &format!("account={account}"), "auth", "status"]);
        assert_eq!(ran.code, 0, "{account}, {told}: {}", ran.stderr);
        assert!(!ran.stderr.contains("warning"), "{account}, {told}: {}", ran.stderr);
    }
}

#[test]
fn a_new_key_file_costs_nobody_a_sign_in() {
    let stage = signed_in();
    let key = stage.home.config().join("sealing.key");
    let before = fs::read(&key).expect("a key");
    let rotated = stage.run(&["auth", "rotate-key", "-o", "json"]).well().json();
    assert_eq!(rotated["resealed"], stage.home.sealed_records().len());
    assert_eq!(rotated["sealing_key"], "file");
    assert_ne!(fs::read(&key).expect("a key"), before);
    everybody_is_signed_in(&stage, "after the rotation");
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    // The old key opens nothing any more.
    fs::remove_file(&key).expect("removed");
    stage.home.write("config/defender-xdr/sealing.key", std::str::from_utf8(&before).expect("hex"), 0o600);
    stage.run(&["auth", "status"]).ends(1).saying(&["another key"]);
}

#[test]
fn sign_ins_move_from_the_key_file_to_a_variable_and_to_another_variable() {
    let stage = signed_in();
    stage.also("sealing-key-source = \"environment\"");
    let with = |key: &str, words: &[&str]| stage.command(words).env("DEFENDER_XDR_SEALING_KEY", key);
    with(KEYS[0], &["auth", "status"]).go().ends(1).saying(&["another key", "--from"]);
    with(KEYS[0], &["auth", "rotate-key", "--from", "file"])
        .go()
        .well()
        .saying(&["sealing.key", "remove it"]);
    with(KEYS[0], &["auth", "status"]).go().well();
    with(KEYS[0], &["auth", "rotate-key"]).go().ends(3).saying(&["where it is set", "--from environment"]);
    with(KEYS[1], &["auth", "rotate-key", "--from", "environment"])
        .go()
        .ends(3)
        .saying(&["DEFENDER_XDR_PREVIOUS_SEALING_KEY is not set"]);
    let moved = with(KEYS[1], &["auth", "rotate-key", "--from", "environment"])
        .env("DEFENDER_XDR_PREVIOUS_SEALING_KEY", KEYS[0])
        .go()
        .well();
    assert_eq!(moved.json()["resealed"], stage.home.sealed_records().len());
    with(KEYS[1], &["auth", "status"]).go().well();
}

#[test]
fn a_passphrase_is_changed_with_the_one_before_it() {
    let stage = signed_in();
    stage.also("sealing-key-source = \"passphrase\"");
    let with = |words: &str, arguments: &[&str]| {
        stage.command(arguments).env("DEFENDER_XDR_SEALING_PASSPHRASE", words)
    };
    with("the first of them", &["auth", "rotate-key", "--from", "file"]).go().well();
    with("the first of them", &["auth", "status"]).go().well();
    with("the first of them", &["auth", "rotate-key"]).go().well();
    with("the first of them", &["auth", "status"]).go().well();
    with("the second of them", &["auth", "rotate-key", "--from", "passphrase"])
        .env("DEFENDER_XDR_PREVIOUS_SEALING_PASSPHRASE", "the first of them")
        .go()
        .well()
        .saying(&["`previous-sealing-passphrase`", "remove it"]);
    with("the second of them", &["auth", "status"]).go().well();
    with("the first of them", &["auth", "status"]).go().ends(1);
}

#[test]
fn a_key_cannot_move_from_a_file_to_the_same_file() {
    let stage = signed_in();
    let before = stage.home.snapshot();
    stage.run(&["auth", "rotate-key", "--from", "file"]).ends(2).saying(&["--from", "leave"]);
    stage.run(&["auth", "rotate-key", "--from", "elsewhere"]).ends(2);
    assert_eq!(stage.home.snapshot(), before);
}

#[test]
fn a_rotation_killed_at_any_moment_loses_no_sign_in() {
    let stage = signed_in();
    let whole = (0..3)
        .map(|_| {
            let started = Instant::now();
            stage.run(&["auth", "rotate-key"]).well();
            started.elapsed()
        })
        .max()
        .expect("three runs");
    let (mut in_time, mut amid) = (0, 0);
    for round in 0..rounds() {
        let mut child = stage.start(&["auth", "rotate-key"]);
        std::thread::sleep(moment(whole));
        child.kill().expect("it is ours to kill");
        in_time += usize::from(child.wait().expect("it ends").signal() == Some(9));
        let tokens = fs::read_dir(stage.home.state().join("tokens")).expect("records");
        let names = tokens.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        amid += usize::from(names.into_iter().any(|name| name.starts_with("previous-keys-")));
        everybody_is_signed_in(&stage, &format!("after kill {round}"));
    }
    stage.run(&["auth", "rotate-key"]).well();
    everybody_is_signed_in(&stage, "after the last rotation");
    assert!(
        !stage.home.sealed_records().iter().any(|path| path.to_string_lossy().contains("previous-keys-")),
        "old keys are forgotten"
    );
    println!(
        "rotation: {} kills, {in_time} of them before the end, {amid} amid the change of keys",
        rounds()
    );
}

#[test]
fn who_works_while_the_key_changes_goes_on() {
    let stage = signed_in();
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let words =
                ["--set", &format!("account={}", ACCOUNTS[worker]), "auth", "test"].map(str::to_owned);
            stage.start(&words.each_ref().map(String::as_str))
        })
        .collect();
    for _ in 0..5 {
        stage.run(&["auth", "rotate-key"]).well();
    }
    for worker in workers {
        let output = worker.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    everybody_is_signed_in(&stage, "after the work");
}
