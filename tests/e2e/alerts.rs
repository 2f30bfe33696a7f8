//! Alerts: listed, read and changed, on the API that can.

use std::collections::BTreeSet;
use std::process::Command;

use defender_xdr_emulator::directory::applications::{READER, UNCONSENTED};
use defender_xdr_emulator::{Fault, Options};
use serde_json::{Value, json};

use crate::support::{Ran, Stage, status, until};

const APIS: [&str; 2] = ["graph", "legacy"];
const PATH: &str = "/v1.0/security/alerts_v2";

fn list(stage: &Stage, api: &str, arguments: &[&str]) -> Ran {
    let mut all = vec!["--api", api, "alerts", "list"];
    all.extend_from_slice(arguments);
    stage.run(&all).well()
}

/// An alert that nobody touched, and its incident.
fn new_alert(stage: &Stage) -> (String, String) {
    let alert = list(stage, "graph", &["--status", "new", "--limit", "1"]).records().swap_remove(0);
    let text = |name: &str| alert[name].as_str().expect("text").to_owned();
    (text("id"), text("incidentId"))
}

#[test]
fn all_alerts_are_the_same_on_both_apis_and_the_incidents_hold_them() {
    let stage = Stage::new();
    let incidents = stage.run(&["incidents", "list", "--all", "--with-alerts"]).well();
    let held: BTreeSet<String> = incidents
        .records()
        .iter()
        .flat_map(|incident| incident["alerts"].as_array().cloned().unwrap_or_default())
        .map(|alert| alert["id"].as_str().expect("an id").to_owned())
        .collect();
    stage.tenant.switch(&json!({ "drop_next_link": true }));
    for api in APIS {
        let ran = list(&stage, api, &["--all"]);
        assert_eq!(ran.ids(), held, "{api}");
        assert_eq!(ran.records().len(), held.len(), "{api}: each once");
    }
}

#[test]
fn the_same_filters_give_the_same_alerts_on_both_apis() {
    let stage = Stage::new();
    // Many calls in a row: nobody wants to wait for the limits of the real service.
    for filter in [
        vec!["--severity", "high"],
        vec!["--status", "new,inProgress", "--service-source", "microsoftDefenderForOffice365"],
        vec!["--updated-since", "7 days"],
    ] {
        let mut all = filter.clone();
        all.push("--all");
        let [graph, legacy] = APIS.map(|api| list(&stage, api, &all).ids());
        assert_eq!(graph, legacy, "{filter:?}");
        assert!(!graph.is_empty(), "{filter:?}");
    }
    let (id, incident) = new_alert(&stage);
    for api in APIS {
        assert!(list(&stage, api, &["--incident", &incident]).ids().contains(&id), "{api}");
    }
    let odata = ["--filter", "severity eq 'high'", "--all"];
    assert_eq!(
        list(&stage, "graph", &odata).ids(),
        list(&stage, "legacy", &["--severity", "high", "--all"]).ids()
    );
    stage
        .run(&["--api", "legacy", "alerts", "list", "--filter", "severity eq 'high'"])
        .ends(2)
        .saying(&["--filter", "api = \"graph\""]);
}

#[test]
fn one_alert_is_read_in_every_format() {
    let stage = Stage::new();
    let (id, incident) = new_alert(&stage);
    let alert = stage.run(&["alerts", "get", &id, "-o", "json"]).well().json();
    assert_eq!(
        (alert["id"].as_str(), alert["incidentId"].as_str()),
        (Some(id.as_str()), Some(incident.as_str()))
    );
    let raw = stage.run(&["--raw", "alerts", "get", &id]).well().json();
    assert!(raw["@odata.context"].is_string() && raw["title"] == alert["title"]);
    let table = stage.run(&["alerts", "get", &id, "-o", "table"]).well();
    assert!(table.stdout.contains(alert["title"].as_str().expect("a title")), "{}", table.stdout);
    stage.run(&["alerts", "get", "da1_-2"]).ends(6);
    // The legacy API has to be told where to look.
    stage.run(&["--api", "legacy", "alerts", "get", &id]).ends(2).saying(&["--incident", "--since"]);
    for place in [["--incident", incident.as_str()], ["--since", "60 days"]] {
        let found = stage.run(&["--api", "legacy", "alerts", "get", &id, place[0], place[1]]).well();
        assert_eq!(found.json()["title"], alert["title"]);
    }
    stage.run(&["--api", "legacy", "alerts", "get", "da1_-2", "--incident", &incident]).ends(6);
    let raw = ["--api", "legacy", "--raw", "alerts", "get", &id, "--incident", &incident];
    assert_eq!(stage.run(&raw).well().json()["alertId"].as_str(), Some(id.as_str()));
}

#[test]
fn a_change_is_shown_and_what_does_not_fit_is_refused() {
    let stage = Stage::new();
    let (id, _) = new_alert(&stage);
    let update = |arguments: &[&str]| {
        let mut all = vec!["alerts", "update", &id, "-o", "json"];
        all.extend_from_slice(arguments);
        stage.run(&all)
    };
    let changed =
        update(&["--status", "resolved", "--classification", "truePositive", "--determination", "phishing"]);
    assert_eq!(changed.well().json()["determination"], "phishing");
    update(&["--determination", "notMalicious"]).ends(2).saying(&["does not fit", "truePositive allows"]);
    let taken = update(&["--assigned-to", "dana@aurora-lab.example"]).well().json();
    assert_eq!(taken["assignedTo"], "dana@aurora-lab.example");
    assert_eq!(update(&["--unassign"]).well().json()["assignedTo"], Value::Null);
    update(&["--status", "redirected"]).ends(2);
    update(&[]).ends(2);
    let commented = stage.run(&["alerts", "comment", &id, "looked at", "-o", "json"]).well().json();
    assert_eq!(commented["comments"].as_array().map(Vec::len), Some(1));
    let refused = stage.run(&["--api", "legacy", "alerts", "comment", &id, "x"]).ends(2);
    refused.saying(&["legacy API", "api = \"graph\""]);
}

#[test]
fn an_application_learns_which_permission_alerts_need() {
    let reader = Stage::of(&READER);
    let (id, _) = new_alert(&reader);
    reader
        .run(&["alerts", "update", &id, "--status", "resolved"])
        .ends(5)
        .saying(&["SecurityAlert.ReadWrite.All"]);
    Stage::of(&UNCONSENTED).run(&["alerts", "list"]).ends(5).saying(&["SecurityAlert.Read.All"]);
}

#[test]
fn a_change_without_an_answer_is_looked_for_and_not_repeated() {
    let stage = Stage::new();
    let (id, _) = new_alert(&stage);
    for fault in [status(503, Some(1)), Fault::Reset, Fault::CutBody { bytes: 10 }] {
        for change in
            [vec!["alerts", "update", &id, "--status", "inProgress"], vec!["alerts", "comment", &id, "once"]]
        {
            stage.tenant.control().clear_faults();
            stage.tenant.fault(&format!("{PATH}/{id}"), 0, 1, fault.clone());
            let mut all = vec!["-o", "json"];
            all.extend(&change);
            let error = stage.run(&all).ends(8).error();
            assert_eq!(error["kind"], "outcome-unknown", "{fault:?} {change:?}: {error}");
            let hint = error["hint"].as_str().expect("a hint");
            assert!(hint.contains(&format!("alerts get {id}")), "{hint}");
        }
    }
}

#[test]
fn what_cannot_be_reached_is_told_after_what_can() {
    let stage = Stage::with(
        &defender_xdr_emulator::directory::applications::AUTOMATION,
        Options { incidents: 700, ..Options::default() },
    );
    stage.tenant.switch(&json!({ "alert_update_grain": 315_360_000 }));
    let ran = stage.run(&["alerts", "list", "--all", "-o", "ndjson"]).ends(9);
    assert_eq!(ran.stdout.lines().count(), 1500);
    assert_eq!(ran.error()["kind"], "partial");
    assert!(list(&stage, "graph", &["--all", "--severity", "high"]).records().len() < 1500);
}

#[test]
fn a_person_who_stops_a_change_is_told_that_it_may_have_been_made() {
    let stage = Stage::new();
    let (id, _) = new_alert(&stage);
    let path = format!("{PATH}/{id}");
    stage.tenant.fault(&path, 0, 1, Fault::Slow { milliseconds: 15_000 });
    let child = stage.start(&["alerts", "comment", &id, "once"]);
    until("the request came", || (stage.tenant.requests_to(&path) > 0).then_some(()));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let ran = Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    ran.saying(&["may have been made", &format!("alerts get {id}")]);
}

#[test]
fn an_unknown_alert_is_looked_for_among_alerts() {
    let stage = Stage::new();
    for words in
        [&["update", "nosuch", "--status", "new"][..], &["comment", "nosuch", "hello"], &["get", "nosuch"]]
    {
        let error = stage.run(&[&["-o", "json", "alerts"], words].concat()).ends(6).error();
        let hint = error["hint"].as_str().expect("a hint");
        assert!(hint.contains("alerts list") && !hint.contains("incidents list"), "{hint}");
    }
}

#[test]
fn a_status_that_only_the_service_sets_is_not_offered() {
    let stage = Stage::new();
    for (what, kept) in [("alerts", "unknown"), ("incidents", "redirected")] {
        let error = stage.run(&["-o", "json", what, "update", "20100", "--status", "bogus"]).ends(2).error();
        let hint = error["hint"].as_str().expect("a hint");
        assert!(hint.contains("inProgress") && hint.contains("resolved"), "{hint}");
        assert!(!hint.contains(kept) && !hint.contains("awaitingAction"), "{hint}");
    }
}
