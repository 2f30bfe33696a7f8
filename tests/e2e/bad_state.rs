//! Stored sign-ins that are damaged, and places where nothing can be stored.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";

fn signed_in() -> Stage {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    stage
}

fn overwrite(stage: &Stage, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let records = stage.home.sealed_records();
    assert_eq!(records.len(), 1, "{records:?}");
    let changed = change(fs::read(&records[0]).expect("a record"));
    let mut file = OpenOptions::new().write(true).truncate(true).open(&records[0]).expect("writable");
    file.write_all(&changed).expect("written");
}

fn is_named_and_mended_by_signing_in(stage: &Stage) {
    stage.run(&["incidents", "list", "--limit", "1"]).ends(4).saying(&["warning", ".sealed", "auth"]);
    stage.run(&["auth", "status"]).ends(1);
    stage.sign_in(DANA);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_record_with_a_flipped_bit_is_named_and_mended_by_signing_in() {
    let stage = signed_in();
    overwrite(&stage, |mut record| {
        let middle = record.len() / 2;
        record[middle] ^= 1;
        record
    });
    is_named_and_mended_by_signing_in(&stage);
}

#[test]
fn a_record_that_was_cut_is_named_and_mended_by_signing_in() {
    let stage = signed_in();
    overwrite(&stage, |record| record[..record.len() / 3].to_vec());
    is_named_and_mended_by_signing_in(&stage);
}

#[test]
fn an_empty_record_is_named_and_mended_by_signing_in() {
    let stage = signed_in();
    overwrite(&stage, |_| Vec::new());
    is_named_and_mended_by_signing_in(&stage);
}

/// The key may come back, and with it the sign-in: nothing is written over before the person says so.
#[test]
fn a_lost_key_is_named_and_nothing_is_written_over_it_before_a_reset() {
    let stage = signed_in();
    let key = stage.home.config().join("sealing.key");
    let kept = fs::read(&key).expect("the key is there");
    fs::remove_file(&key).expect("the key is removed");
    stage.run(&["auth", "start"]).ends(3).saying(&["another key", "auth reset"]);
    stage.home.write("config/defender-xdr/sealing.key", std::str::from_utf8(&kept).expect("hex"), 0o600);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    fs::remove_file(&key).expect("the key is removed for good");
    stage.run(&["auth", "reset"]).well();
    stage.sign_in(DANA);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let stage = signed_in();
    let key = stage.home.config().join("sealing.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("the mode is changed");
    let ran = stage.run(&["incidents", "list", "--limit", "1"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    ran.saying(&["sealing.key", "other users"]);
}

/// Root may write anywhere, so a directory without permission proves nothing; a file in its place stops everybody.
#[test]
fn without_a_place_for_state_a_list_still_works_with_a_warning() {
    let stage = Stage::new();
    stage.home.write("state/defender-xdr", "", 0o600);
    let ran =
        stage.run(&["incidents", "list", "--limit", "2"]).well().saying(&["warning", "state/defender-xdr"]);
    assert_eq!(ran.records().len(), 2);
}

#[test]
fn without_a_place_for_state_a_sign_in_cannot_be_started() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.home.write("state/defender-xdr", "", 0o600);
    stage.run(&["auth", "start"]).ends(3).saying(&["state/defender-xdr", "hint"]);
}

#[test]
fn without_a_home_a_list_works_and_nothing_is_kept() {
    let stage = Stage::new();
    let settings = stage.home.settings_file();
    let settings = settings.to_str().expect("a path in text");
    let ran = stage
        .command(&["--config", settings, "incidents", "list", "--limit", "1"])
        .env("HOME", "")
        .env("XDG_CONFIG_HOME", "")
        .env("XDG_STATE_HOME", "")
        .go()
        .well()
        .saying(&["HOME", "memory"]);
    assert_eq!(ran.records().len(), 1);
    assert!(stage.home.sealed_records().is_empty());
}

/// Such a file may hold a whole session, or a key.
#[test]
fn a_reset_forgets_what_a_killed_writer_left_too() {
    let stage = signed_in();
    let left = [
        stage.home.write("state/defender-xdr/tokens/.defender-xdr-writing-Ab12", "a session", 0o600),
        stage.home.write("config/defender-xdr/.defender-xdr-writing-Cd34", "a key", 0o600),
    ];
    stage.run(&["auth", "reset"]).well();
    for file in left {
        assert!(!file.exists(), "{} is still there", file.display());
    }
}

#[test]
fn a_pipe_in_the_place_of_a_record_is_named_and_not_waited_for() {
    let stage = signed_in();
    let record = stage.home.sealed_records().pop().expect("a record");
    fs::remove_file(&record).expect("removed");
    assert!(Command::new("mkfifo").arg(&record).status().expect("mkfifo runs").success());
    stage.run(&["auth", "status"]).ends(1).saying(&["warning", ".sealed", "no plain file"]);
}

#[test]
fn who_waits_for_a_record_that_another_process_holds_is_told_which() {
    let stage = signed_in();
    let record = stage.home.sealed_records().pop().expect("a record");
    let lock = File::options().write(true).open(record.with_extension("lock")).expect("a lock");
    lock.lock().expect("free");
    // The pause of a lock that is held for good: as long as the budget of repetitions, and half a minute.
    stage.also("retry-budget = 1");
    let waiting = stage.start(&["auth", "test"]);
    std::thread::sleep(Duration::from_secs(5));
    drop(lock);
    let ended = waiting.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && told.contains("waiting for another process"), "{told}");
    assert!(told.contains(".lock"), "{told}");
}

#[test]
fn what_is_kept_is_for_nobody_else() {
    let stage = signed_in();
    for (path, _) in stage.home.snapshot() {
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
    for directory in [stage.home.state(), stage.home.state().join("tokens")] {
        let mode = fs::metadata(&directory).expect("a directory").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", directory.display());
    }
}
