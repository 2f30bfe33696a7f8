//! What the settings must and may hold.

use defender_xdr_auth_auth_code::ENTRY;
use defender_xdr_core::backend::Backend;

use crate::authority::Authority;

#[tokio::test]
async fn application_and_tenant_are_required() {
    let authority = Authority::start().await;
    for key in ["application-id", "tenant-id"] {
        let mut values = authority.values(&[]);
        values.remove(key);
        let error = (ENTRY.build)(&authority.context(Backend::Graph, values)).expect_err("missing");
        assert!(error.to_string().contains(key), "{error}");
    }
}

#[tokio::test]
async fn many_tenants_and_domains_are_allowed() {
    let authority = Authority::start().await;
    for tenant in ["organizations", "contoso.onmicrosoft.com"] {
        let key = authority.provider(&[("tenant-id", tenant)]).cache_key();
        assert_eq!(key.tenant, tenant);
    }
}

#[tokio::test]
async fn people_are_kept_apart_by_account_and_scope_by_scope() {
    let authority = Authority::start().await;
    let name = |more: &[(&str, &str)]| authority.provider(more).cache_key().vault_name();
    assert_ne!(name(&[]), name(&[("account", "dana@example.org")]));
    assert_ne!(name(&[("account", "mika@example.org")]), name(&[("account", "dana@example.org")]));
    assert_eq!(name(&[("account", "Dana@Example.org")]), name(&[("account", "dana@example.org")]));
    assert_ne!(name(&[]), name(&[("scope", "https://graph.microsoft.com/.default")]));
    assert_eq!(
        name(&[]),
        name(&[("redirect-uri", "http://localhost:8400")]),
        "one session, wherever it came from"
    );
}

#[tokio::test]
async fn a_redirect_uri_in_clear_text_to_another_machine_is_refused() {
    let authority = Authority::start().await;
    let values = authority.values(&[("redirect-uri", "http://example.org/")]);
    let error = (ENTRY.build)(&authority.context(Backend::Graph, values)).expect_err("refused");
    assert!(error.to_string().contains("redirect-uri"), "{error}");
}
