//! Passing faults: waited out by the clock, within what one command may wait.

use defender_xdr_core::auth::AuthErrorKind;
use wiremock::ResponseTemplate;

use crate::authority::{Authority, error, start, token};

#[tokio::test]
async fn a_stated_wait_is_kept_to_the_second_and_then_the_token_comes() {
    let authority = Authority::start().await;
    authority.answers(error(429, "temporarily_unavailable", 90055).insert_header("retry-after", "17")).await;
    authority.answers(token("at-1")).await;
    let manager = authority.manager(authority.values());
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    assert_eq!(authority.seconds(), [0, 17]);
    manager.flush().await;
}

#[tokio::test]
async fn a_wait_may_be_a_date() {
    let authority = Authority::start().await;
    let answer = ResponseTemplate::new(429).insert_header("retry-after", "Sun, 22 Nov 2026 10:00:40 GMT");
    authority.answers(answer).await;
    authority.answers(token("at-1")).await;
    let manager = authority.manager(authority.values());
    manager.token().await.expect("a token");
    assert_eq!(authority.seconds(), [0, 40]);
    manager.flush().await;
}

#[tokio::test]
async fn a_wait_beyond_the_budget_ends_at_once_and_says_until_when() {
    let authority = Authority::start().await;
    authority.answers(ResponseTemplate::new(429).insert_header("retry-after", "600")).await;
    let error = authority.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Throttled);
    let until = error.until().expect("a moment").duration_since(start());
    assert_eq!(until.as_secs(), 600);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_service_that_is_down_is_asked_again_with_growing_pauses() {
    let authority = Authority::start().await;
    for _ in 0..3 {
        authority
            .answers(ResponseTemplate::new(503).set_body_string("<html>Service Unavailable</html>"))
            .await;
    }
    authority.answers(token("at-1")).await;
    let manager = authority.manager(authority.values());
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    // Half a second, one, two, each a quarter more or less.
    let last = *authority.seconds().last().expect("asked");
    assert!((2..=4).contains(&last), "{last}");
    manager.flush().await;
}

#[tokio::test]
async fn a_service_that_stays_down_is_asked_five_times() {
    let authority = Authority::start().await;
    for _ in 0..5 {
        authority.answers(ResponseTemplate::new(503)).await;
    }
    let error = authority.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.to_string().contains("503"), "{error}");
    assert!(error.is_retryable());
    assert_eq!(authority.seconds().len(), 5);
}

#[tokio::test]
async fn a_token_that_still_works_outlives_a_fault_of_the_service() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    for _ in 0..5 {
        authority.answers(ResponseTemplate::new(503)).await;
    }
    let manager = authority.manager(authority.values());
    manager.token().await.expect("a token");
    authority.clock.advance(std::time::Duration::from_secs(3400));
    assert_eq!(manager.token().await.expect("the old one").secret.expose(), "at-1");
    manager.flush().await;
}
