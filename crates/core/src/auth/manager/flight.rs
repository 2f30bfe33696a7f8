//! Getting a token: one flight for all who wait.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::TokenManager;
use crate::Secret;
use crate::auth::error::{AuthError, AuthErrorKind};
use crate::auth::freshness::{Freshness, freshness};
use crate::auth::grant::{AccessToken, Grant};
use crate::auth::provider::{Finish, TokenRequest};
use crate::auth::refusal::{CONFIGURED_TOKEN, Refusal};
use crate::auth::session::Session;
use crate::store::StoreErrorKind;

/// The end of a refresh token of a fixed life is told this long before.
const FIXED_LIFE_NOTICE: SignedDuration = SignedDuration::from_hours(3 * 24);

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
    pub(super) async fn fly(&self, forced: bool) -> Result<AccessToken, AuthError> {
        let (rejected, challenge) = {
            let memory = self.memory();
            (memory.rejected.clone(), memory.claims.clone())
        };
        // No token of before a challenge answers it.
        let ask_anyway = forced || challenge.is_some();
        let fresh =
            |session: &Session| usable(session, rejected.as_deref(), self.clock.now(), Freshness::Fresh);

        // Settings that can no longer be read do no harm to a sign-in that was made with them.
        let (configured, unreadable) = match self.provider.configured().await {
            Ok(configured) => (configured, None),
            Err(error) => (None, Some(error)),
        };
        if !ask_anyway
            && let Ok(Some(session)) = self.load()
            && !session.is_outdated_by(configured.as_ref())
            && let Some(token) = fresh(&session)
        {
            self.memory().session = Some(session);
            return Ok(token);
        }

        // Everybody else on this machine waits here, then finds our token.
        let guard = match self.lock().await {
            Ok(guard) => Some(guard),
            // Without its turn, this call would use the same refresh token as the one that holds the record.
            Err(error) if error.kind() == StoreErrorKind::Busy => return Err(error.into()),
            Err(error) => {
                self.trouble_told.store(true, Ordering::Relaxed);
                tracing::warn!("{error}; going on without keeping the token");
                None
            }
        };
        let mut session = self.load_or_empty();
        if let Some(error) = unreadable
            && session.access.is_none()
            && session.refresh_token.is_none()
        {
            return Err(error);
        }
        let replaced = session.is_outdated_by(configured.as_ref()).then(|| session.clone());
        let mut code = None;
        if replaced.is_some() {
            code = session.adopt(configured);
        }
        if !ask_anyway && let Some(token) = fresh(&session) {
            self.memory().session = Some(session);
            return Ok(token);
        }
        if !forced && !self.ignore_refusal {
            self.respect_refusal(&session).await?;
        }
        if let (Some(code), Some(replaced)) = (&code, &replaced) {
            // Spent from here on: if this process dies, nobody redeems it again. Where that cannot be written, what it
            // brings could not be kept either.
            self.save(&replaced.clone().having_spent(code))?;
        }
        let request = TokenRequest { claims: challenge.or_else(|| session.claims.clone()) };
        match self.ask(&session, code.as_ref(), &request).await.and_then(usable_grant) {
            Ok(grant) => {
                session.accept(grant);
                // A renewal leaves a sign-in alone that somebody started meanwhile.
                if code.is_some() {
                    session.pending = None;
                }
                self.warn_of_an_end(&session);
                let token = usable(&session, None, self.clock.now(), Freshness::Stale);
                {
                    let mut memory = self.memory();
                    memory.rejected = None;
                    memory.claims = None;
                }
                // Kept before it is judged: whatever the clock says, a rotated refresh token is not lost.
                self.keep(session, guard).await;
                token.ok_or_else(|| {
                    AuthError::new(AuthErrorKind::Unavailable, "the token given is already past its end")
                        .with_hint("check this machine's clock")
                })
            }
            Err(error) => {
                // Nobody read the code: it is as good as before.
                if code.is_some()
                    && error.body().is_none()
                    && let Some(replaced) = replaced
                {
                    self.save_or_warn(&replaced);
                    return Err(error);
                }
                // A slip in the settings does not cost the sign-in that was there.
                let kept = match (replaced, &code) {
                    (Some(replaced), Some(code)) => replaced.having_spent(code),
                    (Some(replaced), None) if error.is_refusal() => replaced,
                    _ => session.clone(),
                };
                let still = usable(&session, rejected.as_deref(), self.clock.now(), Freshness::Stale);
                if let Some(token) = still.filter(|_| !ask_anyway && error.is_retryable()) {
                    tracing::warn!("the token could not be renewed and still works: {error}");
                    return Ok(token);
                }
                if guard.is_some() {
                    self.remember_failure(kept, session.refresh_token.as_ref(), &error, request.claims).await;
                }
                Err(error)
            }
        }
    }

    /// A refresh token of a fixed life is not prolonged by using it: that is told before it ends.
    fn warn_of_an_end(&self, session: &Session) {
        let Some(end) = session.refresh_ends_at.filter(|_| session.refresh_token.is_some()) else { return };
        if end.duration_since(self.clock.now()) < FIXED_LIFE_NOTICE
            && !self.end_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "the sign-in ends at {end:.0}, however often it is used: run `defender-xdr auth login` before"
            );
        }
    }

    /// Fails while a refusal of this very credential is fresh.
    async fn respect_refusal(&self, session: &Session) -> Result<(), AuthError> {
        let now = self.clock.now();
        let Some(refusal) = session.refusal.as_ref().filter(|refusal| refusal.holds(now)) else {
            return Ok(());
        };
        // Only now: to know the credential may mean to run a command.
        let offered = session.refresh_token.as_ref().filter(|_| refusal.of_configured_token);
        if refusal.credential == self.credential(offered).await? {
            return Err(refusal.as_error(now));
        }
        Ok(())
    }

    /// A fingerprint of what would be offered: the credential, and the refresh token of the settings if it is that.
    async fn credential(&self, configured: Option<&Secret>) -> Result<Option<String>, AuthError> {
        let own = self.provider.credential_fingerprint().await?;
        Ok(match configured {
            None => own,
            Some(token) => {
                let both = [own.unwrap_or_default(), token.fingerprint()].join("\n");
                Some(Secret::new(both).fingerprint())
            }
        })
    }

    /// Keeps what the next call, in whatever process, must know: a refusal, and a challenge that only a new sign-in
    /// answers.
    async fn remember_failure(
        &self,
        mut session: Session,
        offered: Option<&Secret>,
        error: &AuthError,
        asked: Option<String>,
    ) {
        let wanted = error.body().and_then(|body| body.claims.clone());
        let challenged = wanted.is_some() || (asked.is_some() && error.body().is_some());
        if challenged {
            session.claims = wanted.or(asked);
        }
        let refused = error.is_refusal();
        if refused {
            let configured = offered.filter(|_| error.setting() == Some(CONFIGURED_TOKEN));
            let Ok(credential) = self.credential(configured).await else { return };
            session.refusal = Some(Refusal::new(error, credential, self.clock.now()));
        }
        if (refused || challenged)
            && let Err(error) = self.save(&session)
        {
            tracing::debug!("{error}");
        }
    }

    async fn ask(
        &self,
        session: &Session,
        code: Option<&Secret>,
        request: &TokenRequest,
    ) -> Result<Grant, AuthError> {
        if let Some(code) = code {
            // A start that ran out has nothing to do with the code.
            let now = self.clock.now();
            let Some(pending) = session.pending.as_ref().filter(|pending| pending.expires_at > now) else {
                return self.provider.redeem(code).await;
            };
            return match self.provider.finish(pending, Some(code)).await? {
                Finish::Done(grant) => Ok(grant),
                Finish::NotYet { .. } | Finish::InputWanted => {
                    Err(AuthError::new(AuthErrorKind::Pending, "the started sign-in is not complete"))
                }
            };
        }
        if let Some(refresh_token) = &session.refresh_token {
            let configured = session.configured_from == Some(refresh_token.fingerprint());
            let renewed = self.provider.renew(refresh_token, request).await.map_err(|error| {
                let of_token = error.is_refusal() && error.kind() != AuthErrorKind::InvalidClient;
                if configured && of_token { error.with_setting(CONFIGURED_TOKEN) } else { error }
            })?;
            if let Some(grant) = renewed {
                return Ok(grant);
            }
        }
        self.provider.acquire(request).await
    }
}

/// A token that no request can carry is none, and is not kept.
pub(super) fn usable_grant(grant: Grant) -> Result<Grant, AuthError> {
    if grant.can_be_sent() {
        return Ok(grant);
    }
    Err(AuthError::new(
        AuthErrorKind::Unreadable,
        "the sign-in service gave an access token with characters that no token may have",
    )
    .with_hint("check `authority-host`, `cloud` and `proxy`: something else may be answering"))
}

/// The session's access token if it is at least this fresh and not the one the API refused.
pub(super) fn usable(
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
