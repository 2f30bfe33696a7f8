//! Alerts through either API: all of them, each once, and changed where that is possible.

use std::collections::BTreeSet;

use defender_xdr_api::alerts::{Alert, AlertChange, AlertQuery, Whereabouts};
use defender_xdr_api::incidents::{Assignee, Extent, IncidentQuery};
use defender_xdr_api::{ApiError, ApiErrorKind, Client};
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{BodyKind, Fault, FaultRule};
use serde_json::json;

use crate::tenant::{Tenant, all, everything};

const ALERTS: &str = "/v1.0/security/alerts_v2";

fn every_alert() -> AlertQuery {
    AlertQuery { extent: Extent::All, ..AlertQuery::default() }
}

async fn listed(client: &Client, query: &AlertQuery) -> Result<Vec<Alert>, ApiError> {
    let mut list = client.list_alerts(query);
    let mut found = Vec::new();
    while let Some(listed) = list.next().await? {
        found.push(listed.alert.expect("readable"));
    }
    Ok(found)
}

fn ids(alerts: &[Alert]) -> Vec<String> {
    alerts.iter().map(|alert| alert.id().to_owned()).collect()
}

/// The ids of all alerts, as the incidents hold them.
async fn truth(client: &Client) -> BTreeSet<String> {
    let query = IncidentQuery { expand_alerts: true, ..everything() };
    let incidents = all(client, &query).await.expect("a list");
    let alerts = incidents.iter().flat_map(|incident| incident.list("alerts"));
    alerts.map(|alert| alert["id"].as_str().expect("an id").to_owned()).collect()
}

async fn some_new_alert(client: &Client) -> Alert {
    let query = AlertQuery { status: vec!["new".into()], ..AlertQuery::default() };
    listed(client, &query).await.expect("a list").swap_remove(0)
}

fn outage() -> Fault {
    Fault::Status { status: 503, retry_after: None, body: None, body_kind: BodyKind::Json }
}

#[tokio::test]
async fn all_alerts_are_listed_once_by_either_api_however_links_and_order_are() {
    let tenant = Tenant::with(450).await;
    let expected = truth(&tenant.client(Backend::Graph)).await;
    assert!(expected.len() > 1000, "more than a page: {}", expected.len());
    let legacy = ids(&listed(&tenant.client(Backend::Legacy), &every_alert()).await.expect("a list"));
    assert_eq!(legacy.len(), expected.len());
    assert_eq!(legacy.into_iter().collect::<BTreeSet<_>>(), expected);
    for switches in [
        json!({}),
        json!({ "drop_next_link": true }),
        json!({ "drop_next_link": false, "links_by_skip": true }),
        json!({ "links_by_skip": false, "alert_update_grain": 86_400 }),
        json!({ "alert_update_grain": null, "ignore_order_by": true }),
    ] {
        tenant.switch(&switches).await;
        let found = ids(&listed(&tenant.client(Backend::Graph), &every_alert()).await.expect("a list"));
        assert_eq!(found.len(), expected.len(), "{switches}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{switches}");
    }
}

#[tokio::test]
async fn what_nobody_can_reach_is_told_after_what_can() {
    let tenant = Tenant::with(700).await;
    let client = tenant.client(Backend::Graph);
    let expected = truth(&client).await.len();
    assert!(expected > 1500);
    for (switches, reachable) in [
        (json!({ "alert_update_grain": 315_360_000 }), 1500),
        (json!({ "alert_update_grain": null, "ignore_order_by": true, "drop_next_link": true }), 1000),
    ] {
        tenant.switch(&switches).await;
        let query = every_alert();
        let mut list = client.list_alerts(&query);
        let mut count = 0;
        let error = loop {
            match list.next().await {
                Ok(Some(_)) => count += 1,
                Ok(None) => panic!("{count} of {expected}"),
                Err(error) => break error,
            }
        };
        assert_eq!((count, error.kind()), (reachable, ApiErrorKind::Partial), "{error}");
        assert!(error.hint().is_some());
    }
}

#[tokio::test]
async fn a_limited_list_shows_the_newest_first_in_one_request() {
    let tenant = Tenant::with(60).await;
    let client = tenant.client(Backend::Graph);
    tenant.control().clear_requests();
    let query = AlertQuery { extent: Extent::AtMost(20), offset: 5, ..AlertQuery::default() };
    let found = listed(&client, &query).await.expect("a list");
    assert_eq!((found.len(), tenant.requests().len()), (20, 1));
    let created: Vec<_> = found.iter().map(|alert| alert.created().expect("a time")).collect();
    assert!(created.is_sorted_by(|one, next| one >= next));
    let from_start = AlertQuery { extent: Extent::AtMost(25), ..AlertQuery::default() };
    assert_eq!(ids(&listed(&client, &from_start).await.expect("a list"))[5..], ids(&found));
}

#[tokio::test]
async fn the_same_question_gets_the_same_alerts_from_either_api() {
    let tenant = Tenant::with(80).await;
    let owner = || Some("dana@aurora-lab.example".to_owned());
    let at = |text: &str| Some(text.parse().expect("a time"));
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    for query in [
        AlertQuery { status: words(&["new", "inProgress"]), ..every_alert() },
        AlertQuery { severity: words(&["high"]), ..every_alert() },
        AlertQuery { service_source: words(&["microsoftDefenderForOffice365"]), ..every_alert() },
        AlertQuery { assigned_to: owner(), ..every_alert() },
        AlertQuery { created_since: at("2026-11-15T00:00:00.5Z"), ..every_alert() },
        AlertQuery {
            updated_since: at("2026-11-18T12:00:00Z"),
            severity: words(&["medium"]),
            ..every_alert()
        },
    ] {
        let mut answers = Vec::new();
        for backend in Backend::ALL {
            let found = ids(&listed(&tenant.client(backend), &query).await.expect("a list"));
            answers.push(found.into_iter().collect::<BTreeSet<_>>());
        }
        assert_eq!(answers[0], answers[1], "{query:?}");
        assert!(!answers[0].is_empty() || query.assigned_to.is_some(), "{query:?}");
    }
}

#[tokio::test]
async fn one_alert_is_found_by_its_id() {
    let tenant = Tenant::with(40).await;
    let graph = tenant.client(Backend::Graph);
    let known = some_new_alert(&graph).await;
    let (id, incident) = (known.id(), known.incident_id().expect("an incident").to_owned());
    assert_eq!(graph.get_alert(id, &Whereabouts::default()).await.expect("found").alert, known);
    let legacy = tenant.client(Backend::Legacy);
    tenant.control().clear_requests();
    let refused = legacy.get_alert(id, &Whereabouts::default()).await.expect_err("where?");
    assert_eq!((refused.kind(), tenant.requests().len()), (ApiErrorKind::Refused, 0));
    let inside = Whereabouts { incident: Some(incident), since: None };
    assert_eq!(legacy.get_alert(id, &inside).await.expect("found").alert.text("title"), known.text("title"));
    assert_eq!(tenant.requests().len(), 1);
    let since = Whereabouts { incident: None, since: known.updated() };
    assert_eq!(legacy.get_alert(id, &since).await.expect("found").alert.id(), id);
    for (client, place) in [(&legacy, &inside), (&graph, &Whereabouts::default())] {
        let missing = client.get_alert("da1_-2", place).await.expect_err("no such alert");
        assert_eq!(missing.kind(), ApiErrorKind::NotFound, "{missing}");
    }
    assert!(
        graph
            .get_alert("..", &Whereabouts::default())
            .await
            .is_err_and(|e| e.kind() == ApiErrorKind::Refused)
    );
}

#[tokio::test]
async fn a_change_is_made_checked_and_shown() {
    let tenant = Tenant::with(40).await;
    let client = tenant.client(Backend::Graph);
    let id = some_new_alert(&client).await.id().to_owned();
    let change = AlertChange {
        status: Some("Resolved".into()),
        assignee: Some(Assignee::Person("dana@aurora-lab.example".into())),
        classification: Some("TruePositive".into()),
        determination: Some("phishing".into()),
    };
    let changed = client.update_alert(&id, change).await.expect("changed");
    assert_eq!((changed.text("status"), changed.text("determination")), (Some("resolved"), Some("phishing")));
    assert!(changed.get("@odata.context").is_none());
    // A determination alone is checked against the classification that is there.
    let wrong = AlertChange { determination: Some("notMalicious".into()), ..AlertChange::default() };
    tenant.control().clear_requests();
    let error = client.update_alert(&id, wrong).await.expect_err("no fit");
    assert_eq!((error.kind(), tenant.requests_by("PATCH").len()), (ApiErrorKind::Refused, 0));
    let fitting = AlertChange {
        determination: Some("malware".into()),
        assignee: Some(Assignee::Nobody),
        ..AlertChange::default()
    };
    let changed = client.update_alert(&id, fitting).await.expect("changed");
    assert_eq!((changed.text("determination"), changed.text("assignedTo")), (Some("malware"), None));
    let commented = client.comment_alert(&id, "seen").await.expect("commented");
    assert_eq!(commented.list("comments").last().map(|comment| &comment["comment"]), Some(&json!("seen")));
    let unknown = client.comment_alert("da1_-2", "seen").await.expect_err("no such alert");
    assert_eq!(unknown.kind(), ApiErrorKind::NotFound);
}

#[tokio::test]
async fn the_legacy_api_is_never_asked_to_change_an_alert() {
    let tenant = Tenant::with(5).await;
    let client = tenant.client(Backend::Legacy);
    let change = AlertChange { status: Some("resolved".into()), ..AlertChange::default() };
    let errors = [
        client.update_alert("da1_-2", change).await.expect_err("refused"),
        client.comment_alert("da1_-2", "x").await.expect_err("refused"),
    ];
    for error in errors {
        assert_eq!(error.kind(), ApiErrorKind::Refused);
        assert!(error.hint().is_some_and(|hint| hint.contains("api = \"graph\"")));
    }
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn a_change_of_unknown_outcome_is_not_repeated_and_says_where_to_look() {
    for (method, fault, arrived) in
        [("POST", Fault::CutBody { bytes: 10 }, 1), ("POST", outage(), 0), ("PATCH", Fault::Reset, 0)]
    {
        let tenant = Tenant::with(12).await;
        let client = tenant.client(Backend::Graph);
        let id = some_new_alert(&client).await.id().to_owned();
        tenant
            .control()
            .add_fault(FaultRule { method: Some(method.into()), ..FaultRule::once(ALERTS, fault) });
        let change = AlertChange { status: Some("resolved".into()), ..AlertChange::default() };
        let result = match method {
            "POST" => client.comment_alert(&id, "only once").await,
            _ => client.update_alert(&id, change).await,
        };
        let error = result.expect_err("the answer is lost");
        assert_eq!(error.kind(), ApiErrorKind::OutcomeUnknown, "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains(&format!("alerts get {id}"))));
        assert_eq!(tenant.requests_by(method).len(), 1);
        let after = client.get_alert(&id, &Whereabouts::default()).await.expect("read").alert;
        assert_eq!(after.list("comments").len(), arrived);
    }
}

#[tokio::test]
async fn alerts_that_change_while_they_are_listed_come_once_and_none_is_missing() {
    let tenant = Tenant::with(450).await;
    let client = tenant.client(Backend::Graph);
    let expected = truth(&client).await;
    tenant.switch(&json!({ "drop_next_link": true })).await;
    let query = every_alert();
    let mut list = client.list_alerts(&query);
    let mut found = Vec::new();
    while let Some(listed) = list.next().await.expect("a list") {
        found.push(listed.alert.expect("readable").id().to_owned());
        if found.len() == 10 {
            let change = AlertChange { status: Some("inProgress".into()), ..AlertChange::default() };
            for id in expected.iter().step_by(25) {
                client.update_alert(id, change.clone()).await.expect("changed");
            }
        }
    }
    assert_eq!(found.len(), expected.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}
