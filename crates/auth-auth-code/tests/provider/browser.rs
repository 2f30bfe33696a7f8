//! A browser on this machine that comes back to a listener.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthErrorKind, Completion, Presence};
use defender_xdr_core::http::Url;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::authority::{Authority, Page, SCOPE, error, started, tokens, tokens_with};

/// A browser that posts the form to where the page said, and what it is shown.
fn browser(page: &Page, form: String) -> JoinHandle<String> {
    let url = Url::parse(&page.redirect_uri).expect("an address");
    let port = url.port().expect("a port");
    let path = url.path().to_owned();
    tokio::spawn(async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
        let length = form.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nOrigin: null\r\n\r\n{form}"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        answer
    })
}

fn id_token(nonce: &str) -> String {
    let payload = json!({ "nonce": nonce, "aud": "a", "sub": "s" }).to_string();
    format!("e30.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload))
}

#[tokio::test]
async fn a_listener_waits_before_the_page_is_shown_and_the_page_posts_to_it() {
    let authority = Authority::start().await;
    let cases = [
        ("", "", ""),
        ("http://localhost", "", ""),
        ("http://localhost", "", "a secret"),
        ("http://localhost/back", "/back", ""),
    ];
    for (uri, ending, secret) in cases {
        let manager = authority.manager(&[("redirect-uri", uri), ("client-secret", secret)]);
        let started = started(&manager, Presence::Here).await;
        let page = Page::of(&started.instruction);
        let port = Url::parse(&page.redirect_uri).expect("an address").port().expect("a port");
        assert_eq!(page.redirect_uri, format!("http://localhost:{port}{ending}"));
        assert_eq!(page.get("redirect_uri"), page.redirect_uri);
        // Copied to another machine, the address must bring the code back; opened here, a form stays in no history.
        assert_eq!(page.get("response_mode"), "query");
        assert!(page.browser_url.as_ref().is_some_and(|url| url.contains("response_mode=form_post")));
        assert_eq!(page.get("scope"), format!("openid {SCOPE}"));
        assert!(page.parameters["nonce"].len() >= 22 && page.parameters["nonce"] != page.parameters["state"]);
        TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
        assert!(started.reception.is_some());
    }
}

#[tokio::test]
async fn the_browser_signs_in_and_is_told_so() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    let answer =
        tokens_with("at-1", &json!({ "refresh_token": "r", "id_token": id_token(page.get("nonce")) }));
    authority.answers_anything(answer).await;
    let mut reception = started.reception.expect("a listener");
    let browser = browser(&page, format!("code=planted-code&state={}&session_state=6f", page.get("state")));
    let input = reception.receive().await.expect("the browser came");
    assert!(matches!(manager.complete_with(&input).await, Ok(Completion::SignedIn)));
    reception.conclude(None).await;
    let shown = browser.await.expect("shown");
    assert!(shown.starts_with("HTTP/1.1 200") && shown.contains("You are signed in"));
    assert!(!shown.contains("planted") && !shown.contains(page.get("state")));
    let form = authority.last_form().await;
    assert_eq!(form["redirect_uri"], page.redirect_uri, "byte by byte");
    assert_eq!((form["code"].as_str(), form["scope"].as_str()), ("planted-code", page.get("scope")));
    // What `auth login` got serves a manager that was built anew, and one that pasted.
    assert_eq!(authority.manager(&[]).token().await.expect("kept").secret.expose(), "at-1");
}

#[tokio::test]
async fn a_refused_redemption_is_shown_in_the_browser() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    authority.answers_anything(error(400, "invalid_grant", 53003)).await;
    let mut reception = started.reception.expect("a listener");
    let browser = browser(&page, format!("code=planted-code&state={}", page.get("state")));
    let input = reception.receive().await.expect("the browser came");
    let refused = manager.complete_with(&input).await.expect_err("refused");
    reception.conclude(Some(&refused)).await;
    let shown = browser.await.expect("shown");
    assert!(shown.contains("The sign-in failed") && shown.contains("AADSTS53003"), "{shown}");
    assert!(!shown.contains("planted"));
}

#[tokio::test]
async fn a_person_who_says_no_ends_it() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    let mut reception = started.reception.expect("a listener");
    let form = format!(
        "error=access_denied&error_subcode=cancel&error_description=AADSTS65004%3A+No.&state={}",
        page.get("state")
    );
    let browser = browser(&page, form);
    let input = reception.receive().await.expect("the browser came");
    let declined = manager.complete_with(&input).await.expect_err("declined");
    assert_eq!(declined.kind(), AuthErrorKind::Declined);
    reception.conclude(Some(&declined)).await;
    assert!(browser.await.expect("shown").contains("The sign-in was declined"));
    assert_eq!(authority.requests().await, 0);
}

#[tokio::test]
async fn a_token_for_another_start_is_not_taken() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    let answer = tokens_with("at-1", &json!({ "refresh_token": "r", "id_token": id_token("another") }));
    authority.answers_anything(answer).await;
    let pasted = format!("{}/?code=c&state={}", page.redirect_uri, page.get("state"));
    let refused = manager.complete_with(&Secret::new(pasted)).await.expect_err("not ours");
    assert!(refused.to_string().contains("nonce"));
    assert!(!manager.status().signed_in);
}

#[tokio::test]
async fn where_no_browser_comes_the_address_can_be_pasted_while_the_listener_waits() {
    let authority = Authority::start().await;
    let manager = authority.manager(&[]);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    authority.answers_anything(tokens("at-1", "rt-1")).await;
    let pasted = format!("{}/?code=c&state={}", page.redirect_uri, page.get("state"));
    manager.complete_with(&Secret::new(pasted)).await.expect("signed in");
    assert_eq!(authority.last_form().await["redirect_uri"], page.redirect_uri);
}
