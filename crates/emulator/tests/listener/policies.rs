//! What a tenant's policies do to sign-ins, on demand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use defender_xdr_emulator::{Choice, Moment, SignInRefusal};
use serde_json::{Value, json};

use crate::code_flow::*;
use crate::tenant::*;

const INCIDENTS: &str = "/v1.0/security/incidents?$top=1";

async fn refuse(tenant: &Tenant, rule: &Value) {
    assert_eq!(tenant.post_json("/_control/entra/refusals", rule).await.status, 201, "{rule}");
}

async fn secret(tenant: &Tenant, more: &[(&str, &str)]) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", AUTOMATION),
        ("client_secret", AUTOMATION_SECRET),
        ("scope", GRAPH),
    ];
    tenant.token(&[&form[..], more].concat()).await
}

async fn refresh(tenant: &Tenant, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("client_id", DESKTOP), ("refresh_token", token)];
    tenant.token(&form).await
}

async fn signed_in(tenant: &Tenant) -> String {
    let code = tenant.code(DESKTOP, LOCALHOST, &format!("offline_access {GRAPH}"), S256);
    tenant.redeem(DESKTOP, &code, LOCALHOST, &[("code_verifier", VERIFIER)]).await.member("refresh_token")
}

#[tokio::test]
async fn each_grant_is_refused_as_often_as_the_rule_says() {
    let tenant = Tenant::start().await;
    let claims = "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"x\"]}}}";
    refuse(&tenant, &json!({ "grant": "client_credentials", "code": 53003, "times": 2, "claims": claims }))
        .await;
    for _ in 0..2 {
        let answer = secret(&tenant, &[]).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant", 53_003));
        assert_eq!(
            (answer.member("suberror"), answer.member("claims")),
            ("message_only".into(), claims.into())
        );
    }
    assert_eq!(secret(&tenant, &[]).await.status, 200);
    let token = signed_in(&tenant).await;
    refuse(&tenant, &json!({ "grant": "refresh_token", "code": 50076 })).await;
    let mfa = refresh(&tenant, &token).await;
    assert_eq!(mfa.refusal(), refused(400, "interaction_required", 50_076));
    assert_eq!(mfa.member("suberror"), "basic_action");
    assert_eq!(refresh(&tenant, &token).await.status, 200);
    let rule = json!({ "grant": "refresh_token", "code": 50158, "error": "invalid_grant", "suberror": "additional_action" });
    refuse(&tenant, &rule).await;
    assert_eq!(refresh(&tenant, &token).await.refusal(), refused(400, "invalid_grant", 50_158));
    let code = tenant.code(DESKTOP, LOCALHOST, GRAPH, S256);
    refuse(&tenant, &json!({ "grant": "authorization_code", "code": 7_000_218 })).await;
    let proof = [("code_verifier", VERIFIER)];
    let answer = tenant.redeem(DESKTOP, &code, LOCALHOST, &proof).await;
    assert_eq!(answer.refusal(), refused(401, "invalid_client", 7_000_218));
    assert_eq!(tenant.redeem(DESKTOP, &code, LOCALHOST, &proof).await.status, 200);
    refuse(&tenant, &json!({ "grant": "device_code", "code": 65001 })).await;
    let (user_code, device_code) = tenant.start_device_code(AUTOMATION, GRAPH).await;
    tenant.control().approve(&user_code, DANA).unwrap();
    let answer = tenant.poll(AUTOMATION, &device_code).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_grant", 65_001));
    assert_eq!(answer.member("suberror"), "consent_required");
}

#[tokio::test]
async fn a_rule_can_be_for_one_application_or_one_person_and_can_be_withdrawn() {
    let tenant = Tenant::start().await;
    refuse(&tenant, &json!({ "grant": "client_credentials", "code": 53003, "application": READER })).await;
    assert_eq!(secret(&tenant, &[]).await.status, 200);
    assert_eq!(tenant.get("/_control/entra/refusals").await.json()[0]["times"], 1);
    let token = signed_in(&tenant).await;
    refuse(&tenant, &json!({ "grant": "refresh_token", "code": 50057, "user": "mika@aurora-lab.example" }))
        .await;
    assert_eq!(refresh(&tenant, &token).await.status, 200);
    refuse(&tenant, &json!({ "grant": "refresh_token", "code": 50057, "user": DANA })).await;
    tenant.http.delete(tenant.url("/_control/entra/refusals")).send().await.unwrap();
    assert_eq!(refresh(&tenant, &token).await.status, 200);
    let bad = json!({ "grant": "telepathy", "code": 1 });
    assert_eq!(tenant.post_json("/_control/entra/refusals", &bad).await.status, 400);
}

#[tokio::test]
async fn on_the_sign_in_page_some_refusals_stay_and_others_go_back() {
    let tenant = Tenant::start().await;
    let url = tenant.url(&authorize_path(DESKTOP, LOCALHOST, GRAPH, S256));
    let sign_in = || tenant.control().authorize(&url, DANA, Choice::Accept);
    tenant.control().refuse_sign_ins(SignInRefusal::once(Moment::Authorize, 53_003));
    assert!(sign_in().unwrap_err().to_string().starts_with("AADSTS53003: "));
    tenant.control().refuse_sign_ins(SignInRefusal::once(Moment::Authorize, 50_079));
    assert_eq!(sign_in().unwrap()["fields"]["error"], "interaction_required");
    assert!(sign_in().unwrap()["fields"]["code"].is_string());
}

#[tokio::test]
async fn refresh_tokens_die_as_they_are_told_to() {
    let tenant = Tenant::start().await;
    for code in [50_173, 700_082, 700_084, 70_043] {
        let token = signed_in(&tenant).await;
        let end = json!({ "code": code, "user": DANA });
        assert_eq!(tenant.post_json("/_control/entra/sessions/end", &end).await.json()["ended"], 1);
        assert_eq!(refresh(&tenant, &token).await.refusal(), refused(400, "invalid_grant", code));
    }
    let token = signed_in(&tenant).await;
    let other = json!({ "code": 50173, "user": "mika@aurora-lab.example" });
    assert_eq!(tenant.post_json("/_control/entra/sessions/end", &other).await.json()["ended"], 0);
    assert_eq!(refresh(&tenant, &token).await.status, 200);
    assert_eq!(tenant.post_json("/_control/entra/sessions/end", &json!({ "code": 1 })).await.status, 400);
}

async fn call(tenant: &Tenant, token: &str) -> Answer {
    Answer::read(tenant.http.get(tenant.url(INCIDENTS)).bearer_auth(token).send().await.unwrap()).await
}

/// The JSON inside the challenge of an answer.
fn demanded(answer: &Answer) -> String {
    assert_eq!(answer.status, 401, "{}", answer.text);
    let header = answer.headers["www-authenticate"].to_str().unwrap();
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let claims = header.split_once("claims=\"").unwrap().1.trim_end_matches('"');
    String::from_utf8(STANDARD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn an_api_that_wants_a_newer_token_is_content_with_one_made_for_its_challenge() {
    let tenant = Tenant::start().await;
    let old = secret(&tenant, &[]).await.member("access_token");
    assert_eq!(call(&tenant, &old).await.status, 200);
    tenant.post_json("/_control/entra/claims-challenge", &json!({ "path_prefix": "/v1.0" })).await;
    let claims = demanded(&call(&tenant, &old).await);
    let new = secret(&tenant, &[("claims", &claims)]).await.member("access_token");
    assert_eq!(call(&tenant, &new).await.status, 200);
    assert_eq!(call(&tenant, "nonsense").await.headers.get("www-authenticate").map(|_| ()), Some(()));
    tenant.http.delete(tenant.url("/_control/entra/claims-challenge")).send().await.unwrap();
    assert_eq!(call(&tenant, &old).await.status, 200);
}

#[tokio::test]
async fn an_api_may_demand_an_authentication_context() {
    let tenant = Tenant::start().await;
    let claims = json!({ "access_token": { "acrs": { "essential": true, "value": "c1" } } });
    let rule = json!({ "claims": claims });
    assert_eq!(tenant.post_json("/_control/entra/claims-challenge", &rule).await.status, 201);
    let plain = secret(&tenant, &[]).await.member("access_token");
    let asked = demanded(&call(&tenant, &plain).await);
    let code = tenant.code(DESKTOP, LOCALHOST, GRAPH, &[S256, &[("claims", &asked)]].concat());
    let answer = tenant.redeem(DESKTOP, &code, LOCALHOST, &[("code_verifier", VERIFIER)]).await;
    let token = answer.member("access_token");
    assert_eq!(crate::tenant::claims(&token)["acrs"], json!(["c1"]));
    assert_eq!(call(&tenant, &token).await.status, 200);
    let wrong = json!({ "claims": "x" });
    assert_eq!(tenant.post_json("/_control/entra/claims-challenge", &wrong).await.status, 400);
}
