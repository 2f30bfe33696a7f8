//! Which scope to ask for, as data: it follows from the API, the cloud and who signs in.

use super::cloud::Cloud;
use crate::auth::Identity;
use crate::backend::Backend;

/// The scope for an API of a cloud, space separated. A user's sign-in adds `offline_access`, without which
/// Entra gives no refresh token.
///
/// Legacy: app-only tokens are for `https://api.security.microsoft.com` also when a geo host is called;
/// delegated ones for `https://security.microsoft.com/mtp`. The government scopes of the legacy API follow the
/// pattern but are not documented; the `scope` setting overrides them.
pub fn default_scope(backend: Backend, cloud: Cloud, identity: Identity) -> String {
    let resource = resource(backend, cloud, identity);
    match identity {
        Identity::Application => format!("{resource}/.default"),
        Identity::Delegated => format!("offline_access {resource}/.default"),
    }
}

/// The scope of the authorization code flow, space separated: a user's, but on the legacy API of the resource that
/// applications name, since that is where Cortex XSOAR's self-deployed applications got their consent (its
/// Microsoft 365 Defender integration, "Authorization code").
pub fn code_flow_scope(backend: Backend, cloud: Cloud) -> String {
    format!("offline_access {}/.default", resource(backend, cloud, Identity::Application))
}

fn resource(backend: Backend, cloud: Cloud, identity: Identity) -> &'static str {
    match (backend, identity) {
        (Backend::Graph, _) => cloud.endpoint(Backend::Graph).unwrap_or("https://graph.microsoft.com"),
        (Backend::Legacy, _) if matches!(cloud, Cloud::Gcc | Cloud::GccHigh | Cloud::Dod) => {
            cloud.endpoint(Backend::Legacy).unwrap_or_default()
        }
        (Backend::Legacy, Identity::Application) => "https://api.security.microsoft.com",
        (Backend::Legacy, Identity::Delegated) => "https://security.microsoft.com/mtp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_follow_from_api_cloud_and_identity() {
        let cases = [
            (Backend::Graph, Cloud::Public, Identity::Application, "https://graph.microsoft.com/.default"),
            (Backend::Graph, Cloud::Gcc, Identity::Application, "https://graph.microsoft.com/.default"),
            (
                Backend::Graph,
                Cloud::Dod,
                Identity::Delegated,
                "offline_access https://dod-graph.microsoft.us/.default",
            ),
            (Backend::Graph, Cloud::Custom, Identity::Application, "https://graph.microsoft.com/.default"),
            (
                Backend::Legacy,
                Cloud::GeoEu,
                Identity::Application,
                "https://api.security.microsoft.com/.default",
            ),
            (
                Backend::Legacy,
                Cloud::Public,
                Identity::Delegated,
                "offline_access https://security.microsoft.com/mtp/.default",
            ),
            (
                Backend::Legacy,
                Cloud::GccHigh,
                Identity::Application,
                "https://api-gov.security.microsoft.us/.default",
            ),
        ];
        for (backend, cloud, identity, scope) in cases {
            assert_eq!(default_scope(backend, cloud, identity), scope);
        }
    }

    #[test]
    fn the_code_flow_asks_for_a_user_of_the_resource_that_applications_name() {
        let cases = [
            (Backend::Graph, Cloud::Public, "offline_access https://graph.microsoft.com/.default"),
            (Backend::Legacy, Cloud::Public, "offline_access https://api.security.microsoft.com/.default"),
            (Backend::Legacy, Cloud::Dod, "offline_access https://api-gov.security.microsoft.us/.default"),
        ];
        for (backend, cloud, scope) in cases {
            assert_eq!(code_flow_scope(backend, cloud), scope);
        }
    }
}
