//! What a token must hold for an operation, and the least that serves several.

use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;

use super::{Operation, least_permission};

/// What a token must hold: one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The least.
    pub least: &'static str,
    /// What holds it as well.
    pub also: Option<&'static str>,
    /// What the service accepts as well by its own error text, and no table names.
    pub accepted: &'static [&'static str],
    /// The API that the permissions are listed under in the Entra admin centre.
    pub api: &'static str,
}

/// What a token must hold for an operation.
pub fn requirement(operation: Operation, backend: Backend, identity: Identity) -> Requirement {
    let least = least_permission(operation, backend, identity);
    // Who may write may read. The two other readers and writers of the tables are alone in their row.
    let also = match operation {
        Operation::ListIncidents | Operation::GetIncident => {
            Some(least_permission(Operation::UpdateIncident, backend, identity))
        }
        Operation::ListAlerts | Operation::GetAlert => {
            Some(least_permission(Operation::UpdateAlert, backend, identity))
        }
        Operation::UpdateIncident
        | Operation::CommentIncident
        | Operation::UpdateAlert
        | Operation::CommentAlert
        | Operation::Hunt => None,
    };
    let accepted: &[_] = match (backend, operation) {
        (Backend::Graph, Operation::ListAlerts | Operation::GetAlert) => {
            &["SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All"]
        }
        _ => &[],
    };
    let api = match backend {
        Backend::Graph => "Microsoft Graph",
        Backend::Legacy => "Microsoft Threat Protection",
    };
    Requirement { least, also, accepted, api }
}

impl Requirement {
    /// Whether permissions as they stand in a token are enough. Case does not matter.
    pub fn is_met_by(&self, permissions: &[String]) -> bool {
        self.names().any(|wanted| permissions.iter().any(|held| held.eq_ignore_ascii_case(wanted)))
    }

    /// All that will do, the least first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let tables = [Some(self.least), self.also].into_iter().flatten();
        tables.chain(self.accepted.iter().copied())
    }
}

/// The fewest and least permissions for all of these operations, sorted.
pub fn smallest_set(operations: &[Operation], backend: Backend, identity: Identity) -> Vec<&'static str> {
    let mut needed: Vec<_> =
        operations.iter().map(|operation| least_permission(*operation, backend, identity)).collect();
    needed.sort_unstable();
    needed.dedup();
    let all = needed.clone();
    // A reader's permission is idle beside the writer's that holds it.
    needed.retain(|name| {
        !operations.iter().any(|operation| {
            let requirement = requirement(*operation, backend, identity);
            requirement.least == *name && requirement.also.is_some_and(|also| all.contains(&also))
        })
    });
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_needs_no_second_permission_to_read() {
        let operations = [Operation::ListIncidents, Operation::UpdateIncident, Operation::Hunt];
        assert_eq!(
            smallest_set(&operations, Backend::Graph, Identity::Application),
            ["SecurityIncident.ReadWrite.All", "ThreatHunting.Read.All"]
        );
        let alerts = [Operation::ListAlerts, Operation::UpdateAlert, Operation::ListIncidents];
        assert_eq!(
            smallest_set(&alerts, Backend::Graph, Identity::Delegated),
            ["SecurityAlert.ReadWrite.All", "SecurityIncident.Read.All"]
        );
        assert_eq!(smallest_set(&operations[..1], Backend::Legacy, Identity::Delegated), ["Incident.Read"]);
    }

    #[test]
    fn a_token_is_enough_with_the_least_or_with_more() {
        let list = requirement(Operation::ListIncidents, Backend::Legacy, Identity::Application);
        let held =
            |names: &[&str]| list.is_met_by(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert!(held(&["incident.readwrite.all"]) && held(&["Incident.Read.All"]));
        assert!(!held(&["AdvancedHunting.Read.All"]) && !held(&[]));
        let alerts = requirement(Operation::ListAlerts, Backend::Graph, Identity::Application);
        assert!(alerts.is_met_by(&["SecurityIncident.Read.All".to_owned()]));
        let update = requirement(Operation::UpdateAlert, Backend::Graph, Identity::Application);
        assert!(!update.is_met_by(&["SecurityIncident.ReadWrite.All".to_owned()]));
    }
}
