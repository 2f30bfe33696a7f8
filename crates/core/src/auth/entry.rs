//! A flow as a constant descriptor: help, validation, docs and error texts are made from it.

use super::context::FlowContext;
use super::provider::Provider;
use crate::settings::SettingsError;

/// On whose behalf tokens are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A person (`scp` in tokens).
    Delegated,
    /// The application itself (`roles` in tokens).
    Application,
}

/// What a flow can do.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// A person takes part, so it has something to start and to complete.
    pub interactive: bool,
    /// On whose behalf tokens are issued.
    pub identity: Identity,
    /// It can get refresh tokens.
    pub renewable: bool,
}

/// A settings key that a flow reads.
#[derive(Debug, Clone, Copy)]
pub struct SettingUse {
    /// The key, one of [`crate::settings::KEYS`].
    pub key: &'static str,
    /// Whether the flow cannot do without.
    pub required: bool,
    /// What it means to this flow.
    pub help: &'static str,
}

/// The descriptor of a flow.
#[derive(Debug, Clone, Copy)]
pub struct ProviderEntry {
    /// The value of `authentication-flow`, in kebab case.
    pub id: &'static str,
    /// The name people know it by.
    pub name: &'static str,
    /// Other names accepted, in any case and with or without "Flow".
    pub aliases: &'static [&'static str],
    /// What it is for, as one sentence without a full stop.
    pub summary: &'static str,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The settings it reads.
    pub settings: &'static [SettingUse],
    /// The application id it uses when none is configured.
    pub default_application_id: Option<&'static str>,
    /// Makes the provider. No network, no prompts.
    pub build: fn(&FlowContext) -> Result<Box<dyn Provider>, SettingsError>,
}

/// What `inventory` collects: entries of every crate linked into the binary.
#[doc(hidden)]
#[derive(Debug)]
pub struct Registered(pub &'static ProviderEntry);

inventory::collect!(Registered);

/// Registers a provider entry with the registry of every binary that links the calling crate.
///
/// A crate that nobody names in source is silently not linked: the binary must mention it (`use it as _;`).
#[macro_export]
macro_rules! register_provider {
    ($entry:expr) => {
        $crate::__private::inventory::submit! {
            $crate::auth::Registered($entry)
        }
    };
}
