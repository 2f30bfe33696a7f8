//! The APIs a token can be asked for, by every identifier this directory knows them under.

use crate::caller::Audience;

const GRAPH: &[&str] = &[
    "https://graph.microsoft.com",
    "https://graph.microsoft.us",
    "https://dod-graph.microsoft.us",
    "00000003-0000-0000-c000-000000000000",
];

const LEGACY: &[&str] = &[
    "https://api.security.microsoft.com",
    "https://security.microsoft.com/mtp",
    "https://api-gcc.security.microsoft.us",
    "https://api-gov.security.microsoft.us",
];

/// Microsoft Graph's identifier in the public cloud, meant when a scope names no API.
pub const DEFAULT: &str = "https://graph.microsoft.com";

/// The API behind a resource identifier, `None` when no service principal here answers to it. One trailing
/// slash is accepted: managed identities ask that way.
pub fn audience(resource: &str) -> Option<Audience> {
    let bare = resource.strip_suffix('/').unwrap_or(resource);
    let known = |list: &[&str]| list.iter().any(|entry| entry.eq_ignore_ascii_case(bare));
    if known(GRAPH) {
        Some(Audience::Graph)
    } else if known(LEGACY) {
        Some(Audience::Legacy)
    } else {
        None
    }
}

/// A permission that applications may be given on behalf of a person.
#[derive(Debug, PartialEq, Eq)]
pub struct DelegatedPermission {
    /// Its name, such as `Incident.Read`.
    pub name: &'static str,
    /// Whether only an administrator may consent to it. For the legacy API that is a setting of the tenant.
    pub admin_only: bool,
}

const fn for_everybody(name: &'static str) -> DelegatedPermission {
    DelegatedPermission { name, admin_only: false }
}

const fn for_administrators(name: &'static str) -> DelegatedPermission {
    DelegatedPermission { name, admin_only: true }
}

const GRAPH_DELEGATED: &[DelegatedPermission] = &[
    for_everybody("User.Read"),
    for_administrators("SecurityIncident.Read.All"),
    for_administrators("SecurityIncident.ReadWrite.All"),
    for_administrators("SecurityAlert.Read.All"),
    for_administrators("SecurityAlert.ReadWrite.All"),
    for_administrators("ThreatHunting.Read.All"),
];

const LEGACY_DELEGATED: &[DelegatedPermission] = &[
    for_everybody("Incident.Read"),
    for_administrators("Incident.ReadWrite"),
    for_administrators("AdvancedHunting.Read"),
];

/// The delegated permissions an API offers.
pub fn delegated(audience: &Audience) -> &'static [DelegatedPermission] {
    match audience {
        Audience::Graph => GRAPH_DELEGATED,
        Audience::Legacy => LEGACY_DELEGATED,
        Audience::Other(_) => &[],
    }
}
