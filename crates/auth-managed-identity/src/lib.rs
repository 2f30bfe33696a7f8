//! Azure managed identities: the host of a machine, container or pod vouches for it, and there is no secret to keep.
//!
//! Each kind of host has its own small protocol, in a file of its own below `hosts`. Which one is asked follows from
//! environment variables in a fixed order (`detection`) or from `managed-identity-source`, and an explicit
//! choice never falls through to another. Nobody is probed.
//!
//! Sources: "How managed identities for Azure resources work", the token pages of each host, and the behaviour that
//! Microsoft's own client libraries agree on.

mod detection;
mod hosts;
mod identity;
mod provider;
mod refusal;
mod service;
mod source;
mod wire;

use defender_xdr_core::auth::{Capabilities, Identity, ProviderEntry, SettingUse};
use defender_xdr_core::register_provider;

pub use provider::ManagedIdentityProvider;

/// The flow's descriptor.
pub static ENTRY: ProviderEntry = ProviderEntry {
    id: "managed-identity",
    name: "Azure Managed Identities",
    aliases: &["Managed Identity", "Managed Identities"],
    summary: "Azure vouches for the machine, container or pod it runs: no secret at all",
    capabilities: Capabilities { interactive: false, identity: Identity::Application, renewable: false },
    settings: &[
        SettingUse {
            key: "managed-identity-source",
            required: false,
            help: "which host to ask; auto follows the environment variables that Azure sets",
        },
        SettingUse {
            key: "managed-identity-client-id",
            required: false,
            help: "the user-assigned identity; without one, the host's own",
        },
        SettingUse {
            key: "managed-identity-object-id",
            required: false,
            help: "the same by its object (principal) ID, where the host takes that",
        },
        SettingUse {
            key: "managed-identity-resource-id",
            required: false,
            help: "the same by its Azure resource ID, where the host takes that",
        },
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(ManagedIdentityProvider::from_context(context)?)),
};

register_provider!(&ENTRY);
