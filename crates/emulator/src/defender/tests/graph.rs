//! The Graph incident and alert routes.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::{ALL, ORIGIN, Tenant, application, json as body_of, person, request, walk, with_header};
use crate::caller::{Audience, TokenFault};

const LIST: &str = "/v1.0/security/incidents";

fn update(tenant: &mut Tenant, target: &str, body: &Value) -> (u16, Value) {
    tenant.send(Method::PATCH, &format!("/v1.0/security/{target}"), Some(body))
}

fn ids(list: &[Value]) -> BTreeSet<&str> {
    list.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn links_lead_through_every_incident_once() {
    let mut tenant = Tenant::with(250);
    for first in [LIST.to_owned(), format!("{LIST}?$top=7&$orderby=lastUpdateDateTime asc")] {
        let all = walk(&mut tenant, &first);
        assert_eq!((all.len(), ids(&all).len()), (250, 250), "{first}");
    }
}

#[test]
fn a_link_keeps_the_options_and_hides_the_position() {
    let mut tenant = Tenant::with(120);
    let page = tenant.get(&format!("{LIST}?$top=10&$skip=5&$filter=severity eq 'high'&$expand=alerts"));
    let link = page["@odata.nextLink"].as_str().unwrap();
    assert!(
        link.starts_with(&format!(
            "{ORIGIN}{LIST}?$top=10&$filter=severity%20eq%20%27high%27&$expand=alerts&"
        ))
    );
    assert!(link.contains("$skiptoken=") && !link.contains("$skip="), "{link}");
    let next = tenant.get(link.strip_prefix(ORIGIN).unwrap());
    assert!(next["value"].as_array().unwrap().iter().all(|incident| incident["severity"] == "high"));
}

#[test]
fn more_than_fifty_is_refused_with_the_observed_text_and_an_empty_code() {
    let (status, error) = Tenant::with(3).refused(&format!("{LIST}?$top=100"));
    assert_eq!((status, &error["code"]), (400, &json!("")));
    assert_eq!(
        error["message"],
        "The query specified in the URI is not valid. The limit of '50' for Top query has been exceeded. The value \
         from the incoming request is '100'."
    );
}

#[test]
fn alerts_come_only_when_asked_for() {
    let mut tenant = Tenant::with(60);
    let plain = tenant.get(LIST);
    assert!(plain["value"].as_array().unwrap().iter().all(|incident| incident.get("alerts").is_none()));
    let expanded = tenant.get(&format!("{LIST}?$expand=alerts"));
    assert!(expanded["@odata.context"].as_str().unwrap().ends_with("#security/incidents(alerts())"));
    assert!(expanded["value"].as_array().unwrap().iter().all(|incident| incident["alerts"].is_array()));
}

#[test]
fn order_count_select_and_filters_do_what_they_say() {
    let mut tenant = Tenant::with(120);
    let page = tenant
        .get(&format!("{LIST}?$orderby=lastUpdateDateTime asc&$count=true&$select=id,lastUpdateDateTime"));
    assert_eq!(page["@odata.count"], 120);
    let rows = page["value"].as_array().unwrap();
    let time = |row: &Value| row["lastUpdateDateTime"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(rows.is_sorted_by_key(time));
    assert!(
        rows.iter()
            .filter(|row| row.get("@odata.type").is_none())
            .all(|row| row.as_object().unwrap().len() == 2)
    );
    let open = walk(
        &mut tenant,
        &format!("{LIST}?$filter=(status eq 'active' or status eq 'inProgress') and assignedTo eq null"),
    );
    assert!(!open.is_empty());
    assert!(open.iter().all(|incident| incident["assignedTo"].is_null() && incident["status"] != "resolved"));
}

#[test]
fn options_outside_the_documentation_are_refused() {
    let mut tenant = Tenant::with(10);
    for (option, text) in [
        ("$filter=displayName eq 'x'", "displayName"),
        ("$filter=status eq 'nearly'", "nearly"),
        ("$filter=status eq", "Syntax error"),
        ("$orderby=severity", "severity"),
        ("$orderby=createdDateTime down", "down"),
        ("$expand=evidence", "evidence"),
        ("$select=id,shoe", "shoe"),
        ("$search=x", "$search"),
        ("$count=perhaps", "perhaps"),
        ("$skiptoken=abc", "token"),
    ] {
        let (status, error) = tenant.refused(&format!("{LIST}?{option}"));
        assert_eq!(status, 400, "{option}");
        assert!(error["message"].as_str().unwrap().contains(text), "{option}: {error}");
    }
}

#[test]
fn unknown_segments_ids_and_methods_have_their_own_answers() {
    let mut tenant = Tenant::with(3);
    let (status, error) = tenant.refused("/v1.0/security/incident");
    assert_eq!((status, &error["message"]), (400, &json!("Resource not found for the segment 'incident'.")));
    assert_eq!(tenant.refused("/v1.0/users").1["message"], "Resource not found for the segment 'users'.");
    assert_eq!(tenant.refused(&format!("{LIST}/999999")).1["code"], "ResourceNotFound");
    assert_eq!(tenant.refused("/v1.0/security/alerts_v2/da1_2").0, 404);
    assert_eq!(tenant.send(Method::DELETE, &format!("{LIST}/20001"), None).0, 405);
    assert_eq!(tenant.send(Method::GET, "/v1.0/security/runHuntingQuery", None).0, 405);
}

#[test]
fn request_ids_are_echoed_in_headers_and_errors() {
    let mut tenant = Tenant::with(3);
    let caller = application(Audience::Graph, ALL);
    let asked =
        with_header(request(Method::GET, &format!("{LIST}?$top=51"), None), "client-request-id", "my-id");
    let answer = tenant.ask(&caller, &asked);
    assert_eq!(answer.headers["client-request-id"], "my-id");
    let inner = &body_of(&answer)["error"]["innerError"];
    assert_eq!(inner["client-request-id"], "my-id");
    assert_eq!(inner["request-id"].as_str().unwrap(), answer.headers["request-id"]);
    assert_eq!(inner["date"], "2026-09-14T08:00:00");
    let silent = tenant.ask(&caller, &request(Method::GET, LIST, None));
    assert_eq!(silent.headers["request-id"], silent.headers["client-request-id"]);
}

#[test]
fn later_enum_members_are_hidden_unless_preferred() {
    let mut tenant = Tenant::with(60);
    let caller = application(Audience::Graph, ALL);
    let asked = request(Method::GET, &format!("{LIST}?$filter=status eq 'awaitingAction'"), None);
    let hidden = tenant.ask(&caller, &asked);
    assert!(!hidden.headers.contains_key("preference-applied"));
    assert_eq!(body_of(&hidden)["value"][0]["status"], "unknownFutureValue");
    let shown = tenant.ask(&caller, &with_header(asked, "prefer", "include-unknown-enum-members"));
    assert_eq!(shown.headers["preference-applied"], "include-unknown-enum-members");
    assert_eq!(body_of(&shown)["value"][0]["status"], "awaitingAction");
}

#[test]
fn an_update_returns_the_full_incident_and_null_clears_the_owner() {
    let mut tenant = Tenant::with(3);
    let (status, after) = update(
        &mut tenant,
        "incidents/20001",
        &json!({ "status": "resolved", "assignedTo": "dana@aurora-lab.example", "classification": "TruePositive",
                 "determination": "MultiStagedAttack", "customTags": ["one"], "severity": "low",
                 "displayName": "Renamed", "resolvingComment": "x".repeat(30_500) }),
    );
    assert_eq!(status, 200, "{after}");
    assert_eq!(after["determination"], "multiStagedAttack");
    assert_eq!(after["lastModifiedBy"], "API-App:Aurora Automation");
    assert_eq!(after["resolvingComment"].as_str().unwrap().len(), 30_000);
    assert_eq!(tenant.get("/api/incidents/20001")["incidentName"], "Renamed");
    let (_, cleared) =
        update(&mut tenant, "incidents/20001", &json!({ "assignedTo": null, "customTags": [] }));
    assert_eq!((&cleared["assignedTo"], &cleared["customTags"]), (&Value::Null, &json!([])));
    assert_eq!(cleared["displayName"], "Renamed");
}

#[test]
fn a_bad_update_is_refused_and_changes_nothing() {
    let mut tenant = Tenant::with(3);
    let before = tenant.get(&format!("{LIST}/20002"));
    for body in [
        json!({}),
        json!({ "status": "redirected" }),
        json!({ "status": "awaitingAction" }),
        json!({ "status": "resolved", "comments": [] }),
        json!({ "tags": [] }),
        json!({ "customTags": null }),
        json!({ "determination": "phishing", "classification": "falsePositive" }),
        json!({ "displayName": 5 }),
    ] {
        let (status, answer) = update(&mut tenant, "incidents/20002", &body);
        assert_eq!(status, 400, "{body}: {answer}");
    }
    let caller = application(Audience::Graph, ALL);
    let mut undeclared =
        request(Method::PATCH, &format!("{LIST}/20002"), Some(&json!({ "status": "active" })));
    undeclared.headers.clear();
    assert_eq!(tenant.ask(&caller, &undeclared).status, 400);
    assert_eq!(tenant.get(&format!("{LIST}/20002")), before);
}

#[test]
fn a_comment_is_answered_with_the_whole_thread() {
    let mut tenant = Tenant::with(3);
    let target = format!("{LIST}/20001/comments");
    let comment =
        json!({ "@odata.type": "microsoft.graph.security.alertComment", "comment": "Token revoked" });
    let (status, first) = tenant.send(Method::POST, &target, Some(&comment));
    let (_, second) = tenant.send(Method::POST, &target, Some(&comment));
    assert_eq!(status, 200);
    let count = |thread: &Value| thread["value"].as_array().unwrap().len();
    assert_eq!(count(&second), count(&first) + 1);
    assert_eq!(second["value"][count(&second) - 1]["createdByDisplayName"], "Aurora Automation");
    for bad in [json!({}), json!({ "comment": "" }), json!({ "comment": "x", "@odata.type": "other" })] {
        assert_eq!(tenant.send(Method::POST, &target, Some(&bad)).0, 400, "{bad}");
    }
}

#[test]
fn alerts_are_listed_found_and_changed_by_their_ids() {
    let mut tenant = Tenant::with(60);
    let all = walk(&mut tenant, "/v1.0/security/alerts_v2?$top=5000");
    assert_eq!(ids(&all).len(), all.len());
    let alert = all.iter().find(|alert| alert["status"] == "new").unwrap();
    let id = alert["id"].as_str().unwrap();
    assert_eq!(tenant.get(&format!("/v1.0/security/alerts_v2/{id}"))["title"], alert["title"]);
    let (status, changed) = update(
        &mut tenant,
        &format!("alerts_v2/{id}"),
        &json!({ "status": "resolved", "classification": "falsePositive", "determination": "clean" }),
    );
    assert_eq!((status, &changed["status"]), (200, &json!("resolved")));
    assert_eq!(changed["determination"], "notMalicious");
    let of_incident = tenant.get(&format!("{LIST}/{}/alerts", alert["incidentId"].as_str().unwrap()));
    assert!(of_incident["value"].as_array().unwrap().contains(&{
        let mut bare = changed.clone();
        bare.as_object_mut().unwrap().shift_remove("@odata.context");
        bare
    }));
    let (status, thread) = tenant.send(
        Method::POST,
        &format!("/v1.0/security/alerts_v2/{id}/comments"),
        Some(&json!({ "comment": "x" })),
    );
    assert_eq!((status, thread["value"].as_array().unwrap().len()), (200, 1));
}

#[test]
fn alerts_refuse_deep_skips_and_unsupported_filters() {
    let mut tenant = Tenant::with(10);
    let (status, error) = tenant.refused("/v1.0/security/alerts_v2?$skip=501");
    assert_eq!((status, &error["message"]), (400, &json!("'$skip=501 cannot exceed 500'")));
    assert_eq!(tenant.refused("/v1.0/security/alerts_v2?$filter=investigationState eq 'running'").0, 400);
    let endpoint =
        tenant.get("/v1.0/security/alerts_v2?$filter=serviceSource eq 'microsoftDefenderForEndpoint'");
    assert!(!endpoint["value"].as_array().unwrap().is_empty());
}

#[test]
fn tokens_roles_and_people_are_checked() {
    let mut tenant = Tenant::with(3);
    let list = request(Method::GET, LIST, None);
    let answer = tenant.ask(&Err(TokenFault::Expired), &list);
    assert_eq!(
        (answer.status.as_u16(), &body_of(&answer)["error"]["code"]),
        (401, &json!("InvalidAuthenticationToken"))
    );
    assert!(answer.headers.contains_key("www-authenticate"));
    let wrong = tenant.ask(&application(Audience::Legacy, ALL), &list);
    assert_eq!(body_of(&wrong)["error"]["message"], "Access token validation failure. Invalid audience.");
    let missing = tenant.ask(&application(Audience::Graph, &["Policy.Read.All", "User.Read.All"]), &list);
    assert_eq!(missing.status, 403);
    assert_eq!(
        body_of(&missing)["error"]["message"],
        "Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, \
         application roles: Policy.Read.All,User.Read.All."
    );
    let write = request(Method::PATCH, &format!("{LIST}/20001"), Some(&json!({ "status": "active" })));
    for (name, reads, writes) in [("dana", 200, 200), ("mika", 200, 403), ("noor", 403, 403)] {
        let caller = person(Audience::Graph, name, &["SecurityIncident.ReadWrite.All"]);
        assert_eq!(tenant.ask(&caller, &list).status, reads, "{name} reads");
        assert_eq!(tenant.ask(&caller, &write).status, writes, "{name} writes");
    }
}
