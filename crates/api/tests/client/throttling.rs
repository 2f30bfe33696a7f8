//! Throttled calls: both ways of saying how long, and what does not fit into a command.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::Options;
use serde_json::json as value;

use crate::service::{Expected, Service, json, start};
use crate::tenant::{Tenant, some_active_incident};

const QUOTA: &str = r#"{"error":{"code":"429","message":"API calls quota exceeded! Maximum allowed 50 per 00:01:00 for the key Destination+TenantID+AppID. You can send requests again in 17 seconds.","target":"11111111-2222-4333-8444-555555555555"}}"#;
const BUSY: &str = r#"{"error":{"code":"TooManyRequests","message":"Please retry again later."}}"#;

#[tokio::test]
async fn a_header_names_the_wait() {
    let service = Service::start(Backend::Graph).await;
    let get = || Expected::get("/v1.0/security/incidents/7?$expand=alerts");
    service.answers(get(), json(429, BUSY).insert_header("retry-after", "21")).await;
    service.answers(get(), json(200, r#"{"id":"7"}"#)).await;
    service.client.get_incident("7").await.expect("read");
    assert_eq!(service.seconds(), [0, 21]);
}

#[tokio::test]
async fn the_body_names_the_wait() {
    let service = Service::start(Backend::Legacy).await;
    service.answers(Expected::get("/api/incidents/7"), json(429, QUOTA)).await;
    service.answers(Expected::get("/api/incidents/7"), json(200, r#"{"incidentId":7}"#)).await;
    service.client.get_incident("7").await.expect("read");
    assert_eq!(service.seconds(), [0, 17]);
}

#[tokio::test]
async fn a_header_wins_over_the_body() {
    let service = Service::start(Backend::Legacy).await;
    let answer = json(429, QUOTA).insert_header("retry-after", "3");
    service.answers(Expected::get("/api/incidents/7"), answer).await;
    service.answers(Expected::get("/api/incidents/7"), json(200, r#"{"incidentId":7}"#)).await;
    service.client.get_incident("7").await.expect("read");
    assert_eq!(service.seconds(), [0, 3]);
}

#[tokio::test]
async fn writing_waits_too_and_is_then_sent_once_more() {
    let service = Service::start(Backend::Legacy).await;
    let patch = || Expected::sends("PATCH", "/api/incidents/7", value!({ "comment": "hello" }));
    service.answers(patch(), json(429, QUOTA)).await;
    service.answers(patch(), json(200, r#"{"incidentId":7}"#)).await;
    service.client.comment_incident("7", "hello").await.expect("commented");
    assert_eq!(service.seconds(), [0, 17]);
}

#[tokio::test]
async fn a_wait_that_does_not_fit_ends_at_once_and_says_until_when() {
    for backend in Backend::ALL {
        let service = Service::start(backend).await;
        let target = match backend {
            Backend::Graph => "/v1.0/security/incidents/7?$expand=alerts",
            Backend::Legacy => "/api/incidents/7",
        };
        service.answers(Expected::get(target), json(429, BUSY).insert_header("retry-after", "900")).await;
        let error = service.client.get_incident("7").await.expect_err("throttled");
        assert_eq!(error.kind(), ApiErrorKind::Throttled);
        assert!(error.is_retryable());
        let until = error.until().expect("a moment").duration_since(start());
        assert_eq!(until.as_secs(), 900);
        assert_eq!(service.seconds(), [0]);
    }
}

#[tokio::test]
async fn a_service_that_is_down_is_asked_five_times() {
    let service = Service::start(Backend::Legacy).await;
    for _ in 0..5 {
        let page = wiremock::ResponseTemplate::new(503).set_body_raw("<html>Down</html>", "text/html");
        service.answers(Expected::get("/api/incidents/7"), page).await;
    }
    let error = service.client.get_incident("7").await.expect_err("down");
    assert_eq!(error.kind(), ApiErrorKind::Unavailable);
    assert!(error.to_string().contains("503") && error.to_string().contains("<html>Down"), "{error}");
}

#[tokio::test]
async fn a_tenant_with_quotas_is_obeyed_until_the_work_is_done() {
    let tenant = Tenant::started(Options { incidents: 12, limits: true, ..Options::default() }).await;
    let client = tenant.client(Backend::Legacy);
    let id = some_active_incident(&client).await;
    let before = tenant.control().now();
    for number in 0..52 {
        client.comment_incident(&id, &format!("note {number}")).await.expect("commented");
    }
    // Fifty a minute, so the last two had to wait.
    let took = tenant.control().now().duration_since(before);
    assert!((30..=90).contains(&took.as_secs()), "{took:?}");
    let incident = client.get_incident(&id).await.expect("read");
    let notes = incident.list("comments").iter().filter_map(|comment| comment["comment"].as_str());
    let mut notes: Vec<_> = notes.filter(|text| text.starts_with("note ")).collect();
    assert_eq!(notes.len(), 52);
    notes.dedup();
    assert_eq!(notes.len(), 52);
    assert!(tenant.requests().iter().any(|request| request.status == Some(429)));
}
