//! What a flow does: acquire, renew and, where a person takes part, begin and finish. Nothing is cached here.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use super::error::{AuthError, AuthErrorKind};
use super::grant::Grant;
use super::key::CacheKey;
use super::pending::{Instruction, Pending};
use super::reception::Reception;
use crate::Secret;

/// What a token must answer to, beside what the provider knows itself.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    /// A claims challenge of the API or of the sign-in service: JSON text, sent on as the field `claims`
    /// (`OpenID` Connect Core section 5.5; "Claims challenges, claims requests and client capabilities").
    pub claims: Option<String>,
}

impl TokenRequest {
    /// The form field that carries the challenge; none without one.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.claims.clone().map(|claims| ("claims", claims)).into_iter()
    }
}

/// Where the person is who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// At this machine, while this process runs: a browser may come back to a listener of ours.
    Here,
    /// Anywhere, at any time: another process finishes what is started now.
    Elsewhere,
}

/// Something in the settings that stands in for a sign-in, once.
#[derive(Debug, Clone)]
pub enum Configured {
    /// A refresh token. A rotated one in the vault wins until the configured value changes.
    RefreshToken(Secret),
    /// A single-use code, or the whole redirect it came in. Never redeemed twice.
    Code(Secret),
}

/// The start of a sign-in.
#[derive(Debug)]
pub enum Begin {
    /// The flow needs nobody: there is nothing to start.
    NothingToStart,
    /// A person must act now.
    Started {
        /// What to show.
        instruction: Instruction,
        /// What to keep until they have acted.
        pending: Pending,
        /// Where their browser comes back to, if it comes back to this process.
        reception: Option<Box<dyn Reception>>,
    },
}

/// One attempt to finish a started sign-in.
#[derive(Debug)]
pub enum Finish {
    /// Signed in.
    Done(Grant),
    /// Not yet: keep this record and ask again after the pause.
    NotYet {
        /// Replaces the earlier record.
        pending: Pending,
        /// How long to wait.
        after: Duration,
    },
    /// The person has to hand over what the page gave them: call again with it.
    InputWanted,
}

/// A way to get tokens. Its `Debug` shows no secret.
#[async_trait]
pub trait Provider: Debug + Send + Sync {
    /// What its tokens are filed under.
    fn cache_key(&self) -> CacheKey;

    /// A fingerprint of the credential in use: when it changes, an earlier refusal no longer counts.
    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        Ok(None)
    }

    /// What the settings bring in place of a sign-in.
    async fn configured(&self) -> Result<Option<Configured>, AuthError> {
        Ok(None)
    }

    /// Gets a token without a person.
    async fn acquire(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        Err(AuthError::new(AuthErrorKind::NotSignedIn, "not signed in")
            .with_hint("run `defender-xdr auth login`, or `auth start` and `auth complete` from a script"))
    }

    /// Redeems a refresh token; `None` when the flow has none.
    async fn renew(
        &self,
        _refresh_token: &Secret,
        _request: &TokenRequest,
    ) -> Result<Option<Grant>, AuthError> {
        Ok(None)
    }

    /// Redeems a code that no start of ours asked for: [`Configured::Code`].
    async fn redeem(&self, _code: &Secret) -> Result<Grant, AuthError> {
        Err(AuthError::new(AuthErrorKind::Configuration, "this flow takes no code"))
    }

    /// Starts a sign-in.
    async fn begin(&self, _request: &TokenRequest, _presence: Presence) -> Result<Begin, AuthError> {
        Ok(Begin::NothingToStart)
    }

    /// Tries once to finish a started sign-in, with what the person handed over where the flow needs that.
    async fn finish(&self, _pending: &Pending, _input: Option<&Secret>) -> Result<Finish, AuthError> {
        Err(AuthError::new(AuthErrorKind::NotSignedIn, "this flow has nothing to complete"))
    }
}
