//! The legacy incident routes.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;

use super::{ALL, Tenant, application, json as body_of, person, request, walk};
use crate::caller::{Audience, TokenFault};

fn update(tenant: &mut Tenant, number: u64, body: &serde_json::Value) -> (u16, serde_json::Value) {
    tenant.send(Method::PATCH, &format!("/api/incidents/{number}"), Some(body))
}

#[test]
fn pages_of_a_hundred_hold_every_incident_once() {
    let mut tenant = Tenant::with(250);
    let all = walk(&mut tenant, "/api/incidents");
    let ids: BTreeSet<u64> = all.iter().map(|incident| incident["incidentId"].as_u64().unwrap()).collect();
    assert_eq!((all.len(), ids.len()), (250, 250));
    assert_eq!(tenant.get("/api/incidents?$top=100&$skip=200")["value"].as_array().unwrap().len(), 50);
}

#[test]
fn an_ordinary_incident_with_its_alerts_takes_about_ten_kilobytes() {
    let mut tenant = Tenant::with(250);
    let all = walk(&mut tenant, "/api/incidents");
    let ordinary: Vec<usize> =
        all.iter().map(|incident| incident.to_string().len()).filter(|size| *size < 100_000).collect();
    let average = ordinary.iter().sum::<usize>() / ordinary.len();
    assert!((9_000..12_500).contains(&average), "{average}");
}

#[test]
fn the_list_is_not_reliably_ordered_but_stays_as_it_is() {
    let mut tenant = Tenant::with(100);
    let times = |tenant: &mut Tenant| -> Vec<String> {
        let page = tenant.get("/api/incidents");
        let value = page["value"].as_array().unwrap();
        value.iter().map(|incident| incident["createdTime"].as_str().unwrap().to_owned()).collect()
    };
    let first = times(&mut tenant);
    assert!(!first.is_sorted_by(|left, right| left >= right));
    assert_eq!(first, times(&mut tenant));
}

#[test]
fn filters_select_what_they_say() {
    let mut tenant = Tenant::with(250);
    let found = walk(
        &mut tenant,
        "/api/incidents?$filter=status eq 'Resolved' and createdTime ge 2026-09-01T00:00:00Z",
    );
    assert!(!found.is_empty());
    for incident in &found {
        assert_eq!(incident["status"], "Resolved");
        assert!(incident["createdTime"].as_str().unwrap() >= "2026-09-01T00:00:00Z");
    }
    let nobody = tenant.get("/api/incidents?$filter=assignedTo eq 'O''Brien'");
    assert_eq!(nobody["value"], json!([]));
}

#[test]
fn options_outside_the_documentation_are_refused() {
    let mut tenant = Tenant::with(10);
    for (target, text) in [
        ("/api/incidents?$top=101", "101"),
        ("/api/incidents?$top=many", "many"),
        ("/api/incidents?$skip=-1", "-1"),
        ("/api/incidents?$orderby=createdTime", "$orderby"),
        ("/api/incidents?$count=true", "$count"),
        ("/api/incidents?$filter=severity eq 'High'", "severity"),
        ("/api/incidents?$filter=status eq 'Nearly'", "Nearly"),
        ("/api/incidents?$filter=createdTime gt yesterday", "createdTime"),
    ] {
        let (status, error) = tenant.refused(target);
        assert_eq!(status, 400, "{target}");
        assert!(["BadRequest", "ODataError"].contains(&error["code"].as_str().unwrap()));
        assert!(error["message"].as_str().unwrap().contains(text), "{target}: {error}");
        assert_eq!(error["target"].as_str().unwrap().len(), 36);
    }
}

#[test]
fn unknown_incidents_paths_and_methods_have_their_own_answers() {
    let mut tenant = Tenant::with(3);
    assert_eq!(tenant.refused("/api/incidents/999999").1["code"], "ResourceNotFound");
    assert_eq!(tenant.refused("/api/incidents/nonsense").0, 404);
    assert_eq!(tenant.refused("/api/alerts").1["code"], "NotFound");
    assert_eq!(tenant.send(Method::DELETE, "/api/incidents/20001", None).0, 405);
    assert_eq!(tenant.send(Method::POST, "/api/incidents", None).0, 405);
}

#[test]
fn an_update_changes_what_it_names_and_returns_the_whole_incident() {
    let mut tenant = Tenant::with(3);
    let before = tenant.get("/api/incidents/20001");
    let (status, after) = update(
        &mut tenant,
        20_001,
        &json!({ "status": "Resolved", "assignedTo": "dana@aurora-lab.example", "classification": "TruePositive",
                 "determination": "CompromisedUser", "tags": ["only"], "comment": "done" }),
    );
    assert_eq!(status, 200);
    assert_eq!(
        (&after["status"], &after["determination"]),
        (&json!("Resolved"), &json!("CompromisedAccount"))
    );
    assert_eq!(after["tags"], json!(["only"]));
    let comment = after["comments"].as_array().unwrap().last().unwrap();
    assert_eq!((&comment["comment"], &comment["createdBy"]), (&json!("done"), &json!("Aurora Automation")));
    assert!(after["lastUpdateTime"].as_str().unwrap() > before["lastUpdateTime"].as_str().unwrap());
    assert_eq!(after, tenant.get("/api/incidents/20001"));
    let (_, cleared) = update(&mut tenant, 20_001, &json!({ "assignedTo": "" }));
    assert_eq!(cleared["assignedTo"], json!(null));
}

#[test]
fn a_bad_update_is_refused_and_changes_nothing() {
    let mut tenant = Tenant::with(3);
    let before = tenant.get("/api/incidents/20002");
    for body in [
        json!({}),
        json!([]),
        json!({ "Status": "Active" }),
        json!({ "status": "active" }),
        json!({ "status": "Redirected" }),
        json!({ "status": "Active", "severity": "High" }),
        json!({ "assignedTo": null }),
        json!({ "tags": "one" }),
        json!({ "tags": ["one", 2] }),
        json!({ "comment": 1 }),
        json!({ "classification": "TruePositive", "determination": "NotMalicious" }),
        json!({ "classification": "Unknown", "determination": "Phishing" }),
    ] {
        let (status, answer) = update(&mut tenant, 20_002, &body);
        assert_eq!(status, 400, "{body}: {answer}");
    }
    assert_eq!(tenant.get("/api/incidents/20002"), before);
    assert_eq!(update(&mut tenant, 1, &json!({ "comment": "x" })).0, 404);
}

#[test]
fn switches_relax_the_null_owner_and_the_determination() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "legacy_refuse_null_owner": false, "check_determination": false }));
    assert_eq!(update(&mut tenant, 20_001, &json!({ "assignedTo": null })).0, 200);
    let odd = json!({ "classification": "TruePositive", "determination": "NotMalicious" });
    assert_eq!(update(&mut tenant, 20_001, &odd).0, 200);
}

#[test]
fn tokens_and_roles_are_checked_before_anything_else() {
    let mut tenant = Tenant::with(3);
    let list = request(Method::GET, "/api/incidents", None);
    for fault in [TokenFault::Missing, TokenFault::Invalid, TokenFault::Expired] {
        let answer = tenant.ask(&Err(fault), &list);
        assert_eq!(answer.status, 401);
        assert!(answer.headers.contains_key("www-authenticate"));
        assert_eq!(body_of(&answer)["error"]["code"], "Unauthorized");
    }
    assert_eq!(tenant.ask(&application(Audience::Graph, ALL), &list).status, 403);
    let answer = tenant.ask(&application(Audience::Legacy, &["AdvancedHunting.Read.All"]), &list);
    assert_eq!(
        body_of(&answer)["error"]["message"],
        "Missing application roles. API required roles: Incident.Read.All,Incident.ReadWrite.All, application \
         roles: AdvancedHunting.Read.All."
    );
}

#[test]
fn only_the_operator_may_write_and_only_role_holders_may_read() {
    let mut tenant = Tenant::with(3);
    let read = request(Method::GET, "/api/incidents", None);
    let write = request(Method::PATCH, "/api/incidents/20001", Some(&json!({ "comment": "seen" })));
    for (name, reads, writes) in [("dana", 200, 200), ("mika", 200, 403), ("noor", 403, 403)] {
        let caller = person(Audience::Legacy, name, &["Incident.ReadWrite"]);
        assert_eq!(tenant.ask(&caller, &read).status, reads, "{name} reads");
        assert_eq!(tenant.ask(&caller, &write).status, writes, "{name} writes");
    }
    let comments = tenant.get("/api/incidents/20001")["comments"].clone();
    assert_eq!(comments.as_array().unwrap().last().unwrap()["createdBy"], "dana@aurora-lab.example");
}

#[test]
fn a_retired_api_answers_with_the_chosen_status() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "legacy_retired": 410 }));
    assert_eq!(tenant.refused("/api/incidents").0, 410);
}
