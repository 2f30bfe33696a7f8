//! A clock that somebody sets an hour back or forth costs a token request at most: never a session, never a wait.

use super::*;

fn hours(count: i64) -> Timestamp {
    start().saturating_add(SignedDuration::from_hours(count)).expect("in range")
}

async fn after_a_jump_to(now: Timestamp) -> Setting {
    let answers = vec![Ok(grant("one", Some("r"), start())), Ok(grant("two", Some("s"), now))];
    let setting = Setting::new(
        Script { renewable: true, configured: Some(refresh_token("first")), ..Script::default() },
        answers,
    );
    assert_eq!(token(&setting.manager()).await, "one");
    setting.clock.set(now);
    setting
}

#[tokio::test]
async fn an_hour_ahead_the_token_is_renewed_and_the_session_lives_on() {
    let setting = after_a_jump_to(hours(1)).await;
    assert_eq!(token(&setting.manager()).await, "two");
    // Back at the right time, the token of the wrong one is not trusted blindly, nor is the session lost.
    setting.clock.set(start());
    setting.script.answers.lock().expect("whole").push_back(Ok(grant("three", Some("t"), start())));
    assert_eq!(token(&setting.manager()).await, "three");
    assert_eq!(token(&setting.manager()).await, "three");
    assert_eq!(setting.asked(), 3);
}

#[tokio::test]
async fn an_hour_back_a_token_from_the_future_is_renewed_once() {
    let setting = after_a_jump_to(hours(-1)).await;
    assert_eq!(token(&setting.manager()).await, "two");
    assert_eq!(token(&setting.manager()).await, "two");
    assert_eq!(setting.asked(), 2);
}

#[tokio::test]
async fn an_hour_back_a_refusal_no_longer_rests() {
    let setting = Setting::new(Script::default(), vec![Err(refusal()), Ok(grant("one", None, hours(-1)))]);
    setting.manager().token().await.expect_err("refused");
    setting.clock.set(hours(-1));
    assert_eq!(token(&setting.manager()).await, "one");
}

#[tokio::test]
async fn an_hour_back_a_started_sign_in_is_asked_about_at_once() {
    let setting = Setting::new(Script::default(), vec![]);
    let pending = Pending {
        state: Secret::new("s"),
        expires_at: start().saturating_add(SignedDuration::from_mins(15)).expect("in range"),
        not_before: start().saturating_add(SignedDuration::from_secs(5)).expect("in range"),
    };
    setting.manager().save(&Session { pending: Some(pending), ..Session::default() }).expect("kept");
    setting.clock.set(hours(-1));
    setting.manager().complete(false).await.expect("still pending");
    assert_eq!(setting.asked(), 1);
}
