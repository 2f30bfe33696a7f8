//! A refused credential rests: the service said no, and asking again at once only harms.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::error::{AuthError, AuthErrorKind};
use super::status::Refused;

/// Where `ID@REFRESH_TOKEN` keeps its second part.
pub(super) const CONFIGURED_TOKEN: &str = "refresh-token";

/// A refused credential is not offered again for this long.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// The service refused a credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Refusal {
    pub(super) until: Timestamp,
    /// Fingerprint of what was refused: another credential may be offered at once.
    pub(super) credential: Option<String>,
    pub(super) kind: AuthErrorKind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// The service's own number of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    /// Whether the refresh token of the settings was refused, not one of a sign-in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) of_configured_token: bool,
}

impl Refusal {
    pub(super) fn new(error: &AuthError, credential: Option<String>, now: Timestamp) -> Self {
        Self {
            until: now.saturating_add(PAUSE).unwrap_or(now),
            credential,
            kind: error.kind(),
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
            code: error.code(),
            of_configured_token: error.setting() == Some(CONFIGURED_TOKEN),
        }
    }

    /// Whether it still holds. One from the future (the clock was set back) does not.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        let left = self.until.duration_since(now);
        left.is_positive() && left <= PAUSE
    }

    /// What was refused, for display.
    pub(super) fn as_status(&self) -> Refused {
        Refused { code: self.code.clone(), message: self.message.clone(), hint: self.hint.clone() }
    }

    /// The refusal again, of the same kind and with the same remedy.
    pub(super) fn as_error(&self, now: Timestamp) -> AuthError {
        let left = self.until.duration_since(now);
        let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        let message = format!(
            "not asking again for {seconds} s, since this credential was just refused: {}",
            self.message
        );
        let hint = self.hint.as_deref().map(|hint| format!("{hint}; ")).unwrap_or_default();
        let error = AuthError::new(self.kind, message)
            .with_hint(format!("{hint}`--retry-now` asks at once"))
            .with_until(Some(self.until))
            .with_code(self.code.clone());
        if self.of_configured_token { error.with_setting(CONFIGURED_TOKEN) } else { error }
    }
}
