//! What a flow does: acquire, renew and, where a person takes part, begin and finish. Nothing is cached here.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use super::error::{AuthError, AuthErrorKind};
use super::grant::Grant;
use super::key::CacheKey;
use super::pending::{Instruction, Pending};
use crate::Secret;

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

    /// A refresh token from the settings, used once in place of a sign-in.
    fn configured_refresh_token(&self) -> Option<&Secret> {
        None
    }

    /// Gets a token without a person.
    async fn acquire(&self) -> Result<Grant, AuthError> {
        Err(AuthError::new(AuthErrorKind::NotSignedIn, "not signed in")
            .with_hint("run `defender-xdr auth login`, or `auth start` and `auth complete` from a script"))
    }

    /// Redeems a refresh token; `None` when the flow has none.
    async fn renew(&self, _refresh_token: &Secret) -> Result<Option<Grant>, AuthError> {
        Ok(None)
    }

    /// Starts a sign-in.
    async fn begin(&self) -> Result<Begin, AuthError> {
        Ok(Begin::NothingToStart)
    }

    /// Tries once to finish a started sign-in.
    async fn finish(&self, _pending: &Pending) -> Result<Finish, AuthError> {
        Err(AuthError::new(AuthErrorKind::NotSignedIn, "this flow has nothing to complete"))
    }
}
