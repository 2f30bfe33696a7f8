//! The authorization code flow: a browser that comes back, an address that is pasted, a code in the settings.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Output};

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use serde_json::Value;

use crate::support::{Ran, Reply, Stage, post_form, post_json, until};

const DANA: &str = "dana@aurora-lab.example";
const MIKA: &str = "mika@aurora-lab.example";
const GRAPH: &str = "offline_access https://graph.microsoft.com/.default";

/// A public client, or one set up as Cortex XSOAR says.
fn stage(confidential: bool) -> Stage {
    let stage = Stage::bare(Options::default());
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let more = if confidential { format!("client-secret = \"{secret}\"\n") } else { String::new() };
    stage.home.settings(&stage.settings_of("Authorization Code", AUTOMATION.id, &more));
    stage
}

/// What a browser would do after the person has decided.
fn decide(stage: &Stage, url: &str, user: &str, decision: &str) -> Value {
    let body = serde_json::json!({ "url": url, "user": user, "decision": decision }).to_string();
    let reply = post_json(&format!("{}/_control/entra/authorize", stage.tenant.origin()), None, &body);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// Where the browser ends up after the person has agreed.
fn location(stage: &Stage, url: &str) -> String {
    decide(stage, url, DANA, "accept")["location"].as_str().expect("a location").to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// The browser posts the form it was given, and shows the answer.
fn post(told: &Value) -> Reply {
    assert_eq!(told["method"], "POST", "a browser opened by the program answers with a form");
    let fields: Vec<(&str, String)> = told["fields"]
        .as_object()
        .expect("fields")
        .iter()
        .map(|(name, value)| (name.as_str(), encoded(value.as_str().expect("text"))))
        .collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    post_form(&format!("{}/", told["location"].as_str().expect("a location")), &fields)
}

/// Starts `auth login` with a browser that writes down where it was sent.
fn login_with_browser(stage: &Stage) -> (Child, String) {
    let browser = stage.home.write(
        "browser",
        "#!/bin/sh\nprintf %s \"$1\" > \"$0.new\" && /bin/mv \"$0.new\" \"$0.url\"\n",
        0o700,
    );
    let child = stage.command(&["auth", "login"]).env("BROWSER", browser.to_str().expect("a path")).start();
    let asked = browser.with_extension("url");
    let url = until("the browser opens", || std::fs::read_to_string(&asked).ok());
    (child, url)
}

fn ended(child: Child) -> Ran {
    Ran::new(child.wait_with_output().expect("it ends"))
}

/// The address on a line of its own, of what is told on stderr; and the rest of stderr.
fn shown_url(child: &mut Child) -> (String, impl Read + use<>) {
    let mut lines = BufReader::new(child.stderr.take().expect("stderr"));
    let mut line = String::new();
    while !line.trim().starts_with("http") {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "an address is shown");
    }
    (line.trim().to_owned(), lines)
}

/// The address that `auth start` shows.
fn started_url(stage: &Stage) -> String {
    let started = stage.run(&["auth", "start"]).well().json();
    assert!(started["expires_at"].is_string());
    started["authorize_url"].as_str().expect("an address").to_owned()
}

fn field(location: &str, name: &str) -> String {
    let (_, query) = location.split_once('?').expect("a query");
    let prefix = format!("{name}=");
    query.split('&').find_map(|pair| pair.strip_prefix(&prefix)).expect(name).to_owned()
}

#[test]
fn a_browser_on_this_machine_comes_back_and_is_told_the_end() {
    let stage = stage(false);
    let (child, url) = login_with_browser(&stage);
    let page = post(&decide(&stage, &url, DANA, "accept"));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed in"), "{}", page.body);
    let login = ended(child).well();
    assert!(login.stdout.contains(DANA), "{}", login.stdout);
    let status = stage.run(&["auth", "status"]).well().json();
    assert_eq!((status["account"].as_str(), status["has_refresh_token"].as_bool()), (Some(DANA), Some(true)));
    assert_eq!(stage.run(&["incidents", "list", "--limit", "2"]).well().records().len(), 2);
}

#[test]
fn a_person_who_cancels_is_told_so_in_both_places() {
    let stage = stage(false);
    let (child, url) = login_with_browser(&stage);
    let page = post(&decide(&stage, &url, DANA, "cancel"));
    assert!(page.body.contains("was declined"), "{}", page.body);
    ended(child).ends(4).saying(&["start again"]);
}

#[test]
fn the_address_can_be_pasted_while_the_listener_waits() {
    let stage = stage(false);
    let mut child = stage.command(&["auth", "login"]).start_with_keyboard();
    let (url, mut rest) = shown_url(&mut child);
    let mut keyboard = child.stdin.take().expect("a keyboard");
    // A slip first: it ends nothing.
    writeln!(keyboard, "\nhttp://localhost/no-code-here").expect("typed");
    writeln!(keyboard, "{}", location(&stage, &url)).expect("typed");
    let Output { status, stdout, .. } = child.wait_with_output().expect("it ends");
    let mut told = String::new();
    rest.read_to_string(&mut told).expect("text");
    assert!(status.success(), "{told}");
    assert!(told.contains("still waiting"), "{told}");
    assert!(String::from_utf8_lossy(&stdout).contains(DANA));
}

#[test]
fn a_script_starts_and_hands_the_address_over_later() {
    let stage = stage(true);
    let url = started_url(&stage);
    assert!(url.contains("redirect_uri=https%3A%2F%2Flocalhost%2Fmyapp"), "{url}");
    stage.run(&["auth", "complete"]).ends(4).saying(&["authorization-code"]);
    let address = location(&stage, &url);
    let complete = stage.command(&["auth", "complete"]).input(&format!("{address}\n")).go().well();
    assert!(complete.stdout.contains(DANA));
    stage.run(&["auth", "test"]).well();
    stage.command(&["auth", "complete"]).input(&format!("{address}\n")).go().ends(4).saying(&["auth start"]);
}

#[test]
fn the_address_of_an_older_start_is_refused_and_the_newer_one_still_works() {
    let stage = stage(true);
    let old = location(&stage, &started_url(&stage));
    let new = location(&stage, &started_url(&stage));
    stage.command(&["auth", "complete"]).input(&old).go().ends(4).saying(&["another sign-in"]);
    stage.command(&["auth", "complete"]).input(&new).go().well();
}

#[test]
fn a_code_in_the_settings_signs_in_once() {
    let stage = stage(true);
    let address = location(&stage, &started_url(&stage));
    stage.also(&format!("authorization-code = \"{}&session_state=1\"", field(&address, "code")));
    stage.run(&["auth", "test"]).well();
    assert_eq!(stage.run(&["auth", "status"]).well().json()["account"], DANA);
    // Renewed from its refresh token: nobody redeems the code again.
    stage.run(&["auth", "test"]).well();
    stage.run(&["auth", "reset"]).well();
    stage.run(&["auth", "test"]).ends(4).saying(&["54005"]);
}

/// A sign-in that this program did not start, as Cortex XSOAR makes them: no proof key, no state.
fn foreign_code(stage: &Stage, scope: &str) -> String {
    let url = format!(
        "{}/{}/oauth2/v2.0/authorize?client_id={}&response_type=code&redirect_uri={}&scope={}",
        stage.tenant.origin(),
        AURORA.id,
        AUTOMATION.id,
        encoded("https://localhost/myapp"),
        encoded(scope)
    );
    field(&location(stage, &url), "code")
}

#[test]
fn a_code_of_another_program_that_left_no_refresh_token_says_when_it_ends_and_that_it_is_spent() {
    let stage = stage(true);
    stage.also("scope = \"https://graph.microsoft.com/.default\"");
    let code = foreign_code(&stage, "https://graph.microsoft.com/.default");
    stage.also(&format!("authorization-code = \"{code}\""));
    stage.run(&["auth", "test"]).well().saying(&["offline_access", "UTC"]);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    stage.run(&["auth", "test"]).ends(4).saying(&["has been used already", "auth start", "config.toml"]);
}

#[test]
fn a_refresh_token_in_place_of_a_code_takes_a_session_over() {
    let stage = stage(true);
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let tokens = post_form(
        &format!("{}/{}/oauth2/v2.0/token", stage.tenant.origin(), AURORA.id),
        &[
            ("grant_type", "authorization_code"),
            ("client_id", AUTOMATION.id),
            ("client_secret", &encoded(secret)),
            ("code", &foreign_code(&stage, GRAPH)),
            ("redirect_uri", &encoded("https://localhost/myapp")),
        ],
    );
    let refresh = tokens.json()["refresh_token"].as_str().expect("a refresh token").to_owned();
    stage.also(&format!("authorization-code = \"refresh_token:{refresh}\""));
    stage.run(&["auth", "test"]).well();
    assert_eq!(stage.run(&["auth", "status"]).well().json()["account"], DANA);
}

#[test]
fn accounts_are_kept_apart_and_a_stranger_is_told() {
    let stage = stage(true);
    stage.also(&format!("account = \"{DANA}\""));
    let url = started_url(&stage);
    assert!(url.contains("login_hint=dana%40aurora-lab.example"), "{url}");
    let told = decide(&stage, &url, MIKA, "accept");
    let address = told["location"].as_str().expect("a location");
    stage.command(&["auth", "complete"]).input(address).go().well().saying(&[DANA, MIKA]);
    stage.run(&["--set", &format!("account={MIKA}"), "auth", "status"]).ends(1);
}
