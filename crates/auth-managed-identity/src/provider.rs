//! The provider: finds the host, and asks it.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, CacheKey, FlowContext, Grant, Provider, TokenRequest};
use defender_xdr_core::settings::{SettingsError, Values, quoted_word};

use crate::ENTRY;
use crate::detection::{ARC_AGENT, detect};
use crate::hosts::{self, Host, LINUX_KEYS};
use crate::identity::ManagedIdentity;
use crate::source::Source;

/// Gets tokens from the host. To renew one is to ask again; the host keeps its own cache for up to a day.
#[derive(Debug)]
pub struct ManagedIdentityProvider {
    source: Source,
    host: Box<dyn Host>,
    account: String,
    /// A lasting name for a host whose address changes from run to run.
    known_as: Option<String>,
}

impl ManagedIdentityProvider {
    /// Builds it from settings and the variables that the host sets.
    ///
    /// # Errors
    /// When a setting is malformed, the chosen host's variables are missing, or it takes no id of the kind set.
    pub fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let keys = cfg!(target_os = "linux").then(|| PathBuf::from(LINUX_KEYS));
        Self::build(context, keys)
    }

    /// The same with another directory for the keys of the Azure Arc agent: for tests, which cannot write the real one.
    /// No setting leads here, since whoever chooses the directory chooses which files may be sent to the agent.
    ///
    /// # Errors
    /// As [`Self::from_context`].
    pub fn with_arc_keys_in(context: &FlowContext, directory: &Path) -> Result<Self, SettingsError> {
        Self::build(context, Some(directory.to_owned()))
    }

    fn build(context: &FlowContext, arc_keys: Option<PathBuf>) -> Result<Self, SettingsError> {
        let identity = ManagedIdentity::from_values(&context.values)?;
        let (source, why) = match chosen(&context.values)? {
            Some(source) => (source, "`managed-identity-source` says so"),
            None => detect(&context.secrets.environment, Path::new(ARC_AGENT).exists()),
        };
        let host = hosts::build(source, context, arc_keys)?;
        tracing::info!("managed identity from {} at {}, since {why}", source.name(), host.endpoint());
        Ok(Self { source, host, account: identity.account(), known_as: context.authority_identity.clone() })
    }
}

/// The host that the settings choose; `None` leaves it to the variables.
fn chosen(values: &Values) -> Result<Option<Source>, SettingsError> {
    const KEY: &str = "managed-identity-source";
    let Some(text) = values.text(KEY).map(str::trim).filter(|text| !text.eq_ignore_ascii_case("auto")) else {
        return Ok(None);
    };
    let known = Source::CHOICES.into_iter().chain([Source::ServiceFabric]);
    known.into_iter().find(|source| source.id().eq_ignore_ascii_case(text)).map(Some).ok_or_else(|| {
        let choices: Vec<_> = Source::CHOICES.into_iter().map(Source::id).collect();
        values.blame(
            KEY,
            SettingsError::new(format!("`{KEY}` is {}, not auto, {}", quoted_word(text), choices.join(", ")))
                .with_hint("leave it out: Azure sets variables by which each host is recognised"),
        )
    })
}

#[async_trait]
impl Provider for ManagedIdentityProvider {
    fn cache_key(&self) -> CacheKey {
        let (tenant, application) = self.host.registration();
        let place = self.known_as.as_deref().unwrap_or_else(|| self.host.endpoint());
        CacheKey {
            authority: format!("{} {place}", self.source.id()),
            tenant: tenant.to_owned(),
            application: application.to_owned(),
            flow: ENTRY.id.to_owned(),
            account: Some(self.account.clone()),
            scopes: vec![self.host.resource().to_owned()],
            claims: None,
        }
    }

    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        self.host.credential_fingerprint().await
    }

    async fn acquire(&self, request: &TokenRequest) -> Result<Grant, AuthError> {
        self.host.token(request).await
    }
}
