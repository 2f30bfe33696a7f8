//! The Azure Arc agent: a challenge, a key file, a proof.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{CLIENT, IDS, Question, RESOURCE, Stage, says, token, token_with};

const PATH: &str = "/metadata/identity/oauth2/token";
const KEY: &str = "planted-key-of-the-agent";

async fn stage() -> Stage {
    Stage::start().await.with_address("IDENTITY_ENDPOINT", PATH).with_address("IMDS_ENDPOINT", "")
}

fn asking(id: &[(&str, &str)]) -> Question {
    let mut query = vec![("api-version", "2020-06-01"), ("resource", RESOURCE)];
    query.extend(id);
    Question::get(PATH, &query).header("metadata", "true")
}

fn proving(id: &[(&str, &str)]) -> Question {
    asking(id).header("authorization", format!("Basic {KEY}"))
}

fn write(path: &Path, text: &str) {
    std::fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes())).expect("written");
}

fn challenge(path: &Path) -> ResponseTemplate {
    ResponseTemplate::new(401).insert_header("www-authenticate", format!("Basic realm={}", path.display()))
}

/// What comes of a challenge that names this file; nothing is proved.
async fn challenged(stage: &Stage, path: &Path) -> AuthError {
    stage.answers(&asking(&[]), challenge(path)).await;
    let error = stage.refusal().await;
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    error
}

#[tokio::test]
async fn the_key_is_read_and_proved_as_it_stands_in_the_file() {
    let stage = stage().await;
    let key = stage.keys.path().join("7f1c.key");
    write(&key, &format!("{KEY}\n"));
    stage.answers(&asking(&[]), challenge(&key)).await;
    stage.answers(&proving(&[]), token()).await;
    assert_eq!(stage.token().await, "at-1");
}

#[tokio::test]
async fn the_key_is_read_anew_for_each_token() {
    let stage = stage().await;
    for number in 1..=2 {
        let key = stage.keys.path().join(format!("{number}.key"));
        write(&key, KEY);
        stage.answers(&asking(&[]), challenge(&key)).await;
        stage.answers(&proving(&[]), token()).await;
        assert_eq!(stage.token().await, "at-1");
        std::fs::remove_file(key).expect("removed");
    }
}

#[tokio::test]
async fn an_id_is_sent_and_must_be_echoed() {
    for ((key, id), parameter) in IDS.into_iter().zip(["client_id", "object_id", "msi_res_id"]) {
        for (echo, given) in [(json!({ parameter: id.to_uppercase() }), true), (json!({}), false)] {
            let stage = stage().await.with(key, id);
            let file = stage.keys.path().join("7f1c.key");
            write(&file, KEY);
            stage.answers(&asking(&[(parameter, id)]), challenge(&file)).await;
            stage.answers(&proving(&[(parameter, id)]), token_with(&echo)).await;
            match stage.acquire().await {
                Ok(grant) => assert!(given && grant.access_token.expose() == "at-1", "{key}"),
                Err(error) => {
                    assert!(!given, "{error}");
                    assert_eq!(error.setting(), Some(key));
                    assert!(error.hint().is_some_and(|hint| hint.contains("agent")), "{:?}", error.hint());
                }
            }
        }
    }
}

#[tokio::test]
async fn a_file_elsewhere_is_neither_read_nor_sent() {
    let stage = stage().await;
    let elsewhere = tempfile::tempdir().expect("a directory");
    let file = elsewhere.path().join("7f1c.key");
    write(&file, "planted");
    let error = challenged(&stage, &file).await;
    assert_eq!(error.kind(), AuthErrorKind::Setup);
    assert!(error.to_string().contains("names a file that is not a key"), "{error}");
    let around = stage.keys.path().join("..").join(file.strip_prefix("/tmp").unwrap_or(&file));
    challenged(&stage, &around).await;
}

#[tokio::test]
async fn a_link_is_not_followed() {
    let stage = stage().await;
    let elsewhere = tempfile::tempdir().expect("a directory");
    write(&elsewhere.path().join("real"), "planted");
    let link = stage.keys.path().join("7f1c.key");
    symlink(elsewhere.path().join("real"), &link).expect("linked");
    assert!(challenged(&stage, &link).await.to_string().contains("not a plain file"));
}

#[tokio::test]
async fn a_key_of_the_wrong_name_or_size_is_not_read() {
    let stage = stage().await;
    let text = stage.keys.path().join("7f1c.txt");
    write(&text, "planted");
    challenged(&stage, &text).await;
    let large = stage.keys.path().join("large.key");
    write(&large, &"planted".repeat(600));
    assert!(challenged(&stage, &large).await.to_string().contains("larger than 4096 bytes"));
    let empty = stage.keys.path().join("empty.key");
    write(&empty, "\n");
    assert!(challenged(&stage, &empty).await.to_string().contains("is empty"));
    let directory = stage.keys.path().join("directory.key");
    std::fs::create_dir(&directory).expect("made");
    assert!(challenged(&stage, &directory).await.to_string().contains("not a plain file"));
}

#[tokio::test]
async fn a_key_of_exactly_4096_bytes_is_read() {
    let stage = stage().await;
    let file = stage.keys.path().join("7f1c.key");
    let key = "k".repeat(4096);
    write(&file, &key);
    stage.answers(&asking(&[]), challenge(&file)).await;
    stage.answers(&asking(&[]).header("authorization", format!("Basic {key}")), token()).await;
    assert_eq!(stage.token().await, "at-1");
}

#[tokio::test]
async fn a_missing_key_is_told() {
    let stage = stage().await;
    let error = challenged(&stage, &stage.keys.path().join("gone.key")).await;
    assert!(error.to_string().contains("gone.key"), "{error}");
}

#[tokio::test]
async fn an_agent_that_asks_for_no_proof_is_not_believed() {
    let stage = stage().await;
    stage.answers(&asking(&[]), token()).await;
    assert_eq!(stage.refusal().await.kind(), AuthErrorKind::Unreadable);
    stage.answers(&asking(&[]), ResponseTemplate::new(401)).await;
    assert!(stage.refusal().await.to_string().contains("challenge is missing"));
    stage.answers(&asking(&[]), ResponseTemplate::new(401).insert_header("www-authenticate", "Bearer")).await;
    assert!(stage.refusal().await.to_string().contains("Basic realm=FILE"));
}

#[tokio::test]
async fn a_refused_proof_is_told_without_the_key() {
    let stage = stage().await;
    let file = stage.keys.path().join("7f1c.key");
    write(&file, KEY);
    stage.answers(&asking(&[]), challenge(&file)).await;
    let text = format!("The key {KEY} is not valid.");
    stage
        .answers(&proving(&[]), says(403, &json!({ "error": "access_denied", "error_description": text })))
        .await;
    let error = stage.refusal().await;
    assert!(error.to_string().contains("access_denied: The key (hidden) is not valid."), "{error}");
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn errors_of_the_agent_are_read_like_those_of_the_metadata_service() {
    let stage = stage().await.with("managed-identity-client-id", CLIENT);
    let body = json!({ "error": "invalid_request", "error_description": "Identity not found" });
    stage.answers(&asking(&[("client_id", CLIENT)]), says(400, &body)).await;
    let error = stage.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::UnknownApplication);
    assert!(error.hint().is_some_and(|hint| hint.contains("azcmagent")), "{:?}", error.hint());
}
