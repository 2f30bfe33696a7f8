//! A claims challenge of the API reaches the sign-in service once, and a person when no token answers it.

use defender_xdr_api::ApiErrorKind;
use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;
use wiremock::ResponseTemplate;

use crate::service::{Expected, Service, json};

const TARGET: &str = "/v1.0/security/incidents/7?$expand=alerts";
const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1795348500"}}}"#;
const ENCODED: &str =
    "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzk1MzQ4NTAwIn19fQ";

fn challenge() -> ResponseTemplate {
    let error = r#"{"error":{"code":"InvalidAuthenticationToken","message":"Continuous access evaluation resulted in challenge."}}"#;
    json(401, error).append_header("www-authenticate", "Negotiate").append_header(
        "www-authenticate",
        format!(r#"Bearer realm="a, b", claims="{ENCODED}", error="insufficient_claims""#).as_str(),
    )
}

#[tokio::test]
async fn the_next_token_answers_the_challenge_and_the_call_is_repeated_once() {
    let service = Service::start(Backend::Graph).await;
    service.answers(Expected::get(TARGET), challenge()).await;
    service.answers(Expected::get(TARGET).with_token("token-2"), json(200, r#"{"id":"7"}"#)).await;
    assert_eq!(service.client.get_incident("7").await.expect("read").id(), "7");
    assert_eq!(service.challenges(), [CLAIMS]);
}

#[tokio::test]
async fn a_second_challenge_ends_it_and_names_who_can_go_on() {
    for (identity, remedy) in
        [(Identity::Delegated, "`defender-xdr auth login`"), (Identity::Application, "Conditional Access")]
    {
        let service = Service::start_for(Backend::Graph, identity, false).await;
        service.answers(Expected::get(TARGET), challenge()).await;
        service.answers(Expected::get(TARGET).with_token("token-2"), challenge()).await;
        let error = service.client.get_incident("7").await.expect_err("refused");
        assert_eq!(error.kind(), ApiErrorKind::TokenRefused);
        assert!(error.hint().is_some_and(|hint| hint.contains(remedy)), "{:?}", error.hint());
        assert_eq!((service.challenges().len(), service.tokens_given()), (1, 2));
    }
}

#[tokio::test]
async fn a_challenge_that_wants_a_person_says_so() {
    let service = Service::start_for(Backend::Graph, Identity::Delegated, true).await;
    service.answers(Expected::get(TARGET), challenge()).await;
    let error = service.client.get_incident("7").await.expect_err("a person is needed");
    assert_eq!(error.kind(), ApiErrorKind::SignIn);
    let hint = error.hint().expect("a hint");
    assert!(hint.contains("stronger sign-in") && hint.contains("`defender-xdr auth login`"), "{hint}");
    assert_eq!(service.challenges(), [CLAIMS]);
}

#[tokio::test]
async fn a_refusal_without_a_challenge_passes_none_on() {
    let service = Service::start(Backend::Graph).await;
    let error = r#"Bearer error="invalid_token""#;
    service.answers(Expected::get(TARGET), json(401, "{}").append_header("www-authenticate", error)).await;
    service.answers(Expected::get(TARGET).with_token("token-2"), json(200, r#"{"id":"7"}"#)).await;
    service.client.get_incident("7").await.expect("read");
    assert!(service.challenges().is_empty());
}
