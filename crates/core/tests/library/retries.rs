//! Sending again: as often as the policy says, when the clock says, within one budget.

use std::time::Duration;

use defender_xdr_core::http::{
    Call, Exhausted, HttpClient, HttpSettings, Proxy, Repeatable, RetryPolicy, Url, send,
};
use defender_xdr_core::{Clock, ManualClock, SystemClock, Timestamp};
use jiff::SignedDuration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::local;

fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

/// A server that gives these answers in order.
async fn answering(answers: &[ResponseTemplate]) -> (MockServer, Call) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(418))
        .with_priority(255)
        .expect(0)
        .mount(&server)
        .await;
    for answer in answers {
        Mock::given(any()).respond_with(answer.clone()).up_to_n_times(1).expect(1).mount(&server).await;
    }
    let call = Call::get(Url::parse(&server.uri()).expect("an address"));
    (server, call)
}

fn throttled(seconds: u64) -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("retry-after", seconds.to_string())
}

/// The status in the end, what the server still asked for, and the seconds waited.
async fn sent(policy: &RetryPolicy, repeatable: Repeatable, call: Call) -> (u16, Option<Exhausted>, i64) {
    let clock = ManualClock::at(start());
    let (result, exhausted) = send(&local(), &clock, policy, repeatable, call).await;
    (result.expect("an answer").status, exhausted, clock.now().duration_since(start()).as_secs())
}

/// The moment a server named, in seconds after the start.
fn until(seconds: i64) -> Exhausted {
    let until = start().saturating_add(SignedDuration::from_secs(seconds)).expect("in range");
    Exhausted { until }
}

#[tokio::test]
async fn each_stated_wait_is_kept_until_an_answer_comes() {
    let (_server, call) =
        answering(&[throttled(7), throttled(0), throttled(30), ResponseTemplate::new(200)]).await;
    let policy = RetryPolicy::new(Duration::from_mins(2));
    assert_eq!(sent(&policy, Repeatable::WhenUntouched, call).await, (200, None, 37));
}

#[tokio::test]
async fn what_does_not_fit_into_the_budget_is_not_waited_for() {
    let (_server, call) = answering(&[throttled(50), throttled(80)]).await;
    let policy = RetryPolicy::new(Duration::from_mins(2));
    let left = Some(until(50 + 80));
    assert_eq!(sent(&policy, Repeatable::Yes, call).await, (429, left, 50));
}

#[tokio::test]
async fn requests_of_one_command_share_its_budget() {
    let policy = RetryPolicy::new(Duration::from_mins(1));
    let (_first, call) = answering(&[throttled(40), ResponseTemplate::new(200)]).await;
    assert_eq!(sent(&policy.clone(), Repeatable::Yes, call).await, (200, None, 40));
    let (_second, call) = answering(&[throttled(21)]).await;
    let left = Some(until(21));
    assert_eq!(sent(&policy.clone(), Repeatable::Yes, call).await, (429, left, 0));
    let (_third, call) = answering(&[throttled(20), ResponseTemplate::new(200)]).await;
    assert_eq!(sent(&policy, Repeatable::Yes, call).await, (200, None, 20));
}

#[tokio::test]
async fn a_fault_of_the_server_is_repeated_only_where_that_does_no_harm() {
    for status in [500, 502, 503, 504] {
        let policy = RetryPolicy::new(Duration::from_mins(2));
        let (_server, call) = answering(&[ResponseTemplate::new(status)]).await;
        assert_eq!(sent(&policy, Repeatable::WhenUntouched, call).await, (status, None, 0));
        let (_server, call) = answering(&[ResponseTemplate::new(status), ResponseTemplate::new(200)]).await;
        assert_eq!(sent(&policy, Repeatable::Yes, call).await.0, 200);
    }
}

#[tokio::test]
async fn every_other_status_stands_at_once() {
    for status in [200, 204, 301, 400, 401, 403, 404, 405, 409, 422, 501] {
        let (_server, call) = answering(&[ResponseTemplate::new(status)]).await;
        let policy = RetryPolicy::new(Duration::from_mins(2));
        assert_eq!(sent(&policy, Repeatable::Yes, call).await, (status, None, 0));
    }
}

#[tokio::test]
async fn five_tries_are_the_end_whatever_the_budget() {
    let (_server, call) = answering(&vec![throttled(1); 5]).await;
    let policy = RetryPolicy::new(Duration::from_hours(1));
    let left = Some(until(4 + 1));
    assert_eq!(sent(&policy, Repeatable::Yes, call).await, (429, left, 4));
}

#[tokio::test]
async fn tries_that_hang_use_up_the_budget() {
    let server = MockServer::start().await;
    let hanging = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    Mock::given(any()).respond_with(hanging).mount(&server).await;
    let settings =
        HttpSettings { proxy: Proxy::None, timeout: Duration::from_millis(400), ..HttpSettings::default() };
    let policy = RetryPolicy::new(Duration::from_millis(600));
    let call = Call::get(server.uri().parse().expect("an address"));
    let (result, _) = send(&HttpClient::new(settings), &SystemClock, &policy, Repeatable::Yes, call).await;
    result.expect_err("nobody answers in time");
    let tries = server.received_requests().await.expect("recorded").len();
    assert_eq!(tries, 1, "a second try and its pause would not fit into what is left");
}
