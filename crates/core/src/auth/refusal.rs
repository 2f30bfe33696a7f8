//! A refused credential rests: the service said no, and asking again at once only harms.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::error::{AuthError, AuthErrorKind};

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
}

impl Refusal {
    pub(super) fn new(error: &AuthError, credential: Option<String>, now: Timestamp) -> Self {
        Self {
            until: now.saturating_add(PAUSE).unwrap_or(now),
            credential,
            kind: error.kind(),
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
        }
    }

    /// Whether it still holds. One from the future (the clock was set back) does not.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        let left = self.until.duration_since(now);
        left.is_positive() && left <= PAUSE
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
        AuthError::new(self.kind, message)
            .with_hint(format!("{hint}`--retry-now` asks at once"))
            .with_until(Some(self.until))
    }
}
