//! Every command, with every flow, in every kind of trouble, at the highest verbosity: planted secrets show up in
//! nothing that is printed, kept, or visible to others in the process table.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use defender_xdr_emulator::directory::applications::{AUTOMATION, CORTEX_APP};
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{BodyKind, Fault, Options};
use serde_json::json;

use crate::support::{Ran, Stage, status};

const CLIENT_SECRET: &str = "Zq7~planted.Client_Secret-Wx4831kd";
const COMMAND_OUTPUT: &str = "Yp3~planted.Command_Output-Ht2957mv";
const REFRESH_TOKEN: &str = "0.AXoAplantedRefreshTokenKd82Lw-pQ5mZ7";
const NEXT_REFRESH_TOKEN: &str = "0.BYpBplantedRotatedTokenJf93Nx-rT6nY8";
const ACCESS_TOKEN: &str = "eyJplantedAccess.TokenGv47Hs.Mb1cX9zLqU0t";
const DEVICE_CODE: &str = "HAQplantedDeviceCodeSn58Rj-wE3vK6yB2fT";
const AUTHORIZATION_CODE: &str = "0.CZqplantedAuthorizationCodeVh61-uD4gM";
const PROXY_PASSWORD: &str = "Xo9planted.Proxy_PasswordQs7264nc";

const IDENTITY_HEADER: &str = "Wr5planted.Identity_HeaderTk6183bs";

const SECRETS: [&str; 9] = [
    CLIENT_SECRET,
    COMMAND_OUTPUT,
    REFRESH_TOKEN,
    NEXT_REFRESH_TOKEN,
    ACCESS_TOKEN,
    DEVICE_CODE,
    AUTHORIZATION_CODE,
    PROXY_PASSWORD,
    IDENTITY_HEADER,
];

const COMMANDS: &[&[&str]] = &[
    &["config", "show", "--all"],
    &["auth", "flows"],
    &["auth", "start"],
    &["auth", "complete", "--no-wait"],
    &["auth", "status"],
    &["auth", "test"],
    &["auth", "permissions"],
    &["incidents", "list", "--limit", "2"],
    &["incidents", "get", "20250"],
    &["incidents", "update", "20250", "--add-tag", "x"],
    &["incidents", "comment", "20250", "words"],
    &["hunt", "DeviceInfo | take 1"],
    &["auth", "rotate-key"],
    &["auth", "reset"],
];

/// How one signs in: the flow, the application with what may stand behind it, and further lines of the settings.
struct Flow {
    id: &'static str,
    application: String,
    lines: &'static str,
    /// What the host says in the environment; a path is one at the tenant.
    variables: &'static [(&'static str, &'static str)],
}

const APP_SERVICE: &[(&str, &str)] = &[
    ("IDENTITY_ENDPOINT", "/_managed_identity/app-service/msi/token"),
    ("IDENTITY_HEADER", IDENTITY_HEADER),
];

const MACHINE: &[(&str, &str)] = &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "/_managed_identity/imds")];

fn flows() -> Vec<Flow> {
    let secret = "client-secret = \"Zq7~planted.Client_Secret-Wx4831kd\"\n";
    let with_token = |id: &str| format!("{id}@{REFRESH_TOKEN}");
    let flow = |id, application: &str, lines| Flow {
        id,
        application: application.to_owned(),
        lines,
        variables: &[],
    };
    let on_host = |variables| Flow { variables, ..flow("managed-identity", AUTOMATION.id, "") };
    vec![
        flow("client-credentials", AUTOMATION.id, secret),
        flow("client-credentials", AUTOMATION.id, "client-secret = \"command:./secret\"\n"),
        flow("client-credentials", AUTOMATION.id, "client-secret = \"command:./broken\"\n"),
        flow("device-code", AUTOMATION.id, ""),
        flow("device-code", &with_token(AUTOMATION.id), ""),
        flow("cortex-xsoar-app", &with_token(CORTEX_APP.id), ""),
        flow(
            "auth-code",
            AUTOMATION.id,
            "client-secret = \"Zq7~planted.Client_Secret-Wx4831kd\"\n\
             authorization-code = \"0.CZqplantedAuthorizationCodeVh61-uD4gM\"\n",
        ),
        on_host(APP_SERVICE),
        on_host(MACHINE),
    ]
}

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    SignInRefused,
    SignInDown,
    SignInWrong,
    SignInCut,
    ApiRefuses,
    ApiDown,
    ProxyAbsent,
}

const TROUBLES: [Trouble; 7] = [
    Trouble::SignInRefused,
    Trouble::SignInDown,
    Trouble::SignInWrong,
    Trouble::SignInCut,
    Trouble::ApiRefuses,
    Trouble::ApiDown,
    Trouble::ProxyAbsent,
];

fn says(status: u16, body: serde_json::Value) -> Fault {
    Fault::Status { status, retry_after: None, body: Some(body), body_kind: BodyKind::Json }
}

impl Trouble {
    /// What the token endpoint does.
    fn sign_in(self) -> Fault {
        match self {
            Self::SignInRefused => says(
                400,
                json!({ "error": "invalid_grant", "error_codes": [53003], "suberror": "message_only",
                        "error_description": "AADSTS53003: Blocked. Trace ID: 1 Correlation ID: 2" }),
            ),
            Self::SignInDown => status(503, Some(600)),
            Self::SignInWrong => {
                says(200, json!({ "refresh_token": NEXT_REFRESH_TOKEN, "access_token": [ACCESS_TOKEN] }))
            }
            Self::SignInCut => Fault::CutBody { bytes: 40 },
            Self::ApiRefuses | Self::ApiDown | Self::ProxyAbsent => says(
                200,
                json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": ACCESS_TOKEN,
                        "refresh_token": NEXT_REFRESH_TOKEN }),
            ),
        }
    }

    fn prepare(self, stage: &Stage) {
        let endpoint = |name: &str| format!("/{}/oauth2/v2.0/{name}", AURORA.id);
        let started = json!({
            "user_code": "ABCD1234", "device_code": DEVICE_CODE, "interval": 1, "expires_in": 900,
            "verification_uri": format!("{}/device", stage.tenant.origin()),
        });
        stage.tenant.fault(&endpoint("devicecode"), 0, 999, says(200, started));
        stage.tenant.fault(&endpoint("token"), 0, 999, self.sign_in());
        stage.tenant.fault("/_managed_identity/", 0, 999, self.sign_in());
        let api = if matches!(self, Self::ApiDown) { Fault::Reset } else { status(401, None) };
        for root in ["/v1.0/", "/api/"] {
            stage.tenant.fault(root, 0, 999, api.clone());
        }
    }
}

/// A stage where these secrets are planted and this goes wrong.
fn stage(flow: &Flow, trouble: Trouble) -> Stage {
    let stage = Stage::bare(Options { incidents: 1, ..Options::default() });
    let mut settings = stage.settings_of(flow.id, &flow.application, flow.lines);
    if matches!(trouble, Trouble::ProxyAbsent) {
        let absent = format!("proxy = \"http://planted:{PROXY_PASSWORD}@127.0.0.1:9\"");
        // What is on this machine is reached without a proxy.
        settings =
            settings.replace("proxy = \"none\"", &absent).replace(stage.tenant.origin(), "https://a.example");
    }
    stage.home.settings(&settings);
    // What is started sees nothing either: it notes its own surroundings, and what others see of its parent.
    let note = "/bin/cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline >> ./noted";
    let script = |last: &str| format!("#!/bin/sh\n{note}\nprintf %s '{COMMAND_OUTPUT}'\n{last}\n");
    stage.home.write("secret", &script(""), 0o700);
    stage.home.write("broken", &script("echo nothing here >&2; exit 3"), 0o700);
    trouble.prepare(&stage);
    stage
}

/// No secret, and no third of one, is in this text.
#[track_caller]
fn silent(text: &[u8], what: &str) {
    let text = String::from_utf8_lossy(text);
    for secret in SECRETS {
        let part = &secret[secret.len() / 3..secret.len() * 2 / 3];
        assert!(!text.contains(part), "{what} shows {secret}: {text}");
    }
}

/// One case: a run, what others see of it, and everything it leaves behind.
fn case(stage: &Stage, flow: &Flow, trouble: Trouble, command: &[&str]) {
    let what = format!("{command:?} with {} in {trouble:?}", flow.id);
    let mut arguments = vec!["-vvv", "--retry-now", "--set", "retry-budget=1"];
    arguments.extend_from_slice(command);
    let run = stage.command(&arguments);
    let child = flow
        .variables
        .iter()
        .fold(run, |run, (name, value)| match value.strip_prefix('/') {
            Some(path) => run.env(name, &format!("{}/{path}", stage.tenant.origin())),
            None => run.env(name, value),
        })
        .start();
    // A process that has ended already shows nothing.
    silent(&fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default(), &what);
    let ran = Ran::new(child.wait_with_output().expect("it ends"));
    silent(ran.stdout.as_bytes(), &what);
    silent(ran.stderr.as_bytes(), &what);
    if matches!(trouble, Trouble::ProxyAbsent)
        && command == ["auth", "test"]
        && flow.lines.contains("secret = \"Z")
    {
        assert!(ran.stderr.contains("proxy"), "the proxy with its password was asked: {}", ran.stderr);
    }
    assert_ne!(ran.code, 70, "{what}: {}", ran.stderr);
    let planted = ["secret", "broken"].map(|name| stage.home.path().join(name));
    for (path, content) in stage.home.snapshot() {
        if path != stage.home.settings_file() && !planted.contains(&path) {
            silent(&content, &format!("{} after {what}", path.display()));
        }
    }
}

#[test]
fn no_planted_secret_leaves_the_program_in_any_case() {
    let (cases, started) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for flow in flows() {
            let (cases, started) = (&cases, &started);
            scope.spawn(move || {
                for trouble in TROUBLES {
                    let stage = stage(&flow, trouble);
                    for command in COMMANDS {
                        if command.contains(&"complete") && flow.id == "device-code" {
                            // The service is asked no earlier than it wished.
                            std::thread::sleep(Duration::from_millis(1050));
                        }
                        case(&stage, &flow, trouble, command);
                        cases.fetch_add(1, Ordering::Relaxed);
                    }
                    let asked = stage.tenant.requests_to("/v1.0/") + stage.tenant.requests_to("/api/");
                    let signs_in = matches!(trouble, Trouble::ApiRefuses | Trouble::ApiDown);
                    assert_eq!(
                        asked > 0,
                        signs_in && !flow.lines.contains("broken"),
                        "{} in {trouble:?}",
                        flow.id
                    );
                    let noted = fs::metadata(stage.home.path().join("noted")).is_ok();
                    started.fetch_add(usize::from(noted), Ordering::Relaxed);
                    assert_eq!(noted, flow.lines.contains("command:"), "{} in {trouble:?}", flow.id);
                }
            });
        }
    });
    let (cases, started) = (cases.into_inner(), started.into_inner());
    assert_eq!(cases, flows().len() * TROUBLES.len() * COMMANDS.len());
    assert!(started > 0, "the programs that print secrets ran");
    println!("{cases} cases (command x flow x trouble), {} secrets planted, none found", SECRETS.len());
}
