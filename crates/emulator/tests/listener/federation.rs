//! Applications that sign in with the token of a cluster or of a build.

use defender_xdr_emulator::SubjectToken;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tenant::*;

const WORKLOAD: &str = "f3926e0c-d4b1-4875-9a6e-5c8f1b7d3e49";
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn exchange(tenant: &Tenant, client: &str, token: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("scope", LEGACY),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", token),
    ];
    tenant.token(&form).await
}

fn subject_token(tenant: &Tenant, issuer: &str, asked: &SubjectToken) -> String {
    tenant.control().subject_token(issuer, asked).unwrap()
}

#[tokio::test]
async fn the_token_of_a_cluster_and_of_a_build_are_exchanged() {
    let tenant = Tenant::start().await;
    for issuer in ["kubernetes", "github"] {
        let path = format!("/_control/federation/{issuer}/token");
        let made = tenant.post_json(&path, &json!({})).await;
        assert_eq!(made.member("issuer"), tenant.url(&format!("/_federation/{issuer}")));
        let answer = exchange(&tenant, WORKLOAD, &made.member("token")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(claims(&answer.member("access_token"))["appidacr"], "2");
    }
}

#[tokio::test]
async fn each_mismatch_has_its_number() {
    let tenant = Tenant::start().await;
    let subject = |text: &str| SubjectToken { subject: Some(text.to_owned()), ..SubjectToken::default() };
    let audience = |text: &str| SubjectToken { audience: Some(text.to_owned()), ..SubjectToken::default() };
    for (issuer, asked, number) in [
        ("elsewhere", subject("system:serviceaccount:soar:defender-xdr"), 700_211),
        ("kubernetes", audience("api://AzureADTokenExchangeUSGov"), 700_212),
        ("kubernetes", subject("system:serviceaccount:soar:other"), 700_213),
        ("kubernetes", subject("system:serviceaccount:SOAR:defender-xdr"), 7_002_138),
        ("github", subject("repo:aurora-lab/playbooks:ref:refs/heads/feature"), 700_213),
    ] {
        let answer = exchange(&tenant, WORKLOAD, &subject_token(&tenant, issuer, &asked)).await;
        assert_eq!(answer.refusal(), refused(401, "invalid_client", number), "{asked:?}");
    }
    let good = subject_token(&tenant, "kubernetes", &SubjectToken::default());
    assert_eq!(exchange(&tenant, AUTOMATION, &good).await.refusal(), refused(401, "invalid_client", 70_021));
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    assert_eq!(exchange(&tenant, WORKLOAD, &forged).await.refusal(), refused(401, "invalid_client", 50_013));
    tenant.control().advance_clock(SignedDuration::from_secs(3601));
    assert_eq!(exchange(&tenant, WORKLOAD, &good).await.refusal(), refused(401, "invalid_client", 700_024));
    let stale = SubjectToken { lifetime_seconds: Some(-1), ..SubjectToken::default() };
    let stale = subject_token(&tenant, "github", &stale);
    assert_eq!(exchange(&tenant, WORKLOAD, &stale).await.refusal(), refused(401, "invalid_client", 700_024));
}

#[tokio::test]
async fn another_application_is_federated_while_the_tenant_runs() {
    let tenant = Tenant::start().await;
    let path = format!("/_control/entra/applications/{AUTOMATION}/federated-credentials");
    let told = tenant.post_json(&path, &json!({ "issuer": "pipeline", "subject": "line:1" })).await;
    assert_eq!((told.status, told.member("issuer")), (201, tenant.url("/_federation/pipeline")));
    let asked = SubjectToken { subject: Some("line:1".to_owned()), ..SubjectToken::default() };
    let token = subject_token(&tenant, "pipeline", &asked);
    assert_eq!(exchange(&tenant, AUTOMATION, &token).await.status, 200);
    tenant.http.delete(tenant.url(&path)).send().await.unwrap();
    assert_eq!(exchange(&tenant, AUTOMATION, &token).await.refusal().2, Some(70_021));
}

#[tokio::test]
async fn an_issuer_publishes_its_metadata_and_keys() {
    let tenant = Tenant::start().await;
    let metadata = tenant.get("/_federation/kubernetes/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["issuer"], tenant.url("/_federation/kubernetes"));
    let keys = metadata["jwks_uri"].as_str().unwrap().to_owned();
    let keys: Value =
        serde_json::from_str(&tenant.http.get(keys).send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(keys["keys"][0]["use"], "sig");
}

#[tokio::test]
async fn a_build_asks_for_its_token_with_the_token_it_was_given() {
    let tenant = Tenant::start().await;
    let url = tenant
        .url("/_federation/github/token-request?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange");
    let refused = tenant.http.get(&url).bearer_auth("wrong").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let request = tenant.http.get(&url).bearer_auth("build-request-token-not-real");
    let token = Answer::read(request.send().await.unwrap()).await.member("value");
    assert_eq!(claims(&token)["repository"], "aurora-lab/playbooks");
    assert_eq!(exchange(&tenant, WORKLOAD, &token).await.status, 200);
}
