//! What the original left is taken over, what we leave the original can use, and what belongs to others is not used.

use super::*;

const NAME: &str = "session-a";

fn sign_in() -> SignIn {
    SignIn { session: NAME.to_owned(), family: "family-a".to_owned(), is_originals: true }
}

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().expect("a time")
}

fn vault(context: &Value, sign_in: SignIn) -> ContextVault {
    ContextVault::new(context.as_object().expect("an object").clone(), sign_in, now())
}

fn loaded(vault: &ContextVault) -> Value {
    let bytes = vault.load(NAME).expect("readable");
    bytes.map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).expect("JSON"))
}

fn record() -> Value {
    json!({ "version": 1, "access_token": "a", "acquired_at": "2026-11-23T10:00:00.5Z", "expires_at": "2026-11-23T11:00:00.5Z",
        "refresh_token": "r", "configured_from": null, "scope": "s", "pending_state": null })
}

#[test]
fn a_sign_in_of_the_original_is_taken_over() {
    let context = json!({ "access_token": "a", "valid_until": 1_795_430_000, "current_refresh_token": "r" });
    let record = loaded(&vault(&context, sign_in()));
    assert_eq!((&record["access_token"], &record["refresh_token"]), (&json!("a"), &json!("r")));
    assert_eq!(record["expires_at"], Timestamp::from_second(1_795_430_000).expect("a time").to_string());
    let elsewhere = SignIn { is_originals: false, ..sign_in() };
    let record = loaded(&vault(&context, elsewhere));
    assert_eq!((record.get("access_token"), &record["refresh_token"]), (None, &json!("r")));
}

#[test]
fn a_started_sign_in_of_the_original_can_be_completed() {
    let record = loaded(&vault(&json!({ "device_code": "d" }), sign_in()));
    let state: Value = serde_json::from_str(record["pending_state"].as_str().expect("text")).expect("JSON");
    assert_eq!(state, json!({ "device_code": "d", "interval": 5 }));
    assert_eq!(record["pending_expires_at"], "2026-11-23T10:15:00Z");
}

#[test]
fn what_is_saved_has_the_originals_keys_and_comes_back_whole() {
    let vault = vault(&json!({ "others": 1 }), sign_in());
    vault.save(NAME, record().to_string().as_bytes()).expect("saved");
    let context = vault.context();
    assert_eq!(context["access_token"], "a");
    assert_eq!(context["valid_until"], 1_795_431_600 - 5);
    assert_eq!(context["current_refresh_token"], "r");
    assert_eq!(context["others"], 1);
    assert!(
        context["defender_xdr"].is_string()
            && !context["defender_xdr"].as_str().expect("text").contains("\"r\"")
    );
    let back = loaded(&vault);
    for member in ["access_token", "acquired_at", "expires_at", "refresh_token", "scope", "version"] {
        assert_eq!(back[member], record()[member], "{member}");
    }
}

#[test]
fn a_token_that_the_original_renewed_meanwhile_counts() {
    let first = vault(&json!({}), sign_in());
    first.save(NAME, record().to_string().as_bytes()).expect("saved");
    let mut context = first.context();
    context.insert("access_token".to_owned(), "newer".into());
    context.insert("valid_until".to_owned(), 1_795_440_000.into());
    let back = loaded(&ContextVault::new(context, sign_in(), now()));
    assert_eq!(back["access_token"], "newer");
    assert_eq!(back["expires_at"], Timestamp::from_second(1_795_440_000).expect("a time").to_string());
}

#[test]
fn tokens_of_another_scope_or_identity_are_not_used() {
    let first = vault(&json!({}), sign_in());
    first.save(NAME, record().to_string().as_bytes()).expect("saved");
    let context = Value::Object(first.context());
    let other_scope = vault(&context, SignIn { session: "session-b".to_owned(), ..sign_in() });
    assert!(other_scope.load(NAME).expect("readable").is_none());
    let bytes = other_scope.load("session-b").expect("readable").expect("a record");
    let back: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!((back.get("access_token"), &back["refresh_token"]), (None, &json!("r")));
    let other_identity = vault(&context, SignIn { family: "family-b".to_owned(), ..sign_in() });
    assert_eq!(loaded(&other_identity), Value::Null);
}

#[test]
fn starting_anew_leaves_the_started_sign_in_alone() {
    let vault = vault(
        &json!({ "access_token": "a", "valid_until": 1_795_430_000, "current_refresh_token": "r" }),
        sign_in(),
    );
    let mut started = record();
    started["pending_state"] = json!(r#"{"device_code":"d","interval":1,"faults":0}"#);
    started["pending_expires_at"] = json!("2026-11-23T10:15:00Z");
    started["pending_not_before"] = json!("2026-11-23T10:00:01Z");
    vault.save(NAME, started.to_string().as_bytes()).expect("saved");
    vault.keep_started_only();
    assert_eq!(vault.context().keys().collect::<Vec<_>>(), ["device_code", "defender_xdr"]);
    let back = loaded(&vault);
    assert_eq!(back["pending_state"], r#"{"interval":1,"faults":0,"device_code":"d"}"#);
    assert_eq!(back["pending_not_before"], "2026-11-23T10:00:01Z");
}

#[test]
fn forgetting_leaves_an_empty_context() {
    let vault = vault(&json!({ "device_code": "d", "others": 1 }), sign_in());
    assert!(vault.remove(NAME).expect("removed"));
    assert!(vault.context().is_empty() && !vault.remove(NAME).expect("nothing left"));
}
