//! Sessions are renewed without a person.

use std::time::Duration;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthErrorKind, TokenRequest};

use crate::authority::{Authority, Expected, SCOPE, error, start_elsewhere, tokens};

#[tokio::test]
async fn a_rotated_refresh_token_is_used_next() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    start_elsewhere(&manager).await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    manager.complete_with(&Secret::new("bare-code")).await.expect("signed in");
    for (old, new) in [("rt-1", "rt-2"), ("rt-2", "rt-3")] {
        authority.clock.advance(Duration::from_hours(1));
        authority.answers(Expected::renewal(old), tokens(new, new)).await;
        assert_eq!(manager.token().await.expect("renewed").secret.expose(), new);
    }
}

#[tokio::test]
async fn a_confidential_client_proves_itself_and_a_challenge_is_sent_on() {
    let authority = Authority::start().await;
    let expected = Expected::form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "rt-1"),
        ("scope", SCOPE),
        ("claims", "{}"),
        ("client_secret", "s"),
    ]);
    authority.answers(expected, tokens("at-2", "")).await;
    let request = TokenRequest { claims: Some("{}".to_owned()) };
    let renewed = authority.provider(&[("client-secret", "s")]).renew(&Secret::new("rt-1"), &request).await;
    assert_eq!(renewed.expect("renewed").expect("renewable").access_token.expose(), "at-2");
}

#[tokio::test]
async fn a_session_that_is_over_asks_for_a_new_sign_in() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[("authorization-code", "refresh_token:old")]);
    authority.answers(Expected::renewal("old"), error(400, "invalid_grant", 700_082)).await;
    assert_eq!(manager.token().await.expect_err("over").kind(), AuthErrorKind::SignInAgain);
}

#[tokio::test]
async fn nobody_signed_in_is_told_how() {
    let authority = Authority::start().await;
    let nobody = authority.manager(&[]).token().await.expect_err("nobody signed in");
    assert_eq!(nobody.kind(), AuthErrorKind::NotSignedIn);
    assert!(nobody.hint().is_some_and(|hint| hint.contains("auth login")));
}

#[tokio::test]
async fn a_client_without_a_secret_is_told_what_a_web_platform_wants() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[("authorization-code", "refresh_token:old")]);
    authority.answers(Expected::renewal("old"), error(401, "invalid_client", 7_000_218)).await;
    let refused = manager.token().await.expect_err("a confidential client");
    assert!(refused.hint().is_some_and(|hint| hint.contains("client-secret")), "{refused:?}");
}

#[tokio::test]
async fn a_refresh_token_of_no_characters_is_not_offered() {
    let authority = Authority::start().await;
    let error =
        authority.manager(&[("authorization-code", "refresh_token: ")]).token().await.expect_err("none");
    assert_eq!((error.kind(), error.setting()), (AuthErrorKind::Setup, Some("authorization-code")));
}
