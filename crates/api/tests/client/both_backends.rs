//! One incident, two APIs, one model: what both have is the same.

use std::collections::{BTreeMap, BTreeSet};

use defender_xdr_api::incidents::{Incident, IncidentQuery};
use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use crate::tenant::{Tenant, all, everything};

const SCALARS: [&str; 9] = [
    "id",
    "displayName",
    "severity",
    "status",
    "classification",
    "determination",
    "assignedTo",
    "createdDateTime",
    "lastUpdateDateTime",
];

/// Kinds of evidence that the legacy API documents too.
const KINDS: [&str; 12] = [
    "deviceEvidence",
    "userEvidence",
    "ipEvidence",
    "urlEvidence",
    "fileEvidence",
    "processEvidence",
    "mailboxEvidence",
    "analyzedMessageEvidence",
    "mailClusterEvidence",
    "registryKeyEvidence",
    "registryValueEvidence",
    "securityGroupEvidence",
];

/// What both APIs have of an incident. Null and missing are the same.
fn common(incident: &Incident) -> Value {
    let mut fields: BTreeMap<&str, Value> =
        SCALARS.iter().map(|name| (*name, incident.get(name).cloned().unwrap_or_default())).collect();
    // The legacy API does not know this status and says active.
    if fields["status"] == "awaitingAction" {
        fields.insert("status", "active".into());
    }
    fields.insert("tags", json!(incident.tags()));
    let comments = incident.list("comments").iter();
    fields.insert(
        "comments",
        comments.map(|comment| json!([comment["comment"], comment["createdDateTime"]])).collect(),
    );
    // Where a server leaves lists out, the two leave out different ones.
    let whole = incident.get("customTags").is_some_and(Value::is_array);
    let mut alerts: Vec<_> = incident.list("alerts").iter().map(|one| alert(one, whole)).collect();
    alerts.sort_by_key(|alert| alert[0].to_string());
    fields.insert("alerts", alerts.into());
    json!(fields)
}

fn alert(alert: &Value, with_evidence: bool) -> Value {
    let kinds = if with_evidence { kinds(alert) } else { Vec::new() };
    json!([alert["id"], alert["title"], alert["severity"], alert["status"], kinds])
}

/// The kinds of evidence of an alert, sorted.
fn kinds(alert: &Value) -> Vec<&str> {
    let evidence = alert["evidence"].as_array().map_or(&[][..], Vec::as_slice);
    let kind = |piece: &Value| {
        let subtype = piece["@odata.type"].as_str().unwrap_or_default();
        let name = subtype.rsplit('.').next().unwrap_or_default();
        KINDS.iter().find(|kind| **kind == name).map_or("one that only Graph names", |kind| *kind)
    };
    let mut kinds: Vec<_> = evidence.iter().map(kind).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test]
async fn a_hundred_incidents_are_the_same_through_either_api() {
    let tenant = Tenant::with(100).await;
    let query = IncidentQuery { expand_alerts: true, ..everything() };
    let mut models = Backend::ALL.map(|_| BTreeMap::new());
    for (model, backend) in models.iter_mut().zip(Backend::ALL) {
        let found = all(&tenant.client(backend), &query).await.expect("a list");
        *model = found.iter().map(|incident| (incident.id().to_owned(), common(incident))).collect();
    }
    let [graph, legacy] = models;
    assert_eq!(graph.len(), 100);
    assert_eq!(graph.keys().collect::<Vec<_>>(), legacy.keys().collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    for (id, incident) in &graph {
        let other = &legacy[id];
        seen.extend(KINDS.into_iter().filter(|kind| incident.to_string().contains(kind)));
        for (name, value) in incident.as_object().expect("members") {
            assert_eq!(*value, other[name], "{name} of incident {id}");
        }
    }
    // Nothing of this holds by chance: the tenant shows every kind.
    assert_eq!(seen.len(), KINDS.len(), "{seen:?}");
}

#[tokio::test]
async fn one_incident_read_by_itself_is_the_one_of_the_list() {
    let tenant = Tenant::with(40).await;
    let query = IncidentQuery { expand_alerts: true, ..everything() };
    for backend in Backend::ALL {
        let client = tenant.client(backend);
        for listed in all(&client, &query).await.expect("a list") {
            let read = client.get_incident(listed.id()).await.expect("read");
            assert_eq!(common(&read), common(&listed), "{backend}: {}", listed.id());
            assert!(read.get("@odata.context").is_none());
        }
    }
}

#[tokio::test]
async fn a_change_through_one_api_is_seen_through_the_other() {
    use defender_xdr_api::incidents::{Assignee, IncidentChange, TagChange};
    for (writer, reader) in [(Backend::Graph, Backend::Legacy), (Backend::Legacy, Backend::Graph)] {
        let tenant = Tenant::with(12).await;
        let client = tenant.client(writer);
        let id = crate::tenant::some_active_incident(&client).await;
        let change = IncidentChange {
            status: Some("resolved".into()),
            assignee: Some(Assignee::Person("mika@aurora-lab.example".into())),
            classification: Some("informationalExpectedActivity".into()),
            determination: Some("confirmedActivity".into()),
            tags: Some(TagChange::Replace(vec!["site-oslo".into()])),
            comment: Some("seen by both".into()),
            ..IncidentChange::default()
        };
        client.update_incident(&id, change).await.expect("changed");
        let seen = tenant.client(reader).get_incident(&id).await.expect("read");
        assert_eq!(common(&seen), common(&client.get_incident(&id).await.expect("read")));
        assert_eq!(seen.text("determination"), Some("confirmedActivity"));
        assert_eq!(seen.text("assignedTo"), Some("mika@aurora-lab.example"));
        assert!(seen.list("comments").iter().any(|comment| comment["comment"] == "seen by both"));
    }
}
