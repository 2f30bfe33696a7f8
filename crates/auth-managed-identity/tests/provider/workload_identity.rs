//! Pods on AKS: the cluster's token exchanged at Entra.

use std::io::Write;

use defender_xdr_core::auth::{AuthErrorKind, Provider, TokenRequest};
use serde_json::json;

use crate::stage::{CLIENT, Question, Stage, says, token};

const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
const OWN: &str = "d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071";
const PATH: &str = "/6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94/oauth2/v2.0/token";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    let file = stage.keys.path().join("azure-identity-token");
    stage
        // With its trailing slash, as the webhook writes it.
        .with_address("AZURE_AUTHORITY_HOST", "/")
        .with_variable("AZURE_TENANT_ID", TENANT)
        .with_variable("AZURE_CLIENT_ID", OWN)
        .with_variable("AZURE_FEDERATED_TOKEN_FILE", file.to_str().expect("text"))
}

fn project(stage: &Stage, token: &str) {
    let path = stage.keys.path().join("azure-identity-token");
    std::fs::File::create(path).and_then(|mut file| file.write_all(token.as_bytes())).expect("written");
}

fn exchange(client: &str, assertion: &str) -> Question {
    Question::post(
        PATH,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("scope", "https://graph.microsoft.com/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ],
    )
}

#[tokio::test]
async fn the_pods_token_is_exchanged_and_read_anew_each_time() {
    let stage = stage().await;
    let provider = stage.provider().expect("good settings");
    for assertion in ["planted-pod-token-1", "planted-pod-token-2"] {
        project(&stage, &format!("{assertion}\n"));
        stage.answers(&exchange(OWN, assertion), token()).await;
        let grant = provider.acquire(&TokenRequest::default()).await.expect("a token");
        assert_eq!(grant.access_token.expose(), "at-1");
    }
}

#[tokio::test]
async fn the_setting_chooses_another_identity_than_the_service_accounts() {
    let stage = stage().await.with("managed-identity-client-id", CLIENT);
    project(&stage, "planted-pod-token");
    stage.answers(&exchange(CLIENT, "planted-pod-token"), token()).await;
    assert_eq!(stage.token().await, "at-1");
    let key = stage.provider().expect("good settings").cache_key();
    assert_eq!((key.tenant.as_str(), key.application.as_str()), (TENANT, CLIENT));
}

#[tokio::test]
async fn a_pod_without_its_token_is_told_about_the_label() {
    let stage = stage().await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Setup);
    assert!(
        error.hint().is_some_and(|hint| hint.contains("azure.workload.identity/use")),
        "{:?}",
        error.hint()
    );
}

#[tokio::test]
async fn a_refusal_of_entra_is_told_with_its_number_and_without_the_token() {
    let stage = stage().await;
    project(&stage, "planted-pod-token");
    let body = json!({ "error": "invalid_client", "error_codes": [700_024],
        "error_description": "AADSTS700024: Client assertion is not within its valid time range." });
    stage.answers(&exchange(OWN, "planted-pod-token"), says(401, &body)).await;
    let error = stage.refusal().await;
    assert_eq!(error.body().and_then(defender_xdr_core::entra::ErrorBody::code), Some(700_024));
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
}

#[tokio::test]
async fn a_challenge_of_the_api_goes_along() {
    let stage = stage().await;
    project(&stage, "planted-pod-token");
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", OWN),
        ("scope", "https://graph.microsoft.com/.default"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", "planted-pod-token"),
    ];
    fields.push(("claims", "{}"));
    stage.answers(&Question::post(PATH, &fields), token()).await;
    let request = TokenRequest { claims: Some("{}".to_owned()) };
    assert!(stage.provider().expect("good settings").acquire(&request).await.is_ok());
}

#[tokio::test]
async fn variables_that_cannot_be_used_are_named() {
    for (name, value) in [
        ("AZURE_TENANT_ID", "common"),
        ("AZURE_CLIENT_ID", "me"),
        ("AZURE_AUTHORITY_HOST", "http://login.example"),
    ] {
        let mut stage = stage().await;
        stage.variables.retain(|(other, _)| *other != name);
        let error = stage.with_variable(name, value).unusable();
        let shown = format!("{error} {:?}", error.origin());
        assert!(shown.contains(name), "{shown}");
    }
}

#[tokio::test]
async fn a_new_token_of_the_pod_ends_the_rest_after_a_refusal() {
    let stage = stage().await;
    let provider = stage.provider().expect("good settings");
    project(&stage, "planted-1");
    let first = provider.credential_fingerprint().await.expect("readable");
    project(&stage, "planted-2");
    assert!(first.is_some() && provider.credential_fingerprint().await.expect("readable") != first);
}
