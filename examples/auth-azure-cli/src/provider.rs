//! The flow: whoever is signed in to the Azure CLI lends their tokens.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_core::Clock;
use defender_xdr_core::auth::{
    AuthError, CacheKey, Capabilities, FlowContext, Grant, Identity, Provider, ProviderEntry, SettingUse,
    TokenRequest,
};
use defender_xdr_core::settings::{Key, SettingsError};
use defender_xdr_core::{register_provider, register_setting};

use crate::answer::Answer;
use crate::azure_cli::AzureCli;

const PATH_KEY: &str = "azure-cli-path";

static ENTRY: ProviderEntry = ProviderEntry {
    id: "azure-cli",
    name: "Azure CLI",
    aliases: &["az"],
    summary: "the tokens of whoever is signed in with `az login`: for trying things out",
    // `az` keeps and renews the session: here there is nothing to start, and no refresh token.
    capabilities: Capabilities { interactive: false, identity: Identity::Delegated, renewable: false },
    settings: &[
        SettingUse {
            key: PATH_KEY,
            required: false,
            help: "where `az` is, absolute (default: found in PATH)",
        },
        SettingUse { key: "tenant-id", required: false, help: "the tenant (default: that of `az login`)" },
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(AzureCliProvider::from_context(context)?)),
};

register_provider!(&ENTRY);
register_setting!(Key { name: PATH_KEY, secret: false, help: "Absolute path of the Azure CLI program" });

#[derive(Debug)]
struct AzureCliProvider {
    azure_cli: AzureCli,
    tenant: Option<String>,
    scope: String,
    clock: Arc<dyn Clock>,
    deadline: Duration,
}

impl AzureCliProvider {
    fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let environment = &context.secrets.environment;
        let configured = context.values.text(PATH_KEY).map(PathBuf::from);
        let azure_cli = AzureCli::locate(configured, environment)
            .map_err(|error| context.values.blame(PATH_KEY, SettingsError::new(error)))?;
        let tenant = context.values.text("tenant-id").map(|_| context.tenant(None)).transpose()?;
        Ok(Self {
            azure_cli,
            tenant: tenant.map(|tenant| tenant.to_string()),
            // Scopes of a request made elsewhere: `offline_access` is not for us to ask.
            scope: context.scope(Identity::Application)?,
            clock: Arc::clone(&context.clock),
            deadline: context.values.seconds("timeout", 30)?,
        })
    }
}

#[async_trait]
impl Provider for AzureCliProvider {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: "azure-cli".to_owned(),
            tenant: self.tenant.clone().unwrap_or_default(),
            application: String::new(),
            flow: ENTRY.id.to_owned(),
            account: None,
            scopes: vec![self.scope.clone()],
            claims: None,
        }
    }

    async fn acquire(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let asked = self.clock.now();
        let mut arguments = vec!["account", "get-access-token", "--output", "json", "--scope", &self.scope];
        if let Some(tenant) = &self.tenant {
            arguments.extend(["--tenant", tenant]);
        }
        let output = self.azure_cli.run(&arguments, self.deadline).await?;
        Answer::read(&output)?.into_grant(asked)
    }
}
