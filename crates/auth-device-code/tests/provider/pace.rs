//! How often the authority is asked: never earlier than it allows (RFC 8628 section 3.5).

use std::time::Duration;

use defender_xdr_core::auth::{AuthErrorKind, Completion, Presence};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{Asks, Authority, error, pending, start_answer, tokens};

fn slow_down() -> ResponseTemplate {
    error(400, "slow_down", 0)
}

#[tokio::test]
async fn polls_keep_the_interval_from_the_first_on() {
    let (authority, manager) = Authority::started().await;
    for _ in 0..4 {
        authority.answers(Asks::Poll, pending()).await;
    }
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    assert!(matches!(manager.complete(true).await, Ok(Completion::SignedIn)));
    assert_eq!(authority.seconds(), [0, 5, 10, 15, 20, 25]);
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
}

#[tokio::test]
async fn slow_down_lengthens_the_interval_for_good() {
    let (authority, manager) = Authority::started().await;
    for answer in
        [pending(), slow_down(), pending(), pending(), slow_down(), pending(), tokens("at-1", "rt-1")]
    {
        authority.answers(Asks::Poll, answer).await;
    }
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 5, 10, 20, 30, 40, 55, 70]);
}

#[tokio::test]
async fn a_longer_interval_is_kept_too() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({ "interval": 45 }))).await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let manager = authority.manager(authority.values());
    manager.begin(Presence::Elsewhere).await.expect("started");
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 45, 90]);
}

#[tokio::test]
async fn one_question_at_a_time_keeps_the_pace_as_well() {
    let (authority, manager) = Authority::started().await;
    let still_pending = async || matches!(manager.complete(false).await, Ok(Completion::StillPending { .. }));
    // Too early: nothing is sent.
    assert!(still_pending().await);
    authority.clock.advance(Duration::from_secs(4));
    assert!(still_pending().await);
    assert_eq!(authority.seconds(), [0]);
    authority.clock.advance(Duration::from_secs(1));
    authority.answers(Asks::Poll, slow_down()).await;
    assert!(still_pending().await);
    // Ten seconds from now on.
    authority.clock.advance(Duration::from_secs(9));
    assert!(still_pending().await);
    assert_eq!(authority.seconds(), [0, 5]);
    authority.clock.advance(Duration::from_secs(1));
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    assert!(matches!(manager.complete(false).await, Ok(Completion::SignedIn)));
    assert_eq!(authority.seconds(), [0, 5, 15]);
}

#[tokio::test]
async fn a_throttled_poll_waits_as_long_as_asked_and_goes_on() {
    let (authority, manager) = Authority::started().await;
    authority.answers(Asks::Poll, ResponseTemplate::new(429).insert_header("retry-after", "33")).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 5, 38]);
}

#[tokio::test]
async fn a_fault_of_the_service_is_waited_out_with_growing_pauses() {
    let (authority, manager) = Authority::started().await;
    // Five tries of one poll, then the next poll, later than the interval.
    for _ in 0..5 {
        authority.answers(Asks::Poll, ResponseTemplate::new(503)).await;
    }
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    manager.complete(true).await.expect("signed in");
    let seconds = authority.seconds();
    assert_eq!(seconds.len(), 7);
    let (last_fault, success) = (seconds[5], seconds[6]);
    assert!(success - last_fault >= 10, "{seconds:?}");
}

#[tokio::test]
async fn polling_ends_with_the_code() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({ "expires_in": 12 }))).await;
    for _ in 0..3 {
        authority.answers(Asks::Poll, pending()).await;
    }
    let manager = authority.manager(authority.values());
    manager.begin(Presence::Elsewhere).await.expect("started");
    let error = manager.complete(true).await.expect_err("it ran out");
    assert_eq!(error.kind(), AuthErrorKind::Expired);
    assert!(error.hint().is_some_and(|hint| hint.contains("AADSTS53003")), "{:?}", error.hint());
    // The last poll comes after the deadline: it fetches the authority's own last word.
    assert_eq!(authority.seconds(), [0, 5, 10, 15]);
    assert!(manager.status().pending_until.is_none());
}

#[tokio::test]
async fn an_approval_at_the_last_moment_still_counts() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({ "expires_in": 12 }))).await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let manager = authority.manager(authority.values());
    manager.begin(Presence::Elsewhere).await.expect("started");
    assert!(matches!(manager.complete(true).await, Ok(Completion::SignedIn)));
}

#[tokio::test]
async fn an_authority_that_vanishes_is_polled_less_often_until_the_code_runs_out() {
    let authority = Authority::that_can_vanish().await;
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    let manager = authority.manager(authority.values());
    manager.begin(Presence::Elsewhere).await.expect("started");
    let clock = authority.clock.clone();
    drop(authority);
    let error = manager.complete(true).await.expect_err("nobody there");
    assert_eq!(error.kind(), AuthErrorKind::Expired);
    assert!(error.to_string().contains("cannot connect"), "{error}");
    let waited = defender_xdr_core::Clock::now(clock.as_ref()).duration_since(crate::authority::beginning());
    assert!((900..1000).contains(&waited.as_secs()), "{waited:?}");
}
