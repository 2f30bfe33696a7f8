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

impl Grant {
    /// Whether the access token can be sent at all: visible ASCII, as RFC 6750 section 2.1 wants it.
    pub(super) fn can_be_sent(&self) -> bool {
        let token = self.access_token.expose();
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// An access token for one request.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}
