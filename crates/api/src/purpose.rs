//! What a call is for: the words and remedies when it fails.

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::AuthError;
use defender_xdr_core::http::Answer;

use crate::error::ApiError;
use crate::refusal::{self, Asked};

/// What a call is for.
pub(crate) trait Purpose: Sync {
    /// What it does, to stand after "cannot".
    fn verb(&self) -> String;

    /// Whether it changes something.
    fn changes(&self) -> bool;

    /// There is no token for it.
    fn without_token(&self, error: AuthError) -> ApiError;

    /// The service refused it.
    fn refused(&self, answer: &Answer, until: Option<Timestamp>) -> ApiError;

    /// A change was sent, and nobody knows whether it was made.
    fn uncertain(&self, error: ApiError) -> ApiError;
}

/// An operation of ours, and the incident or alert it changes.
pub(crate) struct Known<'a> {
    pub(crate) asked: Asked,
    pub(crate) changes: Option<&'a str>,
}

impl Purpose for Known<'_> {
    fn verb(&self) -> String {
        self.asked.operation.verb().to_owned()
    }

    fn changes(&self) -> bool {
        self.changes.is_some()
    }

    fn without_token(&self, error: AuthError) -> ApiError {
        refusal::from_auth(error, self.asked)
    }

    fn refused(&self, answer: &Answer, until: Option<Timestamp>) -> ApiError {
        refusal::from_answer(answer, self.asked, until)
    }

    fn uncertain(&self, error: ApiError) -> ApiError {
        match self.changes {
            Some(id) => error.after_sending(self.asked.operation.shown_by(), id),
            None => error,
        }
    }
}
