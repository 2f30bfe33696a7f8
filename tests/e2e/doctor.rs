//! `doctor`: every trouble that is planted is found, and nothing else is called a problem.

use std::time::{Duration, Instant};

use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::directory::applications::{AUTOMATION, READER};
use defender_xdr_emulator::{Bearer, Options};
use serde_json::Value;

use crate::support::{Ran, Rogue, Stage, Told, status};

/// The checks that were called a problem.
#[track_caller]
fn problems(ran: &Ran) -> Vec<String> {
    let found: Vec<_> = with_verdict(ran, "problem").iter().map(check).collect();
    for finding in with_verdict(ran, "problem") {
        assert!(finding["remedy"].is_string(), "a problem has a remedy: {finding}");
    }
    assert_eq!(ran.code, i32::from(!found.is_empty()), "{}", ran.stdout);
    found
}

fn with_verdict(ran: &Ran, verdict: &str) -> Vec<Value> {
    ran.records().into_iter().filter(|finding| finding["verdict"] == verdict).collect()
}

fn check(finding: &Value) -> String {
    finding["check"].as_str().expect("a name").to_owned()
}

/// What was seen by a check.
#[track_caller]
fn seen(ran: &Ran, name: &str) -> String {
    let findings = ran.records();
    let finding = findings.iter().find(|finding| finding["check"] == name).expect(name);
    format!(
        "{} {}",
        finding["seen"].as_str().unwrap_or_default(),
        finding["remedy"].as_str().unwrap_or_default()
    )
}

fn doctor(stage: &Stage, more: &[&str]) -> Ran {
    stage.run(&[&["-o", "json", "doctor"], more].concat())
}

#[test]
fn nothing_is_wrong_where_everything_works() {
    let stage = Stage::new();
    let ran = doctor(&stage, &["--both-apis"]).well();
    assert_eq!(with_verdict(&ran, "warning"), Vec::<Value>::new());
    assert_eq!(problems(&ran), Vec::<String>::new());
    let checks: Vec<_> = ran.records().iter().map(check).collect();
    assert_eq!(
        checks,
        [
            "settings",
            "flow",
            "state",
            "proxy",
            "trust",
            "dns-sign-in",
            "connection-sign-in",
            "tls-sign-in",
            "dns-graph",
            "connection-graph",
            "tls-graph",
            "dns-legacy",
            "connection-legacy",
            "tls-legacy",
            "clock",
            "sign-in",
            "permissions",
            "quota",
            "retirement"
        ]
    );
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret));
    assert!(seen(&ran, "sign-in").contains("fresh token"));
    // The second one is served from what the first one kept.
    assert!(seen(&doctor(&stage, &[]), "sign-in").contains("kept token"));
    assert!(seen(&doctor(&stage, &["--fresh"]), "sign-in").contains("fresh token"));
}

#[test]
fn people_get_a_table_and_a_sum() {
    let stage = Stage::new();
    let ran = stage.run(&["-o", "table", "doctor"]).well().saying(&["all is well"]);
    assert!(ran.stdout.starts_with("CHECK"), "{}", ran.stdout);
    let bare = Stage::bare(Options::default());
    let ran = bare.run(&["-o", "table", "doctor"]).ends(1).saying(&["1 problem"]);
    assert!(
        ran.stdout.contains("PROBLEM") && ran.stdout.contains("To do: run `defender-xdr init`"),
        "{}",
        ran.stdout
    );
}

#[test]
fn without_settings_it_names_the_wizard() {
    let stage = Stage::bare(Options::default());
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["settings"]);
    assert!(seen(&ran, "settings").contains("defender-xdr init"));
    assert!(stage.home.snapshot().is_empty(), "nothing stays behind");
}

#[test]
fn the_demonstration_tenant_is_well() {
    let stage = Stage::bare(Options::default());
    let ran = stage.run(&["--demo", "-o", "json", "doctor"]).well();
    assert_eq!(problems(&ran), Vec::<String>::new());
}

#[test]
fn an_unknown_key_and_a_file_of_everybody_are_settings() {
    let stage = Stage::new();
    stage.also("clint-secret = \"x\"");
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["settings"]);
    assert!(seen(&ran, "settings").contains("client-secret"), "the nearest name is told");
    let stage = Stage::new();
    let text = std::fs::read_to_string(stage.home.settings_file()).expect("settings");
    stage.home.write("config/defender-xdr/config.toml", &text, 0o644);
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran).len(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("chmod 600"), "{}", ran.stdout);
}

#[test]
fn an_unknown_variable_is_a_warning() {
    let stage = Stage::new();
    let ran = stage.command(&["-o", "json", "doctor"]).env("DEFENDER_XDR_TENNANT_ID", "x").go().well();
    assert_eq!(with_verdict(&ran, "warning").iter().map(check).collect::<Vec<_>>(), ["settings"]);
    assert!(seen(&ran, "settings").contains("DEFENDER_XDR_TENANT_ID"));
}

#[test]
fn a_wrong_secret_is_a_matter_of_signing_in() {
    let stage = Stage::new();
    let text = std::fs::read_to_string(stage.home.settings_file()).expect("settings");
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    stage.home.settings(&text.replace(secret, "hush-hush"));
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["sign-in"]);
    assert!(seen(&ran, "sign-in").contains("AADSTS7000215"), "{}", seen(&ran, "sign-in"));
    assert!(!ran.stdout.contains("hush-hush") && !ran.stderr.contains("hush-hush"));
}

#[test]
fn nobody_signed_in_is_told_with_the_command() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["sign-in"]);
    assert!(seen(&ran, "sign-in").contains("auth login"), "{}", seen(&ran, "sign-in"));
    stage.sign_in("dana@aurora-lab.example");
    assert_eq!(problems(&doctor(&stage, &[])), Vec::<String>::new());
}

#[test]
fn each_flow_of_a_person_lacks_nothing_but_the_person() {
    for flow in ["auth-code", "device-code", "cortex-xsoar-app"] {
        let stage = Stage::bare(Options::default());
        let application = if flow == "cortex-xsoar-app" { "" } else { AUTOMATION.id };
        stage.home.settings(&stage.settings_of(flow, application, ""));
        assert_eq!(problems(&doctor(&stage, &[])), ["sign-in"], "{flow}");
    }
}

#[test]
fn a_machine_of_azure_is_asked_in_place_of_a_host_to_sign_in_at() {
    let stage = Stage::bare(Options::default());
    let origin = stage.tenant.origin();
    stage.home.settings(&format!(
        "authentication-flow = \"managed-identity\"\ncloud = \"custom\"\nendpoint = \"{origin}\"\n"
    ));
    let control = stage.tenant.control();
    let minted = control.access_token(AUTOMATION.id, &Audience::Graph, Bearer::Application).expect("a token");
    let machine = Rogue::start(move |_| {
        Told::Json(format!(
            "{{\"access_token\":\"{minted}\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\"}}"
        ))
    });
    let run = stage.command(&["-o", "json", "doctor"]);
    let ran = run.env("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.origin()).go().well();
    assert_eq!(problems(&ran), Vec::<String>::new());
    assert!(seen(&ran, "dns-sign-in").contains("the machine it runs on"), "{}", seen(&ran, "dns-sign-in"));
    assert!(seen(&ran, "sign-in").contains("managed-identity"));
}

#[test]
fn a_place_where_nothing_can_be_kept_is_found() {
    let stage = Stage::new();
    let file = stage.home.write("file", "", 0o600);
    for place in [file.to_str().expect("a path"), "/proc"] {
        let ran = stage.command(&["-o", "json", "doctor"]).env("XDG_STATE_HOME", place).go();
        assert_eq!(problems(&ran), ["state"], "{place}");
        assert!(seen(&ran, "state").contains(place), "{}", seen(&ran, "state"));
    }
}

#[test]
fn a_service_that_asked_to_wait_long_is_a_matter_of_quota() {
    let stage = Stage::new().keeping_documented_limits();
    stage.tenant.fault("/v1.0/security/incidents", 0, 1, status(429, Some(900)));
    stage.run(&["--set", "retry-budget=1", "incidents", "list", "--limit", "1"]).ends(7);
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["quota"]);
    assert!(seen(&ran, "quota").contains("graph-security"), "{}", seen(&ran, "quota"));
    // Who waits that long has no problem.
    assert_eq!(problems(&doctor(&stage, &["--set", "retry-budget=1000"])), Vec::<String>::new());
}

#[test]
fn a_missing_permission_is_a_problem_where_it_is_needed() {
    let stage = Stage::of(&READER);
    let ran = doctor(&stage, &[]).well();
    assert_eq!(with_verdict(&ran, "warning").iter().map(check).collect::<Vec<_>>(), ["permissions"]);
    let ran = doctor(&stage, &["--for", "incidents update"]);
    assert_eq!(problems(&ran), ["permissions"]);
    assert!(seen(&ran, "permissions").contains("SecurityIncident.ReadWrite.All"));
    assert!(seen(&ran, "permissions").contains("/adminconsent?client_id="));
}

#[test]
fn the_legacy_api_has_an_end_and_another_host() {
    let stage = Stage::new();
    let ran = doctor(&stage, &["--api", "legacy"]);
    assert!(seen(&ran, "retirement").contains("2027-02-01"));
    assert!(ran.records().iter().any(|finding| finding["check"] == "dns-legacy"));
}

#[test]
fn a_profile_is_repeated_in_what_is_to_be_done() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.also("\n[profile.lab]\napi = \"graph\"");
    let ran = doctor(&stage, &["--profile", "lab"]);
    assert!(
        seen(&ran, "sign-in").contains("defender-xdr --profile lab auth login"),
        "{}",
        seen(&ran, "sign-in")
    );
}

#[test]
fn a_sign_in_that_never_answers_ends_at_the_deadline() {
    let stage = Stage::new();
    let token = format!("/{}", defender_xdr_emulator::directory::tenants::AURORA.id);
    stage.tenant.fault(&token, 0, 9, defender_xdr_emulator::Fault::Slow { milliseconds: 30_000 });
    let started = Instant::now();
    let ran = doctor(&stage, &["--deadline", "1"]);
    assert_eq!(problems(&ran), ["sign-in"]);
    assert!(seen(&ran, "sign-in").contains("within 1 s"), "{}", seen(&ran, "sign-in"));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_broken_calendar_is_a_matter_of_retirement() {
    let stage = Stage::new();
    let stage = {
        stage.home.write("ends.json", "no calendar", 0o600);
        stage.also(&format!("retirements-file = \"{}\"", stage.home.path().join("ends.json").display()));
        stage
    };
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["retirement"]);
    assert!(seen(&ran, "retirement").contains("ends.json"), "{}", seen(&ran, "retirement"));
    assert!(seen(&ran, "flow").starts_with("because"), "{}", seen(&ran, "flow"));
}

#[test]
fn a_choice_about_ends_that_is_none_is_a_matter_of_retirement() {
    let stage = Stage::new();
    stage.also("on-retirement = \"shout\"");
    let ran = doctor(&stage, &[]);
    assert_eq!(problems(&ran), ["retirement"]);
    assert!(seen(&ran, "retirement").contains("on-retirement"), "{}", seen(&ran, "retirement"));
}

#[test]
fn an_address_of_the_other_api_is_a_matter_of_the_flow() {
    let stage = Stage::new();
    stage.also("api = \"legacy\"");
    let text = std::fs::read_to_string(stage.home.settings_file()).expect("settings");
    let origin = stage.tenant.origin();
    let other =
        text.replace(&format!("endpoint = \"{origin}\""), "endpoint = \"https://graph.microsoft.com\"");
    stage.home.settings(&other);
    let ran = doctor(&stage, &["--deadline", "3"]);
    assert!(problems(&ran).contains(&"flow".to_owned()), "{}", ran.stdout);
    assert!(!problems(&ran).contains(&"quota".to_owned()), "{}", ran.stdout);
}
