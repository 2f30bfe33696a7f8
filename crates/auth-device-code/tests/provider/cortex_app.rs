//! The Cortex XSOAR application: the same protocol with a known application and the legacy API.

use defender_xdr_auth_device_code::{CORTEX_XSOAR_APP, CORTEX_XSOAR_APPLICATION_ID, DEVICE_CODE};
use defender_xdr_core::auth::{Identity, Presence, Registry};
use defender_xdr_core::backend::Backend;
use serde_json::json;

use crate::authority::{APPLICATION, Asks, Authority, start_answer, tokens};

const LEGACY: &str = "offline_access https://security.microsoft.com/mtp/.default";

#[tokio::test]
async fn nothing_has_to_be_configured() {
    let authority = Authority::start().await;
    let identity = ("organizations", CORTEX_XSOAR_APPLICATION_ID, LEGACY);
    authority.answers_for(identity, Asks::Start, start_answer(&json!({}))).await;
    authority.answers_for(identity, Asks::Poll, tokens("at-1", "rt-1")).await;
    let mut values = authority.values();
    values.remove("tenant-id");
    values.remove("application-id");
    let backend = Backend::default_for(CORTEX_XSOAR_APPLICATION_ID);
    let manager = authority.manager_of(&CORTEX_XSOAR_APP, backend, values);
    manager.begin(Presence::Elsewhere).await.expect("started");
    manager.complete(true).await.expect("signed in");
}

#[tokio::test]
async fn another_application_is_sent_to_the_device_code_flow() {
    let authority = Authority::start().await;
    let context = authority.context(&CORTEX_XSOAR_APP, Backend::Legacy, authority.values());
    let error = (CORTEX_XSOAR_APP.build)(&context).expect_err("another application");
    assert!(error.to_string().contains(APPLICATION), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("device-code")));
}

#[tokio::test]
async fn an_own_application_is_required_by_the_device_code_flow_alone() {
    let authority = Authority::start().await;
    let mut values = authority.values();
    values.remove("application-id");
    let context = authority.context(&DEVICE_CODE, Backend::Graph, values.clone());
    let error = (DEVICE_CODE.build)(&context).expect_err("no application");
    assert!(error.to_string().contains("`application-id`"), "{error}");
    for entry in [&DEVICE_CODE, &CORTEX_XSOAR_APP] {
        for setting in entry.settings {
            let required = setting.required;
            assert_eq!(
                required,
                entry.id == "device-code" && setting.key == "application-id",
                "{}",
                setting.key
            );
        }
    }
    let context = authority.context(&CORTEX_XSOAR_APP, Backend::Legacy, values);
    assert!((CORTEX_XSOAR_APP.build)(&context).is_ok());
}

#[test]
fn both_flows_are_found_by_the_names_people_use() {
    let registry = Registry::of([&DEVICE_CODE, &CORTEX_XSOAR_APP]).expect("no clash");
    for (name, id) in [
        ("device-code", "device-code"),
        ("Device Code Flow", "device-code"),
        ("Cortex XSOAR App", "cortex-xsoar-app"),
        ("Cortex XSOAR App (Using Device Code Flow)", "cortex-xsoar-app"),
        ("CORTEX-XSOAR-APP", "cortex-xsoar-app"),
    ] {
        assert_eq!(registry.find(name).expect("known").id, id, "{name}");
    }
    let linked = Registry::linked().expect("no clash");
    let ids: Vec<_> = linked.entries().iter().map(|entry| entry.id).collect();
    assert_eq!(ids, ["cortex-xsoar-app", "device-code"]);
    for entry in linked.entries() {
        assert!(entry.capabilities.interactive && entry.capabilities.renewable);
        assert_eq!(entry.capabilities.identity, Identity::Delegated);
    }
}

#[tokio::test]
async fn the_two_flows_never_share_a_session() {
    let authority = Authority::start().await;
    let values: defender_xdr_core::settings::Values =
        [("application-id", CORTEX_XSOAR_APPLICATION_ID)].into_iter().collect();
    let key = |entry: &'static defender_xdr_core::auth::ProviderEntry| {
        let context = authority.context(entry, Backend::Legacy, values.clone());
        (entry.build)(&context).expect("good settings").cache_key().vault_name()
    };
    assert_ne!(key(&DEVICE_CODE), key(&CORTEX_XSOAR_APP));
}
