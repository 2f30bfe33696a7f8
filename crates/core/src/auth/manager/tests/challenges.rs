//! A claims challenge reaches whoever can answer it.

use super::*;

const CHALLENGE: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

fn asked_with(setting: &Setting) -> Vec<Option<String>> {
    setting.script.claims.lock().expect("whole").clone()
}

#[tokio::test]
async fn the_next_token_answers_the_challenge_of_the_api_and_the_one_after_is_an_ordinary_one() {
    let late = start().saturating_add(SignedDuration::from_hours(2)).expect("in range");
    let answers = vec![
        Ok(grant("one", Some("r"), start())),
        Ok(grant("two", Some("r"), start())),
        Ok(grant("three", Some("r"), late)),
    ];
    let setting = Setting::new(Script { renewable: true, ..Script::default() }, answers);
    let manager = setting.manager();
    let refused = manager.token().await.expect("a token");
    manager.challenge(&refused, CHALLENGE.to_owned());
    assert_eq!(token(&manager).await, "two");
    assert_eq!(token(&manager).await, "two");
    setting.clock.advance(Duration::from_hours(2));
    assert_eq!(token(&manager).await, "three");
    assert_eq!(asked_with(&setting), [None, Some(CHALLENGE.to_owned()), None]);
}

#[tokio::test]
async fn what_only_a_person_can_answer_waits_for_the_next_sign_in() {
    let body = ErrorBody {
        error: "interaction_required".into(),
        claims: Some(CHALLENGE.into()),
        ..ErrorBody::default()
    };
    let setting = Setting::new(
        Script { renewable: true, configured: Some(refresh_token("r")), ..Script::default() },
        vec![Err(AuthError::from_entra(body))],
    );
    setting.manager().token().await.expect_err("a person is needed");
    assert_eq!(setting.manager().status().claims_wanted.as_deref(), Some(CHALLENGE));
}

#[tokio::test]
async fn a_challenge_that_no_token_answered_is_put_to_the_person_in_another_process() {
    let setting = Setting::new(Script::default(), vec![Ok(grant("one", Some("r"), start()))]);
    let manager = setting.manager();
    let refused = manager.token().await.expect("a token");
    manager.leave_to_person(&refused, CHALLENGE.to_owned()).await;
    let later = setting.manager();
    assert_eq!(later.status().claims_wanted.as_deref(), Some(CHALLENGE));
    assert!(later.status().has_refresh_token, "what was stored stays");
}
