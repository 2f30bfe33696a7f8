//! The start of a sign-in: what is asked, and what the person is shown.

use std::time::Duration;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthErrorKind, Presence};
use defender_xdr_core::settings::Origin;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::authority::{
    APPLICATION, Asks, Authority, SCOPE, beginning, error, pending, shown, start_answer, tokens,
};

#[tokio::test]
async fn a_person_is_shown_page_code_and_deadline() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    let manager = authority.manager(authority.values());
    let instruction =
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act").instruction;
    let (page, code, expires_at, message) = shown(instruction);
    assert_eq!((page.as_str(), code.as_str()), ("https://microsoft.com/devicelogin", "ABCD-EFGH"));
    assert_eq!(expires_at.duration_since(beginning()).as_secs(), 900);
    assert_eq!(message.as_deref(), Some("To sign in, open the page and enter the code."));
    assert_eq!(manager.status().pending_until, Some(expires_at));
    assert!(!manager.status().signed_in);
}

#[tokio::test]
async fn the_page_is_shown_as_received_whoever_runs_it() {
    let pages = [
        "https://microsoft.com/deviceloginus",
        "https://login.microsoft.com/device",
        "https://login.partner.microsoftonline.cn/device?x=1&y=%20",
        "https://sso.company.example/enter",
    ];
    for page in pages {
        let authority = Authority::start().await;
        let answer =
            start_answer(&json!({ "verification_uri": page, "message": "open https://other.example" }));
        authority.answers(Asks::Start, answer).await;
        let instruction =
            authority.manager(authority.values()).begin(Presence::Elsewhere).await.expect("started");
        assert_eq!(shown(instruction.expect("a person must act").instruction).0, page);
    }
}

#[tokio::test]
async fn the_older_spelling_of_the_page_is_understood() {
    let authority = Authority::start().await;
    let answer =
        start_answer(&json!({ "verification_uri": null, "verification_url": "https://aka.example/d" }));
    authority.answers(Asks::Start, answer).await;
    let instruction =
        authority.manager(authority.values()).begin(Presence::Elsewhere).await.expect("started");
    assert_eq!(shown(instruction.expect("a person must act").instruction).0, "https://aka.example/d");
}

#[tokio::test]
async fn numbers_may_be_text() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({ "expires_in": "600", "interval": "7" }))).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let manager = authority.manager(authority.values());
    let instruction =
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act").instruction;
    assert_eq!(shown(instruction).2.duration_since(beginning()).as_secs(), 600);
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 7]);
}

#[tokio::test]
async fn without_an_interval_polls_are_five_seconds_apart_and_without_a_lifetime_codes_live_fifteen_minutes()
{
    let authority = Authority::start().await;
    let answer = start_answer(&json!({ "expires_in": null, "interval": null, "message": null }));
    authority.answers(Asks::Start, answer).await;
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let manager = authority.manager(authority.values());
    let (_, _, expires_at, message) = shown(
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act").instruction,
    );
    assert_eq!((expires_at.duration_since(beginning()).as_secs(), message), (900, None));
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 5, 10]);
}

#[tokio::test]
async fn without_a_tenant_any_organization_may_sign_in() {
    let authority = Authority::start().await;
    let identity = ("organizations", APPLICATION, SCOPE);
    authority.answers_for(identity, Asks::Start, start_answer(&json!({}))).await;
    authority.answers_for(identity, Asks::Poll, tokens("at-1", "rt-1")).await;
    let mut values = authority.values();
    values.remove("tenant-id");
    let manager = authority.manager(values);
    manager.begin(Presence::Elsewhere).await.expect("started");
    manager.complete(true).await.expect("signed in");
}

#[tokio::test]
async fn a_refused_start_leaves_nothing_to_complete() {
    let cases = [
        (400, "unauthorized_client", 700_016, AuthErrorKind::UnknownApplication),
        (400, "invalid_request", 90002, AuthErrorKind::Tenant),
        (400, "invalid_scope", 70011, AuthErrorKind::Configuration),
        (401, "invalid_client", 7_000_218, AuthErrorKind::InvalidClient),
    ];
    for (status, oauth, code, kind) in cases {
        let authority = Authority::start().await;
        authority.answers(Asks::Start, error(status, oauth, code)).await;
        let manager = authority.manager(authority.values());
        assert_eq!(manager.begin(Presence::Elsewhere).await.expect_err("refused").kind(), kind, "{code}");
        let nothing = manager.complete(true).await.expect_err("nothing was started");
        assert_eq!(nothing.kind(), AuthErrorKind::NotSignedIn);
        assert!(nothing.hint().is_some_and(|hint| hint.contains("auth start")));
    }
}

#[tokio::test]
async fn an_answer_without_a_code_is_no_start() {
    for missing in ["device_code", "user_code", "verification_uri"] {
        let authority = Authority::start().await;
        authority.answers(Asks::Start, start_answer(&json!({ missing: null }))).await;
        let error =
            authority.manager(authority.values()).begin(Presence::Elsewhere).await.expect_err("no start");
        assert_eq!(error.kind(), AuthErrorKind::Unreadable, "{missing}");
        assert!(!format!("{error:?}").contains("planted"), "{missing}");
    }
}

#[tokio::test]
async fn a_throttled_start_waits_as_long_as_asked() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, ResponseTemplate::new(429).insert_header("retry-after", "30")).await;
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    let manager = authority.manager(authority.values());
    let instruction =
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act").instruction;
    assert_eq!(authority.seconds(), [0, 30]);
    // The deadline counts from the answer that brought the code.
    assert_eq!(shown(instruction).2.duration_since(beginning()).as_secs(), 930);
}

#[tokio::test]
async fn a_second_start_replaces_the_first() {
    let (authority, manager) = Authority::started().await;
    authority.clock.advance(Duration::from_mins(10));
    authority.answers(Asks::Start, start_answer(&json!({ "user_code": "SECOND", "interval": 9 }))).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let instruction =
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act").instruction;
    assert_eq!(shown(instruction).1, "SECOND");
    manager.complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 600, 609]);
}

#[tokio::test]
async fn people_are_kept_apart_by_account() {
    let authority = Authority::start().await;
    authority.answers(Asks::Start, start_answer(&json!({}))).await;
    let of = |account: &str| {
        let mut values = authority.values();
        let origin = Origin::Parameter("account".into());
        values.set("account", Secret::new(account), origin);
        authority.manager(values)
    };
    of("dana@example.org").begin(Presence::Elsewhere).await.expect("started");
    assert!(of("Dana@Example.org").status().pending_until.is_some());
    assert!(of("mika@example.org").status().pending_until.is_none());
    assert!(authority.manager(authority.values()).status().pending_until.is_none());
}
