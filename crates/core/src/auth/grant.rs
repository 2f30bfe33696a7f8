//! What signing in gives.

use jiff::Timestamp;

use crate::Secret;

/// A token answer, whoever gave it.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The access token. Opaque: never parsed for decisions.
    pub access_token: Secret,
    /// A refresh token, if the flow and the scope give one.
    pub refresh_token: Option<Secret>,
    /// When the refresh token ends, if the service said so.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// When the access token ends, counted from the moment the request was sent.
    pub expires_at: Timestamp,
    /// When it was asked for.
    pub acquired_at: Timestamp,
    /// Scopes granted, space separated, if said.
    pub scope: Option<String>,
}

/// An access token for one request.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}
