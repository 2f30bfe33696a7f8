//! The oddities of real payloads are there, in both APIs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Tenant, walk};

fn legacy_and_graph() -> (Vec<Value>, Vec<Value>) {
    let mut tenant = Tenant::with(60);
    (walk(&mut tenant, "/api/incidents"), walk(&mut tenant, "/v1.0/security/incidents?$expand=alerts"))
}

/// Every object anywhere inside the values.
fn objects<'v>(
    values: impl IntoIterator<Item = &'v Value>,
    found: &mut Vec<&'v serde_json::Map<String, Value>>,
) {
    for value in values {
        match value {
            Value::Object(members) => {
                found.push(members);
                objects(members.values(), found);
            }
            Value::Array(items) => objects(items, found),
            _ => {}
        }
    }
}

fn any(values: &[Value], holds: impl Fn(&serde_json::Map<String, Value>) -> bool) -> bool {
    let mut found = Vec::new();
    objects(values, &mut found);
    found.into_iter().any(holds)
}

#[test]
fn times_have_between_no_and_seven_fraction_digits() {
    let (legacy, _) = legacy_and_graph();
    let digits: BTreeSet<usize> = legacy
        .iter()
        .flat_map(|incident| incident["alerts"].as_array().unwrap())
        .map(|alert| {
            alert["creationTime"].as_str().unwrap().split_once('.').map_or(0, |(_, rest)| rest.len() - 1)
        })
        .collect();
    assert_eq!(digits, (0..=7).collect());
}

#[test]
fn lists_are_empty_null_or_missing() {
    let (legacy, graph) = legacy_and_graph();
    for (all, key) in [(&legacy, "tags"), (&graph, "customTags")] {
        assert!(all.iter().any(|incident| incident.get(key) == Some(&json!([]))), "{key} empty");
        assert!(all.iter().any(|incident| incident.get(key) == Some(&Value::Null)), "{key} null");
        assert!(all.iter().any(|incident| incident.get(key).is_none()), "{key} missing");
    }
}

#[test]
fn evidence_of_an_unknown_type_and_a_type_without_its_sign_occur() {
    let (legacy, graph) = legacy_and_graph();
    let subtype = |members: &serde_json::Map<String, Value>| {
        members.get("@odata.type").and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    assert!(any(&graph, |members| subtype(members) == "#microsoft.graph.security.quantumEvidence"));
    assert!(any(&graph, |members| subtype(members).starts_with("microsoft.graph.security.")));
    assert!(any(&graph, |members| members.get("investigationState") == Some(&json!("pendingQuorum"))));
    assert!(any(&legacy, |members| members.get("entityType") == Some(&json!("QuantumKey"))));
}

#[test]
fn mailboxes_are_spelled_in_two_ways_and_some_entities_carry_every_key() {
    let (legacy, _) = legacy_and_graph();
    for spelling in ["MailBox", "Mailbox"] {
        assert!(any(&legacy, |members| members.get("entityType") == Some(&json!(spelling))), "{spelling}");
    }
    assert!(any(&legacy, |members| members.contains_key("entityType") && members.len() >= 36));
    assert!(any(&legacy, |members| members.get("serviceSource") == Some(&json!("MicrosoftDefenderATP"))));
}

#[test]
fn numbers_come_as_strings_on_one_incident() {
    let (legacy, graph) = legacy_and_graph();
    assert!(any(&legacy, |members| members.get("processId").is_some_and(Value::is_string)
        || members.get("rbacGroupId").is_some_and(Value::is_string)));
    let text = |key: &'static str| {
        move |members: &serde_json::Map<String, Value>| members.get(key).is_some_and(Value::is_string)
    };
    assert!(any(&graph, text("fileSize")) || any(&graph, text("osBuild")));
}

#[test]
fn names_texts_and_addresses_are_as_dirty_as_in_life() {
    let (legacy, graph) = legacy_and_graph();
    assert!(legacy.iter().any(|incident| incident["incidentName"].is_null()));
    assert!(graph.iter().any(|incident| incident["displayName"] == incident["id"]));
    assert!(any(&legacy, |members| members
        .get("description")
        .and_then(Value::as_str)
        .is_some_and(|text| text.contains('\u{FFFD}') && text.contains("\r\n") && text.contains("<p>"))));
    assert!(any(&graph, |members| members.get("rbacGroupId") == Some(&json!(0))
        && members.get("rbacGroupName") == Some(&Value::Null)));
    assert!(legacy.iter().any(|incident| incident["severity"] == "UnSpecified"));
    assert!(legacy.iter().any(|incident| incident.get("futureScore").is_some()));
}

#[test]
fn husks_stay_in_the_lists_and_lead_in_three_steps_to_their_target() {
    let (legacy, graph) = legacy_and_graph();
    let husks: Vec<&Value> = graph.iter().filter(|incident| incident["status"] == "redirected").collect();
    assert_eq!(husks.len(), 3);
    assert!(husks.iter().all(|husk| husk["alerts"] == json!([]) && husk["redirectIncidentId"].is_string()));
    assert_eq!(legacy.iter().filter(|incident| incident["status"] == "Redirected").count(), 3);
    let by_id = |id: &Value| graph.iter().find(|incident| incident["id"] == *id).unwrap();
    let mut incident = *husks.iter().max_by_key(|husk| husk["id"].as_str()).unwrap();
    for _ in 0..3 {
        incident = by_id(&incident["redirectIncidentId"]);
    }
    assert_ne!(incident["status"], "redirected");
}

#[test]
fn one_incident_is_huge_and_one_holds_alerts_that_name_another() {
    let (legacy, _) = legacy_and_graph();
    assert!(legacy.iter().any(|incident| incident["alerts"].as_array().unwrap().len() > 150));
    assert!(legacy.iter().any(|incident| {
        let alerts = incident["alerts"].as_array().unwrap();
        alerts.iter().any(|alert| alert["incidentId"] != incident["incidentId"])
    }));
}
