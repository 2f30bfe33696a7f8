//! What is known about a sign-in without asking anybody.

use jiff::Timestamp;

use super::claims::Claims;

/// The service's last word on a stored sign-in, when that was no.
#[derive(Debug, Clone)]
pub struct Refused {
    /// `AADSTS` and a number, else the OAuth code.
    pub code: Option<String>,
    /// The service's text.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

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
    /// Why the stored sign-in is over, when the service has said so.
    pub refused: Option<Refused>,
    /// Whether a token is stored that works, or that brings one which does. Flows that need nobody can run commands
    /// also when this is `false`. `false` after [`SignInStatus::refused`], even while an access token is left.
    pub signed_in: bool,
}
