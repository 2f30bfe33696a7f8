//! A client secret: the field `client_secret` (RFC 6749 section 2.3.1).

use std::sync::Arc;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::settings::{SecretReference, SecretResolver};

/// The settings key.
pub(super) const KEY: &str = "client-secret";

/// A client secret. Opened only when a token is asked for, so that a cached token runs no command and reads no
/// file.
#[derive(Debug)]
pub(crate) struct ClientSecret {
    pub(super) reference: SecretReference,
    pub(super) resolver: Arc<SecretResolver>,
}

impl ClientSecret {
    pub(super) async fn open(&self) -> Result<Secret, AuthError> {
        self.resolver.resolve(&self.reference).await.map_err(|error| {
            AuthError::new(AuthErrorKind::Setup, format!("cannot open `{KEY}`: {error}"))
                .with_hint(format!("check what `{KEY}` refers to"))
                .with_setting(KEY)
        })
    }
}
