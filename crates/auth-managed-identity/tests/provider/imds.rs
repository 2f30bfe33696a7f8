//! The instance metadata service.

use defender_xdr_core::auth::{AuthErrorKind, Provider};
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{CLIENT, IDS, Question, RESOURCE, Stage, says, start, token, token_with};

pub(crate) const PATH: &str = "/metadata/identity/oauth2/token";

pub(crate) async fn stage() -> Stage {
    Stage::start().await.with_address("AZURE_POD_IDENTITY_AUTHORITY_HOST", "/")
}

pub(crate) fn question() -> Question {
    asking(&[])
}

fn asking(id: &[(&str, &str)]) -> Question {
    let mut query = vec![("api-version", "2018-02-01"), ("resource", RESOURCE)];
    query.extend(id);
    Question::get(PATH, &query).header("metadata", "true")
}

#[tokio::test]
async fn the_machines_own_identity_is_asked_for_by_naming_none() {
    let stage = stage().await;
    stage.answers(&question(), token()).await;
    let grant = stage.acquire().await.expect("a token");
    assert_eq!(grant.access_token.expose(), "at-1");
    assert_eq!(grant.expires_at.duration_since(start()), SignedDuration::from_secs(86399));
    assert!(grant.refresh_token.is_none());
}

#[tokio::test]
async fn each_id_goes_under_the_name_this_service_has_for_it() {
    for ((key, id), parameter) in IDS.into_iter().zip(["client_id", "object_id", "msi_res_id"]) {
        let stage = stage().await.with(key, id);
        stage
            .answers(&asking(&[(parameter, id)]), token_with(&json!({ parameter: id.to_uppercase() })))
            .await;
        assert_eq!(stage.token().await, "at-1", "{key}");
    }
}

#[tokio::test]
async fn the_token_of_another_identity_is_not_used() {
    for ((key, id), parameter) in IDS.into_iter().zip(["client_id", "object_id", "msi_res_id"]) {
        let stage = stage().await.with(key, id);
        let other = "d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071";
        stage.answers(&asking(&[(parameter, id)]), token_with(&json!({ parameter: other }))).await;
        let error = stage.refusal().await;
        assert_eq!((error.kind(), error.setting()), (AuthErrorKind::Configuration, Some(key)));
        assert!(error.to_string().contains("another identity") && error.to_string().contains(key), "{error}");
    }
}

#[tokio::test]
async fn the_resource_follows_the_api_and_scope_overrides_it() {
    for (backend, scope, resource) in [
        (Backend::Legacy, "", "https://api.security.microsoft.com/"),
        (Backend::Graph, "https://graph.microsoft.us/.default", "https://graph.microsoft.us"),
        (Backend::Graph, "https://management.azure.com//.default", "https://management.azure.com/"),
        (Backend::Graph, "https://api.example", "https://api.example"),
    ] {
        let mut stage = stage().await;
        stage.backend = backend;
        let stage = if scope.is_empty() { stage } else { stage.with("scope", scope) };
        let query = [("api-version", "2018-02-01"), ("resource", resource)];
        stage.answers(&Question::get(PATH, &query).header("metadata", "true"), token()).await;
        assert_eq!(stage.token().await, "at-1", "{resource}");
    }
}

#[tokio::test]
async fn a_machine_without_the_identity_is_told_how_to_get_one() {
    let body = json!({ "error": "invalid_request", "error_description": "Identity not found" });
    let bare = stage().await;
    bare.answers(&question(), says(400, &body)).await;
    let error = bare.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::UnknownApplication);
    assert!(error.to_string().contains("Identity not found"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("az vm identity assign")), "{:?}", error.hint());

    let named = stage().await.with("managed-identity-client-id", CLIENT);
    named.answers(&asking(&[("client_id", CLIENT)]), says(400, &body)).await;
    let error = named.refusal().await;
    assert_eq!(error.setting(), Some("managed-identity-client-id"));
    assert!(error.hint().is_some_and(|hint| hint.contains("check `managed-identity-client-id`")));
}

#[tokio::test]
async fn several_identities_ask_for_the_setting_that_chooses_one() {
    let stage = stage().await;
    let text =
        "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity";
    stage
        .answers(&question(), says(400, &json!({ "error": "invalid_request", "error_description": text })))
        .await;
    let error = stage.refusal().await;
    assert_eq!(error.setting(), Some("managed-identity-client-id"));
    assert!(error.hint().is_some_and(|hint| hint.contains("set `managed-identity-client-id`")));
}

#[tokio::test]
async fn an_unknown_resource_is_told_as_such() {
    for body in [
        json!({ "error": "invalid_resource", "error_description": "The resource is invalid." }),
        json!({ "error": "invalid_resource", "error_description": "AADSTS500011: The resource principal was not found." }),
    ] {
        let stage = stage().await;
        stage.answers(&question(), says(400, &body)).await;
        assert_eq!(stage.refusal().await.kind(), AuthErrorKind::ResourceUnknown, "{body}");
    }
}

#[tokio::test]
async fn nobody_at_the_address_means_no_azure_machine() {
    let gone =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a free port");
    let stage =
        Stage::start().await.with_variable("AZURE_POD_IDENTITY_AUTHORITY_HOST", format!("http://{gone}"));
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unreachable);
    assert!(error.hint().is_some_and(|hint| hint.contains("not an Azure machine")), "{:?}", error.hint());
    let waited = defender_xdr_core::Clock::now(stage.clock.as_ref()).duration_since(start());
    assert_eq!(waited, SignedDuration::from_secs(2), "nobody waits a minute to learn that");
}

#[tokio::test]
async fn a_container_runtimes_own_answer_means_no_azure_machine_either() {
    let stage = stage().await;
    let text = "connecting to 169.254.169.254:80: dial tcp: connect: A socket operation was attempted to an unreachable network.";
    stage.answers(&question(), ResponseTemplate::new(403).set_body_string(text)).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unreachable);
    assert!(error.hint().is_some_and(|hint| hint.contains("not an Azure machine")));
}

#[tokio::test]
async fn the_metadata_service_of_another_cloud_is_told_apart() {
    let page = |status| ResponseTemplate::new(status).set_body_string("<h1>Not found</h1>");
    for answers in [vec![page(404); 6], vec![page(403)]] {
        let stage = stage().await;
        for answer in answers {
            stage.answers(&question(), answer).await;
        }
        let error = stage.refusal().await;
        assert_eq!(error.kind(), AuthErrorKind::Unreadable);
        assert!(error.hint().is_some_and(|hint| hint.contains("not an Azure machine")), "{:?}", error.hint());
    }
}

#[tokio::test]
async fn a_token_whose_end_is_not_told_is_asked_for_again_soon() {
    let stage = stage().await;
    stage.answers(&question(), token_with(&json!({ "expires_in": null, "expires_on": "soon" }))).await;
    let grant = stage.acquire().await.expect("a token");
    assert_eq!(grant.expires_at.duration_since(start()), SignedDuration::from_mins(5));
}

#[tokio::test]
async fn answers_that_are_no_token_are_not_taken_for_one() {
    for answer in [
        ResponseTemplate::new(200).set_body_string("<html>Sign in to the hotel's network</html>"),
        says(200, &json!({ "token_type": "Bearer" })),
        says(200, &json!({ "access_token": "", "expires_in": "1" })),
        token_with(&json!({ "token_type": "pop" })),
        ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/"),
    ] {
        let stage = stage().await;
        stage.answers(&question(), answer).await;
        assert_eq!(stage.refusal().await.kind(), AuthErrorKind::Unreadable);
    }
}

#[tokio::test]
async fn each_identity_and_resource_has_a_cache_of_its_own() {
    let own = stage().await;
    let keys: Vec<_> = [
        own.provider(),
        stage().await.with("managed-identity-client-id", CLIENT).provider(),
        stage().await.with("managed-identity-object-id", CLIENT).provider(),
        stage().await.with("scope", "https://api.example").provider(),
    ]
    .into_iter()
    .map(|provider| {
        let mut key = provider.expect("good settings").cache_key();
        assert!(key.authority.starts_with("imds http://127.0.0.1:"), "{}", key.authority);
        // Each stage listens on a port of its own.
        "imds".clone_into(&mut key.authority);
        key.vault_name()
    })
    .collect();
    for (number, key) in keys.iter().enumerate() {
        assert!(!keys[..number].contains(key), "{number}");
    }
}

#[tokio::test]
async fn one_token_serves_all_questions_of_its_life() {
    let stage = stage().await;
    stage.answers(&question(), token()).await;
    let manager = stage.manager();
    for _ in 0..3 {
        assert_eq!(manager.token().await.expect("a token").secret.expose(), "at-1");
    }
    manager.flush().await;
    assert_eq!(stage.manager().token().await.expect("the stored one").secret.expose(), "at-1");
}
