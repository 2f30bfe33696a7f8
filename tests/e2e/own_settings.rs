//! Settings that lead a secret elsewhere, and secrets in the wrong place: refused, and nothing is repeated.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Ran, Stage};

const LIST: &[&str] = &["incidents", "list", "--limit", "1", "-o", "table"];

/// Ends with this code, saying these words, before anything is sent.
#[track_caller]
fn refused(stage: &Stage, arguments: &[&str], code: i32, words: &[&str]) -> Ran {
    let asked = stage.tenant.control().requests().len();
    let ran = stage.run(arguments).ends(code).saying(words);
    assert_eq!(stage.tenant.control().requests().len(), asked, "something was sent");
    ran
}

#[test]
fn a_settings_file_that_others_can_write_is_refused_even_with_a_referenced_secret() {
    let stage = Stage::bare(Options::default());
    let text = stage.settings_of("client-credentials", AUTOMATION.id, "client-secret = \"env:SECRET\"\n");
    for mode in [0o620, 0o602, 0o666] {
        let file = stage.home.write("config/defender-xdr/config.toml", &text, mode);
        let remedy = format!("chmod go-w {}", file.display());
        refused(&stage, LIST, 3, &["can be written by other users", &remedy]);
        refused(&stage, &["config", "show"], 3, &[&remedy]);
    }
    stage.home.write("config/defender-xdr/config.toml", &text, 0o644);
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    stage.command(LIST).env("SECRET", secret).go().well();
}

#[test]
fn a_settings_file_in_a_directory_that_others_can_write_is_refused() {
    let stage = Stage::new();
    let directory = stage.home.config();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).expect("changed");
    let remedy = format!("chmod go-w {}", directory.display());
    refused(&stage, LIST, 3, &["directory", &remedy]);
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("changed");
    stage.run(LIST).well();
}

#[test]
fn secrets_in_other_keys_are_refused_on_the_command_line_too() {
    let stage = Stage::new();
    for pair in [
        "proxy=http://dana:hush-hush@proxy.example:3128",
        "certificate=-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----",
    ] {
        for format in ["table", "json"] {
            let key = format!("--set {}", pair.split('=').next().unwrap_or_default());
            let arguments = ["-vvv", "--set", pair, "auth", "test", "-o", format];
            let ran = refused(&stage, &arguments, 3, &["command line", &key]);
            assert!(!ran.stderr.contains("hush-hush"), "{}", ran.stderr);
        }
    }
}

#[test]
fn what_was_pasted_into_the_wrong_key_is_described_and_not_repeated() {
    let stage = Stage::new();
    for (key, value, word) in [
        ("tenant-id", "Q7~hush-hush.8Q_secret", "22 characters"),
        ("application-id", "Q7~hush-hush", "12 characters and no GUID"),
        ("authority-host", "Q7~hush-hush", "is no address"),
        ("authority-host", "https://login.example/?sig=hush-hush", "query"),
        ("authority-host", "https://login.example/hush-hush", "path"),
        ("authority-host", "https://dana:hush-hush@login.example", "user name or password"),
        ("endpoint", "https://api.example/?sig=hush-hush", "query"),
        ("endpoint", "https://api.example/#hush-hush", "fragment"),
        ("endpoint", "https://hush-hush@api.example", "user name or password"),
        ("endpoint", "hush-hush", "is no address"),
        ("cloud", "hush-hush~8Q", "12 characters"),
        ("authentication-flow", "hush-hush~8Q", "12 characters"),
    ] {
        let variable = format!("DEFENDER_XDR_{}", key.to_uppercase().replace('-', "_"));
        let place = format!("--set {key}");
        for format in ["table", "json"] {
            let arguments = ["-vvv", "-o", format, "--set", &format!("{key}={value}"), "incidents", "list"];
            let by_flag = refused(&stage, &arguments, 3, &[word, &place]);
            let text = fs::read_to_string(stage.home.settings_file()).expect("settings");
            let without: Vec<_> = text.lines().filter(|line| !line.starts_with(key)).collect();
            stage.home.settings(&without.join("\n"));
            let by_variable = stage
                .command(&["-vvv", "-o", format, "incidents", "list"])
                .env(&variable, value)
                .go()
                .ends(3)
                .saying(&[word, &variable]);
            stage.home.settings(&text);
            for ran in [by_flag, by_variable] {
                assert!(!ran.stderr.contains("hush-hush"), "{key}: {}", ran.stderr);
                assert!(!ran.stderr.contains("link"), "{key}: {}", ran.stderr);
            }
        }
        let shown = stage.command(&["config", "show"]).env(&variable, value).go();
        assert!(
            key == "cloud" || key == "authentication-flow" || !shown.stdout.contains("hush-hush"),
            "{key}"
        );
    }
}

#[test]
fn errors_name_the_variable_or_the_flag_that_chose_a_file_or_a_profile() {
    let stage = Stage::new();
    let run = |name: &str, value: &str| stage.command(&["auth", "test"]).env(name, value).go().ends(3);
    run("DEFENDER_XDR_CONFIG", "/nope").saying(&["/nope", "from: environment variable DEFENDER_XDR_CONFIG"]);
    run("DEFENDER_XDR_PROFILE", "nope").saying(&["nope", "from: environment variable DEFENDER_XDR_PROFILE"]);
    refused(
        &stage,
        &["--config", "nope.toml", "auth", "test"],
        3,
        &["/nope.toml (`nope.toml` from the current directory)", "from: flag --config"],
    );
    refused(&stage, &["--profile", "", "auth", "test"], 3, &["profile is empty", "from: flag --profile"]);
    let limit = stage.run(&["-o", "json", "incidents", "list", "--limit", "many"]).ends(2).error();
    assert_eq!(limit["source"], "flag --limit");
}

#[test]
fn a_scope_and_a_refresh_token_that_entra_refuses_name_their_places() {
    let stage = Stage::new();
    stage
        .run(&["--set", "scope=https://graph.microsoft.com/User.Read", "auth", "test"])
        .ends(4)
        .saying(&["from: flag --set scope"]);
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let run = || {
        stage
            .command(&["-o", "json", "incidents", "list"])
            .env("DEFENDER_XDR_APPLICATION_ID", &format!("{}@hush-hush", AUTOMATION.id))
            .go()
            .ends(4)
    };
    for _ in 0..2 {
        let ran = run();
        assert_eq!(ran.error()["source"], "environment variable DEFENDER_XDR_APPLICATION_ID");
        assert!(!ran.stderr.contains("hush-hush"));
    }
}

#[test]
fn slips_in_the_file_are_answered_with_what_was_meant() {
    let stage = Stage::new();
    let original = fs::read_to_string(stage.home.settings_file()).expect("settings");
    let without_secret: Vec<_> = original.lines().filter(|line| !line.starts_with("client-secret")).collect();
    let without_secret = without_secret.join("\n");
    for (lines, word) in [
        ("[work]\napi = \"legacy\"", "[profile.work]"),
        ("zzz = 1", "config show --all"),
        ("client-secret = \"ENV:HOME\"", "`env:`"),
        ("client-secret = 12345", "in quotes"),
        ("cloud = \"custom\"\n", "duplicate key"),
    ] {
        stage.home.settings(&format!("{without_secret}\n{lines}\n"));
        refused(&stage, LIST, 3, &[word, "config.toml, line"]);
    }
}

#[test]
fn choices_that_do_not_exist_come_with_a_hint() {
    let stage = Stage::new();
    for pair in ["cloud=mars", "api=soap", "proxy=ftp://proxy.example", "timeout=soon", "insecure=perhaps"] {
        let key = pair.split('=').next().unwrap_or_default();
        refused(
            &stage,
            &["--set", pair, "incidents", "list", "-o", "table"],
            3,
            &["hint:", &format!("set `{key}` to")],
        );
    }
}

#[test]
fn hints_that_name_a_command_repeat_the_profile() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.also("[profile.lab]");
    stage
        .run(&["--profile", "lab", "incidents", "list"])
        .ends(4)
        .saying(&["defender-xdr --profile lab auth login"]);
}

#[test]
fn a_key_of_a_flow_that_was_not_chosen_is_warned_about_once() {
    let stage = Stage::new();
    assert!(!stage.run(&["auth", "test"]).well().stderr.contains("authorization-code"));
    stage.also("authorization-code = \"planted\"");
    let ran = stage.run(&["auth", "test"]).well();
    assert_eq!(ran.stderr.matches("authorization-code").count(), 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("planted"), "{}", ran.stderr);
}

#[test]
fn a_relative_home_is_told_as_such() {
    let stage = Stage::new();
    let file = stage.home.settings_file();
    let ran = stage
        .command(&["--config", file.to_str().expect("text"), "auth", "test"])
        .env("HOME", "home/dana")
        .env("XDG_STATE_HOME", "")
        .env("XDG_CONFIG_HOME", "")
        .go();
    ran.well().saying(&["HOME is not an absolute path"]);
}
