//! Getting a token: one flight for all who wait.

use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::TokenManager;
use crate::Secret;
use crate::auth::error::{AuthError, AuthErrorKind};
use crate::auth::freshness::{Freshness, freshness};
use crate::auth::grant::{AccessToken, Grant};
use crate::auth::refusal::Refusal;
use crate::auth::session::Session;

impl TokenManager {
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

    fn remembered(&self) -> Option<AccessToken> {
        let memory = self.memory();
        let session = memory.session.as_ref()?;
        usable(session, memory.rejected.as_deref(), self.clock.now(), Freshness::Fresh)
    }

    /// One flight. `forced` goes to the service even if the vault holds a fresh token.
    async fn fly(&self, forced: bool) -> Result<AccessToken, AuthError> {
        let rejected = self.memory().rejected.clone();
        let fresh =
            |session: &Session| usable(session, rejected.as_deref(), self.clock.now(), Freshness::Fresh);

        let configured = self.provider.configured_refresh_token().map(Secret::fingerprint);
        if !forced
            && let Ok(Some(session)) = self.load()
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
        if !forced && !self.ignore_refusal {
            self.respect_refusal(&session).await?;
        }
        match self.ask(&session).await {
            Ok(grant) => {
                session.accept(grant);
                let token = usable(&session, None, self.clock.now(), Freshness::Stale);
                self.memory().rejected = None;
                // Kept before it is judged: whatever the clock says, a rotated refresh token is not lost.
                self.keep(session, guard).await;
                token.ok_or_else(|| {
                    AuthError::new(AuthErrorKind::Unavailable, "the token given is already past its end")
                        .with_hint("check this machine's clock")
                })
            }
            Err(error) => {
                let still = usable(&session, rejected.as_deref(), self.clock.now(), Freshness::Stale);
                if let Some(token) = still.filter(|_| !forced && error.is_retryable()) {
                    tracing::warn!("the token could not be renewed and still works: {error}");
                    return Ok(token);
                }
                if error.is_refusal() && guard.is_some() {
                    self.remember_refusal(session, &error).await;
                }
                Err(error)
            }
        }
    }

    /// Fails while a refusal of this very credential is fresh.
    async fn respect_refusal(&self, session: &Session) -> Result<(), AuthError> {
        let now = self.clock.now();
        let Some(refusal) = session.refusal.as_ref().filter(|refusal| refusal.holds(now)) else {
            return Ok(());
        };
        // Only now: to know the credential may mean to run a command.
        if refusal.credential == self.provider.credential_fingerprint().await? {
            return Err(refusal.as_error(now));
        }
        Ok(())
    }

    async fn remember_refusal(&self, mut session: Session, error: &AuthError) {
        let Ok(credential) = self.provider.credential_fingerprint().await else { return };
        session.refusal = Some(Refusal::new(error, credential, self.clock.now()));
        if let Err(error) = self.save(&session) {
            tracing::debug!("{error}");
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
