//! Single differences, each by itself.

use defender_xdr_api::incidents::Incident;
use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use super::{Class, compare};

fn legacy() -> Value {
    json!({
        "incidentId": 7, "redirectIncidentId": null, "incidentName": "Theft", "createdTime": "2026-09-03T07:41:12.5233333Z",
        "lastUpdateTime": "2026-09-03T09:02:44.0366667Z", "assignedTo": "Dana@x.example", "classification": null,
        "determination": "NotAvailable", "status": "Active", "severity": "High", "tags": ["a", "b"],
        "comments": [{ "comment": "one", "createdBy": "dana@x.example", "createdTime": "2026-09-03T08:15:00.12Z" }],
        "alerts": [{ "alertId": "da1", "incidentId": 7, "status": "New", "severity": "High", "devices": [], "entities": [] }],
    })
}

fn graph() -> Value {
    json!({
        "id": "7", "redirectIncidentId": null, "displayName": "Theft", "createdDateTime": "2026-09-03T07:41:12.523Z",
        "lastUpdateDateTime": "2026-09-03T09:02:44.036Z", "assignedTo": "dana@x.example", "classification": "unknown",
        "determination": "unknown", "status": "awaitingAction", "severity": "high", "customTags": ["b", "a"],
        "systemTags": ["x"], "incidentWebUrl": "https://security.microsoft.com/incident2/7",
        "comments": [{ "comment": "one", "createdByDisplayName": "Dana R", "createdDateTime": "2026-09-03T08:15:00.12Z" }],
        "alerts": [{ "id": "da1", "incidentId": "7", "status": "new", "severity": "high", "evidence": [] }],
    })
}

fn found(legacy: &Value, graph: &Value) -> Vec<(String, Option<&'static str>)> {
    let read = |backend, value: &Value| Incident::read(backend, &value.to_string()).expect("an incident");
    compare(&read(Backend::Legacy, legacy), &read(Backend::Graph, graph), true)
        .into_iter()
        .map(|difference| (difference.path, difference.class.rule().map(|rule| rule.id)))
        .collect()
}

fn unexplained(legacy: &Value, graph: &Value) -> Vec<String> {
    found(legacy, graph).into_iter().filter(|(_, rule)| rule.is_none()).map(|(path, _)| path).collect()
}

#[test]
fn what_the_rules_know_is_told_by_name() {
    let found = found(&legacy(), &graph());
    for (path, rule) in [
        ("createdDateTime", "time-precision"),
        ("assignedTo", "owner-name"),
        ("classification", "unset-word"),
        ("status", "awaiting-action"),
        ("customTags", "order"),
        ("systemTags", "graph-only"),
        ("incidentWebUrl", "graph-only"),
        ("comments[0].createdByDisplayName", "comment-author"),
    ] {
        assert!(found.contains(&(path.to_owned(), Some(rule))), "{path}: {found:?}");
    }
    assert!(found.iter().all(|(_, rule)| rule.is_some()), "{found:?}");
}

#[test]
fn what_no_rule_knows_is_unexplained() {
    type Change = (&'static str, Value, &'static str);
    let cases: [Change; 9] = [
        ("/status", json!("resolved"), "status"),
        ("/severity", json!("low"), "severity"),
        ("/assignedTo", json!(null), "assignedTo"),
        ("/determination", json!("malware"), "determination"),
        ("/customTags", json!(["a"]), "customTags"),
        ("/comments", json!([]), "comments[]"),
        ("/lastUpdateDateTime", json!("2026-09-03T09:02:45Z"), "lastUpdateDateTime"),
        ("/alerts", json!([]), "alerts[da1]"),
        ("/alerts/0/status", json!("resolved"), "alerts[da1].status"),
    ];
    for (place, value, path) in cases {
        let mut changed = graph();
        *changed.pointer_mut(place).expect("a member") = value;
        assert_eq!(unexplained(&legacy(), &changed), [path], "{place}");
    }
}

#[test]
fn a_member_that_went_missing_is_unexplained() {
    for (name, path) in [("customTags", "customTags"), ("comments", "comments[]"), ("status", "status")] {
        let mut changed = graph();
        changed.as_object_mut().expect("an object").shift_remove(name);
        assert_eq!(unexplained(&legacy(), &changed), [path]);
    }
    let mut changed = legacy();
    changed.as_object_mut().expect("an object").shift_remove("assignedTo");
    assert_eq!(unexplained(&changed, &graph()), ["assignedTo"]);
}

#[test]
fn an_alert_is_known_without_its_prefix() {
    let mut changed = legacy();
    changed["alerts"][0]["alertId"] = json!("1");
    let found = found(&changed, &graph());
    assert!(found.contains(&("alerts[da1].id".to_owned(), Some("alert-id-prefix"))), "{found:?}");
    assert!(found.iter().all(|(_, rule)| rule.is_some()), "{found:?}");
}

#[test]
fn alerts_that_were_not_asked_for_are_not_missed() {
    let read = |backend, value: &Value| Incident::read(backend, &value.to_string()).expect("an incident");
    let mut bare = graph();
    bare.as_object_mut().expect("an object").shift_remove("alerts");
    let found = compare(&read(Backend::Legacy, &legacy()), &read(Backend::Graph, &bare), false);
    assert!(found.iter().all(|difference| difference.class != Class::Unexplained), "{found:?}");
}
