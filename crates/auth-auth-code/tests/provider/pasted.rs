//! A person signs in anywhere and hands over where the browser was sent.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthErrorKind, Completion, Presence};
use defender_xdr_core::backend::Backend;
use ring::digest;
use wiremock::ResponseTemplate;

use crate::authority::{
    APPLICATION, Authority, PASTED_TO, Page, SCOPE, TENANT, beginning, error, start_elsewhere, started,
    tokens,
};

async fn paste(manager: &defender_xdr_core::auth::TokenManager, text: &str) -> Result<(), AuthErrorKind> {
    match manager.complete_with(&Secret::new(text)).await {
        Ok(Completion::SignedIn) => Ok(()),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

#[tokio::test]
async fn the_page_is_asked_for_a_code_with_proof_key_and_state() {
    let authority = Authority::start().await;
    let page = start_elsewhere(&authority.manager(&[])).await;
    let host = authority.server.uri();
    assert!(page.url.starts_with(&format!("{host}/{TENANT}/oauth2/v2.0/authorize?")), "{}", page.url);
    let fixed = [
        ("client_id", APPLICATION),
        ("response_type", "code"),
        ("redirect_uri", PASTED_TO),
        ("response_mode", "query"),
        ("scope", SCOPE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in fixed {
        assert_eq!(page.get(name), value, "{name}");
    }
    assert_eq!(page.get("code_challenge").len(), 43);
    assert!(page.get("state").len() >= 22, "128 bits");
    assert_eq!(page.parameters.len(), fixed.len() + 2, "{:?}", page.parameters.keys());
    assert_eq!(page.redirect_uri, PASTED_TO);
    assert!(page.browser_url.is_none());
    assert_eq!(page.expires_at.duration_since(beginning()).as_secs(), 3600);
    let again = start_elsewhere(&authority.manager(&[])).await;
    assert_ne!(again.get("state"), page.get("state"));
    assert_ne!(again.get("code_challenge"), page.get("code_challenge"));
}

#[tokio::test]
async fn an_account_is_offered_by_the_page() {
    let authority = Authority::start().await;
    let page = start_elsewhere(&authority.manager(&[("account", "Dana@Example.org")])).await;
    assert_eq!(page.get("login_hint"), "dana@example.org");
}

#[tokio::test]
async fn the_legacy_api_is_asked_for_by_the_resource_that_applications_name() {
    let authority = Authority::start().await;
    let manager = authority.manager_of(Backend::Legacy, authority.values(&[]));
    let page = start_elsewhere(&manager).await;
    assert_eq!(page.get("scope"), "offline_access https://api.security.microsoft.com/.default");
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_of_its_start() {
    let authority = Authority::start().await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    let manager = authority.manager(&[]);
    let page = start_elsewhere(&manager).await;
    let address = format!("{PASTED_TO}?code=0.AX%2Dy&state={}&session_state=6f2c", page.get("state"));
    paste(&manager, &address).await.expect("signed in");

    let mut form = authority.last_form().await;
    let verifier = form.remove("code_verifier").expect("a verifier");
    let digest = digest::digest(&digest::SHA256, verifier.as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(digest), page.get("code_challenge"));
    let expected = [
        ("client_id", APPLICATION),
        ("code", "0.AX-y"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", PASTED_TO),
        ("scope", SCOPE),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(form, expected, "a public client sends nothing else");
    assert_eq!(manager.token().await.expect("kept").secret.expose(), "at-1");
    assert_eq!(authority.requests().await, 1);
}

#[tokio::test]
async fn a_confidential_client_proves_itself() {
    let authority = Authority::start().await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    let manager = authority.manager(&[("client-secret", "planted-secret")]);
    let started = started(&manager, Presence::Here).await;
    assert!(started.reception.is_none(), "a platform with a secret has no http://localhost by itself");
    assert_eq!(Page::of(&started.instruction).redirect_uri, PASTED_TO);
    paste(&manager, "bare-code").await.expect("signed in");
    assert_eq!(authority.last_form().await["client_secret"], "planted-secret");
}

#[tokio::test]
async fn a_bare_code_will_do_and_the_start_survives_a_restart() {
    let authority = Authority::start().await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    start_elsewhere(&authority.manager(&[])).await;
    paste(&authority.manager(&[]), "bare-code\n").await.expect("signed in");
    assert_eq!(authority.last_form().await["code"], "bare-code");
}

#[tokio::test]
async fn without_a_code_one_is_wanted_and_nothing_is_asked() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    start_elsewhere(&manager).await;
    assert!(matches!(manager.complete(true).await, Ok(Completion::InputWanted)));
    assert_eq!(authority.requests().await, 0);
}

#[tokio::test]
async fn the_answer_to_another_start_is_refused_before_it_is_redeemed() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let old = start_elsewhere(&manager).await;
    let new = start_elsewhere(&manager).await;
    for state in [old.get("state"), "", "x", &new.get("state")[1..]] {
        let pasted = format!("{PASTED_TO}?code=0.AX&state={state}");
        assert_eq!(paste(&manager, &pasted).await, Err(AuthErrorKind::SignInAgain), "{state}");
    }
    assert_eq!(authority.requests().await, 0);
    // A slip ends nothing: the right address still works.
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    paste(&manager, &format!("code=0.AX&state={}", new.get("state"))).await.expect("signed in");
}

#[tokio::test]
async fn a_refusal_in_the_address_is_the_end_of_the_start() {
    let cases = [
        ("access_denied", 65004, AuthErrorKind::Declined),
        ("consent_required", 65001, AuthErrorKind::ConsentRequired),
        ("access_denied", 53003, AuthErrorKind::Policy),
        ("temporarily_unavailable", 90033, AuthErrorKind::Unavailable),
    ];
    for (oauth, code, kind) in cases {
        let authority = Authority::start().await;
        let manager = authority.manager(&[]);
        let page = start_elsewhere(&manager).await;
        let address = format!(
            "{PASTED_TO}?error={oauth}&error_description=AADSTS{code}%3a+No.&state={}",
            page.get("state")
        );
        assert_eq!(paste(&manager, &address).await, Err(kind), "{code}");
        assert_eq!(paste(&manager, "code").await, Err(AuthErrorKind::NotSignedIn), "over");
        assert_eq!(authority.requests().await, 0);
    }
}

#[tokio::test]
async fn what_entra_says_about_a_code_is_told_and_another_code_may_still_come() {
    for code in [54005, 70008, 70000, 9_002_313] {
        let authority = Authority::start().await;
        authority.answers_anything(error(400, "invalid_grant", code)).await;
        let manager = authority.manager(&[]);
        start_elsewhere(&manager).await;
        let refused = manager.complete_with(&Secret::new("bare-code")).await.expect_err("refused");
        assert_eq!(refused.kind(), AuthErrorKind::SignInAgain);
        assert!(refused.to_string().contains(&code.to_string()) && refused.hint().is_some());
        assert!(manager.status().pending_until.is_some(), "the same page can give another code");
    }
}

#[tokio::test]
async fn a_redemption_of_unknown_outcome_is_not_repeated() {
    let authority = Authority::start().await;
    authority.answers_anything(ResponseTemplate::new(502)).await;
    let manager = authority.manager(&[]);
    start_elsewhere(&manager).await;
    assert_eq!(paste(&manager, "bare-code").await, Err(AuthErrorKind::Unavailable));
    assert_eq!(authority.requests().await, 1, "a second one would say 54005");
}

#[tokio::test]
async fn a_throttled_redemption_is_repeated() {
    let authority = Authority::start().await;
    authority.answers_anything(ResponseTemplate::new(429).insert_header("retry-after", "5")).await;
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    let manager = authority.manager(&[]);
    start_elsewhere(&manager).await;
    paste(&manager, "bare-code").await.expect("signed in");
}

#[tokio::test]
async fn a_start_is_good_for_an_hour() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    start_elsewhere(&manager).await;
    authority.clock.advance(Duration::from_mins(61));
    assert_eq!(paste(&manager, "bare-code").await, Err(AuthErrorKind::Expired));
    assert_eq!(authority.requests().await, 0);
}

#[tokio::test]
async fn another_redirect_uri_is_used_letter_by_letter_and_never_listened_on() {
    for uri in ["https://localhost/myapp", "https://Localhost/MyApp/", "http://localhost/?tenant=1"] {
        let authority = Authority::start().await;
        authority.answers_anything(tokens("at-1", "rt-1")).await;
        let manager = authority.manager(&[("redirect-uri", uri)]);
        let started = started(&manager, Presence::Here).await;
        assert!(started.reception.is_none(), "{uri}");
        let page = Page::of(&started.instruction);
        assert_eq!((page.get("redirect_uri"), page.get("response_mode")), (uri, "query"));
        paste(&manager, "bare-code").await.expect("signed in");
        assert_eq!(authority.last_form().await["redirect_uri"], uri);
    }
}
