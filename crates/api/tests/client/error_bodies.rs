//! Error bodies of both APIs, of gateways and of strangers, each read for what it says.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::backend::Backend;
use wiremock::ResponseTemplate;

use crate::service::{Expected, Service, json};

async fn reading(backend: Backend, answer: ResponseTemplate, times: usize) -> defender_xdr_api::ApiError {
    let service = Service::start(backend).await;
    let target = match backend {
        Backend::Graph => "/v1.0/security/incidents/7?$expand=alerts",
        Backend::Legacy => "/api/incidents/7",
    };
    for number in 0..times {
        let token = if number == 0 || times > 2 { "token-1" } else { "token-2" };
        service.answers(Expected::get(target).with_token(token), answer.clone()).await;
    }
    service.client.get_incident("7").await.expect_err("it went wrong")
}

#[tokio::test]
async fn code_message_and_request_id_are_found_wherever_they_stand() {
    use ApiErrorKind::{BadRequest, Forbidden, NotFound};
    let legacy = r#"{"error":{"code":"CODE","message":"The text.","target":"t-1"}}"#;
    let upper = r#"{"error":{"code":"CODE","message":"The text.","innerError":{"request-id":"g-1","client-request-id":"c"}}}"#;
    let lower =
        r#"{"error":{"code":"CODE","message":"The text.","details":[],"innererror":{"request-id":"g-2"}}}"#;
    let cases = [
        (Backend::Legacy, 400, "InvalidInput", legacy, BadRequest, "t-1"),
        (Backend::Legacy, 400, "ODataError", legacy, BadRequest, "t-1"),
        (Backend::Legacy, 403, "DisabledFeature", legacy, Forbidden, "t-1"),
        (Backend::Legacy, 404, "ResourceNotFound", legacy, NotFound, "t-1"),
        (Backend::Graph, 400, "BadRequest", upper, BadRequest, "g-1"),
        (Backend::Graph, 403, "Forbidden", lower, Forbidden, "g-2"),
        (Backend::Graph, 404, "ResourceNotFound", upper, NotFound, "g-1"),
    ];
    for (backend, status, code, body, kind, id) in cases {
        let error = reading(backend, json(status, &body.replace("CODE", code)), 1).await;
        assert_eq!((error.kind(), error.code(), error.request_id()), (kind, Some(code), Some(id)), "{code}");
        assert_eq!(error.to_string(), "cannot read the incident: The text.");
        assert!(error.hint().is_some_and(|hint| !hint.is_empty()));
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_request_id_in_a_header_is_better_than_none() {
    let answer =
        json(400, r#"{"error":{"code":"","message":"The text."}}"#).insert_header("request-id", "h-1");
    let error = reading(Backend::Graph, answer, 1).await;
    assert_eq!((error.code(), error.request_id()), (None, Some("h-1")));
}

#[tokio::test]
async fn a_tenant_without_the_product_is_told_so_and_not_to_grant_permissions() {
    for text in [
        "Unauthorized request - reason of failure: Account mode is inactive",
        "Unauthorized request - Account is not provisioned.",
    ] {
        let body = format!(r#"{{"error":{{"code":"Unauthorized","message":"{text}"}}}}"#);
        for backend in Backend::ALL {
            let error = reading(backend, json(401, &body), 2).await;
            assert!(error.hint().is_some_and(|hint| hint.contains("not licensed")), "{:?}", error.hint());
            let error = reading(backend, json(403, &body), 1).await;
            assert_eq!(error.kind(), ApiErrorKind::Forbidden);
            assert!(error.hint().is_some_and(|hint| hint.contains("not licensed")), "{:?}", error.hint());
        }
    }
}

#[tokio::test]
async fn bodies_that_are_no_error_object_are_described_by_status_and_beginning() {
    let bodies = [
        (json(403, ""), "empty body"),
        (
            ResponseTemplate::new(403).set_body_raw("<html>Access denied by proxy</html>", "text/html"),
            "Access denied by proxy",
        ),
        (json(403, r#"{"Message":"old style"}"#), "old style"),
        (json(403, "[]"), "403"),
        (json(403, r#"{"error":"text instead of an object"}"#), "text instead of an object"),
        (json(403, r#"{"error":{"code":null,"message":null}}"#), "403"),
    ];
    for (answer, shown) in bodies {
        for backend in Backend::ALL {
            let error = reading(backend, answer.clone(), 1).await;
            assert_eq!(error.kind(), ApiErrorKind::Forbidden, "{shown}");
            assert!(error.to_string().contains(shown) && error.to_string().contains("403"), "{error}");
        }
    }
}

#[tokio::test]
async fn an_empty_message_of_a_fault_leaves_the_status() {
    let body = r#"{"error":{"code":"UnknownError","message":"","innerError":{"request-id":"g-1"}}}"#;
    let service = Service::start(Backend::Graph).await;
    // Twice with its alerts, and then without them as often as any request.
    for path in
        ["/v1.0/security/incidents/7?$expand=alerts"; 2].into_iter().chain(["/v1.0/security/incidents/7"; 5])
    {
        service.answers(Expected::get(path).with_token("token-1"), json(500, body)).await;
    }
    let error = service.client.get_incident("7").await.expect_err("it went wrong");
    assert_eq!((error.kind(), error.code()), (ApiErrorKind::Unavailable, Some("UnknownError")));
    assert!(error.to_string().contains("500"), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_good_status_with_a_bad_body_is_unreadable() {
    let bodies = [
        (
            ResponseTemplate::new(200).set_body_raw("<html>Sign in to the hotel network</html>", "text/html"),
            "did not answer with JSON",
        ),
        (json(200, r#"{"id":"7","displ"#), "cut off"),
        (json(200, ""), "cut off"),
        (json(200, "[]"), "other JSON"),
        (json(200, r#"{"id":null}"#), "no id"),
        (json(200, "{}"), "no id"),
    ];
    for (answer, shown) in bodies {
        let error = reading(Backend::Graph, answer, 1).await;
        assert_eq!(error.kind(), ApiErrorKind::Unreadable, "{shown}");
        assert!(error.to_string().contains(shown), "{error}");
    }
}
