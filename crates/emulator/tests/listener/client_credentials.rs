//! Applications that sign in as themselves.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use defender_xdr_emulator::Options;
use jiff::SignedDuration;

use crate::tenant::*;

fn fields<'a>(id: &'a str, secret: &'a str, scope: &'a str) -> [(&'a str, &'a str); 4] {
    [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", scope)]
}

#[tokio::test]
async fn a_secret_buys_an_access_token_and_nothing_else() {
    let tenant = Tenant::start().await;
    let answer = tenant.token(&fields(AUTOMATION, AUTOMATION_SECRET, GRAPH)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &3599.into()));
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["token_type", "expires_in", "ext_expires_in", "access_token"]);
    let claims = claims(&answer.member("access_token"));
    assert_eq!(claims["aud"], "https://graph.microsoft.com");
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{AURORA}/"));
    assert_eq!((&claims["appid"], &claims["appidacr"]), (&AUTOMATION.into(), &"1".into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3599);
    assert!(claims["roles"].as_array().unwrap().contains(&"ThreatHunting.Read.All".into()));
    assert!(claims.get("scp").is_none());
}

#[tokio::test]
async fn the_domain_names_the_tenant_as_well_as_its_guid() {
    let tenant = Tenant::start().await;
    let path = "/aurora-lab.example/oauth2/v2.0/token";
    let answer = tenant.post(path, &fields(AUTOMATION, AUTOMATION_SECRET, GRAPH)).await;
    assert_eq!(claims(&answer.member("access_token"))["tid"], AURORA);
}

#[tokio::test]
async fn the_secret_may_come_in_the_basic_header_form_encoded() {
    let tenant = Tenant::start().await;
    let url = tenant.url(&format!("/{AURORA}/oauth2/v2.0/token"));
    let basic = format!("Basic {}", STANDARD.encode(format!("{READER}:rea%7EQ7.demo-secret-not-real_x4")));
    let form = [("grant_type", "client_credentials"), ("scope", GRAPH)];
    let request = tenant.http.post(&url).header("authorization", &basic);
    let answer = Answer::read(request.form(&form).send().await.unwrap()).await;
    assert_eq!(
        claims(&answer.member("access_token"))["roles"],
        serde_json::json!(["SecurityIncident.Read.All"])
    );

    let both = [form.as_slice(), &[("client_secret", READER_SECRET)]].concat();
    let request = tenant.http.post(&url).header("authorization", &basic);
    let answer = Answer::read(request.form(&both).send().await.unwrap()).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_request", 9_002_313));
}

#[tokio::test]
async fn without_consent_the_token_comes_without_roles() {
    let tenant = Tenant::start().await;
    let answer = tenant.token(&fields(UNCONSENTED, "unc~Q7.demo-secret-not-real_x6", GRAPH)).await;
    assert!(claims(&answer.member("access_token")).get("roles").is_none());
}

#[tokio::test]
async fn offline_access_beside_the_default_is_tolerated_and_buys_no_refresh_token() {
    let tenant = Tenant::start().await;
    let scope = format!("offline_access {LEGACY}");
    let answer = tenant.token(&fields(AUTOMATION, AUTOMATION_SECRET, &scope)).await;
    assert_eq!(claims(&answer.member("access_token"))["aud"], "https://security.microsoft.com/mtp");
    assert!(answer.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn every_name_of_an_api_is_known() {
    let tenant = Tenant::start().await;
    for (resource, role) in [
        ("https://graph.microsoft.us", "SecurityIncident.ReadWrite.All"),
        ("https://dod-graph.microsoft.us", "SecurityIncident.ReadWrite.All"),
        ("00000003-0000-0000-c000-000000000000", "SecurityIncident.ReadWrite.All"),
        ("https://api.security.microsoft.com", "Incident.ReadWrite.All"),
        ("https://api.security.microsoft.com/", "Incident.ReadWrite.All"),
        ("https://api-gcc.security.microsoft.us", "Incident.ReadWrite.All"),
        ("https://api-gov.security.microsoft.us", "Incident.ReadWrite.All"),
    ] {
        let scope = format!("{resource}/.default");
        let claims = claims(
            &tenant.token(&fields(AUTOMATION, AUTOMATION_SECRET, &scope)).await.member("access_token"),
        );
        assert_eq!(claims["aud"], resource);
        assert!(claims["roles"].as_array().unwrap().contains(&role.into()), "{resource}");
    }
}

#[tokio::test]
async fn the_older_endpoint_takes_a_resource_and_answers_numbers_as_strings() {
    let tenant = Tenant::start().await;
    let resource = "https://api.security.microsoft.com";
    let path = format!("/{AURORA}/oauth2/token");
    let form = |resource| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", AUTOMATION),
            ("client_secret", AUTOMATION_SECRET),
            ("resource", resource),
        ]
    };
    let answer = tenant.post(&path, &form(resource)).await;
    let body = answer.json();
    assert_eq!((&body["expires_in"], &body["resource"]), (&"3599".into(), &resource.into()));
    let expires_on: i64 = body["expires_on"].as_str().unwrap().parse().unwrap();
    assert_eq!(expires_on, claims(&answer.member("access_token"))["exp"].as_i64().unwrap());
    let unknown = tenant.post(&path, &form("https://nobody.example")).await;
    assert_eq!(unknown.refusal(), refused(400, "invalid_resource", 500_011));
}

#[tokio::test]
async fn a_client_that_declares_cp1_gets_a_token_that_says_so() {
    let tenant = Tenant::start().await;
    let capabilities = ("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
    let form = [fields(AUTOMATION, AUTOMATION_SECRET, GRAPH).as_slice(), &[capabilities]].concat();
    let answer = tenant.token(&form).await;
    assert_eq!(claims(&answer.member("access_token"))["xms_cc"], serde_json::json!(["cp1"]));
}

#[tokio::test]
async fn access_tokens_live_as_long_as_configured() {
    let options = Options { access_token_lifetime: Duration::from_secs(7), ..Options::default() };
    let tenant = Tenant::with(options).await;
    let answer = tenant.token(&fields(AUTOMATION, AUTOMATION_SECRET, GRAPH)).await;
    assert_eq!(answer.json()["expires_in"], 7);
    let call = async || {
        let request = tenant.http.get(tenant.url("/v1.0/security/incidents"));
        request.bearer_auth(answer.member("access_token")).send().await.unwrap().status()
    };
    assert_ne!(call().await, 401);
    tenant.control().advance_clock(SignedDuration::from_secs(8));
    assert_eq!(call().await, 401);
}
