//! Azure Arc: whoever can read the agent's key file gets a token.

use std::path::{Path, PathBuf};

use defender_xdr_emulator::Options;
use serde_json::{Value, json};

use crate::managed_identity::{RESOURCE, ask};
use crate::tenant::*;

const ARC: &str = "/_managed_identity/arc/metadata/identity/oauth2/token";
const TRIAGE: &str = "e5b07c94-3a2d-4f81-9c6e-7d1a0f8b4e27";

async fn agent(directory: &Path) -> Tenant {
    Tenant::with(Options { arc_key_directory: Some(directory.to_owned()), ..Options::default() }).await
}

async fn token(tenant: &Tenant, more: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let query = [&[("api-version", "2020-06-01"), ("resource", RESOURCE)], more].concat();
    ask(tenant, ARC, &query, &[&[("metadata", "true")], headers].concat()).await
}

/// The file a refusal names.
fn named(answer: &Answer) -> PathBuf {
    assert_eq!(answer.status, 401, "{}", answer.text);
    let header = answer.headers["www-authenticate"].to_str().unwrap();
    PathBuf::from(header.strip_prefix("Basic realm=").unwrap())
}

async fn with_key(tenant: &Tenant, path: &Path, more: &[(&str, &str)]) -> Answer {
    let key = format!("Basic {}", std::fs::read_to_string(path).unwrap());
    token(tenant, more, &[("authorization", &key)]).await
}

async fn switch(tenant: &Tenant, switches: Value) {
    assert_eq!(tenant.post_json("/_control/managed-identity", &switches).await.status, 200);
}

#[tokio::test]
async fn the_content_of_the_key_file_brings_a_token_once() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    let tenant = agent(&tokens).await;
    let path = named(&token(&tenant, &[], &[]).await);
    assert_eq!(
        (path.parent(), path.extension().and_then(|end| end.to_str())),
        (Some(tokens.as_path()), Some("key"))
    );
    assert!(std::fs::metadata(&path).unwrap().len() <= 4096);
    let key = std::fs::read_to_string(&path).unwrap();
    let answer = with_key(&tenant, &path, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.member("expires_in").parse::<i64>().is_ok());
    assert!(!path.exists());
    let again = token(&tenant, &[], &[("authorization", &format!("Basic {key}"))]).await;
    assert_eq!(again.status, 403);
    let log = serde_json::to_string(&tenant.control().requests()).unwrap();
    assert!(!log.contains(&key));
}

#[tokio::test]
async fn a_key_may_be_good_for_several_requests() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = agent(folder.path()).await;
    switch(&tenant, json!({ "arc_key_single_use": false })).await;
    let path = named(&token(&tenant, &[], &[]).await);
    assert_eq!(with_key(&tenant, &path, &[]).await.status, 200);
    assert_eq!(with_key(&tenant, &path, &[]).await.status, 200);
}

#[tokio::test]
async fn a_newer_agent_echoes_the_id_and_an_older_one_answers_for_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = agent(folder.path()).await;
    let id = [("client_id", TRIAGE)];
    let answer = with_key(&tenant, &named(&token(&tenant, &id, &[]).await), &id).await;
    assert_eq!(answer.member("client_id"), TRIAGE);
    assert_eq!(claims(&answer.member("access_token"))["appid"], TRIAGE);
    switch(&tenant, json!({ "arc_user_assigned": false })).await;
    let answer = with_key(&tenant, &named(&token(&tenant, &id, &[]).await), &id).await;
    assert!(answer.json().get("client_id").is_none());
    assert_ne!(claims(&answer.member("access_token"))["appid"], TRIAGE);
}

#[tokio::test]
async fn an_agent_may_name_files_that_must_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    let tenant = agent(&tokens).await;
    let challenge = async |fault: &str| {
        switch(&tenant, json!({ "arc_key_file": fault })).await;
        token(&tenant, &[], &[]).await
    };
    assert!(!named(&challenge("missing").await).exists());
    assert!(std::fs::metadata(named(&challenge("oversize").await)).unwrap().len() > 4096);
    let text = named(&challenge("wrong_suffix").await);
    assert!(text.exists() && text.extension().unwrap() == "txt");
    let outside = named(&challenge("outside").await);
    assert!(outside.exists() && outside.parent() == Some(folder.path()));
    let link = named(&challenge("link").await);
    assert!(link.exists() && link.parent() == Some(tokens.as_path()) && link.is_symlink());
    let dots = named(&challenge("dots").await);
    assert!(dots.exists() && dots.to_str().unwrap().contains("/../"));
    let silent = challenge("no_header").await;
    assert!(silent.status == 401 && silent.headers.get("www-authenticate").is_none());
}

#[tokio::test]
async fn an_agent_refuses_what_a_virtual_machine_refuses_and_needs_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = agent(folder.path()).await;
    let query = [("api-version", "2020-06-01"), ("resource", RESOURCE)];
    assert_eq!(ask(&tenant, ARC, &query, &[]).await.status, 400);
    assert_eq!(token(&tenant, &[("resource", RESOURCE)], &[]).await.status, 400);
    let bare = Tenant::start().await;
    let answer = token(&bare, &[], &[]).await;
    assert!(answer.status == 500 && answer.text.contains("directory"), "{}", answer.text);
}
