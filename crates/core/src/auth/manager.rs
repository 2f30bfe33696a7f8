//! The one place that caches, refreshes and serialises tokens.
//!
//! Invariants: one flight per key in this process (a lock) and on this machine (a file lock); a rotated refresh
//! token is stored before its access token is used; a failed flight fails for everybody who waited for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;

use super::claims::peek;
use super::error::{AuthError, AuthErrorKind};
use super::freshness::{Freshness, freshness};
use super::grant::{AccessToken, Grant};
use super::pending::Instruction;
use super::provider::{Begin, Finish, Provider};
use super::session::{Refusal, Session};
use super::status::SignInStatus;
use crate::store::{StoreError, Vault, VaultGuard};
use crate::{Clock, Secret};

/// A refused credential is not offered again for this long.
const REFUSAL_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Where a started sign-in stands.
#[derive(Debug)]
pub enum Completion {
    /// Signed in.
    SignedIn,
    /// The person has not acted yet; the sign-in stays open until then.
    StillPending {
        /// When it is over.
        until: Timestamp,
    },
}

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
}

#[derive(Debug, Default)]
struct Memory {
    session: Option<Session>,
    /// Fingerprint of an access token the API refused.
    rejected: Option<String>,
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
        }
    }

    /// The same manager, asking again at once after a refusal.
    #[must_use]
    pub fn ignoring_refusals(mut self, ignore: bool) -> Self {
        self.ignore_refusal = ignore;
        self
    }

    /// A token that works now: from memory, from the vault, renewed or acquired, in this order.
    ///
    /// # Errors
    /// [`AuthError`]; all callers that waited for one failed flight get the same one.
    pub async fn token(&self) -> Result<AccessToken, AuthError> {
        if let Some(token) = self.remembered() {
            return Ok(token);
        }
        let seen = self.flights.load(Ordering::Acquire);
        let mut flight = self.flight.lock().await;
        if let Some(token) = self.remembered() {
            return Ok(token);
        }
        // Somebody flew while we waited and failed: their answer is ours.
        if flight.number > seen
            && let Some(error) = &flight.error
        {
            return Err(error.clone());
        }
        let result = self.fly(false).await;
        flight.number = self.flights.fetch_add(1, Ordering::AcqRel) + 1;
        flight.error = result.as_ref().err().cloned();
        result
    }

    /// A token from the service itself, whatever the cache holds; an earlier refusal does not count.
    pub async fn proven_token(&self) -> Result<AccessToken, AuthError> {
        let _flight = self.flight.lock().await;
        self.fly(true).await
    }

    /// The API refused this token: the next [`TokenManager::token`] does not serve it again.
    pub fn invalidate(&self, token: &AccessToken) {
        self.memory().rejected = Some(token.secret.fingerprint());
    }

    /// Starts a sign-in and keeps its record; `None` when the flow needs nobody.
    pub async fn begin(&self) -> Result<Option<Instruction>, AuthError> {
        let _flight = self.flight.lock().await;
        match self.provider.begin().await? {
            Begin::NothingToStart => Ok(None),
            Begin::Started { instruction, pending } => {
                let guard = self.lock().await?;
                let mut session = self.load_or_empty();
                session.pending = Some(pending);
                session.refusal = None;
                // A start that cannot be kept is worthless: this error is not swallowed.
                self.save(&session)?;
                drop(guard);
                Ok(Some(instruction))
            }
        }
    }

    /// Finishes a started sign-in; with `wait` until the person acted or the code ran out, else at most one
    /// question.
    pub async fn complete(&self, wait: bool) -> Result<Completion, AuthError> {
        let _flight = self.flight.lock().await;
        let mut pending = self.load_or_empty().pending.ok_or_else(|| {
            AuthError::new(AuthErrorKind::NotSignedIn, "no sign-in has been started")
                .with_hint("run `defender-xdr auth start` first")
        })?;
        loop {
            let early = pending.not_before.duration_since(self.clock.now());
            if early.is_positive() {
                if !wait {
                    return Ok(Completion::StillPending { until: pending.expires_at });
                }
                self.clock.sleep(early.unsigned_abs()).await;
            }
            match self.provider.finish(&pending).await {
                Ok(Finish::Done(grant)) => {
                    let guard = self.lock().await.ok();
                    let mut session = self.load_or_empty();
                    session.accept(grant);
                    self.keep(session, guard).await;
                    return Ok(Completion::SignedIn);
                }
                Ok(Finish::NotYet { pending: next, after }) => {
                    pending = next;
                    let mut session = self.load_or_empty();
                    session.pending = Some(pending.clone());
                    if let Err(error) = self.save(&session) {
                        tracing::warn!("{error}");
                    }
                    if !wait {
                        return Ok(Completion::StillPending { until: pending.expires_at });
                    }
                    self.clock.sleep(after).await;
                }
                Err(error) => {
                    let mut session = self.load_or_empty();
                    session.pending = None;
                    if let Err(error) = self.save(&session) {
                        tracing::warn!("{error}");
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Forgets the session. Whether there was one.
    pub async fn reset(&self) -> Result<bool, AuthError> {
        let _flight = self.flight.lock().await;
        let _guard = self.lock().await?;
        *self.memory() = Memory::default();
        Ok(self.vault.remove(&self.name)?)
    }

    /// What is known without asking anybody.
    pub fn status(&self) -> SignInStatus {
        let session = self.load_or_empty();
        let now = self.clock.now();
        let access = session.access.as_ref();
        let alive = access
            .is_some_and(|access| freshness(access.acquired_at, access.expires_at, now) != Freshness::Dead);
        let has_refresh_token = session.refresh_token.is_some();
        SignInStatus {
            access_token_expires_at: access.map(|access| access.expires_at),
            acquired_at: access.map(|access| access.acquired_at),
            has_refresh_token,
            scope: session.scope.clone(),
            claims: access.and_then(|access| peek(&access.token)),
            pending_until: session.pending.as_ref().map(|pending| pending.expires_at).filter(|at| *at > now),
            signed_in: alive || has_refresh_token,
        }
    }

    /// Waits until what is being written in the background is on disk. Call it before the program ends.
    pub async fn flush(&self) {
        let saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(saving) = saving
            && saving.await.is_err()
        {
            tracing::warn!("the token could not be kept: the writer failed");
        }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self) -> Option<AccessToken> {
        let memory = self.memory();
        let session = memory.session.as_ref()?;
        usable(session, memory.rejected.as_deref(), self.clock.now(), Freshness::Fresh)
    }

    /// One flight. `forced` goes to the service even if the vault holds a fresh token.
    async fn fly(&self, forced: bool) -> Result<AccessToken, AuthError> {
        let rejected = self.memory().rejected.clone();
        let now = self.clock.now();
        let fresh = |session: &Session| usable(session, rejected.as_deref(), now, Freshness::Fresh);

        let configured = self.provider.configured_refresh_token().map(Secret::fingerprint);
        if !forced
            && let Some(session) = self.load_tolerantly()
            && (configured.is_none() || session.configured_from == configured)
            && let Some(token) = fresh(&session)
        {
            self.memory().session = Some(session);
            return Ok(token);
        }

        // Everybody else on this machine waits here, then finds our token.
        let guard = match self.lock().await {
            Ok(guard) => Some(guard),
            Err(error) => {
                tracing::warn!("{error}; going on without a shared cache");
                None
            }
        };
        let mut session = self.load_or_empty();
        if configured.is_some() && session.configured_from != configured {
            session = Session {
                refresh_token: self.provider.configured_refresh_token().cloned(),
                configured_from: configured,
                ..Session::default()
            };
        }
        if !forced && let Some(token) = fresh(&session) {
            self.memory().session = Some(session);
            return Ok(token);
        }
        let credential = self.provider.credential_fingerprint().await?;
        if !forced && !self.ignore_refusal {
            refused_recently(&session, credential.as_deref(), now)?;
        }
        match self.ask(&session).await {
            Ok(grant) => {
                session.accept(grant);
                let token = usable(&session, None, now, Freshness::Stale).ok_or_else(|| {
                    AuthError::new(AuthErrorKind::Unavailable, "the token given is already past its end")
                        .with_hint("check this machine's clock")
                })?;
                self.memory().rejected = None;
                self.keep(session, guard).await;
                Ok(token)
            }
            Err(error) => {
                let still = usable(&session, rejected.as_deref(), now, Freshness::Stale);
                if let Some(token) = still.filter(|_| !forced && error.is_retryable()) {
                    tracing::warn!("the token could not be renewed and still works: {error}");
                    return Ok(token);
                }
                if error.is_refusal() && guard.is_some() {
                    session.refusal = Some(Refusal {
                        until: now.saturating_add(REFUSAL_PAUSE).unwrap_or(now),
                        credential,
                        message: error.to_string(),
                        hint: error.hint().map(str::to_owned),
                    });
                    if let Err(error) = self.save(&session) {
                        tracing::debug!("{error}");
                    }
                }
                Err(error)
            }
        }
    }

    async fn ask(&self, session: &Session) -> Result<Grant, AuthError> {
        if let Some(refresh_token) = &session.refresh_token
            && let Some(grant) = self.provider.renew(refresh_token).await?
        {
            return Ok(grant);
        }
        self.provider.acquire().await
    }

    /// Remembers and stores a session. A refresh token must be on disk before its access token is used; an
    /// access token alone can be fetched again, so nobody waits for it.
    async fn keep(&self, session: Session, guard: Option<VaultGuard>) {
        let durable_first = session.refresh_token.is_some();
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        let bytes = session.to_bytes();
        let kept_refresh_token = session.refresh_token.is_some();
        self.memory().session = Some(session);
        let writing = tokio::task::spawn_blocking(move || {
            if let Err(error) = vault.save(&name, &bytes) {
                let lost = if kept_refresh_token {
                    "; this sign-in lasts only as long as its access token"
                } else {
                    ""
                };
                tracing::warn!("the token is used but cannot be kept: {error}{lost}");
            }
            drop(guard);
        });
        if durable_first {
            if writing.await.is_err() {
                tracing::warn!("the token could not be kept: the writer failed");
            }
        } else {
            *self.saving.lock().unwrap_or_else(PoisonError::into_inner) = Some(writing);
        }
    }

    async fn lock(&self) -> Result<VaultGuard, AuthError> {
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        tokio::task::spawn_blocking(move || vault.lock(&name))
            .await
            .map_err(|_| AuthError::new(AuthErrorKind::Store, "waiting for the token lock failed"))?
            .map_err(AuthError::from)
    }

    fn save(&self, session: &Session) -> Result<(), StoreError> {
        self.vault.save(&self.name, &session.to_bytes())
    }

    /// A session that cannot be read counts as absent, with a warning that names the file.
    fn load_tolerantly(&self) -> Option<Session> {
        match self.vault.load(&self.name) {
            Ok(None) => None,
            Ok(Some(bytes)) => {
                let session = Session::from_bytes(&bytes);
                if session.is_none() {
                    tracing::warn!("the stored sign-in was written by another version and is not used");
                }
                session
            }
            Err(error) => {
                tracing::warn!("{error}; it is not used");
                None
            }
        }
    }

    fn load_or_empty(&self) -> Session {
        self.load_tolerantly().unwrap_or_default()
    }
}

/// The session's access token if it is at least this fresh and not the one the API refused.
fn usable(
    session: &Session,
    rejected: Option<&str>,
    now: Timestamp,
    least: Freshness,
) -> Option<AccessToken> {
    let access = session.access.as_ref()?;
    let state = freshness(access.acquired_at, access.expires_at, now);
    let good = state == Freshness::Fresh || (state == Freshness::Stale && least == Freshness::Stale);
    (good && rejected != Some(access.token.fingerprint().as_str()))
        .then(|| AccessToken { secret: access.token.clone(), expires_at: access.expires_at })
}

fn refused_recently(session: &Session, credential: Option<&str>, now: Timestamp) -> Result<(), AuthError> {
    let Some(refusal) = &session.refusal else { return Ok(()) };
    let left = refusal.until.duration_since(now);
    if !left.is_positive() || left > REFUSAL_PAUSE || refusal.credential.as_deref() != credential {
        return Ok(());
    }
    let hint = refusal.hint.as_deref().map(|hint| format!("{hint}; ")).unwrap_or_default();
    Err(AuthError::new(
        AuthErrorKind::Paused,
        format!(
            "not asking again for {} s, since this credential was just refused: {}",
            left.as_secs() + 1,
            refusal.message
        ),
    )
    .with_hint(format!("{hint}`--retry-now` asks at once"))
    .with_until(Some(refusal.until)))
}

#[cfg(test)]
mod tests;
