//! One file per kind of host: its address, its headers, its way of proving that the caller belongs there.

mod app_service;
mod arc;
mod arc_key;
mod cloud_shell;
mod imds;
mod imds_patience;
mod machine_learning;
mod workload_identity;

use std::fmt::Debug;
use std::path::PathBuf;

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use crate::source::Source;

pub(crate) use arc_key::LINUX_KEYS;

/// A host that gives tokens. Its `Debug` shows no secret.
#[async_trait]
pub(crate) trait Host: Debug + Send + Sync {
    /// Where tokens are asked for.
    fn endpoint(&self) -> &str;

    /// What is asked for: the resource, or the scope where the host takes that.
    fn resource(&self) -> &str;

    /// Tenant and application, where the host is told them.
    fn registration(&self) -> (&str, &str) {
        ("", "")
    }

    /// A fingerprint of what is proved with, where that is a credential.
    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        Ok(None)
    }

    /// Asks for a token.
    async fn token(&self, request: &TokenRequest) -> Result<Grant, AuthError>;
}

/// The host of a kind, from the variables it sets. `arc_keys` is where the Arc agent lays its keys.
///
/// # Errors
/// When one of its variables is missing or unusable, or an id is set that it does not take.
pub(crate) fn build(
    source: Source,
    context: &FlowContext,
    arc_keys: Option<PathBuf>,
) -> Result<Box<dyn Host>, SettingsError> {
    Ok(match source {
        Source::Imds => Box::new(imds::Imds::new(context)?),
        Source::AppService => Box::new(app_service::AppService::new(context)?),
        Source::MachineLearning => Box::new(machine_learning::MachineLearning::new(context)?),
        Source::Arc => Box::new(arc::ArcAgent::new(context, arc_keys)?),
        Source::CloudShell => Box::new(cloud_shell::CloudShell::new(context)?),
        Source::WorkloadIdentity => Box::new(workload_identity::WorkloadIdentity::new(context)?),
        Source::ServiceFabric => {
            return Err(SettingsError::new("managed identities of Service Fabric are not supported")
                .with_hint("use the Client Credentials flow there, with a certificate or a secret"));
        }
    })
}

/// The variables that a host sets.
///
/// # Errors
/// Names the first that is missing, and the setting that chose the host.
fn required<'a, const N: usize>(
    context: &'a FlowContext,
    source: Source,
    names: [&str; N],
) -> Result<[&'a str; N], SettingsError> {
    let environment = &context.secrets.environment;
    if let Some(missing) = names.iter().find(|name| environment.get(name).is_none()) {
        let hint = if source == Source::AppService && environment.get("MSI_SECRET").is_some() {
            "this is an older App Service: `managed-identity-source = \"machine-learning\"` speaks its protocol"
        } else {
            "set `managed-identity-source` to the host this runs on, or leave it out"
        };
        return Err(context.values.blame(
            "managed-identity-source",
            SettingsError::new(format!("this is not {}: {missing} is not set", source.name()))
                .with_hint(hint),
        ));
    }
    Ok(names.map(|name| environment.get(name).unwrap_or_default()))
}
