//! Permissions of the retired APIs and those of Graph that take their place.
//!
//! Sources: the "Permissions" sections of the Defender XDR and Graph pages, as the API client holds them; for Defender for
//! Endpoint "Advanced hunting API" and the alert pages, with "Migrate to Microsoft Graph security".

use defender_xdr_api::{Operation, least_permission};
use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;

use super::hosts::LegacyApi;

/// A permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// Its name on the retired API.
    pub legacy: &'static str,
    /// What takes its place: the same name for applications and for delegated use.
    pub graph: &'static str,
    /// The API it belongs to.
    pub api: LegacyApi,
}

const ENDPOINT: &[(&str, &str)] = &[
    ("AdvancedQuery.Read.All", "ThreatHunting.Read.All"),
    ("AdvancedQuery.Read", "ThreatHunting.Read.All"),
    ("Alert.ReadWrite.All", "SecurityAlert.ReadWrite.All"),
    ("Alert.Read.All", "SecurityAlert.Read.All"),
];

/// All of them.
pub fn permissions() -> Vec<Permission> {
    let mut all = Vec::new();
    for operation in [Operation::ListIncidents, Operation::UpdateIncident, Operation::Hunt] {
        for identity in [Identity::Application, Identity::Delegated] {
            all.push(Permission {
                legacy: least_permission(operation, Backend::Legacy, identity),
                graph: least_permission(operation, Backend::Graph, identity),
                api: LegacyApi::Xdr,
            });
        }
    }
    all.extend(ENDPOINT.iter().map(|&(legacy, graph)| Permission {
        legacy,
        graph,
        api: LegacyApi::Endpoint,
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_permission_has_its_place() {
        let all = permissions();
        let of = |legacy: &str| all.iter().find(|row| row.legacy == legacy).map(|row| row.graph);
        assert_eq!(of("Incident.Read"), Some("SecurityIncident.Read.All"));
        assert_eq!(of("Incident.ReadWrite.All"), Some("SecurityIncident.ReadWrite.All"));
        assert_eq!(of("AdvancedHunting.Read.All"), Some("ThreatHunting.Read.All"));
        assert_eq!(all.len(), 10);
    }
}
