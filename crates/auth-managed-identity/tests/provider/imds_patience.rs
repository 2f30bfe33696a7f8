//! The metadata service asked again: when, how often, and until when.

use defender_xdr_core::auth::AuthErrorKind;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::imds::{question, stage};
use crate::stage::{says, token};

async fn answering(script: &[ResponseTemplate]) -> crate::stage::Stage {
    let stage = stage().await;
    for answer in script {
        stage.answers(&question(), answer.clone()).await;
    }
    stage
}

#[tokio::test]
async fn a_service_that_is_not_ready_is_asked_again() {
    for (status, second) in [(404, 0), (429, 0), (500, 1), (503, 1)] {
        let stage = answering(&[ResponseTemplate::new(status), ResponseTemplate::new(status), token()]).await;
        assert_eq!(stage.token().await, "at-1");
        assert_eq!(stage.seconds(), [0, second, second + 2], "{status}");
    }
}

#[tokio::test]
async fn an_update_of_the_service_is_waited_for_more_than_a_minute() {
    let mut script = vec![ResponseTemplate::new(410); 5];
    script.push(token());
    let stage = answering(&script).await;
    assert_eq!(stage.token().await, "at-1");
    assert_eq!(stage.seconds(), [0, 0, 5, 15, 35, 75]);
}

#[tokio::test]
async fn a_service_that_stays_away_is_asked_six_times() {
    let gone = answering(&vec![ResponseTemplate::new(410); 6]).await;
    let error = gone.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.is_retryable());

    let broken = says(500, &json!({ "error": "unknown", "error_description": "Failed to retrieve token" }));
    let stage = answering(&vec![broken; 6]).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.to_string().contains("Failed to retrieve token"), "{error}");
    assert_eq!(stage.seconds(), [0, 1, 3, 9, 23, 53]);
}

#[tokio::test]
async fn a_stated_wait_is_kept_and_one_beyond_the_budget_ends_at_once() {
    let stage = answering(&[ResponseTemplate::new(429).insert_header("retry-after", "17"), token()]).await;
    assert_eq!(stage.token().await, "at-1");
    assert_eq!(stage.seconds(), [0, 17]);

    let stage = answering(&[ResponseTemplate::new(429).insert_header("retry-after", "600")]).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Throttled);
    assert_eq!(error.until().map(|until| until.to_string()).as_deref(), Some("2026-11-22T10:10:00Z"));
}

#[tokio::test]
async fn what_a_person_must_mend_is_asked_once() {
    for (status, error) in [(400, "invalid_request"), (401, "unknown_source"), (403, "access_denied")] {
        let stage = answering(&[says(status, &json!({ "error": error, "error_description": "No." }))]).await;
        assert_eq!(stage.refusal().await.kind(), AuthErrorKind::Configuration, "{status}");
    }
}
