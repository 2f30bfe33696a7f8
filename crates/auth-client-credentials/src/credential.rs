//! How the application proves who it is.

use std::sync::Arc;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::settings::{SecretReference, SecretResolver};

/// A way to prove who the application is.
#[derive(Debug)]
pub(crate) enum Credential {
    /// `client_secret` in the form. Opened only when a token is asked for, so that a cached token runs no
    /// command and reads no file.
    Secret { reference: SecretReference, resolver: Arc<SecretResolver> },
}

impl Credential {
    /// The form fields that prove it.
    pub(crate) async fn fields(&self) -> Result<Vec<(&'static str, String)>, AuthError> {
        match self {
            Self::Secret { .. } => Ok(vec![("client_secret", self.secret().await?.expose().to_owned())]),
        }
    }

    /// Tells one credential from another without keeping it.
    pub(crate) async fn fingerprint(&self) -> Result<String, AuthError> {
        Ok(self.secret().await?.fingerprint())
    }

    async fn secret(&self) -> Result<Secret, AuthError> {
        match self {
            Self::Secret { reference, resolver } => resolver.resolve(reference).await.map_err(|error| {
                AuthError::new(AuthErrorKind::Setup, format!("cannot open `client-secret`: {error}"))
                    .with_hint("check what `client-secret` refers to")
                    .with_setting("client-secret")
            }),
        }
    }
}
