//! Pods on AKS: a token of the cluster, which Entra exchanges for one of the identity that trusts it.
//!
//! Source: "Use a Microsoft Entra Workload ID with Azure Kubernetes Service"; the exchange is the client credentials
//! flow with a client assertion (RFC 7523 section 2.2).

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext, Grant, Identity, TokenRequest};
use defender_xdr_core::entra::{Authority, Tenant, TokenEndpoint, client_assertion_fields, is_guid};
use defender_xdr_core::settings::{Origin, SecretReference, SecretResolver, SettingsError, quoted_word};

use super::{Host, required};
use crate::identity::ManagedIdentity;
use crate::source::Source;

const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";
const CLIENT: &str = "AZURE_CLIENT_ID";
const TENANT: &str = "AZURE_TENANT_ID";
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

#[derive(Debug)]
pub(super) struct WorkloadIdentity {
    endpoint: TokenEndpoint,
    client_id: String,
    scope: String,
    /// Rotated by the cluster within the hour: read for each question.
    token_file: PathBuf,
    resolver: Arc<SecretResolver>,
}

impl WorkloadIdentity {
    pub(super) fn new(context: &FlowContext) -> Result<Self, SettingsError> {
        let unusable = |variable: &str, why: String| {
            SettingsError::new(why)
                .with_origin(Origin::Environment(variable.to_owned()))
                .with_hint("the workload identity webhook of the cluster sets this variable")
        };
        let identity = ManagedIdentity::from_values(&context.values)?;
        let chosen = identity.parameter(Source::WorkloadIdentity, &context.values)?;
        let [authority, tenant, file] =
            required(context, Source::WorkloadIdentity, [AUTHORITY, TENANT, TOKEN_FILE])?;
        let client_id = if let Some((_, id)) = chosen {
            id
        } else {
            let [id] = required(context, Source::WorkloadIdentity, [CLIENT])?;
            if !is_guid(id) {
                return Err(unusable(CLIENT, format!("{CLIENT} is {}, not a GUID", quoted_word(id))));
            }
            id.to_ascii_lowercase()
        };
        let tenant = Tenant::parse(tenant).ok().filter(Tenant::is_specific).ok_or_else(|| {
            unusable(
                TENANT,
                format!("{TENANT} is {}, not the GUID or domain of a tenant", quoted_word(tenant)),
            )
        })?;
        let authority = Authority::new(authority.trim(), tenant)
            .map_err(|problem| unusable(AUTHORITY, format!("{AUTHORITY}: {problem}")))?;
        Ok(Self {
            endpoint: TokenEndpoint {
                authority,
                http: context.http.clone(),
                clock: Arc::clone(&context.clock),
                retry: context.retry.clone(),
            },
            client_id,
            scope: context.scope(Identity::Application)?,
            token_file: file.into(),
            resolver: Arc::clone(&context.secrets),
        })
    }

    async fn assertion(&self) -> Result<Secret, AuthError> {
        let text = self.resolver.resolve(&SecretReference::File(self.token_file.clone())).await;
        let text = text.map_err(|error| {
            AuthError::new(AuthErrorKind::Setup, format!("cannot read the pod's token: {error}"))
                .with_hint("label the pod azure.workload.identity/use: \"true\", so that the cluster mounts the token")
                .with_setting("managed-identity-source")
        })?;
        Ok(Secret::new(text.expose().trim()))
    }
}

#[async_trait]
impl Host for WorkloadIdentity {
    fn endpoint(&self) -> &str {
        self.endpoint.authority.host()
    }

    fn resource(&self) -> &str {
        &self.scope
    }

    fn registration(&self) -> (&str, &str) {
        (self.endpoint.authority.tenant().as_str(), &self.client_id)
    }

    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        self.assertion().await.map(|assertion| Some(assertion.fingerprint()))
    }

    async fn token(&self, request: &TokenRequest) -> Result<Grant, AuthError> {
        let assertion = self.assertion().await?;
        let mut fields = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", self.client_id.clone()),
            ("scope", self.scope.clone()),
        ];
        fields.extend(client_assertion_fields(&assertion));
        fields.extend(request.fields());
        self.endpoint.redeem(fields).await
    }
}
