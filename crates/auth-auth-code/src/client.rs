//! The application, and what it proves itself with: nothing (a public client) or a secret.

use std::sync::Arc;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext};
use defender_xdr_core::settings::{SecretReference, SecretResolver, SettingsError};

/// A setting that holds a secret or refers to one. Opened only when it is needed, so that a cached token runs no
/// command and reads no file.
#[derive(Debug)]
pub(crate) struct SecretSetting {
    key: &'static str,
    reference: SecretReference,
    resolver: Arc<SecretResolver>,
}

impl SecretSetting {
    pub(crate) fn from_context(
        context: &FlowContext,
        key: &'static str,
    ) -> Result<Option<Self>, SettingsError> {
        let reference = context.values.secret(key)?;
        Ok(reference.map(|reference| Self { key, reference, resolver: Arc::clone(&context.secrets) }))
    }

    pub(crate) async fn open(&self) -> Result<Secret, AuthError> {
        let key = self.key;
        self.resolver.resolve(&self.reference).await.map_err(|error| {
            AuthError::new(AuthErrorKind::Setup, format!("cannot open `{key}`: {error}"))
                .with_hint(format!("check what `{key}` refers to"))
                .with_setting(key)
        })
    }
}

/// The application.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) application_id: String,
    pub(crate) secret: Option<SecretSetting>,
}

impl Client {
    /// A refusal in terms of what this client proved itself with.
    pub(crate) fn explain(&self, error: AuthError) -> AuthError {
        const NO_PROOF: &str = "AADSTS7000218";
        if self.secret.is_some() || error.code().as_deref() != Some(NO_PROOF) {
            return error;
        }
        error.with_setting("redirect-uri").with_hint(
            "the redirect URI belongs to the platform Web, whose clients prove themselves: set `client-secret`, or register the \
             address under \"Mobile and desktop applications\"",
        )
    }

    /// The form fields that say which application asks, and prove it. A public client may send no secret.
    pub(crate) async fn fields(&self) -> Result<Vec<(&'static str, String)>, AuthError> {
        let mut fields = vec![("client_id", self.application_id.clone())];
        if let Some(secret) = &self.secret {
            fields.push(("client_secret", secret.open().await?.expose().to_owned()));
        }
        Ok(fields)
    }
}
