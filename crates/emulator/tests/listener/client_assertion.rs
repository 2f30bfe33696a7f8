//! Applications that sign in with a certificate.

use defender_xdr_emulator::{EmulatorError, Options};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::code_flow::*;
use crate::signer::*;
use crate::tenant::*;

pub(crate) const CERTIFICATE: &str = "b80d5f1e-3c76-49a2-8e4b-7a1f6d9c2035";
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn with_certificate(signer: &Signer) -> Tenant {
    let certificates = vec![(CERTIFICATE.to_owned(), signer.pem.clone())];
    Tenant::with(Options { certificates, ..Options::default() }).await
}

async fn present(tenant: &Tenant, client: &str, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("scope", GRAPH),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
    ];
    tenant.token(&form).await
}

fn good(tenant: &Tenant) -> Value {
    let audience = tenant.url(&format!("/{AURORA}/oauth2/v2.0/token"));
    claims_for(CERTIFICATE, &audience, tenant.control().now())
}

#[tokio::test]
async fn the_older_the_newer_and_the_longer_header_are_all_accepted() {
    let signer = Signer::new(KEY, 2090);
    let tenant = with_certificate(&signer).await;
    for style in [Style::Older, Style::Newer, Style::Chain] {
        let answer = present(&tenant, CERTIFICATE, &signer.sign(style, &good(&tenant))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let token = claims(&answer.member("access_token"));
        assert_eq!((&token["appid"], &token["appidacr"]), (&CERTIFICATE.into(), &"2".into()));
        assert!(answer.json().get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn times_may_have_fractions() {
    let signer = Signer::new(KEY, 2090);
    let tenant = with_certificate(&signer).await;
    let mut claims = good(&tenant);
    let now = claims["exp"].as_i64().unwrap() - 300;
    claims["exp"] = format!("{}.75", now + 300).parse::<f64>().unwrap().into();
    let answer = present(&tenant, CERTIFICATE, &signer.sign(Style::Newer, &claims)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn the_audience_is_the_token_endpoint_or_the_issuer() {
    let signer = Signer::new(KEY, 2090);
    let tenant = with_certificate(&signer).await;
    for (path, accepted) in [
        (format!("/{AURORA}/oauth2/token"), true),
        (format!("/{AURORA}/v2.0"), true),
        ("/aurora-lab.example/oauth2/v2.0/token".to_owned(), true),
        ("/organizations/oauth2/v2.0/token".to_owned(), false),
        ("/2b8e4f71-93c6-4d05-a1f2-7c6e0d9b3a58/oauth2/v2.0/token".to_owned(), false),
    ] {
        let mut claims = good(&tenant);
        claims["aud"] = tenant.url(&path).into();
        let answer = present(&tenant, CERTIFICATE, &signer.sign(Style::Newer, &claims)).await;
        assert_eq!(answer.status == 200, accepted, "{path}: {}", answer.text);
        if !accepted {
            assert_eq!(answer.refusal(), refused(401, "invalid_client", 700_023));
        }
    }
}

#[tokio::test]
async fn every_fault_of_an_assertion_has_its_number() {
    let signer = Signer::new(KEY, 2090);
    let tenant = with_certificate(&signer).await;
    let now = tenant.control().now().as_second();
    for (name, value, number) in [
        ("exp", json!(now - 1), 700_024),
        ("exp", json!((now + 600).to_string()), 700_024),
        ("exp", Value::Null, 700_024),
        ("nbf", json!(now + 900), 700_024),
        ("sub", json!(AUTOMATION), 700_021),
        ("aud", json!("https://login.microsoftonline.com/common"), 700_023),
        ("aud", Value::Null, 700_023),
    ] {
        let mut claims = good(&tenant);
        claims[name] = value;
        let answer = present(&tenant, CERTIFICATE, &signer.sign(Style::Older, &claims)).await;
        assert_eq!(answer.refusal(), refused(401, "invalid_client", number), "{name}: {}", answer.text);
    }
    let late = signer.sign(Style::Newer, &good(&tenant));
    tenant.control().advance_clock(SignedDuration::from_secs(601));
    let late = present(&tenant, CERTIFICATE, &late).await;
    assert_eq!(late.refusal(), refused(401, "invalid_client", 700_024));
    assert!(late.member("error_description").contains("Current time"));
}

#[tokio::test]
async fn an_unknown_certificate_and_a_forged_signature_are_told_apart_in_the_text() {
    let (signer, other) = (Signer::new(KEY, 2090), Signer::new(OTHER_KEY, 2090));
    let tenant = with_certificate(&signer).await;
    let unknown = present(&tenant, CERTIFICATE, &other.sign(Style::Newer, &good(&tenant))).await;
    assert_eq!(unknown.refusal(), refused(401, "invalid_client", 700_027));
    assert!(unknown.member("error_description").contains("The key was not found., Thumbprint"));
    let genuine = signer.sign(Style::Newer, &good(&tenant));
    let foreign = other.sign(Style::Newer, &good(&tenant));
    let forged = format!("{}.{}", genuine.rsplit_once('.').unwrap().0, foreign.rsplit_once('.').unwrap().1);
    let forged = present(&tenant, CERTIFICATE, &forged).await;
    assert_eq!(forged.refusal(), refused(401, "invalid_client", 700_027));
    assert!(forged.member("error_description").contains("invalid signature"));
    let elsewhere = present(&tenant, READER, &genuine).await;
    assert_ne!(elsewhere.status, 200);
    let public = present(&tenant, CORTEX_APP, &genuine).await;
    assert_eq!(public.refusal(), refused(401, "invalid_client", 700_025));
    let nonsense = present(&tenant, CERTIFICATE, "nonsense").await;
    assert_eq!(nonsense.refusal(), refused(401, "invalid_client", 50_012));
}

#[tokio::test]
async fn a_certificate_past_its_end_is_refused() {
    let signer = Signer::new(KEY, 2021);
    let tenant = with_certificate(&signer).await;
    let answer = present(&tenant, CERTIFICATE, &signer.sign(Style::Older, &good(&tenant))).await;
    assert_eq!(answer.refusal(), refused(401, "invalid_client", 7_000_222));
}

#[tokio::test]
async fn an_assertion_may_be_good_for_one_use_only() {
    let signer = Signer::new(KEY, 2090);
    let certificates = vec![(CERTIFICATE.to_owned(), signer.pem.clone())];
    let options = Options { certificates, single_use_assertions: true, ..Options::default() };
    let tenant = Tenant::with(options).await;
    let assertion = signer.sign(Style::Newer, &good(&tenant));
    assert_eq!(present(&tenant, CERTIFICATE, &assertion).await.status, 200);
    let again = present(&tenant, CERTIFICATE, &assertion).await;
    assert_eq!(again.refusal(), refused(401, "invalid_client", 50_012));
}

#[tokio::test]
async fn certificates_are_registered_and_forgotten_while_the_tenant_runs() {
    let signer = Signer::new(KEY, 2090);
    let tenant = Tenant::start().await;
    let path = format!("/_control/entra/applications/{CERTIFICATE}/certificates");
    let assertion = signer.sign(Style::Newer, &good(&tenant));
    assert_eq!(present(&tenant, CERTIFICATE, &assertion).await.refusal().2, Some(700_027));
    let told = tenant.post_json(&path, &json!({ "pem": signer.pem })).await;
    assert_eq!(told.status, 201);
    assert_eq!(told.member("thumbprint").len(), 40);
    assert_eq!(present(&tenant, CERTIFICATE, &assertion).await.status, 200);
    assert_eq!(tenant.http.delete(tenant.url(&path)).send().await.unwrap().status(), 204);
    assert_eq!(present(&tenant, CERTIFICATE, &assertion).await.refusal().2, Some(700_027));
    for pem in ["nonsense".to_owned(), KEY.to_owned()] {
        assert_eq!(tenant.post_json(&path, &json!({ "pem": pem })).await.status, 400);
    }
    let elliptic = rcgen::generate_simple_self_signed(vec!["x".to_owned()]).unwrap().cert.pem();
    let refused = tenant.post_json(&path, &json!({ "pem": elliptic })).await;
    assert!(refused.text.contains("no RSA key"), "{}", refused.text);
    let certificates = vec![("nobody".to_owned(), signer.pem)];
    let error = defender_xdr_emulator::Emulator::start(Options { certificates, ..Options::default() }).await;
    assert!(matches!(error.unwrap_err(), EmulatorError::Certificate(_)));
}

#[tokio::test]
async fn a_code_and_a_refresh_token_are_redeemed_with_a_certificate_too() {
    let signer = Signer::new(KEY, 2090);
    let tenant = with_certificate(&signer).await;
    let code = tenant.code(CERTIFICATE, MY_APP, &format!("offline_access {GRAPH}"), &[]);
    let assertion = signer.sign(Style::Newer, &good(&tenant));
    let proof = [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion.as_str())];
    let tokens = tenant.redeem(CERTIFICATE, &code, MY_APP, &proof).await;
    let refresh = tokens.member("refresh_token");
    let form =
        [("grant_type", "refresh_token"), ("client_id", CERTIFICATE), ("refresh_token", refresh.as_str())];
    assert_eq!(tenant.token(&form).await.refusal(), refused(401, "invalid_client", 7_000_218));
    assert_eq!(tenant.token(&[&form[..], &proof].concat()).await.status, 200);
}
