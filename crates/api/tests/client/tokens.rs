//! A refused token is replaced once; a second refusal is the caller's to solve.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::backend::Backend;
use defender_xdr_emulator::{Fault, FaultRule};

use crate::service::{Expected, Service, incidents, json};
use crate::tenant::Tenant;

const REFUSED: &str = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired.","innerError":{"request-id":"r1"}}}"#;

fn target(backend: Backend) -> String {
    let options = if backend == Backend::Graph { "?$expand=alerts" } else { "" };
    format!("{}/7{options}", incidents(backend))
}

fn body(backend: Backend) -> &'static str {
    if backend == Backend::Graph { r#"{"id":"7"}"# } else { r#"{"incidentId":7}"# }
}

#[tokio::test]
async fn one_refusal_brings_one_new_token_and_one_more_try() {
    for backend in Backend::ALL {
        let service = Service::start(backend).await;
        service.answers(Expected::get(&target(backend)), json(401, REFUSED)).await;
        service
            .answers(Expected::get(&target(backend)).with_token("token-2"), json(200, body(backend)))
            .await;
        assert_eq!(service.client.get_incident("7").await.expect("read").id(), "7");
        assert_eq!(service.tokens_given(), 2);
    }
}

#[tokio::test]
async fn two_refusals_in_a_row_end_it() {
    for backend in Backend::ALL {
        let service = Service::start(backend).await;
        service.answers(Expected::get(&target(backend)), json(401, REFUSED)).await;
        service.answers(Expected::get(&target(backend)).with_token("token-2"), json(401, REFUSED)).await;
        let error = service.client.get_incident("7").await.expect_err("refused");
        assert_eq!(error.kind(), ApiErrorKind::TokenRefused);
        assert_eq!((error.code(), error.request_id()), (Some("InvalidAuthenticationToken"), Some("r1")));
        assert!(!error.to_string().contains("token-2"));
        assert!(error.hint().is_some_and(|hint| hint.contains("api = ")), "{:?}", error.hint());
        assert_eq!(service.tokens_given(), 2);
    }
}

#[tokio::test]
async fn a_write_is_sent_again_after_a_refused_token_since_nothing_was_done() {
    let service = Service::start(Backend::Graph).await;
    let comment = || {
        let body =
            serde_json::json!({ "@odata.type": "microsoft.graph.security.alertComment", "comment": "hello" });
        Expected::sends("POST", "/v1.0/security/incidents/7/comments", body)
    };
    service.answers(comment(), json(401, REFUSED)).await;
    service.answers(comment().with_token("token-2"), json(200, r#"{"value":[{"comment":"hello"}]}"#)).await;
    service
        .answers(
            Expected::get("/v1.0/security/incidents/7").with_token("token-2"),
            json(200, r#"{"id":"7"}"#),
        )
        .await;
    assert!(service.client.comment_incident("7", "hello").await.is_ok());
}

#[tokio::test]
async fn a_tenant_that_revokes_a_token_early_is_served_a_new_one() {
    for (backend, fault) in Backend::ALL
        .into_iter()
        .flat_map(|backend| [(backend, Fault::ExpiredToken), (backend, Fault::UnauthorizedOnce)])
    {
        let tenant = Tenant::with(3).await;
        let client = tenant.client(backend);
        let query = crate::tenant::everything();
        assert_eq!(crate::tenant::all(&client, &query).await.expect("a list").len(), 3);
        tenant.control().clear_requests();
        tenant.control().add_fault(FaultRule::once(incidents(backend), fault));
        assert_eq!(crate::tenant::all(&client, &query).await.expect("a list").len(), 3);
        let statuses: Vec<_> = tenant.requests().iter().map(|request| request.status).collect();
        assert_eq!(statuses, [Some(401), Some(200)]);
    }
}
