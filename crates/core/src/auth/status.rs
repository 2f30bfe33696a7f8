//! What is known about a sign-in without asking anybody.

use jiff::Timestamp;

use super::claims::Claims;

/// The state of a session at rest.
#[derive(Debug, Clone)]
pub struct SignInStatus {
    /// When the stored access token ends; `None` when there is none.
    pub access_token_expires_at: Option<Timestamp>,
    /// When it was acquired.
    pub acquired_at: Option<Timestamp>,
    /// Whether a refresh token is stored.
    pub has_refresh_token: bool,
    /// When the refresh token ends: as the service said, else 90 days after it was last used, Entra's rule for all but
    /// single-page applications ("Refresh tokens in the Microsoft identity platform").
    pub refresh_token_expires_at: Option<Timestamp>,
    /// A challenge that only a new sign-in answers, as JSON text.
    pub claims_wanted: Option<String>,
    /// Scopes granted, as the service said.
    pub scope: Option<String>,
    /// What the stored token says about itself.
    pub claims: Option<Claims>,
    /// When a started, uncompleted sign-in ends.
    pub pending_until: Option<Timestamp>,
    /// Whether a token is stored that works, or that brings one which does. Flows that need nobody can run commands
    /// also when this is `false`.
    pub signed_in: bool,
}
