//! Tokens the hosts hand out: they keep them, so that asking again brings the same one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::switches::DateText;
use crate::directory::managed_identities::ManagedIdentity;
use crate::entra::{Entra, MintError};

/// A kept token is given out until it has less than this left.
const LEAST_LEFT: SignedDuration = SignedDuration::from_mins(5);

/// A token and its window, in seconds since 1970.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) access_token: String,
    pub(super) not_before: i64,
    pub(super) expires_on: i64,
}

/// Tokens handed out, by identity and resource.
#[derive(Debug)]
pub(super) struct Tokens {
    lifetime: SignedDuration,
    kept: BTreeMap<(&'static str, String), Issued>,
}

impl Tokens {
    pub(super) fn lasting(lifetime: SignedDuration) -> Self {
        Self { lifetime, kept: BTreeMap::new() }
    }

    pub(super) fn lifetime(&self) -> SignedDuration {
        self.lifetime
    }

    pub(super) fn of(
        &mut self,
        entra: &mut Entra,
        identity: &'static ManagedIdentity,
        resource: &str,
        now: Timestamp,
    ) -> Result<Issued, MintError> {
        let key = (identity.application.id, resource.to_owned());
        let second = now.as_second();
        if let Some(kept) = self.kept.get(&key)
            && kept.not_before <= second
            && kept.expires_on.saturating_sub(second) > LEAST_LEFT.as_secs()
        {
            return Ok(kept.clone());
        }
        let access_token = entra.mint_for_identity(identity, resource, self.lifetime, now)?;
        let issued = Issued::new(access_token, self.lifetime, now);
        self.kept.insert(key, issued.clone());
        Ok(issued)
    }
}

impl Issued {
    pub(super) fn new(access_token: String, lifetime: SignedDuration, now: Timestamp) -> Self {
        let second = now.as_second();
        Self { access_token, not_before: second, expires_on: second.saturating_add(lifetime.as_secs()) }
    }

    /// The body most hosts answer with: every number is a text.
    pub(super) fn in_texts(&self, resource: &str, now: Timestamp) -> Map<String, Value> {
        let left = self.expires_on.saturating_sub(now.as_second()).to_string();
        let mut body = Map::new();
        for (name, value) in [
            ("access_token", self.access_token.clone()),
            ("refresh_token", String::new()),
            ("expires_in", left),
            ("expires_on", self.expires_on.to_string()),
            ("not_before", self.not_before.to_string()),
            ("resource", resource.to_owned()),
            ("token_type", "Bearer".to_owned()),
        ] {
            body.insert(name.to_owned(), Value::String(value));
        }
        body
    }

    /// `expires_on` in one of the ways hosts write it.
    pub(super) fn expires_on(&self, style: DateText) -> Value {
        let time = Timestamp::from_second(self.expires_on).unwrap_or(Timestamp::UNIX_EPOCH);
        match style {
            DateText::Linux => json!(time.strftime("%m/%d/%Y %H:%M:%S +00:00").to_string()),
            DateText::Windows => json!(time.strftime("%-m/%-d/%Y %-I:%M:%S %p +00:00").to_string()),
            DateText::Number => json!(self.expires_on),
            DateText::NumberText => json!(self.expires_on.to_string()),
        }
    }
}
