//! What every request looks like: headers, escaped paths, options in OData's form.

use std::collections::BTreeSet;

use defender_xdr_api::incidents::{Extent, IncidentChange, IncidentQuery};
use defender_xdr_core::backend::Backend;

use crate::service::{Expected, Service, json};
use crate::tenant::{Tenant, all, everything, some_active_incident};

#[tokio::test]
async fn every_request_to_graph_asks_for_later_words_and_can_be_traced() {
    let tenant = Tenant::with(120).await;
    let client = tenant.client(Backend::Graph);
    let id = some_active_incident(&client).await;
    let change = IncidentChange { status: Some("resolved".into()), ..IncidentChange::default() };
    all(&client, &IncidentQuery { expand_alerts: true, ..everything() }).await.expect("a list");
    client.get_incident(&id).await.expect("read");
    client.update_incident(&id, change).await.expect("changed");
    client.comment_incident(&id, "hello").await.expect("commented");
    client.hunt("DeviceInfo | take 1").await.expect("a table");
    let requests = tenant.requests();
    assert!(requests.len() >= 8);
    let mut traces = BTreeSet::new();
    for request in &requests {
        assert_eq!(request.headers["prefer"], "include-unknown-enum-members", "{request:?}");
        assert_eq!(request.headers["accept"], "application/json", "{request:?}");
        assert!(request.headers["authorization"].starts_with("Bearer "), "{request:?}");
        assert!(request.headers["user-agent"].starts_with("defender-xdr/"), "{request:?}");
        assert!(traces.insert(request.headers["client-request-id"].clone()), "{request:?}");
    }
}

#[tokio::test]
async fn bodies_are_json_and_reading_has_none() {
    let tenant = Tenant::with(12).await;
    for backend in Backend::ALL {
        let client = tenant.client(backend);
        let id = some_active_incident(&client).await;
        client.comment_incident(&id, "hello").await.expect("commented");
        client.hunt("DeviceInfo | take 1").await.expect("a table");
    }
    for request in tenant.requests() {
        let media = request.headers.get("content-type").map(String::as_str);
        let expected = (request.method != "GET").then_some("application/json; charset=utf-8");
        assert_eq!(media, expected, "{request:?}");
        assert_eq!(request.method == "GET", request.body_length == 0, "{request:?}");
    }
}

#[tokio::test]
async fn an_id_cannot_leave_its_place_in_the_path() {
    for (id, escaped) in [
        ("7?x=1", "7%3Fx%3D1"),
        ("7#x", "7%23x"),
        ("7%2F8", "7%252F8"),
        ("é", "%C3%A9"),
        ("7&8;9", "7%268%3B9"),
        ("a\\b", "a%5Cb"),
        ("..7", "..7"),
    ] {
        let service = Service::start(Backend::Graph).await;
        let target = format!("/v1.0/security/incidents/{escaped}?$expand=alerts");
        service.answers(Expected::get(&target), json(200, r#"{"id":"7"}"#)).await;
        assert!(service.client.get_incident(id).await.is_ok(), "{id}");
    }
}

#[tokio::test]
async fn options_are_written_in_odatas_form_and_escaped_once() {
    let query = IncidentQuery {
        status: vec!["active".into()],
        assigned_to: Some("o'neil & co+1@aurora-lab.example".into()),
        created_since: Some("2026-09-01T00:00:00Z".parse().expect("a time")),
        offset: 10,
        extent: Extent::AtMost(5),
        ..IncidentQuery::default()
    };
    let cases = [
        (
            Backend::Graph,
            "/v1.0/security/incidents?$top=5&$skip=10&$filter=status%20eq%20%27active%27%20and%20assignedTo%20eq%20%27o%27%27neil%20%26%20co%2B1%40aurora-lab.example%27%20and%20createdDateTime%20ge%202026-09-01T00:00:00Z",
        ),
        (
            Backend::Legacy,
            "/api/incidents?$top=5&$skip=10&$filter=status%20eq%20%27Active%27%20and%20assignedTo%20eq%20%27o%27%27neil%20%26%20co%2B1%40aurora-lab.example%27%20and%20createdTime%20ge%202026-09-01T00:00:00Z",
        ),
    ];
    for (backend, target) in cases {
        let service = Service::start(backend).await;
        service.answers(Expected::get(target), json(200, r#"{"value":[]}"#)).await;
        assert!(all(&service.client, &query).await.expect("a list").is_empty());
    }
}

#[tokio::test]
async fn a_filter_of_ones_own_is_added_as_it_is() {
    let query = IncidentQuery {
        filter: Some("assignedTo eq null or status ne 'redirected'".into()),
        severity: vec!["high".into()],
        ..everything()
    };
    let service = Service::start(Backend::Graph).await;
    let target = "/v1.0/security/incidents?$top=50&$filter=severity%20eq%20%27high%27%20and%20(assignedTo%20eq%20null%20or%20status%20ne%20%27redirected%27)";
    service.answers(Expected::get(target), json(200, r#"{"value":[]}"#)).await;
    assert!(all(&service.client, &query).await.expect("a list").is_empty());
}

#[tokio::test]
async fn the_servers_own_text_is_passed_on_untouched() {
    let text = r#"{"@odata.context":"c","id":"7", "score":1.50,"später":null}"#;
    let service = Service::start(Backend::Graph).await;
    service.answers(Expected::get("/v1.0/security/incidents/7?$expand=alerts"), json(200, text)).await;
    assert_eq!(service.client.get_incident_raw("7").await.expect("read"), text);
}
