//! What a program finds in its environment on each host: how it knows where to ask.

use serde_json::{Value, json};

use super::PREFIX;
use crate::directory::managed_identities;

pub(super) const APP_SERVICE_SECRET: &str = "app-service-header-not-real";
pub(super) const APP_SERVICE_2017_SECRET: &str = "older-app-service-secret-not-real";
pub(super) const MACHINE_LEARNING_SECRET: &str = "machine-learning-secret-not-real";

/// The variables to set for each host, served at `origin`.
pub(crate) fn of_hosts(origin: &str) -> Value {
    let base = format!("{origin}{}", PREFIX.trim_end_matches('/'));
    json!({
        "imds": { "AZURE_POD_IDENTITY_AUTHORITY_HOST": format!("{base}/imds") },
        "app-service": {
            "IDENTITY_ENDPOINT": format!("{base}/app-service/msi/token"),
            "IDENTITY_HEADER": APP_SERVICE_SECRET,
        },
        "app-service-2017": {
            "MSI_ENDPOINT": format!("{base}/app-service-2017/msi/token"),
            "MSI_SECRET": APP_SERVICE_2017_SECRET,
        },
        "machine-learning": {
            "MSI_ENDPOINT": format!("{base}/machine-learning/token"),
            "MSI_SECRET": MACHINE_LEARNING_SECRET,
        },
        "arc": {
            "IDENTITY_ENDPOINT": format!("{base}/arc/metadata/identity/oauth2/token"),
            "IMDS_ENDPOINT": format!("{base}/arc"),
        },
        "cloud-shell": { "MSI_ENDPOINT": format!("{base}/cloud-shell/oauth2/token") },
    })
}

/// The identities, as people name them.
pub(crate) fn of_identities() -> Value {
    let identities = managed_identities::ALL.iter().map(|identity| {
        json!({
            "name": identity.application.name,
            "client_id": identity.application.id,
            "object_id": identity.object_id,
            "resource_id": identity.resource_id,
            "system_assigned": **identity == managed_identities::SYSTEM,
        })
    });
    Value::Array(identities.collect())
}
