//! What Entra refuses, what that means, and that nothing is asked twice.

use std::time::Duration;

use defender_xdr_core::auth::{Actor, AuthErrorKind};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{Authority, SCOPE, TENANT, error, token};

#[tokio::test]
async fn each_refusal_has_its_kind_and_remedy_and_is_not_repeated() {
    use AuthErrorKind::{
        Configuration, ConsentRequired, InvalidClient, Policy, ResourceUnknown, Tenant, UnknownApplication,
    };
    let cases = [
        (401, "invalid_client", 7_000_215, InvalidClient, "the secret's value", Actor::Operator),
        (401, "invalid_client", 7_000_222, InvalidClient, "expired", Actor::Operator),
        (401, "invalid_client", 700_027, InvalidClient, "certificate", Actor::Operator),
        (400, "unauthorized_client", 700_016, UnknownApplication, "`application-id`", Actor::Operator),
        (400, "unauthorized_client", 7_000_229, UnknownApplication, "consent", Actor::Operator),
        (400, "invalid_request", 90002, Tenant, "`tenant-id`", Actor::Operator),
        (400, "invalid_resource", 500_011, ResourceUnknown, "`scope`", Actor::Operator),
        (400, "invalid_scope", 1_002_012, Configuration, "/.default", Actor::Operator),
        (400, "invalid_grant", 65001, ConsentRequired, "administrator", Actor::Administrator),
        (400, "invalid_grant", 53003, Policy, "Conditional Access", Actor::Administrator),
    ];
    for (status, oauth, code, kind, hint, actor) in cases {
        let authority = Authority::start().await;
        authority.answers(error(status, oauth, code)).await;
        let refused = authority.refusal().await;
        assert_eq!(refused.kind(), kind, "{code}");
        assert_eq!(refused.actor(), actor, "{code}");
        assert!(refused.hint().is_some_and(|text| text.contains(hint)), "{code}: {:?}", refused.hint());
        assert_eq!(refused.body().and_then(defender_xdr_core::entra::ErrorBody::code), Some(code));
        assert_eq!(refused.to_string(), format!("AADSTS{code}: The reason."));
        assert_eq!(refused.tenant(), Some(TENANT));
        assert!(!refused.is_retryable(), "{code}");
        assert_eq!(authority.seconds(), [0], "{code} must be asked once, at once");
    }
}

#[tokio::test]
async fn a_number_that_stands_in_the_text_alone_is_found() {
    let authority = Authority::start().await;
    let body = json!({
        "error": "invalid_client",
        "error_description": "AADSTS7000222: The provided client secret keys are expired.\r\nTrace ID: 1\r\nCorrelation ID: 2",
    });
    authority.answers(ResponseTemplate::new(401).set_body_json(body)).await;
    let refused = authority.refusal().await;
    assert!(refused.hint().is_some_and(|hint| hint.contains("new one")), "{:?}", refused.hint());
    assert_eq!(refused.to_string(), "AADSTS7000222: The provided client secret keys are expired.");
}

#[tokio::test]
async fn an_error_nobody_has_described_yet_shows_entras_own_words() {
    let authority = Authority::start().await;
    let body = json!({ "error": "brand_new", "error_description": "AADSTS9999999: Something new.", "error_codes": [9_999_999] });
    authority.answers(ResponseTemplate::new(400).set_body_json(body)).await;
    let refused = authority.refusal().await;
    assert_eq!(refused.kind(), AuthErrorKind::Configuration);
    assert_eq!(refused.to_string(), "AADSTS9999999: Something new.");
}

#[tokio::test]
async fn a_refused_secret_rests_for_a_minute_and_is_then_offered_again() {
    let authority = Authority::start().await;
    authority.answers(error(401, "invalid_client", 7_000_215)).await;
    let manager = authority.manager(authority.values());
    assert_eq!(manager.token().await.expect_err("refused").kind(), AuthErrorKind::InvalidClient);
    authority.clock.advance(Duration::from_secs(59));
    let paused = manager.token().await.expect_err("paused");
    assert_eq!(paused.kind(), AuthErrorKind::InvalidClient, "the remedy is the same");
    assert!(paused.to_string().contains("not asking again for 1 s"), "{paused}");
    assert!(paused.hint().is_some_and(|hint| hint.contains("--retry-now")));
    authority.answers(token("at-1")).await;
    authority.clock.advance(Duration::from_secs(2));
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    assert_eq!(authority.seconds(), [0, 61]);
    manager.flush().await;
}

#[tokio::test]
async fn another_secret_is_offered_at_once() {
    let authority = Authority::start().await;
    authority.answers(error(401, "invalid_client", 7_000_222)).await;
    assert_eq!(authority.refusal().await.kind(), AuthErrorKind::InvalidClient);
    authority.answers_to(TENANT, SCOPE, "planted~secret.2", token("at-1")).await;
    let values = authority.values_with(&[("client-secret", "planted~secret.2")]);
    let manager = authority.manager(values);
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    manager.flush().await;
}

#[tokio::test]
async fn who_insists_asks_again_at_once() {
    let authority = Authority::start().await;
    authority.answers(error(401, "invalid_client", 7_000_215)).await;
    authority.answers(error(401, "invalid_client", 7_000_215)).await;
    authority.answers(error(401, "invalid_client", 7_000_215)).await;
    let manager = authority.manager(authority.values());
    manager.token().await.expect_err("refused");
    let tested = manager.proven_token().await.expect_err("refused");
    assert_eq!(tested.kind(), AuthErrorKind::InvalidClient);
    let insisting = authority.manager(authority.values()).ignoring_refusals(true);
    assert_eq!(insisting.token().await.expect_err("refused").kind(), AuthErrorKind::InvalidClient);
}
