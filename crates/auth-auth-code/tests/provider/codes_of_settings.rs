//! A code, a whole redirect or a refresh token in `authorization-code`, as Cortex XSOAR has it.

use std::time::Duration;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthErrorKind, Completion, Configured};
use defender_xdr_core::settings::{Origin, Values};

use crate::authority::{Authority, Expected, PASTED_TO, error, start_elsewhere, tokens};

async fn token(manager: &defender_xdr_core::auth::TokenManager) -> String {
    manager.token().await.expect("a token").secret.expose().to_owned()
}

#[tokio::test]
async fn a_code_of_another_start_is_redeemed_once_without_a_verifier() {
    let variants = [
        "0.AX-y".to_owned(),
        "0.AX-y&session_state=6f2c".to_owned(),
        "0%2EAX-y".to_owned(),
        format!("{PASTED_TO}?code=0.AX-y&state=12345&session_state=6f2c"),
    ];
    for text in variants {
        let authority = Authority::start().await;
        authority.answers(Expected::bare_code("0.AX-y"), tokens("at-1", "rt-1")).await;
        assert_eq!(token(&authority.manager(&[("authorization-code", &text)])).await, "at-1", "{text}");
        authority.clock.advance(Duration::from_hours(2));
        authority.answers(Expected::renewal("rt-1"), tokens("at-2", "rt-2")).await;
        assert_eq!(token(&authority.manager(&[("authorization-code", &text)])).await, "at-2", "{text}");
    }
}

#[tokio::test]
async fn a_code_that_answers_a_start_of_ours_takes_its_verifier() {
    let authority = Authority::start().await;
    let page = start_elsewhere(&authority.manager(&[])).await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    let address = format!("{PASTED_TO}?code=0.AX-y&state={}", page.get("state"));
    assert_eq!(token(&authority.manager(&[("authorization-code", &address)])).await, "at-1");
    assert!(authority.last_form().await.contains_key("code_verifier"));
}

#[tokio::test]
async fn completing_a_start_takes_a_new_code_of_the_settings() {
    let authority = Authority::start().await;
    let settings = [("authorization-code", "0.AX-y")];
    start_elsewhere(&authority.manager(&[])).await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    assert!(matches!(authority.manager(&settings).complete(true).await, Ok(Completion::SignedIn)));
    assert!(authority.last_form().await.contains_key("code_verifier"));
    // A second start wants a second code.
    start_elsewhere(&authority.manager(&settings)).await;
    assert!(matches!(authority.manager(&settings).complete(true).await, Ok(Completion::InputWanted)));
    assert_eq!(authority.requests().await, 1);
}

#[tokio::test]
async fn a_start_that_ran_out_has_nothing_to_do_with_a_code() {
    let authority = Authority::start().await;
    start_elsewhere(&authority.manager(&[])).await;
    authority.clock.advance(Duration::from_hours(2));
    authority.answers(Expected::bare_code("0.AX-y"), tokens("at-1", "rt-1")).await;
    assert_eq!(token(&authority.manager(&[("authorization-code", "0.AX-y")])).await, "at-1");
}

#[tokio::test]
async fn a_used_code_says_so_and_how_to_get_another() {
    let authority = Authority::start().await;
    authority.answers(Expected::bare_code("0.AX-y"), tokens("at-1", "")).await;
    let settings = [("authorization-code", "0.AX-y")];
    token(&authority.manager(&settings)).await;
    authority.clock.advance(Duration::from_hours(2));
    let spent = authority.manager(&settings).token().await.expect_err("spent");
    assert_eq!((spent.kind(), spent.setting()), (AuthErrorKind::SignInAgain, Some("authorization-code")));
    let hint = spent.hint().expect("advice");
    assert!(hint.contains("auth start") && hint.contains("offline_access"), "{hint}");
    assert_eq!(authority.requests().await, 1);
}

#[tokio::test]
async fn a_refused_code_rests_and_a_new_one_is_tried_at_once() {
    let authority = Authority::start().await;
    authority.answers(Expected::bare_code("first"), error(400, "invalid_grant", 70008)).await;
    authority.manager(&[("authorization-code", "first")]).token().await.expect_err("refused");
    let paused = authority.manager(&[("authorization-code", "first")]).token().await.expect_err("paused");
    assert!(paused.until().is_some());
    authority.answers(Expected::bare_code("second"), tokens("at-2", "rt-2")).await;
    assert_eq!(token(&authority.manager(&[("authorization-code", "second")])).await, "at-2");
}

#[tokio::test]
async fn a_text_without_a_code_is_named_by_its_key_and_not_repeated() {
    let authority = Authority::start().await;
    let settings = [("authorization-code", "https://localhost/myapp?session_state=planted")];
    let error = authority.manager(&settings).token().await.expect_err("no code");
    assert_eq!(error.setting(), Some("authorization-code"));
    assert!(!format!("{error:?}").contains("planted"));
    assert_eq!(authority.requests().await, 0);
}

#[tokio::test]
async fn a_refresh_token_may_stand_in_its_place() {
    for text in ["refresh_token:given", " refresh_token: given\n"] {
        let authority = Authority::start().await;
        authority.answers(Expected::renewal("given"), tokens("at-1", "rt-1")).await;
        assert_eq!(token(&authority.manager(&[("authorization-code", text)])).await, "at-1");
        authority.clock.advance(Duration::from_hours(2));
        authority.answers(Expected::renewal("rt-1"), tokens("at-2", "rt-2")).await;
        assert_eq!(token(&authority.manager(&[("authorization-code", text)])).await, "at-2", "rotated");
    }
}

#[tokio::test]
async fn a_refresh_token_behind_the_application_id_counts_more_than_a_code() {
    let authority = Authority::start().await;
    authority.answers(Expected::renewal("given"), tokens("at-1", "rt-1")).await;
    let mut values = authority.values(&[("authorization-code", "0.AX-y")]);
    values.set("refresh-token", Secret::new("given"), Origin::Parameter("application-id".into()));
    let manager = authority.manager_of(defender_xdr_core::backend::Backend::Graph, values);
    assert_eq!(token(&manager).await, "at-1");
}

#[tokio::test]
async fn a_reference_is_opened_only_when_it_is_needed() {
    let authority = Authority::start().await;
    let referring = |name: &str| -> Values {
        let mut values = authority.values(&[]);
        let origin = Origin::Environment("DEFENDER_XDR_AUTHORIZATION_CODE".into());
        values.set("authorization-code", Secret::new(format!("env:{name}")), origin);
        values
    };
    let graph = defender_xdr_core::backend::Backend::Graph;
    authority.answers(Expected::bare_code("from-env"), tokens("at-1", "rt-1")).await;
    assert_eq!(token(&authority.manager_of(graph, referring("CODE"))).await, "at-1");
    // Gone since: the session it gave lives on.
    assert_eq!(token(&authority.manager_of(graph, referring("ABSENT"))).await, "at-1");
}

#[tokio::test]
async fn a_changed_secret_or_code_is_another_credential() {
    let authority = Authority::start().await;
    let print = async |more: &[(&str, &str)]| {
        authority.provider(more).credential_fingerprint().await.expect("opened")
    };
    let prints = [
        print(&[]).await,
        print(&[("client-secret", "a")]).await,
        print(&[("client-secret", "b")]).await,
        print(&[("client-secret", "a"), ("authorization-code", "c")]).await,
        print(&[("client-secret", "a"), ("authorization-code", "d")]).await,
    ];
    for (number, one) in prints.iter().enumerate() {
        assert!(prints[number + 1..].iter().all(|other| other != one), "{number}");
    }
    assert!(prints[0].is_none());
    let configured = authority.provider(&[("authorization-code", "c")]).configured().await.expect("opened");
    assert!(matches!(configured, Some(Configured::Code(code)) if code.expose() == "c"));
}
