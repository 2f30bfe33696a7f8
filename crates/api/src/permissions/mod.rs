//! Which permission an operation needs, as data.
//!
//! Sources: the "Permissions" section of each page of the Defender XDR API and of Microsoft Graph security.

mod cortex_page;
mod graph_ids;
mod requirement;

use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;

pub use cortex_page::{PagePermission, cortex_page};
pub use graph_ids::{GRAPH_APPLICATION_ID, graph_permission_id};
pub use requirement::{Requirement, requirement, smallest_set};

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
    /// List alerts.
    ListAlerts,
    /// Read one alert.
    GetAlert,
    /// Change an alert.
    UpdateAlert,
    /// Comment on an alert.
    CommentAlert,
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
        (Backend::Graph, Operation::ListAlerts | Operation::GetAlert, _) => "SecurityAlert.Read.All",
        (Backend::Graph, Operation::UpdateAlert | Operation::CommentAlert, _) => {
            "SecurityAlert.ReadWrite.All"
        }
        (Backend::Graph, Operation::Hunt, _) => "ThreatHunting.Read.All",
        (Backend::Legacy, Operation::Hunt, Identity::Application) => "AdvancedHunting.Read.All",
        (Backend::Legacy, Operation::Hunt, Identity::Delegated) => "AdvancedHunting.Read",
        // There, alerts are parts of incidents.
        (Backend::Legacy, _, Identity::Application) if operation.writes() => "Incident.ReadWrite.All",
        (Backend::Legacy, _, Identity::Delegated) if operation.writes() => "Incident.ReadWrite",
        (Backend::Legacy, _, Identity::Application) => "Incident.Read.All",
        (Backend::Legacy, _, Identity::Delegated) => "Incident.Read",
    }
}

impl Operation {
    /// All of them, in the order of the commands.
    pub const ALL: [Self; 9] = [
        Self::ListIncidents,
        Self::GetIncident,
        Self::UpdateIncident,
        Self::CommentIncident,
        Self::ListAlerts,
        Self::GetAlert,
        Self::UpdateAlert,
        Self::CommentAlert,
        Self::Hunt,
    ];

    /// Whether an API can do it at all: the legacy one shows alerts and cannot change them.
    pub const fn is_offered_by(self, backend: Backend) -> bool {
        !matches!((backend, self), (Backend::Legacy, Self::UpdateAlert | Self::CommentAlert))
    }

    /// The command that shows what a change did.
    pub(crate) const fn shown_by(self) -> &'static str {
        match self {
            Self::UpdateAlert | Self::CommentAlert => "alerts get",
            _ => "incidents get",
        }
    }

    /// The command that lists what it is about.
    pub(crate) const fn listed_by(self) -> &'static str {
        match self {
            Self::ListAlerts | Self::GetAlert | Self::UpdateAlert | Self::CommentAlert => "alerts list",
            _ => "incidents list",
        }
    }

    /// Whether it changes something.
    pub const fn writes(self) -> bool {
        matches!(self, Self::UpdateIncident | Self::CommentIncident | Self::UpdateAlert | Self::CommentAlert)
    }

    /// A directory role that a person needs beside a delegated permission: the least of those that will do.
    pub const fn role(self) -> &'static str {
        if self.writes() { "Security Operator" } else { "Security Reader" }
    }

    /// The command that asks for it.
    pub const fn command(self) -> &'static str {
        match self {
            Self::ListIncidents => "incidents list",
            Self::GetIncident => "incidents get",
            Self::UpdateIncident => "incidents update",
            Self::CommentIncident => "incidents comment",
            Self::ListAlerts => "alerts list",
            Self::GetAlert => "alerts get",
            Self::UpdateAlert => "alerts update",
            Self::CommentAlert => "alerts comment",
            Self::Hunt => "hunt",
        }
    }

    /// What it does, to stand after "cannot".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::ListIncidents => "list incidents",
            Self::GetIncident => "read the incident",
            Self::UpdateIncident => "update the incident",
            Self::CommentIncident => "comment on the incident",
            Self::ListAlerts => "list alerts",
            Self::GetAlert => "read the alert",
            Self::UpdateAlert => "update the alert",
            Self::CommentAlert => "comment on the alert",
            Self::Hunt => "run the query",
        }
    }
}
