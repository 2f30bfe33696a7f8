//! What the page of the Cortex integration asks an administrator to grant: not always what a token needs, and
//! some of its names belong to another API or do not exist for the identity it names them for.
//!
//! Source: the permission tables of the "Microsoft 365 Defender" integration of Cortex XSOAR.

use defender_xdr_core::auth::Identity;

use super::Operation;

/// A permission as the page names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePermission {
    /// Its name on the page.
    pub name: &'static str,
    /// The API it is found under in the Entra admin centre.
    pub api: &'static str,
    /// Names on the page with the same group number are "one of".
    pub one_of: u8,
}

const THREAT_PROTECTION: &str = "Microsoft Threat Protection";
/// The sibling: Defender for Endpoint.
const ENDPOINT: &str = "WindowsDefenderATP";
const GRAPH: &str = "Microsoft Graph";

const fn page(name: &'static str, api: &'static str, one_of: u8) -> PagePermission {
    PagePermission { name, api, one_of }
}

const APPLICATION_INCIDENTS: &[PagePermission] = &[page("Incident.ReadWrite.All", THREAT_PROTECTION, 0)];
const APPLICATION_HUNTING: &[PagePermission] = &[page("AdvancedHunting.Read.All", THREAT_PROTECTION, 0)];
const DELEGATED_READ: &[PagePermission] = &[
    page("offline_access", GRAPH, 0),
    page("Incident.Read.All", THREAT_PROTECTION, 1),
    page("AdvancedHunting.Read.All", THREAT_PROTECTION, 1),
];
const DELEGATED_WRITE: &[PagePermission] =
    &[page("offline_access", GRAPH, 0), page("Incident.ReadWrite.All", THREAT_PROTECTION, 1)];
const DELEGATED_HUNTING: &[PagePermission] =
    &[page("offline_access", GRAPH, 0), page("AdvancedQuery.Read.All", ENDPOINT, 1)];

/// What the page asks for.
pub const fn cortex_page(operation: Operation, identity: Identity) -> &'static [PagePermission] {
    match (identity, operation) {
        (Identity::Application, Operation::Hunt) => APPLICATION_HUNTING,
        (Identity::Application, _) => APPLICATION_INCIDENTS,
        (Identity::Delegated, Operation::Hunt) => DELEGATED_HUNTING,
        (Identity::Delegated, _) if operation.writes() => DELEGATED_WRITE,
        (Identity::Delegated, _) => DELEGATED_READ,
    }
}
