//! Which permission an operation needs, as data.
//!
//! Sources: the "Permissions" section of each page of the Defender XDR API and of Microsoft Graph security.

use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;

/// Something an API is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// List incidents.
    ListIncidents,
    /// Read one incident.
    GetIncident,
    /// Change an incident.
    UpdateIncident,
    /// Comment on an incident.
    CommentIncident,
    /// Run an advanced hunting query.
    Hunt,
}

/// The least permission for an operation. Graph uses one name for both identities.
pub const fn least_permission(operation: Operation, backend: Backend, identity: Identity) -> &'static str {
    match (backend, operation, identity) {
        (Backend::Graph, Operation::ListIncidents | Operation::GetIncident, _) => "SecurityIncident.Read.All",
        (Backend::Graph, Operation::UpdateIncident | Operation::CommentIncident, _) => {
            "SecurityIncident.ReadWrite.All"
        }
        (Backend::Graph, Operation::Hunt, _) => "ThreatHunting.Read.All",
        (Backend::Legacy, Operation::ListIncidents | Operation::GetIncident, Identity::Application) => {
            "Incident.Read.All"
        }
        (Backend::Legacy, Operation::ListIncidents | Operation::GetIncident, Identity::Delegated) => {
            "Incident.Read"
        }
        (Backend::Legacy, Operation::UpdateIncident | Operation::CommentIncident, Identity::Application) => {
            "Incident.ReadWrite.All"
        }
        (Backend::Legacy, Operation::UpdateIncident | Operation::CommentIncident, Identity::Delegated) => {
            "Incident.ReadWrite"
        }
        (Backend::Legacy, Operation::Hunt, Identity::Application) => "AdvancedHunting.Read.All",
        (Backend::Legacy, Operation::Hunt, Identity::Delegated) => "AdvancedHunting.Read",
    }
}

impl Operation {
    /// What it does, to stand after "cannot".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::ListIncidents => "list incidents",
            Self::GetIncident => "read the incident",
            Self::UpdateIncident => "update the incident",
            Self::CommentIncident => "comment on the incident",
            Self::Hunt => "run the query",
        }
    }
}
