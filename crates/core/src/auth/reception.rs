//! A browser that comes back to this process at the end of a sign-in (RFC 8252 section 7.3).

use std::fmt::Debug;

use async_trait::async_trait;

use super::error::AuthError;
use crate::Secret;

/// A listener that a person's browser is sent to. Dropping it closes it.
#[async_trait]
pub trait Reception: Debug + Send {
    /// Waits for the browser. What it brings is the input of [`super::Provider::finish`].
    ///
    /// # Errors
    /// When nobody came in time, or the listener failed.
    async fn receive(&mut self) -> Result<Secret, AuthError>;

    /// Shows the person, in the browser that came, how the sign-in ended: well, or with this error.
    async fn conclude(self: Box<Self>, failure: Option<&AuthError>);
}
