//! Client credentials (RFC 6749 section 4.4): an application signs in as itself, with nobody present.
//!
//! The credential is a `Credential`: today a client secret; certificates and federated tokens are
//! further variants of it and need no change in the provider.
//!
//! Source: "Microsoft identity platform and the OAuth 2.0 client credentials flow".

mod credential;
mod provider;

use defender_xdr_core::auth::{Capabilities, Identity, ProviderEntry, SettingUse};
use defender_xdr_core::register_provider;

pub use provider::ClientCredentialsProvider;

/// The flow's descriptor.
pub static ENTRY: ProviderEntry = ProviderEntry {
    id: "client-credentials",
    name: "Client Credentials",
    aliases: &["Client Credentials Flow"],
    summary: "the application signs in as itself with a secret: for servers, cron and containers",
    capabilities: Capabilities { interactive: false, identity: Identity::Application, renewable: false },
    settings: &[
        SettingUse {
            key: "tenant-id",
            required: true,
            help: "the tenant's GUID or domain; not common or organizations",
        },
        SettingUse { key: "application-id", required: true, help: "the app registration" },
        SettingUse { key: "client-secret", required: true, help: "the secret's value, or a reference to it" },
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(ClientCredentialsProvider::from_context(context)?)),
};

register_provider!(&ENTRY);
