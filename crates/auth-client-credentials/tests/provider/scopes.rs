//! The scope follows from API and cloud; the setting overrides it.

use defender_xdr_auth_client_credentials::ENTRY;
use defender_xdr_core::auth::FlowContext;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;

use crate::authority::{Authority, SECRET, TENANT, token};

/// Scope and sign-in host for a cloud.
fn derived(authority: &Authority, backend: Backend, cloud: Cloud) -> (Vec<String>, String) {
    let values = authority.values_with(&[("cloud", cloud.id()), ("authority-host", "")]);
    let context = FlowContext { backend, ..authority.context(values) };
    let key = (ENTRY.build)(&context).expect("good settings").cache_key();
    (key.scopes, key.authority)
}

#[tokio::test]
async fn each_api_of_each_cloud_has_its_scope_and_authority() {
    const PUBLIC: &str = "https://login.microsoftonline.com";
    const GOVERNMENT: &str = "https://login.microsoftonline.us";
    const GRAPH: &str = "https://graph.microsoft.com/.default";
    const LEGACY: &str = "https://api.security.microsoft.com/.default";
    let cases = [
        (Cloud::Public, GRAPH, LEGACY, PUBLIC),
        (Cloud::GeoUs, GRAPH, LEGACY, PUBLIC),
        (Cloud::GeoEu, GRAPH, LEGACY, PUBLIC),
        (Cloud::GeoUk, GRAPH, LEGACY, PUBLIC),
        (Cloud::Gcc, GRAPH, "https://api-gcc.security.microsoft.us/.default", PUBLIC),
        (
            Cloud::GccHigh,
            "https://graph.microsoft.us/.default",
            "https://api-gov.security.microsoft.us/.default",
            GOVERNMENT,
        ),
        (
            Cloud::Dod,
            "https://dod-graph.microsoft.us/.default",
            "https://api-gov.security.microsoft.us/.default",
            GOVERNMENT,
        ),
    ];
    let authority = Authority::start().await;
    for (cloud, graph, legacy, host) in cases {
        assert_eq!(derived(&authority, Backend::Graph, cloud), (vec![graph.to_owned()], host.to_owned()));
        assert_eq!(derived(&authority, Backend::Legacy, cloud), (vec![legacy.to_owned()], host.to_owned()));
    }
}

#[tokio::test]
async fn the_setting_overrides_what_is_derived() {
    let authority = Authority::start().await;
    authority.answers_to(TENANT, "api://own/.default", SECRET, token("at-1")).await;
    let manager = authority.manager(authority.values_with(&[("scope", "api://own/.default")]));
    assert!(manager.token().await.is_ok());
    manager.flush().await;
}

#[tokio::test]
async fn a_token_for_one_api_is_never_served_for_the_other() {
    const LEGACY: &str = "https://api.security.microsoft.com/.default";
    let authority = Authority::start().await;
    authority.answers(token("for-graph")).await;
    authority.answers_to(TENANT, LEGACY, SECRET, token("for-legacy")).await;
    for (backend, expected) in
        [(Backend::Graph, "for-graph"), (Backend::Legacy, "for-legacy"), (Backend::Graph, "for-graph")]
    {
        let context = FlowContext { backend, ..authority.context(authority.values()) };
        let provider = (ENTRY.build)(&context).expect("good settings");
        let manager = defender_xdr_core::auth::TokenManager::new(
            provider,
            authority.vault.clone(),
            authority.clock.clone(),
        );
        assert_eq!(manager.token().await.expect("a token").secret.expose(), expected);
        manager.flush().await;
    }
}
