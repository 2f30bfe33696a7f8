//! The provider: one form post per token.

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, CacheKey, FlowContext, Grant, Identity, Provider, TokenRequest};
use defender_xdr_core::entra::TokenEndpoint;
use defender_xdr_core::settings::SettingsError;

use crate::ENTRY;
use crate::credential::{Credential, Proof, Question, workload_identity};

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
    /// When a setting is missing or malformed, the tenant is an alias for many, or not exactly one credential is set.
    pub fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let context = workload_identity::completed(context);
        let context = context.as_ref();
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
        Ok(Self {
            endpoint,
            application_id: context.application_id()?,
            scope: context.scope(Identity::Application)?,
            credential: Credential::from_context(context)?,
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
        let token_endpoint = self.endpoint.authority.token_endpoint();
        let question = Question { application_id: &self.application_id, token_endpoint: &token_endpoint };
        let Proof { fields: proof, presented } = self.credential.prove(&question).await?;
        fields.extend(proof);
        self.endpoint.redeem(fields).await.map_err(|error| presented.explain(error))
    }
}
