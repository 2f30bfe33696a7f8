//! The filters of `incidents list`, on both APIs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Stage;

fn list(stage: &Stage, api: &str, filters: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["--api", api, "incidents", "list", "--all", "-o", "json"];
    arguments.extend(filters);
    stage.run(&arguments).well().records()
}

/// Both APIs list the same for these filters, and it is something but not everything.
#[track_caller]
fn same(stage: &Stage, filters: &[&str]) -> Vec<Value> {
    let ids = |records: &[Value]| -> BTreeSet<String> {
        records.iter().map(|record| record["id"].as_str().expect("an id").to_owned()).collect()
    };
    let graph = list(stage, "graph", filters);
    assert_eq!(ids(&graph), ids(&list(stage, "legacy", filters)), "{filters:?}");
    assert!((1..260).contains(&graph.len()), "{filters:?}: {}", graph.len());
    graph
}

#[test]
fn every_filter_lists_the_same_on_both_apis() {
    let stage = Stage::new();
    stage.tenant.switch(&json!({ "legacy_plain_filters": true }));
    for record in same(&stage, &["--classification", "truePositive", "--determination", "phishing,malware"]) {
        assert_eq!(record["classification"], "truePositive");
    }
    for record in same(&stage, &["--tag", "VIP,site-oslo", "--status", "active,inProgress"]) {
        let tags = record["customTags"].to_string();
        assert!(tags.contains("vip") || tags.contains("site-oslo"), "{tags}");
    }
    for record in same(&stage, &["--unassigned", "--severity", "high"]) {
        assert!(record["assignedTo"].is_null() || record["assignedTo"] == "Unassigned", "{record}");
    }
    for record in same(&stage, &["--since", "20 days", "--until", "10 days", "--updated-until", "9 days"]) {
        assert!(record["createdDateTime"].as_str() < record["lastUpdateDateTime"].as_str(), "{record}");
    }
    for record in same(&stage, &["--source", "microsoftDefenderForIdentity"]) {
        let alerts = record["alerts"].as_array().expect("alerts");
        assert!(alerts.iter().any(|alert| alert["serviceSource"] == "microsoftDefenderForIdentity"));
    }
    assert_eq!(same(&stage, &["--text", "20100"]).len(), 1);
}

#[test]
fn what_is_filtered_here_is_said_once() {
    let stage = Stage::new();
    let told = |arguments: &[&str]| {
        let mut all = vec!["incidents", "list", "--limit", "5"];
        all.extend(arguments);
        stage.run(&all).well().stderr
    };
    let graph = told(&["--tag", "vip", "--severity", "high"]);
    assert_eq!(graph.matches("filtered here").count(), 1, "{graph}");
    assert!(graph.contains("--tag") && !graph.contains("--severity"), "{graph}");
    let legacy = told(&["--api", "legacy", "--tag", "vip", "--severity", "high"]);
    assert!(legacy.contains("--severity, --tag"), "{legacy}");
    assert_eq!(told(&["--severity", "high", "--since", "3 days"]), "");
    assert_eq!(told(&["--api", "legacy", "--since", "3 days"]), "");
    assert_eq!(told(&["-q", "--tag", "vip"]), "");
}

#[test]
fn words_nobody_knows_and_windows_without_time_are_refused() {
    let stage = Stage::new();
    for (flag, value) in
        [("--source", "myProduct"), ("--classification", "maybe"), ("--determination", "x"), ("--text", "")]
    {
        stage.run(&["-o", "json", "incidents", "list", flag, value]).ends(2).saying(&[flag]);
    }
    let backwards = ["-o", "json", "incidents", "list", "--since", "1 day", "--until", "2 days"];
    assert_eq!(stage.run(&backwards).ends(2).error()["source"], "flag --until");
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}
