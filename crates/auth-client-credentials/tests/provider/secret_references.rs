//! The secret behind a reference: opened when a token is asked for, and no earlier.

use std::path::PathBuf;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::AuthErrorKind;
use defender_xdr_core::settings::{Origin, Values};
use defender_xdr_core::store::{Vault, atomic};

use crate::authority::{Authority, SCOPE, SECRET, TENANT, token};

/// A reference written in a settings file of the user's own.
fn referring(authority: &Authority, reference: &str) -> Values {
    let mut values = authority.values_with(&[("client-secret", "")]);
    let origin = Origin::File { path: "config.toml".into(), line: 3, trusted: true, private: true };
    values.set("client-secret", Secret::new(reference), origin);
    values
}

fn secret_file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("defender-xdr-{name}-{}", std::process::id()));
    atomic::replace(&path, format!("{SECRET}\n").as_bytes()).expect("written");
    path
}

#[tokio::test]
async fn every_kind_of_reference_leads_to_the_secret() {
    let file = secret_file("referred");
    let references = [
        "env:THE_SECRET".to_owned(),
        format!("file:{}", file.display()),
        "stored:mine".to_owned(),
        format!("command:printf '%s\\n' '{SECRET}'"),
    ];
    for reference in references {
        let authority = Authority::start().await;
        authority.vault.save("secret-mine", SECRET.as_bytes()).expect("saved");
        authority.answers(token("at-1")).await;
        let manager = authority.manager(referring(&authority, &reference));
        assert!(manager.token().await.is_ok(), "{reference}");
        manager.flush().await;
    }
    std::fs::remove_file(file).expect("removed");
}

#[tokio::test]
async fn secrets_of_any_characters_arrive_as_they_are() {
    let strange = [
        "a+b/c=d&e",
        "100%25 %",
        "blank in the middle",
        "ключ-鍵-🔑",
        "quote\"'\\",
        "#?;,:@[]{}",
        "~tilde~.-_",
        "=",
        "&&",
        "line\nbreak",
    ];
    for secret in strange {
        let authority = Authority::start().await;
        authority.answers_to(TENANT, SCOPE, secret, token("at-1")).await;
        let manager = authority.manager(authority.values_with(&[("client-secret", secret)]));
        assert!(manager.token().await.is_ok(), "{secret:?}");
        manager.flush().await;
    }
}

#[tokio::test]
async fn building_the_provider_opens_nothing() {
    let authority = Authority::start().await;
    let marker = std::env::temp_dir().join(format!("defender-xdr-opened-{}", std::process::id()));
    for reference in
        ["file:/no/such/file", "env:NOT_SET", "stored:absent", &format!("command:touch {}", marker.display())]
    {
        assert!(authority.provider(referring(&authority, reference)).is_ok(), "{reference}");
    }
    assert!(!marker.exists());
}

#[tokio::test]
async fn a_cached_token_is_served_without_opening_the_secret() {
    let authority = Authority::start().await;
    authority.answers(token("at-1")).await;
    let first = authority.manager(authority.values());
    first.token().await.expect("a token");
    first.flush().await;
    for reference in ["file:/no/such/file", "env:NOT_SET", "stored:absent", "command:false"] {
        let token = authority.manager(referring(&authority, reference)).token().await;
        assert_eq!(token.expect("from the cache").secret.expose(), "at-1", "{reference}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_opened_is_told_and_nothing_is_sent() {
    let cases = [
        ("file:/no/such/file", "/no/such/file"),
        ("env:NOT_SET", "NOT_SET is not set"),
        ("stored:absent", "`absent`"),
        ("command:false", "false failed"),
        ("command:true", "empty"),
        ("command:/no/such/program", "/no/such/program"),
    ];
    for (reference, named) in cases {
        let authority = Authority::start().await;
        let error = authority.manager(referring(&authority, reference)).token().await.expect_err("no secret");
        assert_eq!(error.kind(), AuthErrorKind::Setup, "{reference}");
        assert!(
            error.to_string().contains("`client-secret`") && error.to_string().contains(named),
            "{error}"
        );
    }
}

#[tokio::test]
async fn references_in_values_of_a_calling_program_are_literal() {
    let authority = Authority::start().await;
    authority.answers_to(TENANT, SCOPE, "env:THE_SECRET", token("at-1")).await;
    let manager = authority.manager(authority.values_with(&[("client-secret", "env:THE_SECRET")]));
    assert!(manager.token().await.is_ok());
    manager.flush().await;
}

#[tokio::test]
async fn a_command_given_by_the_environment_is_not_run() {
    let authority = Authority::start().await;
    let mut values = authority.values_with(&[("client-secret", "")]);
    let origin = Origin::Environment("DEFENDER_XDR_CLIENT_SECRET".into());
    values.set("client-secret", Secret::new("command:printf x"), origin);
    let error = authority.provider(values).expect_err("not from there");
    assert!(error.to_string().contains("outside a settings file"), "{error}");
}
