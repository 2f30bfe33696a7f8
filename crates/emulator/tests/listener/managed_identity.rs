//! Virtual machines, App Service, Azure ML and Cloud Shell: tokens without a secret of one's own.

use defender_xdr_emulator::{BodyKind, Fault, FaultRule, Options, Tls};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tenant::*;

pub(crate) const RESOURCE: &str = "https://api.security.microsoft.com/";
const IMDS: &str = "/_managed_identity/imds/metadata/identity/oauth2/token";
const TRIAGE: &str = "e5b07c94-3a2d-4f81-9c6e-7d1a0f8b4e27";
const SYSTEM: &str = "8c2f6d19-7b40-4e5a-a3d8-1e9f0c7b5a62";

/// `GET` with a query and headers.
pub(crate) async fn ask(
    tenant: &Tenant,
    path: &str,
    query: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let url = tenant.url(&format!("{path}?{}", serde_urlencoded::to_string(query).unwrap()));
    let request =
        headers.iter().fold(tenant.http.get(url), |request, (name, value)| request.header(*name, *value));
    Answer::read(request.send().await.unwrap()).await
}

async fn imds(tenant: &Tenant, more: &[(&str, &str)]) -> Answer {
    let query = [&[("api-version", "2018-02-01"), ("resource", RESOURCE)], more].concat();
    ask(tenant, IMDS, &query, &[("metadata", "true")]).await
}

async fn switch(tenant: &Tenant, switches: &Value) -> Answer {
    tenant.post_json("/_control/managed-identity", switches).await
}

#[tokio::test]
async fn a_virtual_machine_gets_the_same_token_again_with_its_numbers_as_texts() {
    let tenant = Tenant::start().await;
    let first = imds(&tenant, &[]).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(
        (first.member("expires_in").as_str(), first.member("token_type").as_str()),
        ("86399", "Bearer")
    );
    assert!(
        first.member("expires_on").parse::<i64>().is_ok()
            && first.member("not_before").parse::<i64>().is_ok()
    );
    assert_eq!((first.member("resource").as_str(), first.member("refresh_token").as_str()), (RESOURCE, ""));
    let token = claims(&first.member("access_token"));
    assert_eq!((&token["appid"], &token["aud"]), (&SYSTEM.into(), &RESOURCE.into()));
    assert!(token["roles"].as_array().unwrap().contains(&"Incident.ReadWrite.All".into()), "{token}");
    tenant.control().advance_clock(SignedDuration::from_hours(1));
    let again = imds(&tenant, &[]).await;
    assert_eq!(again.member("access_token"), first.member("access_token"));
    assert!(again.member("expires_in").parse::<i64>().unwrap() <= 82_799);
    tenant.control().advance_clock(SignedDuration::from_hours(24));
    assert_ne!(imds(&tenant, &[]).await.member("access_token"), first.member("access_token"));
}

#[tokio::test]
async fn its_token_opens_the_api() {
    let tenant = Tenant::start().await;
    let token = imds(&tenant, &[]).await.member("access_token");
    let request = tenant.http.get(tenant.url("/api/incidents")).bearer_auth(token);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_identity_is_named_by_any_of_its_ids() {
    let tenant = Tenant::start().await;
    let about = tenant.get("/_control/managed-identity").await.json();
    let triage = about["identities"].as_array().unwrap().iter().find(|one| one["name"] == "triage").unwrap();
    for (parameter, member) in [
        ("client_id", "client_id"),
        ("object_id", "object_id"),
        ("msi_res_id", "resource_id"),
        ("mi_res_id", "resource_id"),
    ] {
        let answer = imds(&tenant, &[(parameter, triage[member].as_str().unwrap())]).await;
        let token = claims(&answer.member("access_token"));
        assert_eq!((&token["appid"], &token["oid"]), (&TRIAGE.into(), &triage["object_id"]), "{parameter}");
        assert_eq!(token["xms_mirid"], triage["resource_id"]);
    }
    let unknown = imds(&tenant, &[("client_id", "00000000-1111-2222-3333-444444444444")]).await;
    assert_eq!((unknown.status, unknown.member("error_description").as_str()), (400, "Identity not found"));
    let empty = imds(&tenant, &[("client_id", "")]).await;
    assert_eq!(empty.member("error_description"), "Identity not found");
}

#[tokio::test]
async fn what_is_assigned_decides_who_is_meant_without_an_id() {
    let tenant = Tenant::start().await;
    switch(&tenant, &json!({ "system_assigned": false })).await;
    assert!(imds(&tenant, &[]).await.member("error_description").contains("Multiple user assigned"));
    switch(&tenant, &json!({ "user_assigned": ["triage"] })).await;
    assert_eq!(claims(&imds(&tenant, &[]).await.member("access_token"))["appid"], TRIAGE);
    switch(&tenant, &json!({ "user_assigned": [] })).await;
    assert_eq!(imds(&tenant, &[]).await.member("error_description"), "Identity not found");
    assert_eq!(switch(&tenant, &json!({ "telepathy": true })).await.status, 400);
}

#[tokio::test]
async fn a_virtual_machine_refuses_what_does_not_come_from_a_program_on_it() {
    let tenant = Tenant::start().await;
    let good = [("api-version", "2018-02-01"), ("resource", RESOURCE)];
    let metadata = ("metadata", "true");
    let probe = ask(&tenant, IMDS, &good, &[]).await;
    assert_eq!((probe.status, probe.member("error").as_str()), (400, "bad_request_102"));
    let forwarded = ask(&tenant, IMDS, &good, &[metadata, ("x-forwarded-for", "10.0.0.1")]).await;
    assert_eq!((forwarded.status, forwarded.member("error").as_str()), (400, "invalid_request"));
    let version = ask(&tenant, IMDS, &good[1..], &[metadata]).await;
    assert!(version.status == 400 && version.json()["newest-versions"].is_array());
    for (query, words) in [
        ([&good[..], &[("resource", RESOURCE)]].concat(), "more than once"),
        ([&good[..], &[("client_id", TRIAGE), ("object_id", "x")]].concat(), "Only one of"),
        (vec![good[0]], "'resource' is missing"),
        (vec![good[0], ("scope", "https://graph.microsoft.com/.default")], "'resource' is missing"),
        (vec![good[0], ("resource", "https://graph.microsoft.com/.default")], "AADSTS500011"),
    ] {
        let answer = ask(&tenant, IMDS, &query, &[metadata]).await;
        assert!(
            answer.status == 400 && answer.member("error_description").contains(words),
            "{}",
            answer.text
        );
    }
    let elsewhere = ask(&tenant, "/_managed_identity/imds/metadata/identity/token", &good, &[metadata]).await;
    assert_eq!((elsewhere.status, elsewhere.member("error").as_str()), (401, "unknown_source"));
    let post = tenant.post(IMDS, &good).await;
    assert_eq!(post.status, 405);
    let info = "/metadata/identity/info";
    assert_eq!(ask(&tenant, info, &good[..1], &[metadata]).await.member("tenantId"), AURORA);
}

#[tokio::test]
async fn a_host_stumbles_as_it_is_told_to() {
    let tenant = Tenant::start().await;
    for status in [404, 410, 429, 500] {
        let fault = Fault::Status { status, retry_after: None, body: None, body_kind: BodyKind::Empty };
        tenant.control().add_fault(FaultRule::once(IMDS, fault));
    }
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(imds(&tenant, &[]).await.status);
    }
    assert_eq!(statuses, [404, 410, 429, 500, 200]);
    assert_eq!(tenant.control().requests().len(), 5);
}

#[tokio::test]
async fn app_service_wants_its_header_and_names_ids_its_own_way() {
    let tenant = Tenant::start().await;
    let host = tenant.control().managed_identity()["hosts"]["app-service"].clone();
    let endpoint =
        host["IDENTITY_ENDPOINT"].as_str().unwrap().strip_prefix(tenant.emulator.origin()).unwrap();
    let header = [("x-identity-header", host["IDENTITY_HEADER"].as_str().unwrap())];
    let good = [("api-version", "2019-08-01"), ("resource", RESOURCE)];
    let answer = ask(&tenant, endpoint, &good, &header).await;
    assert!(answer.member("expires_on").parse::<i64>().is_ok());
    assert!(answer.json().get("expires_in").is_none());
    assert_eq!(answer.member("client_id"), SYSTEM);
    for name in ["client_id", "principal_id", "mi_res_id"] {
        let refused = ask(&tenant, endpoint, &[&good[..], &[(name, "nobody")]].concat(), &header).await;
        assert_eq!((refused.status, &refused.json()["statusCode"]), (400, &400.into()), "{name}");
        assert_eq!(refused.headers["x-correlation-id"], refused.member("correlationId").as_str());
        assert!(refused.json().get("error").is_none());
    }
    assert_eq!(ask(&tenant, endpoint, &good, &[("x-identity-header", "wrong")]).await.status, 401);
    assert_eq!(ask(&tenant, endpoint, &good, &[("secret", header[0].1)]).await.status, 401);
    let older = [("api-version", "2017-09-01"), ("resource", RESOURCE)];
    assert_eq!(ask(&tenant, endpoint, &older, &header).await.status, 400);
    let vague = [good[0], ("resource", "https://nobody.example")];
    assert_eq!(ask(&tenant, endpoint, &vague, &header).await.json()["statusCode"], 500);
    let log = serde_json::to_string(&tenant.control().requests()).unwrap();
    assert!(!log.contains(header[0].1) && log.contains("characters>"), "{log}");
}

#[tokio::test]
async fn the_older_app_service_and_azure_ml_write_times_in_several_ways() {
    let tenant = Tenant::start().await;
    tenant.control().set_clock("2026-03-01T10:00:00Z".parse().unwrap());
    let hosts = tenant.control().managed_identity()["hosts"].clone();
    let token = async |host: &str| {
        let endpoint = hosts[host]["MSI_ENDPOINT"].as_str().unwrap();
        let endpoint = endpoint.strip_prefix(tenant.emulator.origin()).unwrap();
        let query = [("api-version", "2017-09-01"), ("resource", RESOURCE), ("clientid", TRIAGE)];
        let answer =
            ask(&tenant, endpoint, &query, &[("secret", hosts[host]["MSI_SECRET"].as_str().unwrap())]).await;
        assert_eq!(claims(&answer.member("access_token"))["appid"], TRIAGE);
        assert_eq!(ask(&tenant, endpoint, &query, &[("secret", "wrong")]).await.status, 401);
        answer.json()["expires_on"].clone()
    };
    assert!(token("app-service-2017").await.as_str().unwrap().starts_with("03/02/2026 09:59:5"));
    assert!(token("machine-learning").await.is_i64());
    switch(&tenant, &json!({ "app_service_2017_date": "windows", "machine_learning_date": "number_text" }))
        .await;
    let windows = token("app-service-2017").await;
    assert!(
        windows.as_str().unwrap().starts_with("3/2/2026 9:59:5")
            && windows.as_str().unwrap().ends_with("AM +00:00")
    );
    assert!(token("machine-learning").await.is_string());
}

#[tokio::test]
async fn cloud_shell_gives_the_token_of_a_person() {
    let tenant = Tenant::start().await;
    let url = tenant.url("/_managed_identity/cloud-shell/oauth2/token");
    let post = async |fields: &[(&str, &str)], metadata: &str| {
        let request = tenant.http.post(&url).header("metadata", metadata).form(fields);
        Answer::read(request.send().await.unwrap()).await
    };
    let answer = post(&[("resource", RESOURCE)], "true").await;
    assert_eq!(claims(&answer.member("access_token"))["upn"], "dana@aurora-lab.example");
    assert_eq!(answer.member("expires_in"), "86399");
    let request = tenant.http.get(tenant.url("/api/incidents")).bearer_auth(answer.member("access_token"));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let refused = post(&[("resource", "https://nobody.example")], "true").await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (400, &"AudienceNotSupported".into()));
    assert_eq!(post(&[("resource", RESOURCE)], "false").await.status, 400);
    assert_eq!(post(&[("resource", RESOURCE), ("client_id", TRIAGE)], "true").await.status, 400);
}

#[tokio::test]
async fn beside_tls_the_hosts_are_reached_over_plain_http_and_nothing_else_is() {
    let tenant = Tenant::with(Options { tls: Tls::ThrowAway, ..Options::default() }).await;
    let plain = tenant.emulator.managed_identity_origin().to_owned();
    assert!(plain.starts_with("http://127.0.0.1:"));
    let hosts = tenant.get("/_control/managed-identity").await.json();
    let base = hosts["hosts"]["imds"]["AZURE_POD_IDENTITY_AUTHORITY_HOST"].as_str().unwrap().to_owned();
    assert_eq!(base, format!("{plain}/_managed_identity/imds"));
    let url = format!("{base}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={RESOURCE}");
    let request = tenant.http.get(url).header("metadata", "true");
    assert_eq!(request.send().await.unwrap().status(), 200);
    for path in ["/_control/ready", "/api/incidents", "/device"] {
        let request = tenant.http.get(format!("{plain}{path}"));
        assert_eq!(request.send().await.unwrap().status(), 404, "{path}");
    }
    tenant.emulator.stop().await;
    assert!(tenant.http.get(plain).send().await.is_err());
}
