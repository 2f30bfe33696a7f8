//! A vault over the integration context: the plain keys that the original keeps there, so that an instance that signed in
//! with it stays signed in, in both directions.
//!
//! `access_token`, `valid_until` (seconds since 1970, five before the end), `current_refresh_token`, `device_code`.
//! Whatever else a sign-in consists of is JSON text under `defender_xdr`, which the original passes over.

use std::sync::{Mutex, PoisonError};

use defender_xdr_core::Timestamp;
use defender_xdr_core::store::{Protection, StoreError, Vault, VaultGuard};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

const ACCESS: &str = "access_token";
const VALID_UNTIL: &str = "valid_until";
const REFRESH: &str = "current_refresh_token";
const DEVICE_CODE: &str = "device_code";
const MORE: &str = "defender_xdr";
/// What the original takes off a token's life, in seconds.
const EARLIER: i64 = 5;
/// A token's life where nobody said more, in seconds.
const LIFE: i64 = 3595;
/// A started sign-in's life where nobody said more, in seconds (Entra: 15 minutes).
const PENDING: i64 = 900;

/// Names of the sign-in whose tokens are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The whole of it: an access token of another one is not used.
    pub session: String,
    /// The same whatever the scopes: a refresh token of another one is not used.
    pub family: String,
    /// Whether the original's access tokens are for the API that is spoken.
    pub is_originals: bool,
}

/// The vault.
pub struct ContextVault {
    sign_in: SignIn,
    now: Timestamp,
    context: Mutex<Map<String, Value>>,
}

impl std::fmt::Debug for ContextVault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ContextVault").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

impl ContextVault {
    /// A vault over a context, for one sign-in; `now` counts where the original left times out.
    pub fn new(context: Map<String, Value>, sign_in: SignIn, now: Timestamp) -> Self {
        Self { sign_in, now, context: Mutex::new(context) }
    }

    /// The context as it is now.
    pub fn context(&self) -> Map<String, Value> {
        self.lock_context().clone()
    }

    /// Forgets everything but a sign-in that has been started.
    pub fn keep_started_only(&self) {
        let mut context = self.lock_context();
        let Some(mut record) = read(&context, &self.sign_in, self.now) else { return };
        for name in ["access_token", "acquired_at", "expires_at", "refresh_token", "scope", "refusal"] {
            record.shift_remove(name);
        }
        *context = Map::new();
        write(&mut context, record, &self.sign_in);
    }

    fn lock_context(&self) -> std::sync::MutexGuard<'_, Map<String, Value>> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for ContextVault {
    fn load(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        if name != self.sign_in.session {
            return Ok(None);
        }
        let record = read(&self.lock_context(), &self.sign_in, self.now);
        Ok(record.map(|record| Zeroizing::new(Value::Object(record).to_string().into_bytes())))
    }

    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        if name == self.sign_in.session
            && let Ok(record) = serde_json::from_slice(content)
        {
            write(&mut self.lock_context(), record, &self.sign_in);
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let mut context = self.lock_context();
        let had = name == self.sign_in.session && !context.is_empty();
        if had {
            context.clear();
        }
        Ok(had)
    }

    fn lock(&self, _name: &str) -> Result<VaultGuard, StoreError> {
        // One process has one context; what two of them write, the platform settles.
        Ok(Box::new(()))
    }

    fn lasts(&self) -> bool {
        true
    }

    fn protection(&self) -> Protection {
        Protection {
            store: "integration context",
            key_source: None,
            key_place: None,
            summary: "kept by the platform in the integration context of the instance".to_owned(),
            against: vec!["other users of this machine: nothing is written"],
            not_against: vec!["whoever can read the integration context in the platform"],
        }
    }
}

/// The record of a session, as the token manager writes it; `None` when there is none for this sign-in.
fn read(context: &Map<String, Value>, sign_in: &SignIn, now: Timestamp) -> Option<Map<String, Value>> {
    let text = |name: &str| context.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let more: Option<Map<String, Value>> = text(MORE).and_then(|more| serde_json::from_str(more).ok());
    let is =
        |name: &str, wanted: &str| more.as_ref().is_some_and(|more| more.get(name) == Some(&wanted.into()));
    if more.is_some() && !is("family", &sign_in.family) {
        return None;
    }
    let access_is_good = if more.is_some() { is("session", &sign_in.session) } else { sign_in.is_originals };
    let mut record = more.clone().unwrap_or_default();
    for ours in ["session", "family", "pending"] {
        record.shift_remove(ours);
    }
    record.insert("version".to_owned(), 1.into());
    let exact = record.shift_remove("expires_at").and_then(|at| at.as_str()?.parse::<Timestamp>().ok());
    let acquired = record.shift_remove("acquired_at").and_then(|at| at.as_str()?.parse::<Timestamp>().ok());
    if let (Some(token), Some(until)) = (text(ACCESS), seconds(context.get(VALID_UNTIL)))
        && access_is_good
    {
        // The plain keys are the truth: the original may have renewed the token since.
        let exact = exact.filter(|at| at.as_second() - EARLIER == until);
        let expires = exact.or_else(|| Timestamp::from_second(until).ok())?;
        let acquired = acquired.filter(|_| exact.is_some());
        let acquired = acquired.or_else(|| Timestamp::from_second(until - LIFE).ok())?;
        record.insert("access_token".to_owned(), token.into());
        record.insert("expires_at".to_owned(), expires.to_string().into());
        record.insert("acquired_at".to_owned(), acquired.to_string().into());
    }
    if let Some(token) = text(REFRESH) {
        record.insert("refresh_token".to_owned(), token.into());
    }
    if let Some(code) = text(DEVICE_CODE) {
        let mut state =
            more.as_ref().and_then(|more| more.get("pending")?.as_object().cloned()).unwrap_or_default();
        state.insert(DEVICE_CODE.to_owned(), code.into());
        if !state.contains_key("interval") {
            state.insert("interval".to_owned(), 5.into());
        }
        record.insert("pending_state".to_owned(), Value::Object(state).to_string().into());
        let end = now.as_second().saturating_add(PENDING);
        for (name, at) in [("pending_expires_at", end), ("pending_not_before", now.as_second())] {
            if !record.contains_key(name)
                && let Ok(at) = Timestamp::from_second(at)
            {
                record.insert(name.to_owned(), at.to_string().into());
            }
        }
    }
    let holds = ["access_token", "refresh_token", "pending_state", "refusal", "claims"];
    holds.iter().any(|name| record.get(*name).is_some_and(|value| !value.is_null())).then_some(record)
}

/// Puts a record into a context. Keys of others stay.
fn write(context: &mut Map<String, Value>, mut record: Map<String, Value>, sign_in: &SignIn) {
    record.retain(|_, value| !value.is_null());
    record.shift_remove("version");
    for key in [ACCESS, VALID_UNTIL, REFRESH, DEVICE_CODE, MORE] {
        context.shift_remove(key);
    }
    if let Some(token) = record.shift_remove("access_token") {
        let expires: Option<Timestamp> =
            record.get("expires_at").and_then(Value::as_str).and_then(|at| at.parse().ok());
        context.insert(ACCESS.to_owned(), token);
        let until = expires.map_or(0, |at| at.as_second() - EARLIER);
        context.insert(VALID_UNTIL.to_owned(), until.into());
    }
    if let Some(token) = record.shift_remove("refresh_token") {
        context.insert(REFRESH.to_owned(), token);
    }
    let state = record.get("pending_state").and_then(Value::as_str);
    let state: Option<Map<String, Value>> = state.and_then(|state| serde_json::from_str(state).ok());
    if let Some(mut state) = state
        && let Some(code) = state.shift_remove(DEVICE_CODE)
    {
        record.shift_remove("pending_state");
        context.insert(DEVICE_CODE.to_owned(), code);
        record.insert("pending".to_owned(), Value::Object(state));
    }
    record.insert("session".to_owned(), sign_in.session.as_str().into());
    record.insert("family".to_owned(), sign_in.family.as_str().into());
    context.insert(MORE.to_owned(), json!(Value::Object(record).to_string()));
}

/// Seconds since 1970, also as text or with a fraction.
fn seconds(value: Option<&Value>) -> Option<i64> {
    crate::conversion::number(value, "").ok().flatten()
}

#[cfg(test)]
mod tests;
