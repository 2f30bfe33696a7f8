//! What is sent, and what is left to do here.

use super::*;
use crate::incidents::record::Incident;

fn query() -> IncidentQuery {
    IncidentQuery {
        status: vec!["active".into(), "inprogress".into()],
        severity: vec!["high".into()],
        assigned_to: Some("o'neil@aurora-lab.example".into()),
        created_since: Some("2026-09-01T00:00:00Z".parse().expect("a time")),
        filter: Some("a eq 1 or b eq 2".into()),
        ..IncidentQuery::default()
    }
}

#[test]
fn graph_answers_the_whole_query() {
    let (filter, remainder) = query().translate(Backend::Graph);
    assert_eq!(
        filter.as_deref(),
        Some(
            "(status eq 'active' or status eq 'inProgress') and severity eq 'high' and \
             assignedTo eq 'o''neil@aurora-lab.example' and createdDateTime ge 2026-09-01T00:00:00Z and (a eq 1 or b eq 2)"
        )
    );
    assert!(remainder.is_empty());
}

#[test]
fn what_the_legacy_api_cannot_filter_is_filtered_here() {
    let (filter, remainder) = query().translate(Backend::Legacy);
    assert_eq!(
        filter.as_deref(),
        Some(
            "assignedTo eq 'o''neil@aurora-lab.example' and createdTime ge 2026-09-01T00:00:00Z and (a eq 1 or b eq 2)"
        )
    );
    assert_eq!(
        remainder,
        Remainder {
            status: vec!["active".into(), "inProgress".into()],
            severity: vec!["high".into()],
            ..Remainder::default()
        }
    );
    let one = IncidentQuery { status: vec!["resolved".into()], ..IncidentQuery::default() };
    assert_eq!(one.translate(Backend::Legacy), (Some("status eq 'Resolved'".into()), Remainder::default()));
}

#[test]
fn the_remainder_reads_graphs_words() {
    let remainder = query().translate(Backend::Legacy).1;
    let incident = |severity: &str, status: &str| {
        let json = format!(r#"{{"incidentId":1,"severity":"{severity}","status":"{status}"}}"#);
        Incident::read(Backend::Legacy, &json).expect("readable")
    };
    assert!(remainder.accepts(&incident("High", "InProgress")));
    assert!(!remainder.accepts(&incident("Low", "InProgress")));
    assert!(!remainder.accepts(&incident("High", "Resolved")));
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn windows_are_half_open_and_the_legacy_api_is_asked_for_beginnings_alone() {
    let query = IncidentQuery {
        created_since: Some(at("2026-09-01T00:00:00.5Z")),
        created_until: Some(at("2026-09-02T00:00:00Z")),
        updated_since: Some(at("2026-09-01T12:00:00Z")),
        updated_until: Some(at("2026-09-03T00:00:00Z")),
        ..IncidentQuery::default()
    };
    let (filter, remainder) = query.translate(Backend::Graph);
    let whole = "createdDateTime ge 2026-09-01T00:00:00.5000000Z and createdDateTime lt 2026-09-02T00:00:00Z and \
                 lastUpdateDateTime ge 2026-09-01T12:00:00Z and lastUpdateDateTime lt 2026-09-03T00:00:00Z";
    assert_eq!((filter.as_deref(), remainder.is_empty()), (Some(whole), true));
    let (filter, remainder) = query.translate(Backend::Legacy);
    let part = "createdTime ge 2026-09-01T00:00:00Z and lastUpdateTime ge 2026-09-01T12:00:00Z";
    assert_eq!(filter.as_deref(), Some(part));
    assert_eq!(remainder.names(), ["since", "until", "updated-until"]);
    let created = |time: &str| {
        let json = format!(r#"{{"incidentId":1,"createdTime":"{time}"}}"#);
        remainder.accepts(&Incident::read(Backend::Legacy, &json).expect("readable"))
    };
    assert!(created("2026-09-01T00:00:00.5Z") && created("2026-09-01T23:59:59.9999999Z"));
    assert!(!created("2026-09-01T00:00:00.4999999Z") && !created("2026-09-02T00:00:00Z"));
    assert!(created("last tuesday"), "a time that cannot be read hides nothing");
}

#[test]
fn what_nobody_has_judged_is_unknown_on_both_apis() {
    let of = |word: &str| IncidentQuery { classification: vec![word.into()], ..IncidentQuery::default() };
    let (filter, remainder) = of("TruePositive").translate(Backend::Graph);
    assert_eq!((filter.as_deref(), remainder.is_empty()), (Some("classification eq 'truePositive'"), true));
    for backend in Backend::ALL {
        let (filter, remainder) = of("unknown").translate(backend);
        assert_eq!((filter, remainder.names()), (None, vec!["classification"]), "{backend}");
        let judged = |json: &str| remainder.accepts(&Incident::read(backend, json).expect("readable"));
        assert!(judged(r#"{"id":"1","classification":null}"#) && judged(r#"{"id":"1"}"#));
        assert!(judged(r#"{"id":"1","classification":"Unknown"}"#));
        assert!(!judged(r#"{"id":"1","classification":"TruePositive"}"#));
    }
}

#[test]
fn nobody_owns_what_is_unassigned() {
    let query = IncidentQuery { unassigned: true, ..IncidentQuery::default() };
    let (filter, remainder) = query.translate(Backend::Graph);
    let nobody = "(assignedTo eq null or assignedTo eq '' or assignedTo eq 'Unassigned')";
    assert_eq!((filter.as_deref(), remainder.is_empty()), (Some(nobody), true));
    let mine = IncidentQuery { assigned_to: Some("dana@x".into()), ..query };
    let (filter, remainder) = mine.translate(Backend::Legacy);
    assert_eq!((filter, remainder.names()), (None, vec!["assigned-to", "unassigned"]));
    let owned = |owner: &str| {
        let json = format!(r#"{{"incidentId":1,"assignedTo":{owner}}}"#);
        remainder.accepts(&Incident::read(Backend::Legacy, &json).expect("readable"))
    };
    assert!(["null", "\"\"", "\"unassigned\"", "\"dana@x\""].into_iter().all(owned));
    assert!(!owned("\"mika@x\""));
}

#[test]
fn tags_sources_and_texts_are_looked_for_here() {
    let query = IncidentQuery {
        tags: vec!["VIP".into(), "ödland".into()],
        sources: vec!["AzureATP".into()],
        text: Some("Mailbox".into()),
        ..IncidentQuery::default()
    };
    for backend in Backend::ALL {
        assert_eq!(query.filtered_here(backend), ["tag", "source", "text"]);
    }
    assert!(query.wants_alerts());
    let remainder = query.translate(Backend::Graph).1;
    let fits = |tag: &str, source: &str, name: &str, description: &str| {
        let json = serde_json::json!({ "id": "7", "customTags": ["x", tag], "displayName": name,
            "description": description, "alerts": [{}, { "serviceSource": source }] });
        remainder.accepts(&Incident::read(Backend::Graph, &json.to_string()).expect("readable"))
    };
    let identity = "microsoftDefenderForIdentity";
    assert!(fits("vip", identity, "a MAILBOX rule", ""));
    assert!(fits("ÖDLAND", identity, "", "of a mailbox"));
    assert!(!fits("v", identity, "mailbox", ""));
    assert!(!fits("vip", "microsoftDefenderForEndpoint", "mailbox", ""));
    assert!(!fits("vip", identity, "mail", "box"));
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    let query = IncidentQuery {
        updated_since: Some(at("2026-09-02T00:00:00Z")),
        updated_until: Some(at("2026-09-02T00:00:00Z")),
        ..IncidentQuery::default()
    };
    for backend in Backend::ALL {
        assert_eq!(query.impossible(backend).expect("refused").option(), Some("updated-until"));
    }
}
