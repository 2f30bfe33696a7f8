//! Signing in with a person: start, complete, forget.

use jiff::{SignedDuration, Timestamp};

use super::flight::{usable, usable_grant};
use super::{Memory, TokenManager};
use crate::Secret;
use crate::auth::error::{AuthError, AuthErrorKind};
use crate::auth::freshness::Freshness;
use crate::auth::grant::AccessToken;
use crate::auth::pending::{Instruction, Pending};
use crate::auth::provider::{Begin, Configured, Finish, Presence, TokenRequest};
use crate::auth::reception::Reception;
use crate::auth::session::Session;
use crate::store::StoreErrorKind;

/// No service asks for a longer pause between two questions about a started sign-in.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Access and refresh tokens of Entra have a few thousand characters each.
const ROOM_FOR_TOKENS: usize = 16 * 1024;

/// A token request of another process takes no longer than this.
const LONGEST_REQUEST: SignedDuration = SignedDuration::from_mins(1);

/// Where a started sign-in stands.
#[derive(Debug)]
pub enum Completion {
    /// Signed in.
    SignedIn,
    /// The person has not acted yet; the sign-in stays open until then.
    StillPending {
        /// When it is over.
        until: Timestamp,
        /// Asking before is useless: the service set the pace.
        not_before: Timestamp,
    },
    /// The person has to hand over what the page gave them.
    InputWanted,
}

/// A sign-in that waits for a person.
#[derive(Debug)]
pub struct Started {
    /// What to show them.
    pub instruction: Instruction,
    /// Where their browser comes back to, if it comes back to this process.
    pub reception: Option<Box<dyn Reception>>,
}

impl TokenManager {
    /// Starts a sign-in and keeps its record; `None` when the flow needs nobody. A challenge that earlier tokens did
    /// not answer is put to the person now.
    pub async fn begin(&self, presence: Presence) -> Result<Option<Started>, AuthError> {
        let _flight = self.flight.lock().await;
        // A start that cannot be kept is worthless: the record is looked at before a code is asked for.
        let stored = match self.load() {
            Err(error) if error.kind() != StoreErrorKind::Corrupt => return Err(error.into()),
            stored => stored.ok().flatten(),
        };
        let challenge = self.memory().claims.clone();
        let request =
            TokenRequest { claims: challenge.or_else(|| stored.and_then(|session| session.claims)) };
        match self.provider.begin(&request, presence).await? {
            Begin::NothingToStart => Ok(None),
            Begin::Started { instruction, pending, reception } => {
                self.amend(|session| {
                    session.pending = Some(pending);
                    session.refusal = None;
                })
                .await?;
                Ok(Some(Started { instruction, reception }))
            }
        }
    }

    /// Finishes a started sign-in; with `wait` until the person acted or the code ran out, else at most one
    /// question.
    pub async fn complete(&self, wait: bool) -> Result<Completion, AuthError> {
        self.advance(wait, None).await
    }

    /// Finishes a started sign-in with what the page gave the person.
    pub async fn complete_with(&self, input: &Secret) -> Result<Completion, AuthError> {
        self.advance(true, Some(input)).await
    }

    async fn advance(&self, wait: bool, input: Option<&Secret>) -> Result<Completion, AuthError> {
        let _flight = self.flight.lock().await;
        let began = self.clock.now();
        let mut pending = self.load_or_empty().pending.ok_or_else(|| {
            AuthError::new(AuthErrorKind::NotSignedIn, "no sign-in has been started")
                .with_hint("run `defender-xdr auth start` first")
        })?;
        self.make_room().await?;
        loop {
            let early = pending.not_before.duration_since(self.clock.now());
            // A longer wait than any service asks for means that the clock was set back: then it is time to ask.
            if early.is_positive() && early <= LONGEST_PAUSE {
                if !wait {
                    return Ok(still_pending(&pending));
                }
                self.clock.sleep(early.unsigned_abs()).await;
            }
            // Two that complete one sign-in take turns: what it brings can be taken once.
            let guard = self.lock().await?;
            if self.was_completed_elsewhere(began) {
                return Ok(Completion::SignedIn);
            }
            match self.provider.finish(&pending, input).await {
                Ok(Finish::Done(grant)) => {
                    let grant = usable_grant(grant)?;
                    let mut session = self.load_or_empty();
                    session.accept(grant);
                    session.pending = None;
                    // It replaces what the settings bring, until that changes.
                    session.supersede(self.provider.configured().await.ok().flatten().as_ref());
                    // A sign-in that cannot be kept is none: the person would have to repeat it.
                    self.keep_or_fail(session, guard).await.map_err(|error| not_kept(&error))?;
                    return Ok(Completion::SignedIn);
                }
                Ok(Finish::NotYet { pending: next, after }) => {
                    drop(guard);
                    self.replace_pending(&pending, Some(next.clone())).await;
                    pending = next;
                    if !wait {
                        return Ok(still_pending(&pending));
                    }
                    self.clock.sleep(after).await;
                }
                Ok(Finish::InputWanted) => {
                    drop(guard);
                    return self.complete_from_settings().await;
                }
                // What people hand over may be the wrong text: the right one can still come.
                Err(error) if input.is_some() && error.kind() == AuthErrorKind::SignInAgain => {
                    return Err(error);
                }
                Err(error) => {
                    drop(guard);
                    // Entra's word ends it; a mistake on this side can be mended and the rest done.
                    if error.body().is_some() || error.kind() == AuthErrorKind::Expired {
                        self.replace_pending(&pending, None).await;
                    }
                    return Err(error);
                }
            }
        }
    }

    /// What is redeemed and cannot be kept is lost: that there is room is found out before. The record is written again,
    /// with as many blanks behind it as tokens may need; JSON does not mind them.
    async fn make_room(&self) -> Result<(), AuthError> {
        let _guard = self.lock().await?;
        let Ok(Some(session)) = self.load() else { return Ok(()) };
        let mut record = session.to_bytes();
        let length = record.len() + ROOM_FOR_TOKENS;
        record.resize(length, b' ');
        Ok(self.vault.save(&self.name, &record)?)
    }

    /// Whether another process took the tokens that this sign-in brings: its record is gone, and a session is there
    /// that was not when this call began, give or take the time that a request takes.
    fn was_completed_elsewhere(&self, began: Timestamp) -> bool {
        let session = self.load_or_empty();
        let alive = usable(&session, None, self.clock.now(), Freshness::Stale).is_some();
        let new = session
            .access
            .as_ref()
            .is_some_and(|access| began.duration_since(access.acquired_at) < LONGEST_REQUEST);
        let completed = session.pending.is_none() && alive && new;
        if completed {
            self.memory().session = Some(session);
        }
        completed
    }

    /// What the page gave the person may stand in the settings: redeemed like that of any other call, once.
    async fn complete_from_settings(&self) -> Result<Completion, AuthError> {
        let configured = self.provider.configured().await?;
        let is_new = matches!(configured, Some(Configured::Code(_)))
            && self.load_or_empty().is_outdated_by(configured.as_ref());
        if !is_new {
            return Ok(Completion::InputWanted);
        }
        self.fly(false).await.map(|_| Completion::SignedIn)
    }

    /// Replaces the record of a started sign-in, unless somebody else completed or restarted it meanwhile.
    pub(super) async fn replace_pending(&self, old: &Pending, new: Option<Pending>) {
        let ours = old.state.fingerprint();
        let kept = self.amend(|session| {
            if session.pending.as_ref().is_some_and(|pending| pending.state.fingerprint() == ours) {
                session.pending = new;
            }
        });
        if let Err(error) = kept.await {
            tracing::warn!("{error}");
        }
    }

    /// Changes the stored session while nobody else, in any process, can.
    async fn amend(&self, change: impl FnOnce(&mut Session)) -> Result<(), AuthError> {
        let _guard = self.lock().await?;
        let mut session = match self.load() {
            Ok(session) => session.unwrap_or_default(),
            // Damaged for good: nothing is lost by writing over it.
            Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                tracing::warn!("{error}; it is replaced");
                Session::default()
            }
            // It may be whole and hold a sign-in: writing over it would destroy that.
            Err(error) => return Err(error.into()),
        };
        change(&mut session);
        Ok(self.save(&session)?)
    }

    /// The API refused also the token that was to answer its challenge: the next sign-in puts it to the person.
    pub async fn leave_to_person(&self, token: &AccessToken, claims: String) {
        self.challenge(token, claims.clone());
        if let Err(error) = self.amend(|session| session.claims = Some(claims)).await {
            tracing::debug!("{error}");
        }
    }

    /// Forgets the session. Whether there was one.
    pub async fn reset(&self) -> Result<bool, AuthError> {
        let _flight = self.flight.lock().await;
        let _guard = self.lock().await?;
        *self.memory() = Memory::default();
        let had = self.vault.remove(&self.name)?;
        self.vault.sweep()?;
        Ok(had)
    }
}

/// The service gave the tokens out, once: trying again does not bring them back.
fn not_kept(error: &AuthError) -> AuthError {
    let hint = "mend that, then sign in again from the start: what this sign-in brought is lost";
    AuthError::new(error.kind(), format!("the sign-in cannot be kept: {error}")).with_hint(hint)
}

fn still_pending(pending: &Pending) -> Completion {
    Completion::StillPending { until: pending.expires_at, not_before: pending.not_before }
}
