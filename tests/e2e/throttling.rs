//! Services that are busy: waited for within the budget, told about beyond it.

use std::time::Instant;

use crate::support::{Stage, status};

const GRAPH: &str = "/v1.0/";
const ENTRA: &str = "/6f2c9a10";

#[test]
fn a_stated_wait_within_the_budget_is_kept_and_the_list_arrives() {
    let stage = Stage::new();
    stage.tenant.fault(GRAPH, 0, 1, status(429, Some(1)));
    let started = Instant::now();
    assert_eq!(stage.run(&["incidents", "list", "--limit", "5"]).well().records().len(), 5);
    assert!(started.elapsed().as_millis() >= 1000, "{:?}", started.elapsed());
    assert_eq!(stage.tenant.requests_to(GRAPH), 2);
}

#[test]
fn a_stated_wait_beyond_the_budget_ends_at_once_and_says_until_when() {
    let stage = Stage::new();
    stage.tenant.fault(GRAPH, 0, 9, status(429, Some(600)));
    let started = Instant::now();
    let ran = stage.run(&["incidents", "list", "-o", "json"]).ends(7);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    let error = ran.error();
    let until: jiff::Timestamp =
        error["until"].as_str().expect("a time").parse().expect("a time of RFC 3339");
    let wait = until.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((500..=600).contains(&wait), "{wait} s");
    assert_eq!(stage.tenant.requests_to(GRAPH), 1);
    stage.tenant.fault(GRAPH, 0, 9, status(429, Some(600)));
    stage.run(&["incidents", "list", "-o", "table"]).ends(7).saying(&["not before"]);
}

#[test]
fn a_throttled_sign_in_service_ends_alike() {
    let stage = Stage::new();
    stage.tenant.fault(ENTRA, 0, 9, status(429, Some(600)));
    let error = stage.run(&["incidents", "list", "-o", "json"]).ends(7).error();
    assert_eq!(error["kind"], "throttled");
}

#[test]
fn passing_faults_are_tried_again() {
    let stage = Stage::new();
    for code in [503, 504] {
        stage.tenant.fault(GRAPH, 0, 1, status(code, Some(0)));
    }
    stage.tenant.fault(ENTRA, 0, 1, status(503, Some(0)));
    assert_eq!(stage.run(&["incidents", "list", "--limit", "5"]).well().records().len(), 5);
}

#[test]
fn faults_that_stay_end_after_five_tries() {
    let stage = Stage::new();
    stage.tenant.fault(GRAPH, 0, 99, status(503, Some(0)));
    stage.run(&["incidents", "list"]).ends(8).saying(&["try again later"]);
    assert_eq!(stage.tenant.requests_to(GRAPH), 5);
}

#[test]
fn the_budget_is_for_the_whole_command() {
    let stage = Stage::new();
    // Each page may be tried again, but all waiting together stays within a second.
    stage.tenant.fault(GRAPH, 0, 1, status(429, Some(1)));
    stage.tenant.fault(GRAPH, 1, 1, status(429, Some(1)));
    let ran = stage.run(&["--set", "retry-budget=1", "incidents", "list", "--all"]).ends(9);
    assert_eq!(ran.records().len(), 50);
}

#[test]
fn a_change_that_was_throttled_is_sent_again() {
    let stage = Stage::new();
    let list = stage.run(&["incidents", "list", "--status", "active", "--limit", "1"]).well();
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    stage.tenant.fault(GRAPH, 0, 1, status(429, Some(0)));
    stage.run(&["incidents", "update", &id, "--status", "inProgress"]).well();
}

#[test]
fn real_quotas_of_the_legacy_api_are_waited_for_or_told() {
    use defender_xdr_emulator::Options;
    use defender_xdr_emulator::directory::applications::AUTOMATION;
    let options = Options { limits: true, ..Options::default() };
    let stage = Stage::with(&AUTOMATION, options).keeping_documented_limits();
    let query = ["-o", "json", "--api", "legacy", "--set", "retry-budget=1", "hunt", "DeviceInfo | take 1"];
    let end = (0..60).map(|_| stage.run(&query)).find(|ran| ran.code != 0).expect("45 queries a minute");
    let error = end.ends(7).error();
    assert!(error["until"].is_string(), "the text names the wait: {error}");
}
