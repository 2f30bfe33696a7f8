//! Next links: followed as they are, but only back to where we are signed in, and never in a circle.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::backend::Backend;
use serde_json::json as value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::service::{Expected, Service, json};
use crate::tenant::{Tenant, all, everything, ids};

const FIRST: &str = "/v1.0/security/incidents?$top=50";

fn page(ids: &[&str], link: &str) -> ResponseTemplate {
    let records: Vec<_> = ids.iter().map(|id| value!({ "id": id })).collect();
    json(200, &value!({ "@odata.nextLink": link, "value": records }).to_string())
}

#[tokio::test]
async fn a_link_is_followed_to_the_letter() {
    let service = Service::start(Backend::Graph).await;
    let second = "/v1.0/security/incidents?$skiptoken=a%2Fb%20c%3D%3d&extra=1";
    service.answers(Expected::get(FIRST), page(&["1"], &format!("{}{second}", service.server.uri()))).await;
    service.answers(Expected::get(second), json(200, r#"{"value":[{"id":"2"}]}"#)).await;
    let found = all(&service.client, &everything()).await.expect("a list");
    assert_eq!(ids(&found), ["1", "2"]);
}

#[tokio::test]
async fn another_host_gets_neither_a_token_nor_a_request() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
    let port = elsewhere.address().port();
    let links = [
        format!("http://127.0.0.1:{port}/v1.0/security/incidents?$skip=50"),
        format!("http://localhost:{port}/v1.0/security/incidents?$skip=50"),
        format!("https://127.0.0.1:{port}/v1.0/security/incidents"),
        "https://graph.microsoft.com.attacker.example/v1.0/security/incidents".to_owned(),
        "/v1.0/security/incidents?$skip=50".to_owned(),
        "javascript:alert(1)".to_owned(),
        String::new(),
    ];
    for link in links {
        let service = Service::start(Backend::Graph).await;
        service.answers(Expected::get(FIRST), page(&["1"], &link)).await;
        let error = all(&service.client, &everything()).await.expect_err("not followed");
        assert_eq!(error.kind(), ApiErrorKind::BadLink, "{link}");
    }
    elsewhere.verify().await;
}

#[tokio::test]
async fn names_and_passwords_in_a_link_are_refused() {
    let service = Service::start(Backend::Graph).await;
    let link = service.server.uri().replace("http://", "http://user:word@");
    service.answers(Expected::get(FIRST), page(&["1"], &link)).await;
    let error = all(&service.client, &everything()).await.expect_err("not followed");
    assert_eq!(error.kind(), ApiErrorKind::BadLink);
    assert!(!error.to_string().contains("word"), "{error}");
}

#[tokio::test]
async fn a_redirect_of_the_api_is_not_followed() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
    let service = Service::start(Backend::Graph).await;
    let away = ResponseTemplate::new(307).insert_header("location", elsewhere.uri());
    service.answers(Expected::get(FIRST), away).await;
    let error = all(&service.client, &everything()).await.expect_err("not followed");
    assert_eq!(error.kind(), ApiErrorKind::Unreadable);
    elsewhere.verify().await;
}

#[tokio::test]
async fn a_link_that_leads_back_ends_the_list_instead_of_never() {
    let service = Service::start(Backend::Graph).await;
    let there = "/v1.0/security/incidents?$skip=1";
    let back = format!("{}{there}", service.server.uri());
    service.answers(Expected::get(FIRST), page(&["1"], &back)).await;
    service.answers(Expected::get(there), page(&["2"], &back)).await;
    let query = everything();
    let mut list = service.client.list_incidents(&query);
    let mut found = 0;
    let error = loop {
        match list.next().await {
            Ok(Some(_)) => found += 1,
            Ok(None) => panic!("the circle was not noticed"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ApiErrorKind::Circle);
    assert!(error.to_string().contains("circle"), "{error}");
    assert!(found >= 1);
}

#[tokio::test]
async fn a_tenant_whose_links_go_in_a_circle_is_noticed() {
    let tenant = Tenant::with(120).await;
    tenant.switch(&value!({ "looping_next_link": true })).await;
    let error = all(&tenant.client(Backend::Graph), &everything()).await.expect_err("a circle");
    assert_eq!(error.kind(), ApiErrorKind::Circle);
    assert!(tenant.requests().len() < 10);
}

#[tokio::test]
async fn a_legacy_server_that_ignores_skip_is_noticed() {
    let service = Service::start(Backend::Legacy).await;
    let records: Vec<_> = (0..100).map(|id| value!({ "incidentId": id })).collect();
    let same = value!({ "value": records }).to_string();
    service.answers(Expected::get("/api/incidents?$top=100"), json(200, &same)).await;
    service.answers(Expected::get("/api/incidents?$top=100&$skip=100"), json(200, &same)).await;
    let error = all(&service.client, &everything()).await.expect_err("a circle");
    assert_eq!(error.kind(), ApiErrorKind::Circle);
}

#[tokio::test]
async fn the_rest_of_an_incidents_alerts_is_fetched_from_home_alone() {
    let first = "/v1.0/security/incidents/7?$expand=alerts";
    let rest = "/v1.0/security/incidents/7/alerts?$skiptoken=1";
    let service = Service::start(Backend::Graph).await;
    let link = format!("{}{rest}", service.server.uri());
    let incident = value!({ "id": "7", "alerts": [{ "id": "a" }], "alerts@odata.nextLink": link });
    service.answers(Expected::get(first), json(200, &incident.to_string())).await;
    service.answers(Expected::get(rest), json(200, r#"{"value":[{"id":"b","severity":"High"}]}"#)).await;
    let whole = service.client.get_incident("7").await.expect("an incident");
    assert_eq!(whole.get("alerts"), Some(&value!([{ "id": "a" }, { "id": "b", "severity": "high" }])));
    assert_eq!(whole.get("alerts@odata.nextLink"), None);

    let service = Service::start(Backend::Graph).await;
    let away =
        value!({ "id": "7", "alerts": [], "alerts@odata.nextLink": "https://attacker.example/alerts" });
    service.answers(Expected::get(first), json(200, &away.to_string())).await;
    let error = service.client.get_incident("7").await.expect_err("not followed");
    assert_eq!(error.kind(), ApiErrorKind::BadLink);
}
