//! `init` from a script: a stranger's tenant, and everything by flags.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::{AUTOMATION, READER, UNCONSENTED};
use defender_xdr_emulator::directory::tenants::AURORA;

use crate::support::{Ran, Run, Stage};

fn secret() -> &'static str {
    AUTOMATION.secret.as_ref().expect("a secret").value
}

/// The flags that lead to the tenant.
fn flags(stage: &Stage, application: &str) -> Vec<String> {
    let origin = stage.tenant.origin();
    let pairs = [
        "cloud=custom".to_owned(),
        format!("authority-host={origin}"),
        format!("endpoint={origin}"),
        "proxy=none".to_owned(),
        format!("application-id={application}"),
    ];
    let mut flags: Vec<String> =
        ["--flow", "client-credentials", "--tenant", AURORA.id, "-o", "json"].map(str::to_owned).into();
    flags.extend(pairs.into_iter().flat_map(|pair| ["--set".to_owned(), pair]));
    flags
}

fn command(stage: &Stage, flags: &[String], more: &[&str]) -> Run {
    let words = ["init"].into_iter().chain(more.iter().copied()).chain(flags.iter().map(String::as_str));
    stage.command(&words.collect::<Vec<_>>())
}

fn init(stage: &Stage, more: &[&str], input: &str) -> Ran {
    command(stage, &flags(stage, AUTOMATION.id), more).input(input).go()
}

fn file(stage: &Stage) -> String {
    fs::read_to_string(stage.home.settings_file()).expect("settings")
}

#[test]
fn a_stranger_is_led_to_the_first_incident_and_no_secret_is_left_in_the_open() {
    let stage = Stage::bare(Options::default());
    let ran = init(&stage, &["--secret", "client-secret=-"], &format!("{}\n", secret())).well();
    let told = ran.json();
    assert_eq!(
        (told["signed_in"].as_bool(), told["flow"].as_str()),
        (Some(true), Some("client-credentials"))
    );
    assert!(told["incident"]["id"].is_string(), "{told}");
    assert_eq!(told["next"], "defender-xdr incidents list");
    assert!(file(&stage).contains("client-secret = \"stored:default-client-secret\""), "{}", file(&stage));
    let mode = fs::metadata(stage.home.settings_file()).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for (path, content) in stage.home.snapshot() {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains(secret()), "{}", path.display());
    }
    assert!(!ran.stdout.contains(secret()) && !ran.stderr.contains(secret()));
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    stage.run(&["auth", "test"]).well();
    // What is there already is neither asked for nor changed.
    let before = file(&stage);
    stage.run(&["init", "-o", "json"]).well();
    assert_eq!(file(&stage), before);
}

#[test]
fn what_people_wrote_stays_and_a_profile_is_added() {
    let stage = Stage::bare(Options::default());
    let written = "# the team's own\ntimeout = 20 # slow proxy\n\n[profile.lab] # do not touch\ntenant-id = \"lab.example\"\n";
    stage.home.settings(written);
    let ran = init(&stage, &["--profile", "North One", "--secret", "client-secret=-"], secret()).well();
    assert_eq!(ran.json()["profile"], "North One");
    assert!(file(&stage).starts_with(written), "{}", file(&stage));
    assert!(file(&stage).contains("[profile.\"North One\"]"), "{}", file(&stage));
    assert!(file(&stage).contains("stored:north-one-client-secret"), "{}", file(&stage));
    stage.run(&["--profile", "North One", "incidents", "list", "--limit", "1"]).well();
    stage.run(&["incidents", "list"]).ends(3);
}

#[test]
fn a_reference_is_written_as_it_is_and_a_variable_is_sealed() {
    let stage = Stage::bare(Options::default());
    let path = stage.home.write("secret", secret(), 0o600);
    let reference = format!("client-secret=file:{}", path.display());
    init(&stage, &["--secret", &reference], "").well();
    assert!(file(&stage).contains("client-secret = \"file:"), "{}", file(&stage));
    let stage = Stage::bare(Options::default());
    let run = command(&stage, &flags(&stage, AUTOMATION.id), &[]).env("DEFENDER_XDR_CLIENT_SECRET", secret());
    run.go().well();
    assert!(file(&stage).contains("stored:"), "{}", file(&stage));
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn without_a_terminal_the_missing_flag_is_named_and_nothing_is_written() {
    let stage = Stage::bare(Options::default());
    stage.run(&["init"]).ends(2).saying(&["authentication-flow", "--flow", "client-credentials"]);
    // Everything at once: a script is written in one go.
    stage.run(&["init", "--flow", "client-credentials"]).ends(2).saying(&[
        "`tenant-id` (",
        "`application-id` (",
        "are missing",
        "give --tenant TENANT --set application-id=",
    ]);
    stage
        .run(&["init", "--flow", "client-credentials", "--tenant", "a.example"])
        .ends(2)
        .saying(&["`application-id`", "--set application-id="]);
    let ran = init(&stage, &[], "");
    let code = ran.code;
    ran.saying(&["client-secret", "--secret client-secret=-"]);
    assert_eq!(code, 3);
    assert!(stage.home.snapshot().is_empty(), "{:?}", stage.home.snapshot().keys());
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    let stage = Stage::bare(Options::default());
    for more in [
        ["--secret", "client-secret=hush-hush"],
        ["--set", "client-secret=hush-hush"],
        ["--secret", "hush-hush"],
    ] {
        let ran = init(&stage, &more, "");
        assert!([2, 3].contains(&ran.code), "{}", ran.stderr);
        assert!(!ran.stderr.contains("hush-hush") && !ran.stdout.contains("hush-hush"), "{}", ran.stderr);
    }
    assert!(stage.home.snapshot().is_empty());
}

#[test]
fn a_refused_sign_in_leaves_the_settings_to_be_mended() {
    let stage = Stage::bare(Options::default());
    init(&stage, &["--secret", "client-secret=-"], "hush-hush\n")
        .ends(4)
        .saying(&["AADSTS7000215", "doctor"]);
    assert!(file(&stage).contains("stored:default-client-secret"));
    // The second run mends it.
    init(&stage, &["--secret", "client-secret=-", "--retry-now"], secret()).well();
    let unconsented = UNCONSENTED.secret.as_ref().expect("a secret").value;
    let run = command(&stage, &flags(&stage, UNCONSENTED.id), &["--secret", "client-secret=-"]);
    run.input(unconsented).go().ends(5).saying(&["SecurityIncident.Read.All"]);
    let reader = READER.secret.as_ref().expect("a secret").value;
    let run = command(&stage, &flags(&stage, READER.id), &["--secret", "client-secret=-"]);
    run.input(reader).go().well();
}

#[test]
fn another_file_may_be_named_and_is_made() {
    let stage = Stage::bare(Options::default());
    let run = command(
        &stage,
        &flags(&stage, AUTOMATION.id),
        &["--config", "own.toml", "--secret", "client-secret=-"],
    );
    run.input(secret()).go().well();
    assert!(!stage.home.settings_file().exists());
    stage.run(&["--config", "own.toml", "incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_person_is_not_waited_for_where_there_is_none() {
    let stage = Stage::bare(Options::default());
    let mut flags = flags(&stage, AUTOMATION.id);
    flags[1] = "device-code".to_owned();
    let told = command(&stage, &flags, &[]).go().well().saying(&["auth login"]).json();
    assert_eq!(
        (told["signed_in"].as_bool(), told["next"].as_str()),
        (Some(false), Some("defender-xdr auth login"))
    );
}

#[test]
fn the_demonstration_tenant_has_nothing_to_set_up() {
    let stage = Stage::bare(Options::default());
    stage.run(&["--demo", "init"]).ends(2).saying(&["demonstration"]);
}
