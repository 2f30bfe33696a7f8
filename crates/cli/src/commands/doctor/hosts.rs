//! Which hosts the settings lead to: where one signs in, and where the APIs are.

use defender_xdr_api::Endpoint;
use defender_xdr_core::auth::ProviderEntry;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::http::{Url, check_root};
use defender_xdr_core::settings::Values;

use super::way::{GRAPH, LEGACY, Steps};

/// Where one signs in; `None` where the settings do not say, which is told elsewhere.
pub(super) fn authority(values: &Values) -> Option<Url> {
    let cloud = values.cloud().ok()?;
    let root = values.text("authority-host").or(cloud.authority_host())?;
    check_root(root).ok()
}

/// Whether a flow asks the authority at all: one that needs no tenant is vouched for by the machine it runs on.
pub(super) fn asks_authority(entry: &ProviderEntry) -> bool {
    entry.settings.iter().any(|setting| setting.key == "tenant-id")
}

/// Where an API is.
pub(super) fn api(values: &Values, backend: Backend) -> Option<Url> {
    let cloud = values.cloud().ok()?;
    let endpoint = match values.text("endpoint") {
        Some(root) => Endpoint::new(backend, root).ok(),
        None if cloud == Cloud::Custom => None,
        None => Endpoint::of_cloud(backend, cloud).ok(),
    };
    endpoint.map(|endpoint| endpoint.root().clone())
}

/// What the steps to an API are called.
pub(super) const fn steps(backend: Backend) -> Steps {
    match backend {
        Backend::Graph => GRAPH,
        Backend::Legacy => LEGACY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_follow_from_the_cloud_unless_they_are_named() {
        let public = Values::default();
        assert_eq!(authority(&public).expect("a host").host_str(), Some("login.microsoftonline.com"));
        let legacy = api(&public, Backend::Legacy).expect("a host");
        assert_eq!(legacy.host_str(), Some("api.security.microsoft.com"));
        let own = Values::from_iter([("cloud", "custom"), ("endpoint", "http://127.0.0.1:9")]);
        assert_eq!(authority(&own), None);
        assert_eq!(api(&own, Backend::Graph).expect("a host").port(), Some(9));
        assert_eq!(api(&Values::from_iter([("cloud", "china")]), Backend::Graph), None);
    }
}
