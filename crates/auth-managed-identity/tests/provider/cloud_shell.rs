//! Cloud Shell.

use defender_xdr_core::auth::AuthErrorKind;
use serde_json::json;

use crate::stage::{Question, RESOURCE, Stage, says, token};

const PATH: &str = "/oauth2/token";

async fn stage() -> Stage {
    Stage::start().await.with_address("MSI_ENDPOINT", PATH)
}

fn question() -> Question {
    Question::post(PATH, &[("resource", RESOURCE)]).header("metadata", "true")
}

#[tokio::test]
async fn the_resource_is_posted_as_a_form() {
    let stage = stage().await;
    stage.answers(&question(), token()).await;
    assert_eq!(stage.token().await, "at-1");
}

#[tokio::test]
async fn a_service_outside_its_list_is_told_with_a_way_out() {
    let stage = stage().await;
    let body =
        json!({ "error": { "code": "AudienceNotSupported", "message": "Audience is not supported." } });
    stage.answers(&question(), says(400, &body)).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Configuration);
    assert!(error.to_string().contains("AudienceNotSupported: Audience is not supported."), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("Device Code")), "{:?}", error.hint());
}
