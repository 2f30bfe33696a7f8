//! The operating system's keyring, in a build with that feature: a real gnome-keyring on a session bus of its own. Needs
//! `dbus-run-session`, `gnome-keyring-daemon` and `secret-tool`.

use std::fs;
use std::os::unix::fs::DirBuilderExt;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Run, Stage};

const LIST: [&str; 4] = ["incidents", "list", "--limit", "1"];
/// A bus, the keyring unlocked as a login would, then the words of the test.
const SESSION: &str =
    "printf login-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && eval \"$1\"";

/// Runs a shell line in a desktop session of the stage's home. The keyring's file outlives the session.
fn in_a_session(stage: &Stage, line: &str) -> Run {
    let runtime = stage.home.path().join("runtime");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&runtime).expect("the directory is made");
    Run::of("/usr/bin/dbus-run-session", &stage.home, &["--", "sh", "-c", SESSION, "sh", line])
        .env("PATH", "/usr/bin:/bin")
        .env("XDG_RUNTIME_DIR", runtime.to_str().expect("text"))
        .env("XDG_DATA_HOME", stage.home.path().join("data").to_str().expect("text"))
}

fn line(words: &[&str]) -> String {
    format!("{} {}", env!("CARGO_BIN_EXE_defender-xdr"), words.join(" "))
}

#[test]
fn the_sealing_key_rests_in_the_keyring_and_can_be_changed_there() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"keyring\"");
    in_a_session(&stage, &line(&LIST)).go().well();
    let run = |words: &[&str]| in_a_session(&stage, &line(words)).go();
    run(&LIST).well();
    let tokens = format!("/{}/oauth2", defender_xdr_emulator::directory::tenants::AURORA.id);
    assert_eq!(stage.tenant.requests_to(&tokens), 1, "the token was kept");
    assert!(!stage.home.config().join("sealing.key").exists());
    let status = run(&["auth", "status", "-o", "json"]).well().json();
    assert_eq!(status["sealing_key"], "keyring");
    assert!(status["protects_against"].to_string().contains("locked"), "{status}");
    assert_eq!(run(&["auth", "rotate-key", "-o", "json"]).well().json()["resealed"], 1);
    run(&["auth", "status"]).well();
    stage.also("token-store = \"sealed\"");
    let text = fs::read_to_string(stage.home.settings_file()).expect("settings");
    stage.home.settings(&text.replace("\"keyring\"", "\"file\""));
    run(&["auth", "rotate-key", "--from", "keyring"]).well();
    stage.run(&["auth", "status"]).well();
}

#[test]
fn processes_that_start_at_once_agree_on_one_key() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"keyring\"");
    let one = line(&["auth", "status", ">/dev/null"]);
    let list = line(&["incidents", "list", "--limit", "1", ">/dev/null"]);
    let line = format!("for i in 1 2 3 4 5 6; do {list} & done; wait; {one}");
    let ran = in_a_session(&stage, &line).go().well();
    assert!(!ran.stderr.contains("another key"), "{}", ran.stderr);
}

#[test]
fn without_a_session_the_keyring_is_one_settings_error() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"keyring\"");
    stage.command(&LIST).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").go().ends(3).saying(&[
        "keyring entry",
        "config.toml, line",
        "sealing-key-source",
        "passphrase",
    ]);
    assert!(stage.tenant.control().requests().is_empty());
}

#[test]
fn a_secret_may_be_an_entry_of_the_keyring() {
    let stage = Stage::bare(Options::default());
    let secret = AUTOMATION.secret.as_ref().expect("it has one").value;
    let settings =
        stage.settings_of("client-credentials", AUTOMATION.id, "client-secret = \"keyring:defender\"\n");
    stage.home.settings(&settings);
    let missing = in_a_session(&stage, &line(&LIST)).go();
    assert_ne!(missing.code, 0);
    missing.saying(&["no entry", "`defender`"]);
    stage.home.write("secret", secret, 0o600);
    let store = "secret-tool store --label=test service defender-xdr username defender < secret";
    in_a_session(&stage, &format!("{store} && {}", line(&LIST))).go().well();
}
