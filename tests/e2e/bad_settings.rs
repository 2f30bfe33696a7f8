//! Settings that cannot be used: the message says where it came from and what to do, and nothing is changed.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Home, Ran, Run, Stage};

/// Runs a command that has to end with exit code 3, saying these words, and leaves everything as it was.
#[track_caller]
fn refused(stage: &Stage, arguments: &[&str], words: &[&str]) -> Ran {
    refused_with(stage, stage.command(arguments), 3, words)
}

#[track_caller]
fn refused_with(stage: &Stage, run: Run, code: i32, words: &[&str]) -> Ran {
    let (before, asked) = (stage.home.snapshot(), stage.tenant.control().requests().len());
    let ran = run.go().ends(code).saying(words);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.lines().count() <= 24, "more than a screen: {}", ran.stderr);
    assert_eq!(stage.home.snapshot(), before, "something was changed");
    assert_eq!(stage.tenant.control().requests().len(), asked, "something was sent");
    ran
}

const LIST: &[&str] = &["incidents", "list", "-o", "table"];

#[test]
fn no_settings_at_all_names_the_choices() {
    let stage = Stage::bare(Options::default());
    refused(&stage, LIST, &["authentication-flow", "client-credentials", "--flow"]);
}

#[test]
fn an_unknown_flow_names_the_file_the_line_and_the_nearest() {
    let stage = Stage::new();
    stage.home.settings("# mine\nauthentication-flow = \"client-credential\"\n");
    let file = stage.home.settings_file();
    refused(&stage, LIST, &[file.to_str().expect("text"), "line 2", "did you mean `client-credentials`"]);
    refused(&stage, &["--flow", "telepathy", "auth", "test"], &["flag --flow", "telepathy", "device-code"]);
}

#[test]
fn an_unknown_key_names_the_file_the_line_and_the_nearest() {
    let stage = Stage::new();
    stage.also("client-secrt = \"hush-hush\"");
    let ran =
        refused(&stage, LIST, &["config.toml", "line 10", "unknown key `client-secrt`", "client-secret"]);
    assert!(!ran.stderr.contains("hush-hush"));
}

#[test]
fn two_credentials_are_named_with_both_places() {
    let stage = Stage::new();
    stage.also("certificate = \"/no/such.pem\"");
    refused(&stage, LIST, &["`client-secret`", "line 8", "`certificate`", "line 10", "never guessed"]);
    let with_variable = stage.command(LIST).env("DEFENDER_XDR_FEDERATED_TOKEN", "github-actions");
    refused_with(&stage, with_variable, 3, &["`client-secret`", "`certificate`"]);
}

#[test]
fn an_unknown_variable_is_warned_about() {
    let stage = Stage::new();
    stage
        .command(&["auth", "test"])
        .env("DEFENDER_XDR_TENNANT_ID", "x")
        .go()
        .well()
        .saying(&["DEFENDER_XDR_TENNANT_ID", "did you mean DEFENDER_XDR_TENANT_ID"]);
}

#[test]
fn a_file_that_is_no_toml_names_the_line_and_shows_no_secret() {
    let stage = Stage::new();
    stage.also("client-secret = \"hush-hush");
    let ran = refused(&stage, LIST, &["not valid TOML", "config.toml", "line 10"]);
    assert!(!ran.stderr.contains("hush-hush"));
}

#[test]
fn a_missing_tenant_names_the_key_and_the_variable() {
    let stage = Stage::new();
    let text = stage.settings_of("client-credentials", AUTOMATION.id, "client-secret = \"x\"\n");
    let without: Vec<_> = text.lines().filter(|line| !line.starts_with("tenant-id")).collect();
    stage.home.settings(&without.join("\n"));
    refused(&stage, LIST, &["tenant-id", "DEFENDER_XDR_TENANT_ID"]);
}

#[test]
fn a_missing_secret_names_the_key_and_the_variable() {
    let stage = Stage::new();
    stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, ""));
    refused(&stage, LIST, &["client-secret", "client-credentials", "DEFENDER_XDR_CLIENT_SECRET"]);
}

#[test]
fn a_malformed_application_id_names_its_line() {
    let stage = Stage::new();
    stage.home.settings(&stage.settings_of("client-credentials", "a3c1e5d7-0b42", "client-secret = \"x\"\n"));
    refused(&stage, LIST, &["application-id", "13 characters and no GUID", "line 2"]);
}

#[test]
fn a_malformed_tenant_names_the_flag() {
    let stage = Stage::new();
    refused(&stage, &["--tenant", "aurora lab!", "incidents", "list"], &["11 characters", "flag --tenant"]);
}

#[test]
fn a_tenant_that_is_everybody_does_not_suit_an_application() {
    let stage = Stage::new();
    refused(&stage, &["--tenant", "common", "auth", "test"], &["common", "flag --tenant", "GUID or domain"]);
}

#[test]
fn an_unknown_profile_names_those_there_are() {
    let stage = Stage::new();
    stage.also("[profile.work]\napi = \"legacy\"\n[profile.lab]\napi = \"graph\"");
    refused(&stage, &["--profile", "wrok", "auth", "test"], &["wrok", "lab, work"]);
    stage.run(&["--profile", "work", "auth", "test"]).well();
}

#[test]
fn a_settings_file_that_is_not_there_is_named() {
    let stage = Stage::new();
    refused(&stage, &["--config", "/no/such/file.toml", "auth", "test"], &["/no/such/file.toml"]);
}

#[test]
fn a_setting_without_a_value_is_refused_and_not_repeated() {
    let stage = Stage::new();
    let run = stage.command(&["--set", "hush-hush", "auth", "test", "-o", "table"]);
    let ran = refused_with(&stage, run, 2, &["--set", "KEY=VALUE"]);
    assert!(!ran.stderr.contains("hush-hush"));
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    let stage = Stage::new();
    for pair in ["client-secret=hush-hush", "application-id=a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60@hush-hush"] {
        let words = ["command line", "--set", "settings file"];
        let ran = refused(&stage, &["--set", pair, "auth", "test", "-o", "table"], &words);
        assert!(!ran.stderr.contains("hush-hush"));
    }
}

#[test]
fn a_secret_in_a_file_that_others_can_read_is_refused() {
    let stage = Stage::new();
    let text = std::fs::read_to_string(stage.home.settings_file()).expect("settings");
    for mode in [0o644, 0o640, 0o604] {
        stage.home.write("config/defender-xdr/config.toml", &text, mode);
        refused(&stage, LIST, &["client-secret", "config.toml", "line 8", "chmod 600"]);
    }
}

#[test]
fn a_program_named_by_a_file_that_others_can_write_is_not_run() {
    let stage = Stage::new();
    let more = "client-secret = \"command:touch was-run\"\n";
    let text = stage.settings_of("client-credentials", AUTOMATION.id, more);
    stage.home.write("config/defender-xdr/config.toml", &text, 0o666);
    refused(&stage, LIST, &["can be written by other users", "chmod go-w"]);
}

#[test]
fn an_environment_made_for_one_tenant_keeps_its_secret_from_another() {
    let stage = Stage::bare(Options::default());
    stage.home.settings(&format!(
        "[profile.other]\n{}",
        stage.settings_of("client-credentials", AUTOMATION.id, "")
    ));
    let run = stage
        .command(&["--profile", "other", "auth", "test", "-o", "table"])
        .env("DEFENDER_XDR_TENANT_ID", "2b8e4f71-93c6-4d05-a1f2-7c6e0d9b3a58")
        .env("DEFENDER_XDR_CLIENT_SECRET", "hush-hush");
    let ran = refused_with(&stage, run, 3, &["DEFENDER_XDR_CLIENT_SECRET", "another tenant"]);
    assert!(!ran.stderr.contains("hush-hush"));
}

#[test]
fn a_host_of_the_other_api_is_refused() {
    let stage = Stage::new();
    for (api, host) in
        [("graph", "https://api.security.microsoft.com"), ("legacy", "https://graph.microsoft.com")]
    {
        let endpoint = format!("endpoint={host}");
        refused(
            &stage,
            &["--api", api, "--set", &endpoint, "incidents", "list"],
            &["speaks", "--set endpoint", api],
        );
    }
}

#[test]
fn a_cloud_without_an_endpoint_is_refused() {
    let stage = Stage::new();
    refused(&stage, &["--set", "cloud=mars", "auth", "test"], &["mars", "--set cloud", "gcc-high"]);
}

#[test]
fn plain_http_goes_to_this_machine_only() {
    let stage = Stage::new();
    for key in ["endpoint", "authority-host"] {
        let pair = format!("{key}=http://login.example");
        refused(&stage, &["--set", &pair, "incidents", "list"], &["http"]);
    }
}

#[test]
fn words_that_are_no_numbers_or_choices_are_named() {
    let stage = Stage::new();
    for (pair, word) in
        [("timeout=soon", "seconds"), ("retry-budget=0", "seconds"), ("insecure=perhaps", "true")]
    {
        refused(&stage, &["--set", pair, "incidents", "list"], &["--set", word]);
    }
    refused(&stage, &["--api", "soap", "incidents", "list"], &["soap", "--api", "legacy"]);
}

#[test]
fn words_the_command_line_does_not_know_are_refused() {
    let home = Home::new();
    for arguments in [
        &["incidents", "lst"][..],
        &["incidents", "list", "--status", "open"],
        &["incidents", "list", "--limit", "many"],
        &["incidents", "list", "--limit", "3", "--all"],
        &["incidents", "list", "-o", "xml"],
        &["incidents", "update"],
        &[],
    ] {
        let ran = Run::new(&home, arguments).go().ends(2);
        assert!(
            ran.stderr.contains("--help") || ran.stderr.contains("Usage"),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    Run::new(&home, &["incidents", "list", "--since", "yesterday-ish"])
        .go()
        .ends(2)
        .saying(&["--since", "3 days"]);
    assert!(home.snapshot().is_empty());
}

#[test]
fn errors_are_objects_for_programs() {
    let stage = Stage::new();
    let error = refused(&stage, &["--flow", "telepathy", "auth", "test", "-o", "json"], &[]).error();
    let members: Vec<_> = error.as_object().expect("an object").keys().map(String::as_str).collect();
    for member in ["kind", "message", "source", "hint", "code", "exit"] {
        assert!(members.contains(&member), "{member} in {members:?}");
    }
    assert_eq!((error["kind"].as_str(), error["exit"].as_u64()), (Some("settings"), Some(3)));
    assert_eq!(error["source"], "flag --flow");
}
