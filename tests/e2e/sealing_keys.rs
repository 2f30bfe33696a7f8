//! Where the sealing key comes from: each source keeps a sign-in from one command to the next, says what it guards
//! against, and is missed with one clear error. And nothing kept at all.

use std::fs;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Home, Ran, Run, Stage};

const DANA: &str = "dana@aurora-lab.example";
const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const WORDS: &str = "correct horse battery planted";
const LIST: [&str; 4] = ["incidents", "list", "--limit", "1"];

/// Signed in twice with one token request: the sign-in was kept.
fn keeps_a_sign_in(stage: &Stage, run: impl Fn(&[&str]) -> Run) {
    run(&LIST).go().well();
    run(&LIST).go().well();
    assert_eq!(stage.tenant.requests_to(&format!("/{}/oauth2", tenant())), 1, "the token was kept");
    assert_eq!(stage.home.sealed_records().len(), 1);
    assert!(!stage.home.config().join("sealing.key").exists(), "no key file is made beside another source");
}

fn tenant() -> &'static str {
    defender_xdr_emulator::directory::tenants::AURORA.id
}

fn says(status: &Ran, source: &str, against: &str, not_against: &str) {
    let json = status.json();
    assert_eq!((json["token_store"].as_str(), json["sealing_key"].as_str()), (Some("sealed"), Some(source)));
    assert!(json["protects_against"].to_string().contains(against), "{json}");
    assert!(json["does_not_protect_against"].to_string().contains(not_against), "{json}");
    let text = json["protection"].as_str().expect("a text");
    assert!(text.contains(against) && text.contains(not_against), "{text}");
}

#[test]
fn a_key_file_is_the_default_and_says_that_it_is_a_file_beside() {
    let stage = Stage::new();
    stage.run(&LIST).well();
    says(&stage.run(&["auth", "status"]).well(), "file", "directory of records alone", "run as you");
}

#[test]
fn a_variable_seals_and_no_key_touches_the_disk() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"environment\"");
    let run = |words: &[&str]| stage.command(words).env("DEFENDER_XDR_SEALING_KEY", KEY);
    keeps_a_sign_in(&stage, run);
    says(&run(&["auth", "status"]).go().well(), "environment", "not on it", "inherit");
    assert!(stage.home.snapshot().values().all(|content| !String::from_utf8_lossy(content).contains(KEY)));
    let other = KEY.replace("Bw", "CA");
    let ran = stage.command(&["auth", "status"]).env("DEFENDER_XDR_SEALING_KEY", &other).go().ends(1);
    ran.saying(&["another key", "rotate-key --from"]);
}

#[test]
fn a_systemd_credential_seals() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"systemd\"");
    let credential = stage.home.write("credentials/defender-xdr-sealing-key", KEY, 0o400);
    let directory = credential.parent().expect("a directory").to_str().expect("text").to_owned();
    let run = |words: &[&str]| stage.command(words).env("CREDENTIALS_DIRECTORY", &directory);
    keeps_a_sign_in(&stage, run);
    says(&run(&["auth", "status"]).go().well(), "systemd", "other services", "inside the same service");
}

#[test]
fn a_passphrase_seals_and_is_nowhere_on_the_disk() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"passphrase\"\nsealing-passphrase = \"env:WORDS\"");
    let run = |words: &[&str]| stage.command(words).env("WORDS", WORDS);
    keeps_a_sign_in(&stage, run);
    says(&run(&["auth", "status"]).go().well(), "passphrase", "cannot be guessed", "weak");
    assert!(
        stage.home.snapshot().values().all(|content| !String::from_utf8_lossy(content).contains("planted"))
    );
    let stretching = fs::read_to_string(stage.home.state().join("tokens/passphrase.json")).expect("beside");
    assert!(stretching.contains("argon2id") && stretching.contains("\"version\":1"), "{stretching}");
    let told = run(&["-vv", "incidents", "list", "--limit", "1"]).go().well().stderr;
    assert_eq!(told.matches("stretching the sealing passphrase").count(), 1, "{told}");
    let told = run(&["-vv", "auth", "flows"]).go().well().stderr;
    assert!(!told.contains("stretching"), "{told}");
    let ran = stage.command(&["auth", "status"]).env("WORDS", "another passphrase").go().ends(1);
    assert!(!ran.stderr.contains("planted"));
    ran.saying(&["not the one", "passphrase.json"]);
}

#[test]
fn a_missing_or_malformed_source_is_one_settings_error() {
    for (lines, variables, said) in [
        (
            "sealing-key-source = \"environment\"",
            &[][..],
            &["DEFENDER_XDR_SEALING_KEY is not set", "openssl"][..],
        ),
        (
            "sealing-key-source = \"environment\"",
            &[("DEFENDER_XDR_SEALING_KEY", "cGxhbnRlZA==")],
            &["DEFENDER_XDR_SEALING_KEY holds 7 bytes"],
        ),
        ("sealing-key-source = \"systemd\"", &[], &["CREDENTIALS_DIRECTORY is not set", "LoadCredential"]),
        ("sealing-key-source = \"systemd\"", &[("CREDENTIALS_DIRECTORY", "/nowhere")], &["/nowhere"]),
        ("sealing-key-source = \"passphrase\"", &[], &["`sealing-passphrase` is not set"]),
        (
            "sealing-key-source = \"passphrase\"\nsealing-passphrase = \"env:WORDS\"",
            &[],
            &["`sealing-passphrase`", "WORDS is not set"],
        ),
        (
            "sealing-key-source = \"passphrase\"\nsealing-passphrase = \"env:WORDS\"",
            &[("WORDS", "short")],
            &["fewer than 12 characters"],
        ),
        (
            "sealing-key-source = \"safe\"",
            &[],
            &["`safe`", "file, environment, systemd, passphrase, keyring"],
        ),
        ("token-store = \"disk\"", &[], &["`disk`", "sealed, memory"]),
    ] {
        let stage = Stage::new();
        stage.also(lines);
        let before = stage.home.snapshot();
        for words in [&LIST[..], &["auth", "status"], &["auth", "rotate-key"]] {
            let run = variables.iter().fold(stage.command(words), |run, (name, value)| run.env(name, value));
            let ran = run.go().ends(3).saying(said).saying(&["from:", "config.toml, line"]);
            assert!(!ran.stderr.contains("cGxhbnRlZA") && !ran.stderr.contains("planted"), "{}", ran.stderr);
        }
        assert_eq!(stage.home.snapshot(), before, "nothing was written with {lines}");
        assert!(stage.tenant.control().requests().is_empty(), "nobody was asked with {lines}");
    }
}

#[test]
fn a_key_that_is_set_and_not_used_is_told() {
    let stage = Stage::new();
    let ran = stage.command(&LIST).env("DEFENDER_XDR_SEALING_KEY", KEY).go().well();
    ran.saying(&["warning", "DEFENDER_XDR_SEALING_KEY has no effect", "`file`"]);
}

/// Which of the two this build is, `keyring` in the settings says.
#[test]
fn without_the_feature_a_keyring_is_refused_and_the_feature_named() {
    let stage = Stage::new();
    stage.also("sealing-key-source = \"keyring\"");
    let ran = stage.run(&LIST).ends(3);
    assert!(
        ran.stderr.contains("feature `keyring`") || ran.stderr.contains("keyring entry"),
        "{}",
        ran.stderr
    );
    let stage = Stage::bare(Options::default());
    let settings =
        stage.settings_of("client-credentials", AUTOMATION.id, "client-secret = \"keyring:defender\"\n");
    stage.home.settings(&settings);
    let ran = stage.run(&LIST);
    assert!([3, 4].contains(&ran.code) && ran.stderr.contains("keyring"), "{}", ran.stderr);
}

#[test]
fn a_store_in_memory_writes_nothing_anywhere() {
    let stage = Stage::new();
    stage.also("token-store = \"memory\"");
    let before: Vec<_> = stage.home.snapshot().into_keys().collect();
    let first = stage.run(&LIST).well().records()[0]["id"].as_str().expect("an id").to_owned();
    stage.run(&["auth", "test"]).well();
    stage.run(&["incidents", "update", &first, "--add-tag", "seen"]).well();
    stage.run(&["auth", "reset"]).well();
    let status = stage.run(&["auth", "status"]).ends(1).json();
    assert_eq!((status["token_store"].as_str(), status["sealing_key"].as_str()), (Some("memory"), None));
    stage.run(&["auth", "rotate-key"]).ends(3).saying(&["memory", "config.toml, line"]);
    assert_eq!(stage.home.snapshot().into_keys().collect::<Vec<_>>(), before, "no file was made");
    assert!(!stage.home.state().exists());
}

#[test]
fn a_sign_in_in_two_steps_says_that_memory_does_not_reach_from_one_to_the_other() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.also("token-store = \"memory\"");
    for step in ["start", "complete"] {
        stage.run(&["auth", step]).ends(3).saying(&["`token-store` is `memory`", "config.toml, line"]);
    }
    stage.run(&LIST).ends(4).saying(&["ends with the command that made it"]);
    assert!(!stage.home.state().exists());
}

#[test]
fn the_demonstration_reads_none_of_these_settings() {
    let home = Home::new();
    home.settings("sealing-key-source = \"systemd\"\n");
    Run::new(&home, &["--demo", "incidents", "list", "--limit", "1"]).go().well();
    Run::new(&home, &["--demo", "auth", "rotate-key"]).go().ends(2).saying(&["--demo-fresh"]);
}

#[test]
fn a_sign_in_of_a_person_survives_with_each_source() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.also("sealing-key-source = \"passphrase\"");
    let run = |words: &[&str]| stage.command(words).env("DEFENDER_XDR_SEALING_PASSPHRASE", WORDS);
    run(&["auth", "start"]).go().well();
    stage.tenant.control().approve(&stage.user_code(), DANA).expect("the person approves");
    run(&["auth", "complete"]).go().well();
    run(&LIST).go().well();
}

#[test]
fn no_key_and_no_passphrase_is_ever_printed() {
    let stage = Stage::new();
    stage.also("previous-sealing-passphrase = \"env:BEFORE\"");
    for source in ["file", "environment", "passphrase", "systemd"] {
        for words in [&LIST[..], &["auth", "status"], &["config", "show", "--all"], &["auth", "rotate-key"]] {
            let mut arguments = vec!["-vvv"];
            arguments.extend(words);
            let ran = stage
                .command(&arguments)
                .env("DEFENDER_XDR_SEALING_KEY_SOURCE", source)
                .env("DEFENDER_XDR_SEALING_KEY", KEY)
                .env("DEFENDER_XDR_SEALING_PASSPHRASE", WORDS)
                .env("BEFORE", WORDS)
                .go();
            for secret in [KEY, WORDS, "planted"] {
                assert!(
                    !ran.stdout.contains(secret) && !ran.stderr.contains(secret),
                    "{source} {words:?}: {ran:?}"
                );
            }
        }
    }
}
