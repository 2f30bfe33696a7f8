//! What `az account get-access-token --output json` prints.

use defender_xdr_core::auth::{AuthError, AuthErrorKind, Grant};
use defender_xdr_core::{Secret, Timestamp};
use serde::Deserialize;

/// The members used here. No `Debug`: it holds a token.
#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(rename = "accessToken")]
    access_token: String,
    /// Seconds since 1970. Older versions print local time only, which says too little.
    expires_on: Option<i64>,
}

impl Answer {
    pub(crate) fn read(output: &[u8]) -> Result<Self, AuthError> {
        // The parser's message could quote the token.
        serde_json::from_slice(output)
            .map_err(|_| AuthError::new(AuthErrorKind::Unreadable, "`az` did not print a token as JSON"))
    }

    pub(crate) fn into_grant(self, asked: Timestamp) -> Result<Grant, AuthError> {
        let expires_at =
            self.expires_on.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(|| {
                AuthError::new(AuthErrorKind::Unreadable, "`az` did not say when its token ends")
                    .with_hint("update the Azure CLI to 2.54.0 or newer")
            })?;
        Ok(Grant {
            access_token: Secret::new(self.access_token),
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at,
            acquired_at: asked,
            scope: None,
        })
    }
}
