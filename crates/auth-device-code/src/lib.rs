//! Device code (RFC 8628): a person enters a short code on a page, on any device, and this client gets their
//! tokens. Start and completion are separate steps and survive a restart in between.
//!
//! Two flows live here: [`DEVICE_CODE`] with an application of one's own, and [`CORTEX_XSOAR_APP`], the same
//! protocol with the well-known public application of Cortex XSOAR, which no tenant has to register.
//!
//! Source: RFC 8628; "Microsoft identity platform and the OAuth 2.0 device authorization grant flow".

mod pending;
mod poll;
mod provider;

use defender_xdr_core::auth::{Capabilities, Identity, ProviderEntry, SettingUse};
use defender_xdr_core::register_provider;

pub use provider::DeviceCodeProvider;

/// The public application of Cortex XSOAR.
pub const CORTEX_XSOAR_APPLICATION_ID: &str = "9093c354-630a-47f1-b087-6768eb9427e6";

const CAPABILITIES: Capabilities =
    Capabilities { interactive: true, identity: Identity::Delegated, renewable: true };

const ACCOUNT: SettingUse = SettingUse {
    key: "account",
    required: false,
    help: "who signs in: keeps the sign-ins of several people apart",
};

/// Device code with an application of one's own.
pub static DEVICE_CODE: ProviderEntry = ProviderEntry {
    id: "device-code",
    name: "Device Code",
    aliases: &["Device Code Flow"],
    summary: "a person enters a code on a page, on any device: for shells and servers without a browser",
    capabilities: CAPABILITIES,
    settings: &[
        SettingUse {
            key: "application-id",
            required: true,
            help: "the app registration, with public client flows allowed",
        },
        SettingUse {
            key: "tenant-id",
            required: false,
            help: "the tenant's GUID or domain (default: organizations)",
        },
        ACCOUNT,
    ],
    default_application_id: None,
    build: |context| Ok(Box::new(DeviceCodeProvider::from_context(context)?)),
};

/// Device code with the application of Cortex XSOAR.
pub static CORTEX_XSOAR_APP: ProviderEntry = ProviderEntry {
    id: "cortex-xsoar-app",
    name: "Cortex XSOAR App",
    aliases: &["Cortex XSOAR App (Using Device Code Flow)"],
    summary: "device code with the well-known Cortex XSOAR application: nothing to register",
    capabilities: CAPABILITIES,
    settings: &[
        SettingUse {
            key: "application-id",
            required: false,
            help: "only as ID@REFRESH_TOKEN, to take a session over",
        },
        SettingUse {
            key: "tenant-id",
            required: false,
            help: "the tenant's GUID or domain (default: organizations)",
        },
        ACCOUNT,
    ],
    default_application_id: Some(CORTEX_XSOAR_APPLICATION_ID),
    build: |context| Ok(Box::new(DeviceCodeProvider::from_context(context)?)),
};

register_provider!(&DEVICE_CODE);
register_provider!(&CORTEX_XSOAR_APP);
