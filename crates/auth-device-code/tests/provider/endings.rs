//! Answers that end a sign-in: each with its own kind, once, and nothing left over.

use defender_xdr_core::auth::{AuthErrorKind, Presence};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{Asks, Authority, error, pending, start_answer, tokens};

#[tokio::test]
async fn each_ending_has_its_kind_and_is_asked_for_once() {
    use AuthErrorKind::{
        ConsentRequired, Declined, Expired, InteractionRequired, InvalidClient, Policy, SignInAgain,
        UnknownApplication,
    };
    let cases = [
        (400, "authorization_declined", 0, Declined),
        (400, "authorization_declined", 65004, Declined),
        (400, "access_denied", 0, Declined),
        (400, "expired_token", 70020, Expired),
        (400, "expired_token", 0, Expired),
        (400, "bad_verification_code", 0, SignInAgain),
        (400, "invalid_grant", 7_000_014, SignInAgain),
        (400, "invalid_grant", 70000, SignInAgain),
        (400, "invalid_grant", 50076, InteractionRequired),
        (400, "interaction_required", 53003, Policy),
        (400, "invalid_grant", 65001, ConsentRequired),
        (400, "unauthorized_client", 700_016, UnknownApplication),
        (401, "invalid_client", 7_000_218, InvalidClient),
    ];
    for (status, oauth, code, kind) in cases {
        let (authority, manager) = Authority::started().await;
        authority.answers(Asks::Poll, pending()).await;
        authority.answers(Asks::Poll, error(status, oauth, code)).await;
        let ending = manager.complete(true).await.expect_err("it is over");
        assert_eq!(ending.kind(), kind, "{oauth} {code}");
        assert!(ending.hint().is_some_and(|hint| !hint.is_empty()), "{oauth} {code}");
        assert_eq!(authority.seconds(), [0, 5, 10], "{oauth} {code}");
        assert!(manager.status().pending_until.is_none(), "{oauth} {code}");
        let again = manager.complete(true).await.expect_err("nothing is left to complete");
        assert_eq!(again.kind(), AuthErrorKind::NotSignedIn, "{oauth} {code}");
    }
}

#[tokio::test]
async fn an_application_that_is_no_public_client_learns_which_switch_to_set() {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, error(401, "invalid_client", 7_000_218)).await;
    let ending = manager.complete(true).await.expect_err("no public client");
    assert!(ending.hint().is_some_and(|hint| hint.contains("Allow public client flows")));
}

#[tokio::test]
async fn a_declined_sign_in_can_be_started_again() {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, error(400, "authorization_declined", 0)).await;
    manager.complete(true).await.expect_err("declined");
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.begin(Presence::Elsewhere).await.expect("started again");
    manager.complete(true).await.expect("signed in");
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
}

#[tokio::test]
async fn an_answer_that_is_no_json_ends_the_attempt_but_not_the_sign_in() {
    let (authority, manager) = Authority::started().await;
    let page = ResponseTemplate::new(200).set_body_raw("<html>captive portal</html>", "text/html");
    authority.answers(Asks::Poll, page).await;
    let error = manager.complete(true).await.expect_err("a captive portal");
    assert_eq!(error.kind(), AuthErrorKind::Unreadable);
    // The code is still good: whoever gets past the portal can go on.
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
}

#[tokio::test]
async fn faults_in_a_row_are_asked_less_and_less_and_never_by_the_general_retry() {
    let (authority, manager) = Authority::started().await;
    for _ in 0..3 {
        authority.answers(Asks::Poll, ResponseTemplate::new(503)).await;
    }
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 5, 15, 35, 75]);
}

#[tokio::test]
async fn a_failed_new_sign_in_leaves_the_old_session_alone() {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    authority.answers(Asks::Poll, error(400, "authorization_declined", 0)).await;
    manager.begin(Presence::Elsewhere).await.expect("started again");
    manager.complete(true).await.expect_err("declined");
    assert_eq!(manager.token().await.expect("still signed in").secret.expose(), "at-1");
    assert!(manager.status().signed_in && manager.status().has_refresh_token);
}
