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
