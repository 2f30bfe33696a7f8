//! Control actions and snapshots.

use http::Method;
use serde_json::{Value, json};

use super::{Defender, Tenant, json as body_of, now, options, request, walk};

fn control(tenant: &mut Tenant, action: &str, body: Option<&Value>) -> (u16, Value) {
    let target = format!("/_control/defender/{action}");
    let answer = tenant.0.control(&request(Method::POST, &target, body), now()).unwrap();
    (answer.status.as_u16(), body_of(&answer))
}

#[test]
fn tests_can_move_the_world() {
    let mut tenant = Tenant::with(10);
    let (_, added) = control(&mut tenant, "incidents", None);
    let fresh = tenant.get(&format!("/v1.0/security/incidents/{}", added["id"]));
    assert_eq!(
        (&fresh["createdDateTime"], &fresh["status"]),
        (&json!("2026-09-14T08:00:00Z"), &json!("active"))
    );

    let before = tenant.get("/api/incidents/20003");
    assert_eq!(control(&mut tenant, "incidents/20003/touch", Some(&json!({ "alerts": 2 }))).0, 200);
    let after = tenant.get("/api/incidents/20003");
    assert_eq!(after["alerts"].as_array().unwrap().len(), before["alerts"].as_array().unwrap().len() + 2);
    assert_eq!(after["lastUpdateTime"], "2026-09-14T08:00:00Z");

    assert_eq!(control(&mut tenant, "merge", Some(&json!({ "source": 20_003, "target": 20_004 }))).0, 200);
    let husk = tenant.get("/api/incidents/20003");
    assert_eq!((&husk["status"], &husk["redirectIncidentId"]), (&json!("Redirected"), &json!(20_004)));
    assert_eq!(husk["alerts"], json!([]));
}

#[test]
fn unknown_actions_switches_and_numbers_are_refused() {
    let mut tenant = Tenant::with(10);
    assert_eq!(control(&mut tenant, "options", Some(&json!({ "no_such": true }))).0, 400);
    assert_eq!(control(&mut tenant, "nonsense", None).0, 404);
    assert_eq!(control(&mut tenant, "incidents/1/touch", None).0, 404);
    assert_eq!(control(&mut tenant, "merge", Some(&json!({ "source": 1, "target": 2 }))).0, 400);
    assert!(tenant.0.control(&request(Method::GET, "/_control/clock", None), now()).is_none());
}

#[test]
fn the_switches_are_shown_as_they_stand() {
    let mut tenant = Tenant::with(3);
    tenant.switch(&json!({ "legacy_next_link": false }));
    let shown = tenant.0.control(&request(Method::GET, "/_control/defender/options", None), now()).unwrap();
    let shown = body_of(&shown);
    assert_eq!((&shown["legacy_next_link"], &shown["check_determination"]), (&json!(false), &json!(true)));
    tenant.switch(&json!({ "legacy_next_link": true }));
}

#[test]
fn incidents_can_be_redirected_in_a_circle_and_to_nowhere() {
    let mut tenant = Tenant::with(10);
    for (id, target) in [(20001, 20002), (20002, 20001), (20003, 99999)] {
        control(&mut tenant, &format!("incidents/{id}/redirect"), Some(&json!({ "target": target })));
        let husk = tenant.get(&format!("/v1.0/security/incidents/{id}"));
        assert_eq!(
            (&husk["status"], &husk["redirectIncidentId"]),
            (&json!("redirected"), &json!(target.to_string()))
        );
        assert_eq!(tenant.get(&format!("/api/incidents/{id}"))["redirectIncidentId"], target);
    }
}

#[test]
fn merging_a_target_again_makes_a_chain() {
    let mut tenant = Tenant::with(10);
    for (source, target) in [(20001, 20002), (20002, 20003)] {
        control(&mut tenant, "merge", Some(&json!({ "source": source, "target": target })));
    }
    let target_of = |tenant: &mut Tenant, id: u64| {
        tenant.get(&format!("/api/incidents/{id}"))["redirectIncidentId"].clone()
    };
    assert_eq!([target_of(&mut tenant, 20001), target_of(&mut tenant, 20002)], [json!(20002), json!(20003)]);
    assert_eq!(tenant.get("/api/incidents/20002")["alerts"], json!([]));
}

#[test]
fn a_legacy_filter_may_be_held_to_what_has_been_confirmed() {
    let mut tenant = Tenant::with(10);
    let or = "/api/incidents?$filter=status eq 'Active' or status eq 'Resolved'";
    tenant.get(or);
    tenant.switch(&json!({ "legacy_plain_filters": true }));
    let (status, error) = tenant.refused(or);
    assert_eq!((status, &error["code"]), (400, &json!("ODataError")));
    tenant.get("/api/incidents?$filter=status eq 'Active' and createdTime ge 2026-09-01T00:00:00Z");
}

#[test]
fn paging_faults_can_be_switched_on() {
    let mut tenant = Tenant::with(120);
    tenant.switch(&json!({ "empty_page_with_link": true }));
    assert_eq!(walk(&mut tenant, "/v1.0/security/incidents").len(), 120);
    tenant.switch(&json!({ "empty_page_with_link": false, "looping_next_link": true }));
    let first = tenant.get("/v1.0/security/incidents");
    let second = tenant.get(first["@odata.nextLink"].as_str().unwrap().strip_prefix(super::ORIGIN).unwrap());
    assert_eq!(first["value"], second["value"]);
    tenant.switch(
        &json!({ "looping_next_link": false, "drop_next_link": true, "duplicate_incident_on_page": true }),
    );
    let page = tenant.get("/v1.0/security/incidents");
    assert!(page.get("@odata.nextLink").is_none());
    let rows = page["value"].as_array().unwrap();
    assert_eq!((rows.len(), rows.first()), (51, rows.last()));
    tenant.switch(&json!({ "expand_fault_above": 100 }));
    let (status, error) = tenant.refused("/v1.0/security/incidents?$expand=alerts");
    assert_eq!((status, &error["code"], &error["message"]), (500, &json!("UnknownError"), &json!("")));
}

#[test]
fn a_snapshot_brings_changes_back_after_a_restart() {
    let mut tenant = Tenant::with(10);
    let (_, added) = control(&mut tenant, "incidents", None);
    tenant.send(Method::PATCH, "/api/incidents/20002", Some(&json!({ "tags": ["kept"], "comment": "kept" })));
    tenant.switch(&json!({ "drop_next_link": true }));
    let snapshot = tenant.0.snapshot();
    assert!(snapshot.to_string().len() < 4000, "{snapshot}");

    let tomorrow = now() + jiff::SignedDuration::from_hours(24);
    let mut restarted = Tenant(Defender::generate(&options(10), tomorrow));
    restarted.0.restore(&snapshot).unwrap();
    for target in ["/api/incidents/20002".to_owned(), format!("/api/incidents/{}", added["id"])] {
        assert_eq!(restarted.get(&target), tenant.get(&target));
    }
    assert_eq!(restarted.0.snapshot(), snapshot);
}

#[test]
fn a_snapshot_that_does_not_fit_is_refused_and_changes_nothing() {
    let mut tenant = Tenant::with(10);
    let before = tenant.0.snapshot();
    for snapshot in [json!({}), json!({ "world": 5, "switches": {} }), Tenant::with(11).0.snapshot()] {
        assert!(tenant.0.restore(&snapshot).is_err());
    }
    assert_eq!(tenant.0.snapshot(), before);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut tenant = Tenant::with(10);
    for status in [0, 99, 200, 600, 1000] {
        let (code, _) = control(&mut tenant, "options", Some(&json!({ "legacy_retired": status })));
        assert_eq!(code, 400, "{status}");
    }
    assert_eq!(control(&mut tenant, "options", Some(&json!({ "legacy_retired": 410 }))).0, 200);
    assert_eq!(control(&mut tenant, "incidents/20003/touch", Some(&json!({ "alerts": 256 }))).0, 400);
    assert_eq!(control(&mut tenant, "incidents/20003/touch", Some(&json!({ "alerts": 3 }))).0, 200);
}

#[test]
fn one_api_shows_what_was_planted_and_the_other_the_truth() {
    let mut tenant = Tenant::with(60);
    let (legacy, graph) = ("/api/incidents/20003", "/v1.0/security/incidents/20003");
    let truth = (tenant.get(legacy), tenant.get(graph));
    tenant.switch(&json!({ "divergences": [
        { "api": "graph", "id": 20_003, "kind": "title" }, { "api": "graph", "id": 20_004, "kind": "missing" },
    ] }));
    assert_eq!(tenant.get(legacy), truth.0);
    assert_eq!(tenant.get(graph)["displayName"], "Another title");
    assert_eq!(tenant.refused("/v1.0/security/incidents/20004").0, 404);
    let listed = |tenant: &mut Tenant, path: &str| walk(tenant, path).len();
    assert_eq!(listed(&mut tenant, "/v1.0/security/incidents"), 59);
    assert_eq!(listed(&mut tenant, "/api/incidents"), 60);

    // What is written is written for both, and not what was planted.
    let (status, _) = tenant.send(Method::PATCH, graph, Some(&json!({ "severity": "low" })));
    assert_eq!(status, 200);
    assert_eq!(tenant.get(legacy)["severity"], "Low");
    assert_eq!(tenant.get(legacy)["incidentName"], truth.0["incidentName"]);
    tenant.switch(&json!({ "divergences": [] }));
    assert_eq!(tenant.get(graph)["displayName"], truth.1["displayName"]);
    assert_eq!(listed(&mut tenant, "/v1.0/security/incidents"), 60);
}

#[test]
fn a_divergence_that_nobody_could_see_is_refused() {
    let mut tenant = Tenant::with(60);
    let bare = (20_001..20_020)
        .find(|id| tenant.get(&format!("/api/incidents/{id}"))["comments"] == json!([]))
        .unwrap();
    for planted in [
        json!({ "api": "graph", "id": 1, "kind": "title" }),
        json!({ "api": "graph", "id": bare, "kind": "comment" }),
        json!({ "api": "beta", "id": 20_003, "kind": "title" }),
        json!({ "api": "graph", "id": 20_003, "kind": "colour" }),
    ] {
        assert_eq!(control(&mut tenant, "options", Some(&json!({ "divergences": [planted] }))).0, 400);
    }
}
