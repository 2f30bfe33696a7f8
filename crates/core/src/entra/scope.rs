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

/// The resource that a managed identity asks for: what [`default_scope`] stands for, with its trailing slash, as
/// Microsoft's pages on app-only access to both APIs write it.
pub fn default_resource(backend: Backend, cloud: Cloud) -> String {
    let scope = default_scope(backend, cloud, Identity::Application);
    format!("{}/", resource_of_scope(&scope))
}

/// The resource that a scope stands for: without exactly one `/.default` at its end, since a resource may itself end
/// in a slash ("Scopes and permissions", trailing slash and `.default`).
pub fn resource_of_scope(scope: &str) -> &str {
    scope.strip_suffix("/.default").unwrap_or(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_keeps_its_trailing_slash() {
        for (backend, cloud, resource) in [
            (Backend::Graph, Cloud::Public, "https://graph.microsoft.com/"),
            (Backend::Legacy, Cloud::GeoEu, "https://api.security.microsoft.com/"),
            (Backend::Legacy, Cloud::Dod, "https://api-gov.security.microsoft.us/"),
        ] {
            assert_eq!(default_resource(backend, cloud), resource);
        }
        assert_eq!(
            resource_of_scope("https://management.azure.com//.default"),
            "https://management.azure.com/"
        );
        assert_eq!(resource_of_scope("https://api.example"), "https://api.example");
    }

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
