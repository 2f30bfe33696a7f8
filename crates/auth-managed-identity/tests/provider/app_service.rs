//! App Service, Functions, Container Apps and Automation.

use defender_xdr_core::auth::AuthErrorKind;
use jiff::SignedDuration;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{CLIENT, IDS, Question, RESOURCE, Stage, says, start};

const PATH: &str = "/msi/token/";
const HEADER: &str = "planted-identity-header";

async fn stage() -> Stage {
    Stage::start().await.with_address("IDENTITY_ENDPOINT", PATH).with_variable("IDENTITY_HEADER", HEADER)
}

fn asking(id: &[(&str, &str)]) -> Question {
    let mut query = vec![("api-version", "2019-08-01"), ("resource", RESOURCE)];
    query.extend(id);
    Question::get(PATH, &query).header("x-identity-header", HEADER).header("metadata", "true")
}

/// No `expires_in`: only a moment, as text.
fn token(identity: &str) -> ResponseTemplate {
    says(
        200,
        &json!({
            "access_token": "at-1", "expires_on": "1795345200", "resource": RESOURCE, "token_type": "Bearer",
            "client_id": identity
        }),
    )
}

#[tokio::test]
async fn a_token_comes_for_the_header_and_ends_at_a_moment() {
    let stage = stage().await;
    stage.answers(&asking(&[]), token(CLIENT)).await;
    let grant = stage.acquire().await.expect("a token");
    assert_eq!(grant.access_token.expose(), "at-1");
    assert_eq!(grant.expires_at.duration_since(start()), SignedDuration::from_hours(1));
}

#[tokio::test]
async fn each_id_goes_under_the_name_this_host_has_for_it() {
    for ((key, id), parameter) in IDS.into_iter().zip(["client_id", "principal_id", "mi_res_id"]) {
        let stage = stage().await.with(key, id);
        stage.answers(&asking(&[(parameter, id)]), token(CLIENT)).await;
        assert_eq!(stage.token().await, "at-1", "{key}");
    }
}

#[tokio::test]
async fn the_token_of_another_identity_is_not_used() {
    let stage = stage().await.with("managed-identity-client-id", CLIENT);
    stage.answers(&asking(&[("client_id", CLIENT)]), token("d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071")).await;
    assert!(stage.refusal().await.to_string().contains("another identity"));
}

#[tokio::test]
async fn an_app_without_the_identity_is_told_how_to_get_one() {
    let stage = stage().await.with("managed-identity-client-id", CLIENT);
    let body = json!({
        "statusCode": 400, "correlationId": "5f8a0d6e-0000-4000-8000-000000000001",
        "message": "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
    });
    stage.answers(&asking(&[("client_id", CLIENT)]), says(400, &body)).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::UnknownApplication);
    assert!(
        error.hint().is_some_and(|hint| hint.contains("az webapp identity assign")),
        "{:?}",
        error.hint()
    );
    assert!(error.to_string().contains("5f8a0d6e-0000-4000-8000-000000000001"), "{error}");
}

#[tokio::test]
async fn a_vague_fault_is_asked_again_and_then_told_with_its_usual_cause() {
    let stage = stage().await;
    let body =
        json!({ "statusCode": 500, "message": "An unexpected error occured while fetching the AAD Token." });
    for _ in 0..5 {
        stage.answers(&asking(&[]), says(500, &body)).await;
    }
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.hint().is_some_and(|hint| hint.contains("`scope`")), "{:?}", error.hint());
}

#[tokio::test]
async fn throttling_is_waited_out() {
    let stage = stage().await;
    stage.answers(&asking(&[]), ResponseTemplate::new(429).insert_header("retry-after", "9")).await;
    stage.answers(&asking(&[]), token(CLIENT)).await;
    assert_eq!(stage.token().await, "at-1");
    assert_eq!(stage.seconds(), [0, 9]);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_told_without_showing_it() {
    let stage = Stage::start()
        .await
        .with_address("IDENTITY_ENDPOINT", PATH)
        .with_variable("IDENTITY_HEADER", "planted\nheader");
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Setup);
    assert!(
        error.to_string().contains("IDENTITY_HEADER") && !error.to_string().contains("planted"),
        "{error}"
    );
}

#[tokio::test]
async fn a_header_that_the_host_does_not_take_is_told_as_such() {
    let stage = stage().await;
    let refused = says(401, &json!({ "statusCode": 401, "message": "the header is not valid" }));
    stage.answers(&asking(&[]), refused).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Setup);
    assert!(error.hint().is_some_and(|hint| hint.contains("IDENTITY_HEADER")), "{error:?}");
    assert!(!format!("{error:?}").contains(HEADER));
}
