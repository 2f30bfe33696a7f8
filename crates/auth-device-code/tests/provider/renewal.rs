//! Refresh tokens: redeemed without a secret, replaced when a new one comes, kept when none does.

use std::time::Duration;

use defender_xdr_core::auth::{AuthErrorKind, Presence, TokenManager};
use wiremock::ResponseTemplate;

use crate::authority::{Asks, Authority, error, tokens};

/// Signed in with `at-1` and `rt-1`, and an hour has passed.
async fn an_hour_later() -> (Authority, TokenManager) {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
    authority.clock.advance(Duration::from_hours(1));
    (authority, manager)
}

#[tokio::test]
async fn a_new_refresh_token_replaces_the_old_one_also_for_other_programs() {
    let (authority, manager) = an_hour_later().await;
    authority.answers(Asks::Renewal("rt-1"), tokens("at-2", "rt-2")).await;
    assert_eq!(manager.token().await.expect("renewed").secret.expose(), "at-2");
    authority.clock.advance(Duration::from_hours(1));
    authority.answers(Asks::Renewal("rt-2"), tokens("at-3", "rt-3")).await;
    let other = authority.manager(authority.values());
    assert_eq!(other.token().await.expect("renewed").secret.expose(), "at-3");
}

#[tokio::test]
async fn without_a_new_refresh_token_the_old_one_is_kept() {
    for answer in [tokens("at-2", ""), {
        let body = r#"{"token_type":"Bearer","access_token":"at-2","expires_in":3599,"refresh_token":""}"#;
        ResponseTemplate::new(200).set_body_raw(body, "application/json")
    }] {
        let (authority, manager) = an_hour_later().await;
        authority.answers(Asks::Renewal("rt-1"), answer).await;
        assert_eq!(manager.token().await.expect("renewed").secret.expose(), "at-2");
        authority.clock.advance(Duration::from_hours(1));
        authority.answers(Asks::Renewal("rt-1"), tokens("at-3", "rt-3")).await;
        assert_eq!(manager.token().await.expect("renewed").secret.expose(), "at-3");
    }
}

#[tokio::test]
async fn a_session_that_is_over_says_sign_in_again_and_loses_nothing() {
    for code in [50173, 700_082, 70008, 70043] {
        let (authority, manager) = an_hour_later().await;
        authority.answers(Asks::Renewal("rt-1"), error(400, "invalid_grant", code)).await;
        let over = manager.token().await.expect_err("the session is over");
        assert_eq!(over.kind(), AuthErrorKind::SignInAgain, "{code}");
        assert!(over.hint().is_some_and(|hint| hint.contains("sign in again")), "{code}");
        assert!(manager.status().has_refresh_token, "{code}");
        // Refused once, then left in peace for a minute.
        let paused = manager.token().await.expect_err("paused");
        assert_eq!(paused.kind(), AuthErrorKind::SignInAgain, "{code}");
        assert!(paused.to_string().contains("not asking again"), "{code}: {paused}");
        authority.clock.advance(Duration::from_secs(61));
        authority.answers(Asks::Renewal("rt-1"), tokens("at-2", "rt-2")).await;
        assert_eq!(manager.token().await.expect("renewed").secret.expose(), "at-2", "{code}");
    }
}

#[tokio::test]
async fn a_new_sign_in_ends_the_pause_after_a_refusal() {
    let (authority, manager) = an_hour_later().await;
    authority.answers(Asks::Renewal("rt-1"), error(400, "invalid_grant", 50173)).await;
    manager.token().await.expect_err("the session is over");
    authority.answers(Asks::Start, crate::authority::start_answer(&serde_json::json!({}))).await;
    authority.answers(Asks::Poll, tokens("at-2", "rt-2")).await;
    manager.begin(Presence::Elsewhere).await.expect("started");
    manager.complete(true).await.expect("signed in");
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-2");
}

#[tokio::test]
async fn a_demand_for_another_factor_is_told_apart_from_the_end_of_the_session() {
    let (authority, manager) = an_hour_later().await;
    authority.answers(Asks::Renewal("rt-1"), error(400, "interaction_required", 50076)).await;
    let demand = manager.token().await.expect_err("a person is needed");
    assert_eq!(demand.kind(), AuthErrorKind::InteractionRequired);
    assert!(manager.status().has_refresh_token);
}

#[tokio::test]
async fn a_throttled_renewal_waits_as_long_as_asked() {
    let (authority, manager) = an_hour_later().await;
    authority
        .answers(Asks::Renewal("rt-1"), ResponseTemplate::new(429).insert_header("retry-after", "20"))
        .await;
    authority.answers(Asks::Renewal("rt-1"), tokens("at-2", "rt-2")).await;
    assert_eq!(manager.token().await.expect("renewed").secret.expose(), "at-2");
    assert_eq!(authority.seconds(), [0, 5, 3605, 3625]);
}

#[tokio::test]
async fn without_a_refresh_token_the_session_ends_with_its_access_token() {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, tokens("at-1", "")).await;
    manager.complete(true).await.expect("signed in");
    manager.flush().await;
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    authority.clock.advance(Duration::from_hours(1));
    let over = manager.token().await.expect_err("no way to renew");
    assert_eq!(over.kind(), AuthErrorKind::NotSignedIn);
    assert!(over.hint().is_some_and(|hint| hint.contains("auth login")));
}

#[tokio::test]
async fn nobody_signed_in_means_nothing_is_sent() {
    let authority = Authority::start().await;
    let error = authority.manager(authority.values()).token().await.expect_err("not signed in");
    assert_eq!(error.kind(), AuthErrorKind::NotSignedIn);
    assert!(authority.seconds().is_empty());
}
