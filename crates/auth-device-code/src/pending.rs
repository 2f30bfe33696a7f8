//! What is kept between start and completion.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, Pending};
use serde::{Deserialize, Serialize};

/// The flow's own part of a pending record. Sealed at rest: `device_code` is a secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) device_code: String,
    /// Seconds between polls, grown by every `slow_down`.
    pub(crate) interval: u64,
    /// Faults in a row.
    #[serde(default)]
    pub(crate) faults: u32,
}

impl State {
    pub(crate) fn read(pending: &Pending) -> Result<Self, AuthError> {
        serde_json::from_str(pending.state.expose()).map_err(|_| {
            AuthError::new(AuthErrorKind::NotSignedIn, "the started sign-in cannot be read")
                .with_hint("run `defender-xdr auth start` again")
        })
    }

    pub(crate) fn to_secret(&self) -> Secret {
        // A text and a number: serialising cannot fail.
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
}
