//! The managed identities of the machine the emulator plays: one of its own, and two that were assigned to it.

use super::applications::{Application, Permissions};
use super::registrations::{BASE, FULL_GRAPH, FULL_LEGACY};

/// An identity a host hands out tokens for.
#[derive(Debug, PartialEq, Eq)]
pub struct ManagedIdentity {
    /// Its service principal: name, client GUID and app roles.
    pub application: Application,
    /// Object (principal) GUID.
    pub object_id: &'static str,
    /// The Azure resource: the identity itself, or the machine for its own identity.
    pub resource_id: &'static str,
}

/// The machine's own identity: everything on both APIs.
pub const SYSTEM: ManagedIdentity = ManagedIdentity {
    application: Application {
        id: "8c2f6d19-7b40-4e5a-a3d8-1e9f0c7b5a62",
        name: "soar-machine",
        graph: FULL_GRAPH,
        legacy: FULL_LEGACY,
        ..BASE
    },
    object_id: "0d7e3a58-c1f9-4b26-8e40-6a5b9d2f7c13",
    resource_id: "/subscriptions/5a1e8c36-0f7d-4b92-a6e3-9c4d2b8f7015/resourceGroups/soar/providers/Microsoft.Compute/virtualMachines/soar-machine",
};

/// User-assigned: everything on both APIs.
pub const TRIAGE: ManagedIdentity = ManagedIdentity {
    application: Application {
        id: "e5b07c94-3a2d-4f81-9c6e-7d1a0f8b4e27",
        name: "triage",
        graph: FULL_GRAPH,
        legacy: FULL_LEGACY,
        ..BASE
    },
    object_id: "46f9b1d0-8e53-4c7a-b2f6-0c3e7a9d5184",
    resource_id: "/subscriptions/5a1e8c36-0f7d-4b92-a6e3-9c4d2b8f7015/resourceGroups/soar/providers/Microsoft.ManagedIdentity/userAssignedIdentities/triage",
};

/// User-assigned: reads incidents.
pub const REPORTS: ManagedIdentity = ManagedIdentity {
    application: Application {
        id: "1b9d4e70-6f8c-4a35-8d12-f0e7c3a5b968",
        name: "reports",
        graph: Permissions { application: &["SecurityIncident.Read.All"], delegated: &[] },
        legacy: Permissions { application: &["Incident.Read.All"], delegated: &[] },
        ..BASE
    },
    object_id: "a27c5e83-d94b-4160-9f3a-e8b1d6c07f52",
    resource_id: "/subscriptions/5a1e8c36-0f7d-4b92-a6e3-9c4d2b8f7015/resourceGroups/soar/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reports",
};

/// The identities that were assigned.
pub const USER_ASSIGNED: &[&ManagedIdentity] = &[&TRIAGE, &REPORTS];

/// Every identity.
pub const ALL: &[&ManagedIdentity] = &[&SYSTEM, &TRIAGE, &REPORTS];
