//! A token is asked for once, lives as long as the answer says, and is replaced by asking again.

use std::time::Duration;

use defender_xdr_core::auth::{AuthErrorKind, TokenRequest};
use jiff::SignedDuration;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{Authority, SCOPE, SECRET, start, token};

#[tokio::test]
async fn an_application_gets_a_token_and_no_refresh_token() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    let grant = authority
        .provider(authority.values())
        .expect("good settings")
        .acquire(&TokenRequest::default())
        .await
        .expect("a token");
    assert_eq!(grant.access_token.expose(), "at-1");
    assert_eq!(grant.expires_at.duration_since(start()), SignedDuration::from_secs(3599));
    assert_eq!(grant.acquired_at, start());
    assert!(grant.refresh_token.is_none());
}

#[tokio::test]
async fn a_lifetime_may_be_text_or_a_fraction_or_absent() {
    for (lifetime, seconds) in [
        (json!("1800"), 1800),
        (json!(1800.9), 1800),
        (json!("1800.9"), 1800),
        (json!(-1), 3595),
        (json!(null), 3595),
        (json!(""), 3595),
    ] {
        let authority = Authority::start().await;
        let body = json!({ "token_type": "bearer", "access_token": "at-1", "expires_in": lifetime });
        authority.answers(ResponseTemplate::new(200).set_body_json(body)).await;
        let token = authority.manager(authority.values()).token().await.expect("a token");
        let life = token.expires_at.duration_since(start());
        assert_eq!(life, SignedDuration::from_secs(seconds), "{lifetime}");
    }
}

#[tokio::test]
async fn one_token_serves_all_questions_of_its_life_and_then_a_new_one_is_asked_for() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    authority.answers(token("at-2")).await;
    let manager = authority.manager(authority.values());
    let served = async || manager.token().await.expect("a token").secret.expose().to_owned();
    assert_eq!([served().await, served().await], ["at-1", "at-1"]);
    authority.clock.advance(Duration::from_secs(3298));
    assert_eq!(served().await, "at-1");
    authority.clock.advance(Duration::from_secs(2));
    assert_eq!(served().await, "at-2");
    manager.flush().await;
}

#[tokio::test]
async fn ten_questions_at_once_are_one_request() {
    let authority = Authority::start().await;
    authority.answers(token("at-1").set_delay(Duration::from_millis(50))).await;
    let manager = std::sync::Arc::new(authority.manager(authority.values()));
    let mut questions = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let manager = std::sync::Arc::clone(&manager);
        questions.spawn(async move { manager.token().await.expect("a token").secret.expose().to_owned() });
    }
    let answers = questions.join_all().await;
    assert!(answers.iter().all(|token| token == "at-1") && answers.len() == 10);
    manager.flush().await;
}

#[tokio::test]
async fn a_second_program_finds_the_first_ones_token() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    let first = authority.manager(authority.values());
    first.token().await.expect("a token");
    first.flush().await;
    let second = authority.manager(authority.values()).token().await.expect("a token");
    assert_eq!(second.secret.expose(), "at-1");
}

#[tokio::test]
async fn a_test_of_the_sign_in_never_answers_from_the_cache() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    authority.answers(token("at-2")).await;
    let manager = authority.manager(authority.values());
    manager.token().await.expect("a token");
    assert_eq!(manager.proven_token().await.expect("a token").secret.expose(), "at-2");
    manager.flush().await;
}

#[tokio::test]
async fn a_token_the_api_refused_is_replaced_once() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    authority.answers(token("at-2")).await;
    let manager = authority.manager(authority.values());
    let refused = manager.token().await.expect("a token");
    manager.invalidate(&refused);
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-2");
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-2");
    manager.flush().await;
}

#[tokio::test]
async fn a_token_that_is_no_bearer_token_is_not_used() {
    let authority = Authority::start().await;
    let body = json!({ "token_type": "pop", "access_token": "at-1", "expires_in": 3599 });
    authority.answers(ResponseTemplate::new(200).set_body_json(body)).await;
    let error = authority.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.to_string().contains("`pop`"), "{error}");
}

#[tokio::test]
async fn a_domain_names_the_tenant_as_well_and_letter_case_does_not_matter() {
    let authority = Authority::start().await;
    authority.answers_to("aurora-lab.example", SCOPE, SECRET, token("at-1")).await;
    let values = authority.values_with(&[("tenant-id", "Aurora-Lab.example")]);
    assert!(authority.manager(values).token().await.is_ok());
}
