//! The provider: one form post per token.

use std::sync::Arc;

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, CacheKey, FlowContext, Grant, Identity, Provider, TokenRequest};
use defender_xdr_core::entra::TokenEndpoint;
use defender_xdr_core::settings::SettingsError;

use crate::ENTRY;
use crate::credential::Credential;

/// Gets tokens for the application itself. To renew one is to ask again: there is never a refresh token.
#[derive(Debug)]
pub struct ClientCredentialsProvider {
    endpoint: TokenEndpoint,
    application_id: String,
    scope: String,
    credential: Credential,
}

impl ClientCredentialsProvider {
    /// Builds it from settings.
    ///
    /// # Errors
    /// When a setting is missing or malformed, or the tenant is an alias for many.
    pub fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let endpoint = context.token_endpoint(None)?;
        if !endpoint.authority.tenant().is_specific() {
            return Err(context.values.blame(
                "tenant-id",
                SettingsError::new(format!(
                    "`tenant-id` is `{}`, and an application can sign in to one tenant only",
                    endpoint.authority.tenant()
                ))
                .with_hint("set `tenant-id` to the tenant's GUID or domain"),
            ));
        }
        let reference = context
            .values
            .secret("client-secret")?
            .ok_or_else(|| SettingsError::missing("client-secret", ENTRY.id))?;
        Ok(Self {
            endpoint,
            application_id: context.application_id()?,
            scope: context.scope(Identity::Application)?,
            credential: Credential::Secret { reference, resolver: Arc::clone(&context.secrets) },
        })
    }
}

#[async_trait]
impl Provider for ClientCredentialsProvider {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: self.endpoint.authority.identity().to_owned(),
            tenant: self.endpoint.authority.tenant().to_string(),
            application: self.application_id.clone(),
            flow: ENTRY.id.to_owned(),
            account: None,
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
            claims: None,
        }
    }

    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        self.credential.fingerprint().await.map(Some)
    }

    async fn acquire(&self, request: &TokenRequest) -> Result<Grant, AuthError> {
        let mut fields = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", self.application_id.clone()),
            ("scope", self.scope.clone()),
        ];
        fields.extend(request.fields());
        fields.extend(self.credential.fields().await?);
        self.endpoint.redeem(fields).await
    }
}
