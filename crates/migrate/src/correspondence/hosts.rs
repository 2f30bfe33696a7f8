//! The hosts that are retired, the resources their tokens are for, and the Graph host of the same cloud.
//!
//! Sources: "Supported Microsoft Defender XDR APIs" and "Microsoft Defender XDR for US Government customers" (hosts), the
//! same pages of Defender for Endpoint, message center post MC1220762 (retirement), "National cloud deployments" (Graph).

use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;

/// An API that is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyApi {
    /// Microsoft Defender XDR.
    Xdr,
    /// Microsoft Defender for Endpoint.
    Endpoint,
}

/// A host of a retired API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What it serves.
    pub api: LegacyApi,
    /// The cloud it belongs to.
    pub cloud: Cloud,
}

impl Host {
    /// The root of Graph in the same cloud, `https://…` without a slash at the end.
    pub fn graph(&self) -> &'static str {
        self.cloud.endpoint(Backend::Graph).unwrap_or("https://graph.microsoft.com")
    }
}

/// What the client's own clouds do not name: newer and older names of regions, and the sibling API.
const MORE: &[(&str, LegacyApi, Cloud)] = &[
    ("au.api.security.microsoft.com", LegacyApi::Xdr, Cloud::Public),
    ("swa.api.security.microsoft.com", LegacyApi::Xdr, Cloud::Public),
    ("ina.api.security.microsoft.com", LegacyApi::Xdr, Cloud::Public),
    ("aea.api.security.microsoft.com", LegacyApi::Xdr, Cloud::Public),
    ("api-us.security.microsoft.com", LegacyApi::Xdr, Cloud::GeoUs),
    ("api-eu.security.microsoft.com", LegacyApi::Xdr, Cloud::GeoEu),
    ("api-uk.security.microsoft.com", LegacyApi::Xdr, Cloud::GeoUk),
    ("api.securitycenter.microsoft.com", LegacyApi::Endpoint, Cloud::Public),
    ("api-us.securitycenter.microsoft.com", LegacyApi::Endpoint, Cloud::GeoUs),
    ("api-eu.securitycenter.microsoft.com", LegacyApi::Endpoint, Cloud::GeoEu),
    ("api-uk.securitycenter.microsoft.com", LegacyApi::Endpoint, Cloud::GeoUk),
    ("api-au.securitycenter.microsoft.com", LegacyApi::Endpoint, Cloud::Public),
    ("api.securitycenter.windows.com", LegacyApi::Endpoint, Cloud::Public),
    ("api-gcc.securitycenter.microsoft.us", LegacyApi::Endpoint, Cloud::Gcc),
    ("api-gov.securitycenter.microsoft.us", LegacyApi::Endpoint, Cloud::GccHigh),
];

/// All of them.
pub fn hosts() -> Vec<Host> {
    let mut hosts: Vec<Host> = Vec::new();
    for cloud in Cloud::ALL {
        let root = cloud.endpoint(Backend::Legacy).and_then(|root| root.strip_prefix("https://"));
        if let Some(name) = root
            && hosts.iter().all(|host| host.name != name)
        {
            hosts.push(Host { name, api: LegacyApi::Xdr, cloud });
        }
    }
    hosts.extend(MORE.iter().map(|&(name, api, cloud)| Host { name, api, cloud }));
    hosts
}

/// A resource that tokens of a retired API are for, where it is not the host itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// Without `https://`, in lower case.
    pub name: &'static str,
    /// The API.
    pub api: LegacyApi,
}

/// Resources that are no hosts of an API. Sources: the scopes of published clients; the event collector of Cortex XSIAM.
pub const RESOURCES: &[Resource] = &[
    Resource { name: "security.microsoft.com/mtp", api: LegacyApi::Xdr },
    Resource { name: "securitycenter.microsoft.com/mtp", api: LegacyApi::Xdr },
    Resource { name: "securitycenter.onmicrosoft.com/windowsatpservice", api: LegacyApi::Endpoint },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_graph_host_and_is_listed_once() {
        let hosts = hosts();
        for (index, host) in hosts.iter().enumerate() {
            assert!(host.graph().starts_with("https://"));
            assert!(hosts[..index].iter().all(|other| other.name != host.name), "{}", host.name);
        }
        let of = |name: &str| hosts.iter().find(|host| host.name == name).map(Host::graph);
        assert_eq!(of("api-gcc.security.microsoft.us"), Some("https://graph.microsoft.com"));
        assert_eq!(of("api-gov.security.microsoft.us"), Some("https://graph.microsoft.us"));
    }
}
