//! The end of an API: told the louder the nearer it is, and recognised when it has come.

use std::net::TcpListener;

use defender_xdr_emulator::directory::applications::CORTEX_APP;
use defender_xdr_emulator::{BodyKind, Fault, Options};
use serde_json::json;

use crate::support::{Home, Ran, Run, Stage};

/// A calendar with the end of the legacy API on a day.
fn calendar(home: &Home, date: &str) {
    let entry = json!([{
        "id": "legacy-api", "what": "the legacy API", "api": "legacy", "date": date, "confidence": "announced",
        "source": "a test"
    }]);
    home.write("retirements.json", &entry.to_string(), 0o600);
}

/// A tenant for which the legacy API ends on 1 February 2027.
fn stage() -> Stage {
    let stage = Stage::new();
    calendar(&stage.home, "2027-02-01");
    let path = stage.home.path().join("retirements.json");
    stage.also(&format!("retirements-file = \"{}\"", path.display()));
    stage
}

/// A command on a day.
fn on(stage: &Stage, now: &str, words: &[&str]) -> Ran {
    stage.command(words).env("DEFENDER_XDR_NOW", now).go()
}

const LIST: &[&str] = &["--api", "legacy", "incidents", "list", "--limit", "1"];

#[test]
fn half_a_year_ahead_it_is_told_once_a_day_and_before_that_never() {
    let stage = stage();
    let first = on(&stage, "2026-08-04T12:00:00Z", LIST).well();
    assert!(!first.stderr.contains("ends in"), "{}", first.stderr);
    on(&stage, "2026-11-23T09:00:00Z", LIST)
        .well()
        .saying(&["ends in 70 days, on 2027-02-01", "migrate permissions"]);
    let again = on(&stage, "2026-11-23T23:00:00Z", LIST).well();
    assert!(!again.stderr.contains("ends in"), "{}", again.stderr);
    on(&stage, "2026-11-24T00:00:00Z", LIST).well().saying(&["ends in 69 days"]);
}

#[test]
fn in_the_last_weeks_every_command_tells_it_unless_it_is_to_be_quiet_or_speaks_graph() {
    let stage = stage();
    for _ in 0..2 {
        on(&stage, "2026-12-24T00:00:00Z", LIST).well().saying(&["ends in 39 days"]);
        on(&stage, "2027-01-31T12:00:00Z", LIST).well().saying(&["ends tomorrow"]);
    }
    for words in [
        &["-q", "--api", "legacy", "incidents", "list", "--limit", "1"][..],
        &["--api", "graph", "incidents", "list", "--limit", "1"],
        &["--api", "legacy", "config", "show"],
        &["--api", "legacy", "auth", "flows"],
        &["--demo", "--api", "legacy", "incidents", "list", "--limit", "1"],
    ] {
        let ran = on(&stage, "2027-01-31T12:00:00Z", words).well();
        assert!(!ran.stderr.contains("legacy API ends"), "{words:?}: {}", ran.stderr);
    }
}

#[test]
fn whoever_asks_for_it_is_stopped_two_weeks_ahead() {
    let stage = stage();
    stage.also("on-retirement = \"fail\"");
    on(&stage, "2027-01-17T23:00:00Z", LIST).well().saying(&["ends in 15 days"]);
    let sent = stage.tenant.control().requests().len();
    for now in ["2027-01-18T00:00:00Z", "2027-02-01T00:00:00Z"] {
        on(&stage, now, LIST).ends(3).saying(&["2027-02-01", "`on-retirement` is `fail`", "config.toml"]);
    }
    assert_eq!(stage.tenant.control().requests().len(), sent, "something was called");
    on(&stage, "2027-02-01T00:00:00Z", &["--api", "graph", "incidents", "list", "--limit", "1"]).well();
}

#[test]
fn after_the_day_graph_is_the_default_and_the_legacy_api_has_to_be_asked_for() {
    let stage = Stage::bare(Options::default());
    calendar(&stage.home, "2027-02-01");
    let path = stage.home.path().join("retirements.json");
    let more = format!("retirements-file = \"{}\"\n", path.display());
    stage.home.settings(&stage.settings_of("Cortex XSOAR App", CORTEX_APP.id, &more));
    let list = ["incidents", "list", "--limit", "1"];
    on(&stage, "2027-02-01T00:00:00Z", &list)
        .ends(4)
        .saying(&["ended on 2027-02-01: Microsoft Graph is used in its place"]);
    let before = on(&stage, "2027-01-01T00:00:00Z", &list).ends(4);
    assert!(!before.stderr.contains("in its place"), "{}", before.stderr);
    // It may be there longer than was said.
    let stage = self::stage();
    on(&stage, "2027-03-01T00:00:00Z", LIST).well().saying(&["the legacy API ended on 2027-02-01"]);
}

#[test]
fn after_the_day_whatever_may_be_the_end_is_told_as_the_end() {
    let json = ["-o", "json", "--api", "legacy", "incidents", "list"];
    for status in [403, 404, 410] {
        let stage = stage();
        let body_kind = BodyKind::Html;
        stage.tenant.fault(
            "/api/",
            0,
            100,
            Fault::Status { status, retry_after: None, body: None, body_kind },
        );
        // "Gone" means what it says on any day.
        let early = on(&stage, "2027-01-31T00:00:00Z", &json).error();
        assert_eq!(early["kind"] == "retired", status == 410, "{early}");
        let error = on(&stage, "2027-02-01T00:00:00Z", &json).ends(8).error();
        assert_eq!(error["kind"], "retired", "{status}: {error}");
        let hint = error["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("ended on 2027-02-01") && hint.contains("--api graph"), "{hint}");
    }
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let stage = stage();
    let nobody = stage.command(LIST).env("DEFENDER_XDR_ENDPOINT", &format!("http://{free}"));
    let nobody = nobody.env("DEFENDER_XDR_RETRY_BUDGET", "1").env("DEFENDER_XDR_NOW", "2027-02-01T00:00:00Z");
    nobody.go().ends(8).saying(&["ended on 2027-02-01", "--api graph"]);
}

#[test]
fn a_date_that_moves_is_a_file_and_a_broken_file_is_told() {
    let stage = stage();
    calendar(&stage.home, "2027-09-30");
    let later = on(&stage, "2027-01-01T00:00:00Z", LIST).well();
    assert!(!later.stderr.contains("ends in"), "{}", later.stderr);
    stage.home.write("retirements.json", "[{\"id\": 7}]", 0o600);
    on(&stage, "2027-01-01T00:00:00Z", LIST).ends(3).saying(&[
        "retirements.json",
        "no calendar of retirements",
        "line 1",
        "config.toml",
    ]);
    stage.command(LIST).env("DEFENDER_XDR_NOW", "soon").go().ends(3).saying(&["DEFENDER_XDR_NOW"]);
}

#[test]
fn a_custom_cloud_has_no_end_that_microsoft_told() {
    let stage = Stage::new();
    let ran = on(&stage, "2027-05-01T00:00:00Z", LIST).well();
    assert!(!ran.stderr.contains("ended"), "{}", ran.stderr);
    let home = Home::new();
    Run::new(&home, &["--demo", "--api", "legacy", "incidents", "list", "--limit", "1"])
        .env("DEFENDER_XDR_NOW", "2027-05-01T00:00:00Z")
        .go()
        .well();
}
