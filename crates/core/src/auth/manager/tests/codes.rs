//! A code of the settings is redeemed once, whatever happens.

use super::*;

fn with_code(code: &str) -> Script {
    Script { renewable: true, configured: Some(Configured::Code(Secret::new(code))), ..Script::default() }
}

fn spent() -> AuthError {
    AuthError::from_entra(ErrorBody { error: "invalid_grant".into(), ..ErrorBody::default() })
}

fn stored(setting: &Setting) -> Session {
    let bytes = setting.vault.load(&setting.manager().name).expect("readable").expect("there");
    Session::from_bytes(&bytes).expect("ours")
}

#[tokio::test]
async fn a_code_is_redeemed_once_and_its_session_lives_on() {
    let late = start().saturating_add(SignedDuration::from_hours(2)).expect("in range");
    let answers = vec![Ok(grant("one", Some("r"), start())), Ok(grant("two", Some("r"), late))];
    let setting = Setting::new(with_code("planted"), answers);
    assert_eq!(token(&setting.manager()).await, "one");
    assert_eq!(token(&setting.manager()).await, "one");
    assert_eq!(setting.asked(), 1);
    setting.clock.advance(Duration::from_hours(2));
    assert_eq!(token(&setting.manager()).await, "two", "renewed, not redeemed again");
    assert!(
        !String::from_utf8_lossy(&stored(&setting).to_bytes()).contains("planted"),
        "only its digest is kept"
    );
}

#[tokio::test]
async fn a_refused_code_is_spent() {
    let setting = Setting::new(with_code("planted"), vec![Err(spent()), Err(refusal())]);
    setting.manager().token().await.expect_err("refused");
    assert!(stored(&setting).spent_code.is_some());
    // The second answer is that of `acquire`: nobody redeems again.
    setting.manager().proven_token().await.expect_err("nothing is left");
    assert!(stored(&setting).spent_code.is_some());
}

#[tokio::test]
async fn a_code_that_nobody_read_stays_good_and_so_does_the_session_before_it() {
    let setting =
        Setting::new(with_code("planted"), vec![Err(outage()), Ok(grant("one", Some("r"), start()))]);
    let before = Session { refresh_token: Some(Secret::new("older")), ..Session::default() };
    setting.manager().save(&before).expect("kept");
    setting.manager().token().await.expect_err("the service is down");
    assert_eq!(stored(&setting).refresh_token.expect("kept").expose(), "older");
    assert_eq!(token(&setting.manager()).await, "one");
}

#[tokio::test]
async fn a_new_code_replaces_an_older_session() {
    let setting = Setting::new(with_code("second"), vec![Ok(grant("two", None, start()))]);
    let before = Session {
        spent_code: Some(Secret::new("first").fingerprint()),
        refresh_token: Some(Secret::new("older")),
        ..Session::default()
    };
    setting.manager().save(&before).expect("kept");
    let manager = setting.manager();
    assert_eq!(token(&manager).await, "two");
    manager.flush().await;
    assert!(stored(&setting).refresh_token.is_none(), "the older session belonged to another sign-in");
}
