//! What is secret stays out of everything that people see.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::Presence;

use crate::authority::{Authority, Page, started, tokens};

#[tokio::test]
async fn debug_output_of_every_part_holds_no_secret() {
    let authority = Authority::start().await;
    let settings = [
        ("client-secret", "planted-secret"),
        ("authorization-code", "planted-code"),
        ("redirect-uri", "http://localhost"),
    ];
    let provider = authority.provider(&settings);
    assert!(!format!("{provider:?}").contains("planted"));
    let manager = authority.manager(&settings);
    let started = started(&manager, Presence::Here).await;
    let page = Page::of(&started.instruction);
    authority.answers_anything(tokens("planted-access", "planted-refresh")).await;
    manager.complete_with(&Secret::new("planted-code")).await.expect("signed in");
    let verifier = authority.last_form().await["code_verifier"].clone();
    let shown = format!("{manager:?} {:?}", manager.status());
    assert!(!shown.contains("planted") && !shown.contains(&verifier));
    assert!(!format!("{:?}", started.reception).contains(page.get("nonce")));
    assert!(!page.url.contains(&verifier), "the page is told the challenge alone");
}
