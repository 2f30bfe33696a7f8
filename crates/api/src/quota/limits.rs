//! How many calls each API allows, as data.
//!
//! Sources: the "Limitations" of each page of the Defender XDR API ("List incidents", "Get incident", "Update
//! incident", "Advanced hunting": at least 45 calls a minute, more for larger tenants); Microsoft Graph
//! "Service-specific throttling limits", section "Security". Whether the latter covers `incidents` and `alerts_v2` is not
//! documented; it is planned for.

use std::fmt;
use std::time::Duration;

use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;

/// Calls that an API counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Legacy: lists of incidents.
    LegacyList,
    /// Legacy: single incidents.
    LegacyGet,
    /// Legacy: changes.
    LegacyUpdate,
    /// Legacy: queries.
    LegacyHunting,
    /// Graph: everything below `security` that has no lane of its own.
    GraphSecurity,
    /// Graph: threat intelligence indicators.
    GraphIndicators,
    /// Graph: queries.
    GraphHunting,
    /// What nobody documents a limit for.
    Other,
}

/// At most this many calls in any stretch of time that long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Calls.
    pub calls: usize,
    /// The stretch.
    pub window: Duration,
}

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

const fn a_minute(calls: usize) -> Limit {
    Limit { calls, window: MINUTE }
}

const AN_HOUR: Limit = Limit { calls: 1500, window: HOUR };

impl Lane {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::LegacyList,
        Self::LegacyGet,
        Self::LegacyUpdate,
        Self::LegacyHunting,
        Self::GraphSecurity,
        Self::GraphIndicators,
        Self::GraphHunting,
        Self::Other,
    ];

    /// The lane of a call, by its path below the root.
    pub fn of(backend: Backend, method: &Method, path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match backend {
            Backend::Legacy => match (parts.next(), parts.next(), parts.next()) {
                (Some("api"), Some("incidents"), None) => Self::LegacyList,
                (Some("api"), Some("incidents"), Some(_)) if method == Method::PATCH => Self::LegacyUpdate,
                (Some("api"), Some("incidents"), Some(_)) => Self::LegacyGet,
                (Some("api"), Some("advancedhunting"), _) => Self::LegacyHunting,
                _ => Self::Other,
            },
            // The first part is the version.
            Backend::Graph => match (parts.nth(1), parts.next()) {
                (Some("security"), Some(action)) if action.ends_with("runhuntingquery") => Self::GraphHunting,
                (Some("security"), Some("tiindicators")) => Self::GraphIndicators,
                (Some("security"), _) => Self::GraphSecurity,
                _ => Self::Other,
            },
        }
    }

    /// The documented limits.
    pub const fn limits(self) -> &'static [Limit] {
        match self {
            Self::LegacyList | Self::LegacyUpdate => const { &[a_minute(50), AN_HOUR] },
            Self::LegacyGet => const { &[a_minute(100), AN_HOUR] },
            Self::LegacyHunting | Self::GraphHunting => const { &[a_minute(45)] },
            Self::GraphSecurity => const { &[a_minute(150)] },
            Self::GraphIndicators => const { &[a_minute(1000)] },
            Self::Other => &[],
        }
    }

    /// A word for files and for people.
    pub const fn id(self) -> &'static str {
        match self {
            Self::LegacyList => "legacy-list",
            Self::LegacyGet => "legacy-get",
            Self::LegacyUpdate => "legacy-update",
            Self::LegacyHunting => "legacy-hunting",
            Self::GraphSecurity => "graph-security",
            Self::GraphIndicators => "graph-indicators",
            Self::GraphHunting => "graph-hunting",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stretch = if self.window == HOUR { "an hour" } else { "a minute" };
        write!(formatter, "{} calls {stretch}", self.calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_finds_its_lane_whatever_the_case_of_its_path() {
        let legacy = |method, path| Lane::of(Backend::Legacy, &method, path);
        assert_eq!(legacy(Method::GET, "/api/incidents"), Lane::LegacyList);
        assert_eq!(legacy(Method::GET, "/api/incidents/7"), Lane::LegacyGet);
        assert_eq!(legacy(Method::PATCH, "/API/Incidents/7"), Lane::LegacyUpdate);
        assert_eq!(legacy(Method::POST, "/api/advancedhunting/run"), Lane::LegacyHunting);
        assert_eq!(legacy(Method::GET, "/api/machines"), Lane::Other);
        let graph = |path| Lane::of(Backend::Graph, &Method::GET, path);
        assert_eq!(graph("/v1.0/security/incidents/7/alerts"), Lane::GraphSecurity);
        assert_eq!(graph("/v1.0/security/microsoft.graph.security.runHuntingQuery"), Lane::GraphHunting);
        assert_eq!(graph("/beta/security/tiIndicators"), Lane::GraphIndicators);
        assert_eq!(graph("/v1.0/users"), Lane::Other);
        assert_eq!(graph("/"), Lane::Other);
    }

    #[test]
    fn limits_read_as_people_say_them() {
        let said: Vec<_> = Lane::LegacyList.limits().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["50 calls a minute", "1500 calls an hour"]);
    }
}
