//! A refresh token from the settings stands in for a sign-in, once.

use std::time::Duration;

use defender_xdr_core::Secret;
use defender_xdr_core::settings::{Origin, Values};

use crate::authority::{Asks, Authority, tokens};

fn with_token(authority: &Authority, token: &str) -> Values {
    let mut values = authority.values();
    values.set("refresh-token", Secret::new(token), Origin::Parameter("application-id".into()));
    values
}

#[tokio::test]
async fn a_configured_refresh_token_needs_no_person() {
    let authority = Authority::start().await;
    authority.answers(Asks::Renewal("given"), tokens("at-1", "rt-1")).await;
    let manager = authority.manager(with_token(&authority, "given"));
    assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
}

#[tokio::test]
async fn its_successor_wins_until_the_setting_changes() {
    let authority = Authority::start().await;
    authority.answers(Asks::Renewal("given"), tokens("at-1", "rt-1")).await;
    authority.manager(with_token(&authority, "given")).token().await.expect("a token");
    authority.clock.advance(Duration::from_hours(1));
    authority.answers(Asks::Renewal("rt-1"), tokens("at-2", "rt-2")).await;
    let second = authority.manager(with_token(&authority, "given"));
    assert_eq!(second.token().await.expect("renewed").secret.expose(), "at-2");
    authority.answers(Asks::Renewal("changed"), tokens("at-3", "rt-3")).await;
    let third = authority.manager(with_token(&authority, "changed"));
    assert_eq!(third.token().await.expect("renewed").secret.expose(), "at-3");
}
