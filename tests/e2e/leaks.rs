//! Secrets stay secret: in what is printed, in what is kept, in what other users see of a process.

use std::fs;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Fault, Options};

use crate::support::{Ran, Stage, post_form, status, until};

const DANA: &str = "dana@aurora-lab.example";

const COMMANDS: &[&[&str]] = &[
    &["auth", "flows"],
    &["auth", "login"],
    &["auth", "start"],
    &["auth", "complete", "--no-wait"],
    &["auth", "test"],
    &["auth", "status"],
    &["config", "show"],
    &["config", "show", "--all"],
    &["incidents", "list", "--limit", "2"],
    &["incidents", "get", "20250"],
    &["incidents", "get", "1"],
    &["incidents", "update", "20250", "--add-tag", "x"],
    &["incidents", "update", "20250"],
    &["incidents", "comment", "20250", "words"],
    &["hunt", "DeviceInfo | take 1"],
    &["hunt", "nonsense"],
    &["auth", "reset"],
];

/// No secret is in what a run printed.
#[track_caller]
fn silent(ran: &Ran, secrets: &[&str], what: &[&str]) {
    for secret in secrets {
        // Parts count, too: nobody needs half a secret on the screen.
        let part = &secret[secret.len() / 3..secret.len() / 3 + secret.len().min(36) / 3];
        assert!(!ran.stdout.contains(part) && !ran.stderr.contains(part), "{what:?} shows a secret: {ran:?}");
    }
}

/// No secret is in clear in any file that the program made.
#[track_caller]
fn sealed(stage: &Stage, secrets: &[&str]) {
    let settings = stage.home.settings_file();
    for (path, content) in stage.home.snapshot().iter().filter(|(path, _)| **path != settings) {
        let text = String::from_utf8_lossy(content);
        for secret in secrets {
            assert!(!text.contains(secret), "{} holds a secret in clear", path.display());
        }
    }
}

#[test]
fn an_applications_secret_and_token_appear_nowhere() {
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let stage = Stage::new();
    let token = stage.run(&["auth", "token"]).well().stdout.trim_end().to_owned();
    for command in COMMANDS.iter().take(COMMANDS.len() - 1) {
        for format in ["table", "json"] {
            let mut arguments = vec!["-vvv", "-o", format];
            arguments.extend_from_slice(command);
            silent(&stage.run(&arguments), &[secret, &token], command);
        }
    }
    sealed(&stage, &[secret, &token]);
}

#[test]
fn a_secret_appears_nowhere_when_things_go_wrong() {
    let secret = "planted~Q7.very-secret-value_0123456789";
    let faults: [(&str, Fault); 5] = [
        ("/6f2c9a10", status(400, None)),
        ("/6f2c9a10", status(503, Some(600))),
        ("/6f2c9a10", Fault::WrongJson),
        ("/6f2c9a10", Fault::CutBody { bytes: 40 }),
        ("/nowhere", Fault::Reset),
    ];
    for (path, fault) in faults {
        let stage = Stage::new();
        let line = format!("client-secret = \"{secret}\"\n");
        stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, &line));
        stage.tenant.fault(path, 0, 99, fault);
        for command in COMMANDS {
            let mut arguments = vec!["-vvv", "--retry-now", "--set", "retry-budget=1"];
            arguments.extend_from_slice(command);
            silent(&stage.run(&arguments), &[secret], command);
        }
        sealed(&stage, &[secret]);
    }
}

#[test]
fn a_persons_tokens_appear_nowhere() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let endpoint = |name: &str| format!("{}/{}/oauth2/v2.0/{name}", stage.tenant.origin(), AURORA.id);
    let scope = "https%3A%2F%2Fgraph.microsoft.com%2F.default+offline_access";
    let started =
        post_form(&endpoint("devicecode"), &[("client_id", AUTOMATION.id), ("scope", scope)]).json();
    stage.tenant.control().approve(started["user_code"].as_str().expect("a code"), DANA).expect("approved");
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
    let device_code = started["device_code"].as_str().expect("a code");
    let fields = [("grant_type", grant), ("client_id", AUTOMATION.id), ("device_code", device_code)];
    let tokens = post_form(&endpoint("token"), &fields).json();
    let refresh_token = tokens["refresh_token"].as_str().expect("a refresh token");
    stage.home.settings(&stage.settings_of("device-code", "", ""));
    let with_token = format!("{}@{refresh_token}", AUTOMATION.id);
    let run =
        |arguments: &[&str]| stage.command(arguments).env("DEFENDER_XDR_APPLICATION_ID", &with_token).go();
    let token = run(&["auth", "token"]).well().stdout.trim_end().to_owned();
    for command in COMMANDS.iter().filter(|command| !command.contains(&"login")) {
        let mut arguments = vec!["-vvv"];
        arguments.extend_from_slice(command);
        silent(&run(&arguments), &[refresh_token, &token], command);
        sealed(&stage, &[refresh_token, &token]);
    }
}

#[test]
fn other_users_see_no_secret_of_a_running_process() {
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 1, Fault::Slow { milliseconds: 1500 });
    let child = stage.start(&["incidents", "list", "--limit", "1"]);
    until("the request came", || (stage.tenant.requests_to("/v1.0/") > 0).then_some(()));
    let command_line = fs::read(format!("/proc/{}/cmdline", child.id())).expect("a running process");
    assert!(!String::from_utf8_lossy(&command_line).contains(secret));
    assert!(String::from_utf8_lossy(&command_line).contains("incidents"));
    Ran::new(child.wait_with_output().expect("it ends")).well();
}

#[test]
fn settings_are_shown_with_their_origin_and_without_their_secrets() {
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let stage = Stage::new();
    let shown = stage.run(&["config", "show", "-o", "table"]).well().stdout;
    assert!(shown.contains("client-secret") && shown.contains("config.toml, line 8"), "{shown}");
    assert!(!shown.contains(secret));
}
