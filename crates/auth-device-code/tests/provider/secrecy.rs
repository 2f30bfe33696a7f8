//! Nothing that can be printed shows a device code or a token.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{Begin, Finish, Pending, Presence, TokenRequest};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::settings::Origin;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{Asks, Authority, pending, start_answer, tokens};

fn shows_nothing(text: &str) {
    assert!(!text.contains("planted"), "{text}");
}

#[tokio::test]
async fn debug_texts_of_every_step_are_silent() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("planted-access", "planted-refresh")).await;
    let mut values = authority.values();
    values.set("refresh-token", Secret::new("planted-configured"), Origin::Parameter("x".into()));
    let entry = &defender_xdr_auth_device_code::DEVICE_CODE;
    let context = authority.context(entry, Backend::Graph, values);
    let provider = (entry.build)(&context).expect("good settings");
    shows_nothing(&format!("{context:?} {provider:?}"));
    let begin = provider.begin(&TokenRequest::default(), Presence::Elsewhere).await.expect("started");
    shows_nothing(&format!("{begin:?}"));
    let Begin::Started { pending, .. } = begin else { panic!("a person must act") };
    let not_yet = provider.finish(&pending, None).await.expect("not yet");
    shows_nothing(&format!("{not_yet:?}"));
    let done = provider.finish(&pending, None).await.expect("done");
    assert!(matches!(done, Finish::Done(_)));
    shows_nothing(&format!("{done:?}"));
}

#[tokio::test]
async fn an_unreadable_token_answer_is_not_quoted() {
    let (authority, manager) = Authority::started().await;
    let cut = r#"{"access_token":"planted-access","refresh_token":"planted-ref"#;
    authority.answers(Asks::Poll, ResponseTemplate::new(200).set_body_raw(cut, "application/json")).await;
    let error = manager.complete(true).await.expect_err("not readable");
    shows_nothing(&format!("{error} {error:?} {manager:?}"));
}

#[tokio::test]
async fn a_pending_record_of_something_else_is_refused_without_being_shown() {
    let authority = Authority::start().await;
    let entry = &defender_xdr_auth_device_code::DEVICE_CODE;
    let provider =
        (entry.build)(&authority.context(entry, Backend::Graph, authority.values())).expect("good settings");
    let at = crate::authority::beginning();
    let strange = Pending { state: Secret::new("planted nonsense"), expires_at: at, not_before: at };
    let error = provider.finish(&strange, None).await.expect_err("unreadable");
    shows_nothing(&format!("{error} {error:?}"));
    assert!(error.hint().is_some_and(|hint| hint.contains("auth start")));
}
