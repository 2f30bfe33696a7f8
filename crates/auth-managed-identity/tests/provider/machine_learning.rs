//! Azure Machine Learning and older App Service: dates as text, one kind of id.

use serde_json::{Value, json};

use crate::stage::{CLIENT, Question, RESOURCE, Stage, says};

const PATH: &str = "/MSI/auth";
const SECRET: &str = "planted-msi-secret";

async fn stage() -> Stage {
    Stage::start().await.with_address("MSI_ENDPOINT", PATH).with_variable("MSI_SECRET", SECRET)
}

fn asking(id: &[(&str, &str)]) -> Question {
    let mut query = vec![("api-version", "2017-09-01"), ("resource", RESOURCE)];
    query.extend(id);
    Question::get(PATH, &query).header("secret", SECRET)
}

async fn end_of(expires_on: Value) -> String {
    let stage = stage().await;
    let body = json!({ "access_token": "at-1", "expires_on": expires_on, "resource": RESOURCE, "token_type": "Bearer" });
    stage.answers(&asking(&[]), says(200, &body)).await;
    stage.acquire().await.expect("a token").expires_at.to_string()
}

#[tokio::test]
async fn the_end_may_be_a_date_of_linux_or_windows_or_a_number() {
    for expires_on in [
        json!("11/22/2026 13:05:09 +00:00"),
        json!("11/22/2026 1:05:09 PM +00:00"),
        json!("1795352709"),
        json!(1_795_352_709),
    ] {
        assert_eq!(end_of(expires_on.clone()).await, "2026-11-22T13:05:09Z", "{expires_on}");
    }
}

#[tokio::test]
async fn the_client_id_has_its_own_spelling() {
    let stage = stage().await.with("managed-identity-client-id", CLIENT);
    let body = json!({ "access_token": "at-1", "expires_on": "1795352709", "client_id": CLIENT });
    stage.answers(&asking(&[("clientid", CLIENT)]), says(200, &body)).await;
    assert_eq!(stage.token().await, "at-1");
}

#[tokio::test]
async fn the_computes_own_identity_is_asked_for_where_the_host_names_one() {
    let default = "d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071";
    let body = json!({ "access_token": "at-1", "expires_on": "1795352709" });
    let own = stage().await.with_variable("DEFAULT_IDENTITY_CLIENT_ID", default);
    own.answers(&asking(&[("clientid", default)]), says(200, &body)).await;
    assert_eq!(own.token().await, "at-1");
    let chosen = stage()
        .await
        .with_variable("DEFAULT_IDENTITY_CLIENT_ID", default)
        .with("managed-identity-client-id", CLIENT);
    chosen.answers(&asking(&[("clientid", CLIENT)]), says(200, &body)).await;
    assert_eq!(chosen.token().await, "at-1");
}
