//! Which host is asked, and what is refused before anything is sent.

use defender_xdr_auth_managed_identity::ENTRY;
use defender_xdr_core::auth::{Identity, Provider};
use defender_xdr_core::settings::find_key;

use crate::stage::{IDS, Stage};

/// A stage with the variables of all hosts at once.
async fn everywhere() -> Stage {
    let stage = Stage::start().await;
    [
        "IDENTITY_ENDPOINT",
        "IMDS_ENDPOINT",
        "MSI_ENDPOINT",
        "AZURE_AUTHORITY_HOST",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    ]
    .into_iter()
    .fold(stage, |stage, name| stage.with_address(name, "/"))
    .with_variable("IDENTITY_HEADER", "planted")
    .with_variable("MSI_SECRET", "planted")
    .with_variable("AZURE_TENANT_ID", "contoso.onmicrosoft.com")
    .with_variable("AZURE_CLIENT_ID", "d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071")
    .with_variable("AZURE_FEDERATED_TOKEN_FILE", "/nowhere")
}

fn source_of(stage: &Stage) -> String {
    let authority = stage.provider().expect("good settings").cache_key().authority;
    authority.split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn the_entry_describes_a_flow_that_needs_nobody_and_no_setting() {
    assert!(!ENTRY.capabilities.interactive && !ENTRY.capabilities.renewable);
    assert_eq!(ENTRY.capabilities.identity, Identity::Application);
    for setting in ENTRY.settings {
        assert!(find_key(setting.key).is_some() && !setting.required, "{}", setting.key);
        assert!(!setting.help.is_empty() && !setting.help.ends_with('.'), "{}", setting.key);
    }
}

#[tokio::test]
async fn a_chosen_host_is_asked_whatever_the_variables_suggest() {
    for source in ["imds", "app-service", "machine-learning", "arc", "cloud-shell", "workload-identity"] {
        let stage = everywhere().await.with("managed-identity-source", source.to_uppercase());
        assert_eq!(source_of(&stage), source);
    }
    assert_eq!(source_of(&everywhere().await.with("managed-identity-source", "auto")), "app-service");
    assert_eq!(source_of(&everywhere().await), "app-service");
}

#[tokio::test]
async fn a_chosen_host_that_is_not_there_is_an_error_and_no_other_is_asked() {
    for (source, variable) in [
        ("app-service", "IDENTITY_ENDPOINT"),
        ("machine-learning", "MSI_ENDPOINT"),
        ("cloud-shell", "MSI_ENDPOINT"),
        ("workload-identity", "AZURE_AUTHORITY_HOST"),
    ] {
        let stage = crate::imds::stage().await.with("managed-identity-source", source);
        let error = stage.unusable();
        assert!(error.to_string().contains(variable), "{error}");
        let origin = error.origin().map(ToString::to_string);
        assert_eq!(origin.as_deref(), Some("parameter managed-identity-source"));
    }
}

#[tokio::test]
async fn the_metadata_service_and_the_agent_have_addresses_of_their_own() {
    for (source, authority) in [
        ("auto", "imds http://169.254.169.254/metadata/identity/oauth2/token"),
        ("imds", "imds http://169.254.169.254/metadata/identity/oauth2/token"),
        ("arc", "arc http://localhost:40342/metadata/identity/oauth2/token"),
    ] {
        let stage = Stage::start().await.with("managed-identity-source", source);
        assert_eq!(stage.provider().expect("good settings").cache_key().authority, authority);
    }
}

#[tokio::test]
async fn an_older_app_service_is_pointed_to_its_protocol() {
    let stage = Stage::start()
        .await
        .with_address("MSI_ENDPOINT", "/")
        .with_variable("MSI_SECRET", "planted")
        .with("managed-identity-source", "app-service");
    assert!(stage.unusable().hint().is_some_and(|hint| hint.contains("machine-learning")));
}

#[tokio::test]
async fn an_unknown_host_lists_those_there_are() {
    let error = Stage::start().await.with("managed-identity-source", "mars").unusable().to_string();
    for word in ["`mars`", "auto", "imds", "workload-identity"] {
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test]
async fn service_fabric_is_refused_by_name() {
    let found = Stage::start()
        .await
        .with_address("IDENTITY_ENDPOINT", "/")
        .with_variable("IDENTITY_HEADER", "planted")
        .with_variable("IDENTITY_SERVER_THUMBPRINT", "00");
    let chosen = Stage::start().await.with("managed-identity-source", "service-fabric");
    for stage in [found, chosen] {
        let error = stage.unusable();
        assert!(error.to_string().contains("Service Fabric are not supported"), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("Client Credentials")));
    }
}

#[tokio::test]
async fn an_id_that_the_host_does_not_take_is_refused_with_key_and_host() {
    let [client, object, resource] = IDS;
    for (source, name, refused) in [
        ("machine-learning", "Azure Machine Learning", &[object, resource][..]),
        ("workload-identity", "AKS workload identity", &[object, resource]),
        ("cloud-shell", "Cloud Shell", &[client, object, resource]),
    ] {
        for (key, id) in refused {
            let stage = everywhere().await.with("managed-identity-source", source).with(key, *id);
            let error = stage.unusable();
            assert!(error.to_string().contains(key) && error.to_string().contains(name), "{error}");
            assert_eq!(error.origin().map(ToString::to_string), Some(format!("parameter {key}")));
        }
    }
}

#[tokio::test]
async fn two_ids_are_refused() {
    let [client, object, _] = IDS;
    let error = crate::imds::stage().await.with(client.0, client.1).with(object.0, object.1).unusable();
    assert!(error.to_string().contains(client.0) && error.to_string().contains(object.0), "{error}");
}

#[tokio::test]
async fn the_word_of_cortex_for_the_hosts_own_identity_is_understood() {
    let own = crate::imds::stage().await;
    let account = |stage: &Stage| stage.provider().expect("good settings").cache_key().account;
    let word = crate::imds::stage().await.with("managed-identity-client-id", "SYSTEM_ASSIGNED");
    assert_eq!(account(&word), account(&own));
}

#[tokio::test]
async fn several_scopes_are_no_resource() {
    let stage = crate::imds::stage().await.with("scope", "offline_access https://api.example/.default");
    assert!(stage.unusable().to_string().contains("`scope`"));
}
