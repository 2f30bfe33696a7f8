//! The identifiers by which an application's manifest names permissions of Microsoft Graph.
//!
//! Source: "Microsoft Graph permissions reference". They are the same in every tenant and cloud.

use defender_xdr_core::auth::Identity;

/// The application ID of Microsoft Graph (`resourceAppId` in manifests).
pub const GRAPH_APPLICATION_ID: &str = "00000003-0000-0000-c000-000000000000";

/// Name, identifier as an application permission (app role), identifier as a delegated one (scope).
const IDS: &[(&str, &str, &str)] = &[
    (
        "SecurityAlert.Read.All",
        "472e4a4d-bb4a-4026-98d1-0b0d74cb74a5",
        "bc257fb8-46b4-4b15-8713-01e91bfbe4ea",
    ),
    (
        "SecurityAlert.ReadWrite.All",
        "ed4fca05-be46-441f-9803-1873825f8fdb",
        "471f2a7f-2a42-4d45-a2bf-594d0838070d",
    ),
    (
        "SecurityIncident.Read.All",
        "45cc0394-e837-488b-a098-1918f48d186c",
        "b9abcc4f-94fc-4457-9141-d20ce80ec952",
    ),
    (
        "SecurityIncident.ReadWrite.All",
        "34bf0e97-1971-4929-b999-9e2442d941d7",
        "128ca929-1a19-45e6-a3b8-435ec44a36ba",
    ),
    (
        "ThreatHunting.Read.All",
        "dd98c7f5-2d42-42d3-a0e4-633161547251",
        "b152eca8-ea73-4a48-8c98-1a6742673d99",
    ),
];

/// The identifier of a permission of Microsoft Graph; `None` for one that is not in the table.
pub fn graph_permission_id(name: &str, identity: Identity) -> Option<&'static str> {
    let (_, application, delegated) = IDS.iter().find(|(known, ..)| *known == name)?;
    Some(match identity {
        Identity::Application => application,
        Identity::Delegated => delegated,
    })
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::backend::Backend;

    use super::*;
    use crate::permissions::{Operation, least_permission};

    #[test]
    fn every_permission_that_an_operation_needs_has_its_identifiers() {
        let mut seen = Vec::new();
        for identity in [Identity::Application, Identity::Delegated] {
            for operation in Operation::ALL {
                let name = least_permission(operation, Backend::Graph, identity);
                let id = graph_permission_id(name, identity).expect(name);
                assert!(defender_xdr_core::entra::is_guid(id), "{id}");
                seen.push(id);
            }
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 2 * IDS.len(), "no two are the same, and none is idle");
        assert_eq!(graph_permission_id("Incident.Read.All", Identity::Application), None);
    }
}
