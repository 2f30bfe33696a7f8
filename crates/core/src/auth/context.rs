//! What a flow is built from: settings, and the world passed in.

use std::sync::Arc;

use super::entry::{Identity, ProviderEntry};
use crate::Clock;
use crate::backend::Backend;
use crate::entra::{
    Authority, Cloud, Tenant, TokenEndpoint, code_flow_scope, default_resource, default_scope, is_guid,
    resource_of_scope,
};
use crate::http::{HttpClient, RetryPolicy};
use crate::settings::{SecretResolver, SettingsError, Values, described};

/// Everything a provider may use.
#[derive(Debug, Clone)]
pub struct FlowContext {
    /// The chosen flow.
    pub entry: &'static ProviderEntry,
    /// Settings, whatever they came from.
    pub values: Values,
    /// The API tokens are for.
    pub backend: Backend,
    /// HTTP.
    pub http: HttpClient,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// When to repeat a request.
    pub retry: RetryPolicy,
    /// Opens secret references.
    pub secrets: Arc<SecretResolver>,
    /// A lasting name for an authority whose address changes from run to run, such as an emulator's.
    pub authority_identity: Option<String>,
}

impl FlowContext {
    /// The application id, else the flow's own.
    pub fn application_id(&self) -> Result<String, SettingsError> {
        const KEY: &str = "application-id";
        match (self.values.text(KEY), self.entry.default_application_id) {
            (Some(id), _) if is_guid(id) => Ok(id.to_ascii_lowercase()),
            (Some(id), _) => Err(self.values.blame(
                KEY,
                SettingsError::new(format!("`{KEY}` is {} and no GUID", described(id)))
                    .with_hint("copy \"Application (client) ID\" from the app registration"),
            )),
            (None, Some(id)) => Ok(id.to_owned()),
            (None, None) => Err(SettingsError::missing(KEY, self.entry.id)),
        }
    }

    /// The tenant, else `fallback` where the flow can do without.
    pub fn tenant(&self, fallback: Option<&str>) -> Result<Tenant, SettingsError> {
        const KEY: &str = "tenant-id";
        let Some(text) = self.values.text(KEY).or(fallback) else {
            return Err(SettingsError::missing(KEY, self.entry.id));
        };
        Tenant::parse(text)
            .map_err(|problem| SettingsError::new(format!("`{KEY}` {problem}")))
            .map_err(|error| {
                error
                    .with_hint("copy the tenant's ID or primary domain from the Entra admin centre, Overview")
            })
            .map_err(|error| self.values.blame(KEY, error))
    }

    /// The cloud.
    pub fn cloud(&self) -> Result<Cloud, SettingsError> {
        self.values.cloud()
    }

    /// Where to sign in.
    pub fn authority(&self, fallback_tenant: Option<&str>) -> Result<Authority, SettingsError> {
        const KEY: &str = "authority-host";
        let cloud = self.cloud()?;
        let configured = self.values.text(KEY);
        let Some(host) = configured.or(cloud.authority_host()) else {
            return Err(self
                .values
                .blame("cloud", SettingsError::new(format!("`cloud = \"custom\"` needs `{KEY}`"))));
        };
        Authority::new(host, self.tenant(fallback_tenant)?)
            .map(|authority| authority.known_as(self.authority_identity.clone()))
            .map_err(|problem| {
                let error = SettingsError::new(format!("`{KEY}` {problem}"));
                self.values.blame(
                    KEY,
                    error.with_hint("set it to scheme and host only, such as https://login.example"),
                )
            })
    }

    /// The token endpoint of the authority.
    pub fn token_endpoint(&self, fallback_tenant: Option<&str>) -> Result<TokenEndpoint, SettingsError> {
        Ok(TokenEndpoint {
            authority: self.authority(fallback_tenant)?,
            http: self.http.clone(),
            clock: Arc::clone(&self.clock),
            retry: self.retry.clone(),
        })
    }

    /// The scope to ask for: `scope`, else what API, cloud and identity imply.
    pub fn scope(&self, identity: Identity) -> Result<String, SettingsError> {
        match self.values.text("scope") {
            Some(scope) => Ok(scope.to_owned()),
            None => Ok(default_scope(self.backend, self.cloud()?, identity)),
        }
    }

    /// The scope of the authorization code flow: `scope`, else what API and cloud imply.
    pub fn code_flow_scope(&self) -> Result<String, SettingsError> {
        match self.values.text("scope") {
            Some(scope) => Ok(scope.to_owned()),
            None => Ok(code_flow_scope(self.backend, self.cloud()?)),
        }
    }

    /// The account that is to sign in, when the settings name one.
    pub fn account(&self) -> Option<String> {
        self.values.text("account").map(|account| account.trim().to_ascii_lowercase())
    }

    /// The resource to ask for, where a host takes that in place of a scope: from `scope`, else what API and cloud
    /// imply.
    pub fn resource(&self) -> Result<String, SettingsError> {
        const KEY: &str = "scope";
        match self.values.text(KEY) {
            None => Ok(default_resource(self.backend, self.cloud()?)),
            Some(scope) if scope.split_whitespace().count() == 1 => {
                Ok(resource_of_scope(scope.trim()).to_owned())
            }
            Some(_) => Err(self.values.blame(
                KEY,
                SettingsError::new(format!(
                    "`{KEY}` names several scopes, and the {} flow asks for one resource",
                    self.entry.id
                ))
                .with_hint("set it to one resource, such as https://graph.microsoft.com/.default"),
            )),
        }
    }
}
