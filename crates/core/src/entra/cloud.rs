//! The clouds Microsoft runs, as data: who signs in where, and where the two APIs live.
//!
//! Sources: "National clouds" (Entra authentication), "National cloud deployments" (Graph), "Defender XDR for
//! US Government customers".

use crate::backend::Backend;

/// A Microsoft cloud, or the user's own addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// Commercial, worldwide.
    Public,
    /// Commercial, legacy API in the United States.
    GeoUs,
    /// Commercial, legacy API in the European Union.
    GeoEu,
    /// Commercial, legacy API in the United Kingdom.
    GeoUk,
    /// US Government Community Cloud: public sign-in and Graph, own legacy host.
    Gcc,
    /// US Government GCC High.
    GccHigh,
    /// US Department of Defense.
    Dod,
    /// China, operated by 21Vianet: sign-in only, the security APIs are not offered there.
    China,
    /// Addresses from `authority-host` and `endpoint`.
    Custom,
}

struct Hosts {
    id: &'static str,
    authority: &'static str,
    graph: Option<&'static str>,
    legacy: Option<&'static str>,
}

impl Cloud {
    /// All clouds in the order help lists them.
    pub const ALL: [Self; 9] = [
        Self::Public,
        Self::GeoUs,
        Self::GeoEu,
        Self::GeoUk,
        Self::Gcc,
        Self::GccHigh,
        Self::Dod,
        Self::China,
        Self::Custom,
    ];

    const fn hosts(self) -> Hosts {
        const PUBLIC: &str = "https://login.microsoftonline.com";
        const GRAPH: Option<&str> = Some("https://graph.microsoft.com");
        let (id, authority, graph, legacy) = match self {
            Self::Public => ("public", PUBLIC, GRAPH, Some("https://api.security.microsoft.com")),
            Self::GeoUs => ("geo-us", PUBLIC, GRAPH, Some("https://us.api.security.microsoft.com")),
            Self::GeoEu => ("geo-eu", PUBLIC, GRAPH, Some("https://eu.api.security.microsoft.com")),
            Self::GeoUk => ("geo-uk", PUBLIC, GRAPH, Some("https://uk.api.security.microsoft.com")),
            Self::Gcc => ("gcc", PUBLIC, GRAPH, Some("https://api-gcc.security.microsoft.us")),
            Self::GccHigh => (
                "gcc-high",
                "https://login.microsoftonline.us",
                Some("https://graph.microsoft.us"),
                Some("https://api-gov.security.microsoft.us"),
            ),
            Self::Dod => (
                "dod",
                "https://login.microsoftonline.us",
                Some("https://dod-graph.microsoft.us"),
                Some("https://api-gov.security.microsoft.us"),
            ),
            Self::China => ("china", "https://login.partner.microsoftonline.cn", None, None),
            Self::Custom => ("custom", "", None, None),
        };
        Hosts { id, authority, graph, legacy }
    }

    /// The word used in settings.
    pub const fn id(self) -> &'static str {
        self.hosts().id
    }

    /// Reads the word used in settings, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.id().eq_ignore_ascii_case(text.trim()))
    }

    /// The sign-in host, `https://…` without a trailing slash; `None` for [`Cloud::Custom`].
    pub fn authority_host(self) -> Option<&'static str> {
        Some(self.hosts().authority).filter(|host| !host.is_empty())
    }

    /// The root of an API, without version or path; `None` where the cloud does not offer it.
    pub const fn endpoint(self, backend: Backend) -> Option<&'static str> {
        match backend {
            Backend::Graph => self.hosts().graph,
            Backend::Legacy => self.hosts().legacy,
        }
    }

    /// Which API a well-known host speaks; `None` for a host of no cloud.
    pub fn dialect_of(host: &str) -> Option<Backend> {
        let host = host.to_ascii_lowercase();
        let graph = Self::ALL.into_iter().filter_map(|cloud| cloud.endpoint(Backend::Graph));
        if graph.into_iter().any(|root| root.strip_prefix("https://") == Some(host.as_str())) {
            return Some(Backend::Graph);
        }
        let legacy = host.ends_with("security.microsoft.com") || host.ends_with("security.microsoft.us");
        legacy.then_some(Backend::Legacy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_is_found_by_its_word() {
        for cloud in Cloud::ALL {
            assert_eq!(Cloud::parse(&cloud.id().to_uppercase()), Some(cloud));
        }
        assert_eq!(Cloud::parse("mars"), None);
    }

    #[test]
    fn hosts_are_told_apart_by_dialect() {
        assert_eq!(Cloud::dialect_of("graph.microsoft.com"), Some(Backend::Graph));
        assert_eq!(Cloud::dialect_of("API.security.microsoft.com"), Some(Backend::Legacy));
        assert_eq!(Cloud::dialect_of("api-gov.security.microsoft.us"), Some(Backend::Legacy));
        assert_eq!(Cloud::dialect_of("127.0.0.1"), None);
    }
}
