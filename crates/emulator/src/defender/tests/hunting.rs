//! Hunting over both APIs.

use http::Method;
use serde_json::{Value, json};

use super::Tenant;

fn legacy(tenant: &mut Tenant, query: &str) -> (u16, Value) {
    tenant.send(Method::POST, "/api/advancedhunting/run/", Some(&json!({ "Query": query })))
}

fn graph(tenant: &mut Tenant, body: &Value) -> (u16, Value) {
    tenant.send(Method::POST, "/v1.0/security/runHuntingQuery", Some(body))
}

#[test]
fn both_envelopes_carry_the_same_rows() {
    let mut tenant = Tenant::with(60);
    let query = "DeviceProcessEvents | where FileName =~ 'PD64.exe' | project Timestamp, DeviceName, Id = ReportId | take 3";
    let (_, old) = legacy(&mut tenant, query);
    let (_, new) = graph(&mut tenant, &json!({ "query": query }));
    assert_eq!(
        old["Schema"],
        json!([
            { "Name": "Timestamp", "Type": "DateTime" }, { "Name": "DeviceName", "Type": "String" },
            { "Name": "Id", "Type": "Int64" },
        ])
    );
    assert_eq!(new["schema"][2], json!({ "name": "Id", "type": "Int64" }));
    let (old, new) = (old["Results"].as_array().unwrap(), new["results"].as_array().unwrap());
    assert_eq!((old.len(), new.len()), (3, 3));
    assert_eq!(new[0]["Id@odata.type"], "#Int64");
    assert_eq!(old[0]["Id"], new[0]["Id"]);
    assert!(old[0].get("Id@odata.type").is_none());
}

#[test]
fn no_rows_still_give_the_schema_and_stats() {
    let (status, answer) = legacy(&mut Tenant::with(3), "AlertInfo | where Title == 'no such title'");
    assert_eq!((status, &answer["Results"]), (200, &json!([])));
    assert_eq!(answer["Schema"].as_array().unwrap().len(), 8);
    assert!(answer["Stats"]["resource_usage"]["cpu"]["total cpu"].is_string());
}

#[test]
fn the_query_member_is_spelled_exactly_in_the_legacy_api() {
    let (status, answer) = Tenant::with(3).send(
        Method::POST,
        "/api/advancedhunting/run",
        Some(&json!({ "query": "AlertInfo" })),
    );
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("BadRequest")));
    assert_eq!(graph(&mut Tenant::with(3), &json!({ "Kql": "AlertInfo" })).0, 400);
}

#[test]
fn bad_queries_get_the_engines_texts() {
    let mut tenant = Tenant::with(3);
    let (status, answer) = graph(&mut tenant, &json!({ "Query": "DeviceInfo | project Foo" }));
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("BadRequest")));
    assert_eq!(
        answer["error"]["message"],
        "'project' operator: Failed to resolve scalar expression named 'Foo'. Fix semantic errors in your query."
    );
    let (_, answer) = legacy(&mut tenant, "DeviceInfo | where");
    assert_eq!(
        answer["error"]["message"],
        "The incomplete fragment is unexpected.. Fix syntax errors in your query."
    );
}

#[test]
fn the_shorter_window_wins() {
    let mut tenant = Tenant::with(60);
    let query = "EmailEvents | where Timestamp > ago(20d)";
    let count = |answer: (u16, Value)| answer.1["results"].as_array().unwrap().len();
    let whole = count(graph(&mut tenant, &json!({ "Query": query })));
    let week = count(graph(&mut tenant, &json!({ "Query": query, "Timespan": "P7D" })));
    let long = count(graph(&mut tenant, &json!({ "Query": query, "Timespan": "P90D" })));
    assert!(week > 0 && week < whole);
    assert_eq!(long, whole);
    assert_eq!(graph(&mut tenant, &json!({ "Query": query, "Timespan": "last week" })).0, 400);
}

#[test]
fn evidence_of_an_incident_is_found_by_hunting() {
    let mut tenant = Tenant::with(60);
    let incident = tenant.get("/api/incidents/20055");
    let alert = incident["alerts"][0]["alertId"].as_str().unwrap();
    let (_, answer) = legacy(&mut tenant, &format!("AlertEvidence | where AlertId == '{alert}'"));
    let devices = incident["alerts"][0]["devices"].as_array().unwrap().len();
    let entities = incident["alerts"][0]["entities"].as_array().unwrap().len();
    assert_eq!(answer["Results"].as_array().unwrap().len(), devices + entities);
}
