//! What is kept between the start and the code.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, Pending};
use serde::{Deserialize, Serialize};

/// The flow's own part of a pending record. Sealed at rest: `verifier` is a secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) verifier: String,
    pub(crate) state: String,
    /// As it stood in the page's address: the redemption must repeat it byte by byte.
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    /// What an `id_token` must bring back, if one was asked for.
    pub(crate) nonce: Option<String>,
    /// What the API asked of the token, if it challenged the last one.
    #[serde(default)]
    pub(crate) claims: Option<String>,
}

impl Start {
    pub(crate) fn read(pending: &Pending) -> Result<Self, AuthError> {
        serde_json::from_str(pending.state.expose()).map_err(|_| {
            AuthError::new(AuthErrorKind::NotSignedIn, "the started sign-in cannot be read")
                .with_hint("run `defender-xdr auth start` again")
        })
    }

    pub(crate) fn to_secret(&self) -> Secret {
        // Texts only: serialising cannot fail.
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
}
