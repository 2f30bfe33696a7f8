//! Counting, seen from outside.

use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn counted(incidents: &[Value]) -> Findings {
    let mut tally = Tally::new(at("2026-09-10T00:00:00Z"));
    for incident in incidents {
        tally.add(&Incident::read(Backend::Graph, &incident.to_string()).unwrap());
    }
    tally.finish()
}

#[expect(clippy::needless_pass_by_value, reason = "what `json!` makes is passed on as it is")]
fn incident(id: &str, created: &str, more: Value) -> Value {
    let mut fields = json!({ "id": id, "severity": "high", "status": "active", "createdDateTime": created,
        "lastUpdateDateTime": created });
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}

#[test]
fn open_incidents_are_counted_by_age_and_the_oldest_of_high_severity_are_named() {
    let found = counted(&[
        incident("1", "2026-09-09T12:00:00Z", json!({})),
        incident("2", "2026-01-01T00:00:00Z", json!({ "assignedTo": "dana@a.example" })),
        incident("3", "2026-09-01T00:00:00Z", json!({ "severity": "low", "assignedTo": "Unassigned" })),
        incident("4", "2026-09-01T00:00:00Z", json!({ "status": "resolved" })),
    ]);
    let ages: Vec<_> = found.open_by_age.iter().map(|age| age.incidents.total()).collect();
    assert_eq!((ages, found.open.total(), found.open_without_owner), (vec![1, 0, 0, 1, 0, 1], 3, 2));
    let waiting: Vec<_> = found.waiting.iter().map(|waiting| waiting.id.as_str()).collect();
    assert_eq!(waiting, ["2", "1"]);
}

#[test]
fn a_merged_incident_is_counted_where_it_went() {
    let found = counted(&[
        incident("1", "2026-09-09T12:00:00Z", json!({ "status": "redirected", "redirectIncidentId": "2" })),
        incident("2", "2026-09-09T12:00:00Z", json!({})),
    ]);
    assert_eq!((found.incidents, found.merged, found.over_time.len()), (1, 1, 1));
}

#[test]
fn an_incident_counts_once_for_a_thing_however_often_its_alerts_name_it() {
    let alert = |title: &str, category: &str| {
        json!({ "id": title, "title": title, "category": category, "productName": "P", "evidence": [
            { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.7" }] })
    };
    let alerts = json!([alert("A", "Execution"), alert("A", "Execution"), alert("B", "Malware")]);
    let found = counted(&[
        incident("1", "2026-09-09T12:00:00Z", json!({ "alerts": alerts, "classification": "falsePositive" })),
        incident("2", "2026-09-09T12:00:00Z", json!({ "alerts": [alert("A", "Execution")] })),
    ]);
    let told: Vec<_> =
        found.detections.iter().map(|it| (it.title.as_str(), it.alerts, it.incidents)).collect();
    assert_eq!(told, [("A", 3, 2), ("B", 1, 1)]);
    assert_eq!((found.detections[0].classified, found.detections[0].false_positives), (1, 1));
    let addresses = found.entities.iter().find(|kind| kind.kind == EntityKind::Ip).unwrap();
    assert_eq!((addresses.distinct, addresses.top[0].incidents), (1, 2));
    assert_eq!(found.tactics.iter().find(|tactic| tactic.name == "Execution").unwrap().incidents, 2);
    assert_eq!((found.alerts, found.without_alerts), (4, 0));
}

#[test]
fn addresses_of_the_web_count_by_their_host() {
    for (url, host) in [
        ("https://a@CDN.example/run?id=1", "cdn.example"),
        ("cdn.example:8080/x", "cdn.example:8080"),
        ("https:///x", "https:///x"),
    ] {
        assert_eq!(by_host((EntityKind::Url, url.to_owned())).1, host);
    }
    assert_eq!(by_host((EntityKind::File, "a/b".to_owned())).1, "a/b");
}

#[test]
fn what_is_missing_is_no_reason_to_stop() {
    let found =
        counted(&[json!({ "id": "1" }), json!({ "id": "2", "severity": "new", "alerts": [7, null] })]);
    assert_eq!((found.incidents, found.over_time.len(), found.first_created), (2, 0, None));
}
