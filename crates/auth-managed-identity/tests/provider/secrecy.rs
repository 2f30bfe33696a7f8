//! Nothing that can be printed shows a proof or a token.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Question, RESOURCE, Stage, says};

const PLANTED: &str = "planted-identity-header";

async fn stage() -> Stage {
    Stage::start().await.with_address("IDENTITY_ENDPOINT", "/msi").with_variable("IDENTITY_HEADER", PLANTED)
}

fn question() -> Question {
    Question::get("/msi", &[("api-version", "2019-08-01"), ("resource", RESOURCE)])
        .header("x-identity-header", PLANTED)
        .header("metadata", "true")
}

#[tokio::test]
async fn debug_texts_are_silent() {
    let stage = stage().await;
    let body = json!({ "access_token": "planted-token", "expires_on": "1795352709" });
    stage.answers(&question(), says(200, &body)).await;
    let grant = stage.acquire().await.expect("a token");
    let shown = format!("{:?} {:?} {grant:?}", stage.provider().expect("good settings"), stage.context());
    assert!(!shown.contains("planted"), "{shown}");
}

#[tokio::test]
async fn no_error_repeats_a_proof_or_a_token() {
    let bodies = [
        (400, json!({ "statusCode": 400, "message": format!("The header {PLANTED} is wrong.") })),
        (401, json!({ "error": PLANTED, "error_description": format!("{PLANTED} {PLANTED}") })),
        (403, json!({ "error": { "code": "x", "message": PLANTED } })),
        (400, json!({ "error": "x", "error_description": format!("AADSTS50001: {PLANTED}") })),
        (200, json!({ "token": "planted-token" })),
        (200, json!({ "access_token": "planted-token", "token_type": "planted" })),
    ];
    for (status, body) in bodies {
        let stage = stage().await;
        stage.answers(&question(), says(status, &body)).await;
        let error = stage.refusal().await;
        let shown = format!("{error} {error:?} {:?}", error.hint());
        assert!(!shown.contains("planted"), "{shown}");
    }
    let stage = stage().await;
    stage.answers(&question(), ResponseTemplate::new(400).set_body_string(PLANTED)).await;
    let error = stage.refusal().await;
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
}
