//! The demonstration tenant: works at once, for anybody, and touches nothing real.

use crate::support::{Home, Ran, Run, until};

fn demo(home: &Home, arguments: &[&str]) -> Ran {
    let mut all = vec!["--demo"];
    all.extend_from_slice(arguments);
    Run::new(home, &all).go()
}

#[test]
fn a_stranger_sees_incidents_as_a_table() {
    let home = Home::new();
    let ran = demo(&home, &["incidents", "list", "-o", "table"]).well().saying(&["invented"]);
    let header = ran.stdout.lines().next().expect("a header");
    for column in ["ID", "SEVERITY", "STATUS", "CREATED", "OWNER", "NAME"] {
        assert!(header.contains(column), "{header}");
    }
    assert_eq!(ran.stdout.lines().count(), 101, "a header and a hundred incidents");
}

#[test]
fn a_pipe_gets_json_by_itself_and_ndjson_on_demand() {
    let home = Home::new();
    let json = demo(&home, &["incidents", "list"]).well();
    let records = json.records();
    assert_eq!(records.len(), 100);
    let lines = demo(&home, &["incidents", "list", "-o", "ndjson"]).well();
    let from_lines: Vec<serde_json::Value> =
        lines.stdout.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!(from_lines, records);
}

#[test]
fn both_apis_show_the_same_tenant() {
    let home = Home::new();
    let graph = demo(&home, &["--api", "graph", "incidents", "list", "--all"]).well().ids();
    let legacy = demo(&home, &["--api", "legacy", "incidents", "list", "--all"]).well().ids();
    assert_eq!(graph, legacy);
    assert!(graph.len() >= 250, "{} incidents", graph.len());
}

#[test]
fn a_sign_in_is_started_by_one_process_and_completed_by_another() {
    let home = Home::new();
    let started = demo(&home, &["--flow", "device-code", "auth", "start"]).well().json();
    assert!(started["user_code"].as_str().is_some_and(|code| !code.is_empty()), "{started}");
    let completed = demo(&home, &["--flow", "device-code", "auth", "complete"]).well();
    assert_eq!(completed.json()["signed_in"], true);
    let status = demo(&home, &["--flow", "device-code", "auth", "status"]).well().json();
    assert!(status["account"].as_str().is_some_and(|who| who.ends_with("@aurora-lab.example")), "{status}");
    demo(&home, &["--flow", "device-code", "incidents", "list", "--limit", "1"]).well();
}

#[test]
fn what_was_changed_is_remembered_until_a_fresh_start() {
    let home = Home::new();
    let id = demo(&home, &["incidents", "list", "--status", "active", "--limit", "1"]).well().json()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    demo(&home, &["incidents", "update", &id, "--add-tag", "Seen by a visitor"]).well();
    let tags = |flag: &str| {
        let ran = Run::new(&home, &[flag, "incidents", "get", &id]).go().well();
        ran.json()["customTags"].to_string()
    };
    assert!(tags("--demo").contains("Seen by a visitor"));
    assert!(!tags("--demo-fresh").contains("Seen by a visitor"));
}

#[test]
fn broken_settings_and_planted_secrets_are_neither_read_nor_shown() {
    let home = Home::new();
    home.settings("this is = no [ settings file\nclient-secret = \"planted-in-the-file\"");
    let ran = Run::new(&home, &["--demo", "-vvv", "incidents", "list", "--limit", "3"])
        .env("DEFENDER_XDR_CLIENT_SECRET", "planted-in-the-environment")
        .env("DEFENDER_XDR_TENANT_ID", "not a tenant")
        .env("DEFENDER_XDR_ENDPOINT", "https://graph.example")
        .env("DEFENDER_XDR_AUTHORITY_HOST", "https://login.example")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .go()
        .well();
    assert_eq!(ran.records().len(), 3);
    assert!(!ran.stderr.contains("planted") && !ran.stdout.contains("planted"), "{}", ran.stderr);
    let kept = home.snapshot();
    let settings = home.settings_file();
    for (path, content) in kept.iter().filter(|(path, _)| **path != settings) {
        assert!(path.starts_with(home.state().join("demo")), "{} was written", path.display());
        assert!(!String::from_utf8_lossy(content).contains("planted"), "{}", path.display());
    }
}

#[test]
fn flow_and_api_may_come_from_the_environment() {
    let home = Home::new();
    let status = Run::new(&home, &["--demo", "auth", "status"])
        .env("DEFENDER_XDR_AUTHENTICATION_FLOW", "Cortex XSOAR App")
        .go()
        .ends(1)
        .json();
    assert_eq!((status["flow"].as_str(), status["api"].as_str()), (Some("cortex-xsoar-app"), Some("legacy")));
    let status = Run::new(&home, &["--demo", "auth", "status"]).env("DEFENDER_XDR_API", "legacy").go();
    assert_eq!(status.json()["api"], "legacy");
}

#[test]
fn two_visitors_at_once_do_not_disturb_each_other() {
    let home = Home::new();
    let visitors: Vec<_> =
        (0..4).map(|_| Run::new(&home, &["--demo", "incidents", "list", "--limit", "2"]).start()).collect();
    for visitor in visitors {
        let ran = Ran::new(visitor.wait_with_output().expect("it ends")).well();
        assert_eq!(ran.records().len(), 2);
    }
    until("the tenant is usable afterwards", || {
        (demo(&home, &["incidents", "list", "--limit", "1"]).code == 0).then_some(())
    });
}
