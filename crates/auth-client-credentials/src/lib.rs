//! Client credentials (RFC 6749 section 4.4): an application signs in as itself, with nobody present.
//!
//! The credential is one of three: a client secret, a certificate with its private key, or a federated token. The
//! settings choose exactly one of them.
//!
//! ```
//! use defender_xdr_core::auth::Registry;
//!
//! let registry = Registry::of([&defender_xdr_auth_client_credentials::ENTRY]).expect("no name is used twice");
//! let flow = registry.find("Client Credentials Flow").expect("it is there");
//! assert!(!flow.capabilities.interactive);
//! ```
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
    summary: "the application signs in as itself with a secret, a certificate or a federated token: for servers, cron and containers",
    capabilities: Capabilities { interactive: false, identity: Identity::Application, renewable: false },
    settings: &[
        SettingUse {
            key: "tenant-id",
            required: true,
            help: "the tenant's GUID or domain; not common or organizations",
        },
        SettingUse { key: "application-id", required: true, help: "the app registration" },
        SettingUse {
            key: "client-secret",
            required: false,
            help: "one of three credentials: the secret's value, or a reference to it",
        },
        SettingUse {
            key: "certificate",
            required: false,
            help: "one of three credentials: a PEM file with the certificate, its chain and perhaps its key",
        },
        SettingUse {
            key: "private-key",
            required: false,
            help: "the certificate's RSA key, when it is not in the same file",
        },
        SettingUse { key: "private-key-passphrase", required: false, help: "opens an encrypted private key" },
        SettingUse {
            key: "certificate-thumbprint",
            required: false,
            help: "instead of the certificate, beside the private key; beside a certificate it must fit",
        },
        SettingUse {
            key: "federated-token",
            required: false,
            help: "one of three credentials: file:PATH, env:NAME or command:ARGV of a token the application trusts, \
                   workload-identity (AKS) or github-actions",
        },
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(ClientCredentialsProvider::from_context(context)?)),
};

register_provider!(&ENTRY);

/// Reads what a key file holds, for fuzzing: it may be refused and must panic at nothing.
#[cfg(fuzzing)]
pub fn fuzz_key_file(content: &[u8]) {
    credential::fuzz_key_file(content);
}
