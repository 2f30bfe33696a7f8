//! What is told once, though it is no failure.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::Secret;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::authority::{Authority, start_elsewhere, tokens};

/// Collects warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, _field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{value:?}").expect("a string takes it");
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().expect("whole").push(message.0);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// The warnings of a sign-in that gives these tokens.
async fn warnings(account: &str, access: &str, refresh: &str) -> Vec<String> {
    let authority = Authority::start().await;
    authority.answers_anything(tokens(access, refresh)).await;
    let manager = authority.manager(&[("account", account)]);
    start_elsewhere(&manager).await;
    let warnings = Warnings::default();
    let guard = tracing::subscriber::set_default(warnings.clone());
    manager.complete_with(&Secret::new("bare-code")).await.expect("signed in");
    manager.token().await.expect("kept");
    drop(guard);
    warnings.0.lock().expect("whole").clone()
}

fn token_of(name: &str) -> String {
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(format!(r#"{{"upn":"{name}"}}"#)))
}

#[tokio::test]
async fn a_session_without_a_refresh_token_says_once_when_it_ends() {
    let told = warnings("", "at-1", "").await;
    let [only] = told.as_slice() else { panic!("{told:?}") };
    assert!(only.contains("10:59 UTC") && only.contains("offline_access"), "{only}");
    assert!(warnings("", "at-1", "rt-1").await.is_empty());
}

#[tokio::test]
async fn somebody_elses_sign_in_is_told_once() {
    let told = warnings("dana@example.org", &token_of("mika@example.org"), "rt-1").await;
    let [only] = told.as_slice() else { panic!("{told:?}") };
    assert!(only.contains("dana@example.org") && only.contains("mika@example.org"), "{only}");
    assert!(warnings("dana@example.org", &token_of("Dana@example.org"), "rt-1").await.is_empty());
}
