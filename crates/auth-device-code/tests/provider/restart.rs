//! Start in one program, completion in another: only the vault is common.

use std::time::Duration;

use defender_xdr_core::auth::{AuthErrorKind, Completion};
use defender_xdr_core::store::Vault;

use crate::authority::{Asks, Authority, TENANT, error, pending, tokens};

#[tokio::test]
async fn another_program_completes_what_the_first_one_started() {
    let (authority, first) = Authority::started().await;
    drop(first);
    authority.clock.advance(Duration::from_mins(3));
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    let second = authority.manager(authority.values());
    assert!(matches!(second.complete(true).await, Ok(Completion::SignedIn)));
    assert_eq!(authority.seconds(), [0, 180, 185]);
    drop(second);
    let third = authority.manager(authority.values());
    assert_eq!(third.token().await.expect("a token").secret.expose(), "at-1");
}

#[tokio::test]
async fn a_lengthened_interval_survives_the_restart() {
    let (authority, first) = Authority::started().await;
    authority.clock.advance(Duration::from_secs(5));
    authority.answers(Asks::Poll, error(400, "slow_down", 0)).await;
    assert!(matches!(first.complete(false).await, Ok(Completion::StillPending { .. })));
    drop(first);
    authority.answers(Asks::Poll, pending()).await;
    authority.answers(Asks::Poll, tokens("at-1", "rt-1")).await;
    authority.manager(authority.values()).complete(true).await.expect("signed in");
    assert_eq!(authority.seconds(), [0, 5, 15, 25]);
}

#[tokio::test]
async fn a_code_that_ran_out_meanwhile_is_asked_for_once_more_and_then_given_up() {
    let (authority, first) = Authority::started().await;
    drop(first);
    authority.clock.advance(Duration::from_hours(1));
    authority.answers(Asks::Poll, error(400, "expired_token", 70020)).await;
    let second = authority.manager(authority.values());
    assert_eq!(second.complete(true).await.expect_err("too late").kind(), AuthErrorKind::Expired);
}

#[tokio::test]
async fn settings_of_another_sign_in_find_nothing_to_complete() {
    let (authority, _manager) = Authority::started().await;
    let mut values = authority.values();
    values.remove("tenant-id");
    assert_ne!(values.text("tenant-id"), Some(TENANT));
    let other = authority.manager(values).complete(true).await.expect_err("another tenant");
    assert_eq!(other.kind(), AuthErrorKind::NotSignedIn);
}

#[tokio::test]
async fn a_reset_forgets_the_started_sign_in() {
    let (authority, manager) = Authority::started().await;
    assert!(manager.reset().await.expect("reset"));
    assert!(!manager.reset().await.expect("nothing left"));
    let nothing = authority.manager(authority.values()).complete(true).await.expect_err("forgotten");
    assert_eq!(nothing.kind(), AuthErrorKind::NotSignedIn);
}

#[tokio::test]
async fn a_record_that_is_damaged_counts_as_no_sign_in() {
    let (authority, manager) = Authority::started().await;
    let provider = (defender_xdr_auth_device_code::DEVICE_CODE.build)(&authority.context(
        &defender_xdr_auth_device_code::DEVICE_CODE,
        defender_xdr_core::backend::Backend::Graph,
        authority.values(),
    ));
    let name = provider.expect("good settings").cache_key().vault_name();
    assert!(authority.vault.load(&name).expect("readable").is_some());
    authority.vault.save(&name, b"{\"version\":99}").expect("saved");
    assert_eq!(manager.complete(true).await.expect_err("damaged").kind(), AuthErrorKind::NotSignedIn);
}
