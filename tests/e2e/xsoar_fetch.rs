//! Fetching as the platform asks for it, on both backends: new incidents, each once, with a state that is small.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Cortex;

fn fetching(api: &str, most: usize) -> Cortex {
    let mut cortex = Cortex::new(api);
    cortex.params["first_fetch"] = json!("1 year");
    cortex.params["max_fetch"] = json!(most.to_string());
    cortex.params["mirror_direction"] = json!("Incoming");
    cortex
}

fn fetch(cortex: &mut Cortex) -> Vec<Value> {
    let answer = cortex.ask("fetch-incidents", json!({}));
    assert_eq!(answer["results"], json!([]), "{answer}");
    assert!(
        answer["lastRun"].to_string().len() < 64 * 1024 && !answer["lastRun"].to_string().contains("alerts")
    );
    answer["incidents"].as_array().expect("incidents").clone()
}

fn whole(incident: &Value) -> Value {
    serde_json::from_str(incident["rawJSON"].as_str().expect("a text")).expect("JSON")
}

fn drained(cortex: &mut Cortex) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let new = fetch(cortex);
        if new.is_empty() {
            return all;
        }
        assert!(new.iter().map(|incident| incident["occurred"].as_str()).is_sorted());
        all.extend(new);
    }
}

#[test]
fn all_incidents_come_once_in_order_and_the_same_from_both_apis() {
    let [legacy, graph] = ["Legacy", "Graph"].map(|api| {
        let mut cortex = fetching(api, 60);
        let all = drained(&mut cortex);
        let ids: BTreeSet<String> =
            all.iter().map(|incident| whole(incident)["incidentId"].to_string()).collect();
        assert_eq!(ids.len(), all.len(), "each once");
        for incident in &all {
            let whole = whole(incident);
            assert_eq!(incident["name"], format!("Microsoft 365 Defender {}", whole["incidentId"]));
            assert_eq!(incident["occurred"], whole["createdTime"]);
            assert_eq!(
                (&whole["mirror_direction"], &whole["mirror_instance"]),
                (&json!("In"), &json!("one"))
            );
            assert_eq!(whole["mirror_tags"], json!(["CommentToMicrosoft365Defender"]));
            assert!(whole["Devices"].is_array() && whole["Active alerts"].is_string(), "{whole}");
        }
        ids
    });
    assert!(legacy.len() > 60 && legacy == graph, "{} and {}", legacy.len(), graph.len());
}

#[test]
fn the_other_api_goes_on_where_the_first_one_stopped() {
    let mut cortex = fetching("Legacy", 25);
    let mut all = fetch(&mut cortex);
    cortex.params["api"] = json!("Graph");
    all.extend(drained(&mut cortex));
    let ids: BTreeSet<&str> = all.iter().map(|incident| incident["name"].as_str().expect("a name")).collect();
    assert_eq!(ids.len(), all.len());
    let mut fresh = fetching("Graph", 200);
    assert_eq!(drained(&mut fresh).len(), all.len());
}

#[test]
fn the_originals_state_is_taken_over() {
    for api in ["Legacy", "Graph"] {
        let mut cortex = fetching(api, 20);
        let first = fetch(&mut cortex);
        let item = |incident: &Value| json!({ "name": incident["name"], "occurred": incident["occurred"], "rawJSON": "{\"kept\":1}" });
        let queue: Vec<Value> = first[10..].iter().map(item).collect();
        cortex.last_run = json!({ "last_run": first[19]["occurred"], "incidents_queue": queue });
        cortex.params["max_fetch"] = json!("5");
        assert_eq!(fetch(&mut cortex), queue[..5], "as they were queued");
        let names: Vec<_> = fetch(&mut cortex).iter().map(|incident| incident["name"].clone()).collect();
        let expected: Vec<_> = queue[5..].iter().map(|incident| incident["name"].clone()).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn a_first_fetch_that_is_no_time_is_told() {
    let mut cortex = fetching("Legacy", 10);
    cortex.params["first_fetch"] = json!("abc");
    assert_eq!(
        cortex.error("fetch-incidents", json!({})),
        "Failed to execute fetch-incidents command.\nError:\nMicrosoft Defender 365 Fetch incidents - Could not parse the first_fetch_time: first_fetch_time='abc'"
    );
}
