//! The one place that caches, refreshes and serialises tokens.
//!
//! Invariants: one flight per key in this process (a lock) and on this machine (a file lock); a rotated refresh
//! token is stored before its access token is used; a failed flight fails for everybody who waited for it.

mod flight;
mod keeping;
mod sign_in;

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;

use super::claims::peek;
use super::error::{AuthError, AuthErrorKind};
use super::freshness::{Freshness, freshness};
use super::grant::AccessToken;
use super::key::CacheKey;
use super::provider::Provider;
use super::refusal::Refusal;
use super::session::Session;
use super::status::SignInStatus;
use crate::Clock;
use crate::store::Vault;

pub use sign_in::{Completion, Started};

/// Serves tokens of one provider.
#[derive(Debug)]
pub struct TokenManager {
    provider: Box<dyn Provider>,
    name: String,
    vault: Arc<dyn Vault>,
    clock: Arc<dyn Clock>,
    /// Asks again even if the same credential was refused moments ago.
    ignore_refusal: bool,
    memory: Mutex<Memory>,
    flight: tokio::sync::Mutex<LastFlight>,
    flights: AtomicU64,
    saving: Mutex<Option<JoinHandle<()>>>,
    /// That the store or a record in it cannot be used was told.
    trouble_told: AtomicBool,
    /// That the refresh token ends soon was told.
    end_told: AtomicBool,
}

#[derive(Debug, Default)]
struct Memory {
    session: Option<Session>,
    /// Fingerprint of an access token the API refused.
    rejected: Option<String>,
    /// A challenge of the API that the next token must answer.
    claims: Option<String>,
}

#[derive(Debug, Default)]
struct LastFlight {
    number: u64,
    error: Option<AuthError>,
}

impl TokenManager {
    /// A manager for one provider over one vault.
    pub fn new(provider: Box<dyn Provider>, vault: Arc<dyn Vault>, clock: Arc<dyn Clock>) -> Self {
        Self {
            name: provider.cache_key().vault_name(),
            provider,
            vault,
            clock,
            ignore_refusal: false,
            memory: Mutex::default(),
            flight: tokio::sync::Mutex::default(),
            flights: AtomicU64::new(0),
            saving: Mutex::default(),
            trouble_told: AtomicBool::new(false),
            end_told: AtomicBool::new(false),
        }
    }

    /// The same manager, asking again at once after a refusal.
    #[must_use]
    pub fn ignoring_refusals(mut self, ignore: bool) -> Self {
        self.ignore_refusal = ignore;
        self
    }

    /// What the tokens are filed under: tenant and application as the flow found them, in whatever place.
    pub fn cache_key(&self) -> CacheKey {
        self.provider.cache_key()
    }

    /// The API refused this token: the next [`TokenManager::token`] does not serve it again.
    pub fn invalidate(&self, token: &AccessToken) {
        self.memory().rejected = Some(token.secret.fingerprint());
    }

    /// The API wants a token that answers this claims challenge (JSON text): the next one asked for carries it.
    pub fn challenge(&self, token: &AccessToken, claims: String) {
        let mut memory = self.memory();
        memory.rejected = Some(token.secret.fingerprint());
        memory.claims = Some(claims);
    }

    /// What is known without asking anybody.
    pub fn status(&self) -> SignInStatus {
        let session = self.load_or_empty();
        let now = self.clock.now();
        let access = session.access.as_ref();
        let alive = access
            .is_some_and(|access| freshness(access.acquired_at, access.expires_at, now) != Freshness::Dead);
        let has_refresh_token = session.refresh_token.is_some();
        // A refused secret says nothing about the sign-in; a refused sign-in is over, whatever is left of it.
        let refused = session.own_refusal().filter(|refusal| refusal.kind != AuthErrorKind::InvalidClient);
        SignInStatus {
            access_token_expires_at: access.map(|access| access.expires_at),
            acquired_at: access.map(|access| access.acquired_at),
            has_refresh_token,
            refresh_token_expires_at: session.refresh_token_ends(),
            claims_wanted: session.claims.clone(),
            scope: session.scope.clone(),
            claims: access.and_then(|access| peek(&access.token)),
            pending_until: session.pending.as_ref().map(|pending| pending.expires_at).filter(|at| *at > now),
            refused: refused.map(Refusal::as_status),
            signed_in: refused.is_none() && (alive || has_refresh_token),
        }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
