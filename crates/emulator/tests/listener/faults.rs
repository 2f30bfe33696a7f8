//! Requests that go wrong on purpose.

use std::time::{Duration, Instant};

use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::{Bearer, BodyKind, Fault, FaultRule, ScriptedFailure};
use jiff::SignedDuration;

use crate::tenant::*;

const INCIDENTS: &str = "/v1.0/security/incidents";

async fn call(tenant: &Tenant, token: &str) -> Answer {
    let request = tenant.http.get(tenant.url(INCIDENTS)).bearer_auth(token);
    Answer::read(request.send().await.unwrap()).await
}

fn graph_token(tenant: &Tenant) -> String {
    tenant.control().access_token(AUTOMATION, &Audience::Graph, Bearer::Application).unwrap()
}

#[tokio::test]
async fn a_status_fault_strikes_as_often_as_it_says_and_then_ends() {
    let tenant = Tenant::start().await;
    let fault = Fault::Status { status: 429, retry_after: Some(7), body: None, body_kind: BodyKind::Html };
    tenant.control().add_fault(FaultRule { times: 2, ..FaultRule::once("/nowhere", fault) });
    for _ in 0..2 {
        let answer = tenant.get("/nowhere/1").await;
        assert_eq!((answer.status, &answer.headers["retry-after"]), (429, &"7".parse().unwrap()));
        assert!(answer.text.contains("Too Many Requests"));
    }
    assert_eq!(tenant.get("/nowhere/1").await.status, 404);
}

#[tokio::test]
async fn a_reset_leaves_no_answer_and_the_next_request_is_served() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let tenant = Tenant::start().await;
    tenant.control().add_fault(FaultRule::once("/nowhere", Fault::Reset));
    let address = tenant.emulator.origin().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let error = stream.read(&mut [0; 16]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(tenant.get("/nowhere").await.status, 404);
    let statuses: Vec<_> = tenant.control().requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [None, Some(404)]);
}

#[tokio::test]
async fn a_cut_body_announces_more_than_it_brings() {
    let tenant = Tenant::start().await;
    tenant.control().add_fault(FaultRule::once("/common", Fault::CutBody { bytes: 10 }));
    let path = "/common/v2.0/.well-known/openid-configuration";
    let mut response = tenant.http.get(tenant.url(path)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 10);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 10);
    response.chunk().await.unwrap_err();
}

#[tokio::test]
async fn a_slow_answer_is_late_but_whole() {
    let tenant = Tenant::start().await;
    tenant.control().add_fault(FaultRule::once("/common", Fault::Slow { milliseconds: 120 }));
    let started = Instant::now();
    let answer = tenant.get("/common/discovery/v2.0/keys").await;
    assert!(started.elapsed() >= Duration::from_millis(120));
    assert_eq!(answer.json()["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_json_is_json_all_the_same() {
    let tenant = Tenant::start().await;
    tenant.control().add_fault(FaultRule::once(INCIDENTS, Fault::WrongJson));
    let answer = tenant.get(INCIDENTS).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json()["value"].is_object());
}

#[tokio::test]
async fn a_good_token_is_refused_once_on_demand_and_expires_by_the_tenants_clock() {
    let tenant = Tenant::start().await;
    let token = graph_token(&tenant);
    let accepted = call(&tenant, &token).await.status;
    assert_ne!(accepted, 401);
    for fault in [Fault::ExpiredToken, Fault::UnauthorizedOnce] {
        tenant.control().add_fault(FaultRule::once(INCIDENTS, fault));
        assert_eq!(call(&tenant, &token).await.status, 401);
        assert_eq!(call(&tenant, &token).await.status, accepted);
    }
    tenant.control().advance_clock(SignedDuration::from_secs(3600));
    assert_eq!(call(&tenant, &token).await.status, 401);
}

#[tokio::test]
async fn a_token_of_the_other_tenant_opens_nothing_here() {
    let tenant = Tenant::start().await;
    let token = tenant.control().foreign_access_token("borealis-lab.example", AUTOMATION, &Audience::Graph);
    assert_eq!(call(&tenant, &token.unwrap()).await.status, 401);
    assert_eq!(call(&tenant, "nonsense").await.status, 401);
}

#[tokio::test]
async fn the_token_endpoint_refuses_as_scripted() {
    let tenant = Tenant::start().await;
    let failure = ScriptedFailure {
        error: "invalid_grant".to_owned(),
        code: Some(50_076),
        suberror: Some("basic_action".to_owned()),
        claims: None,
    };
    tenant.control().add_fault(FaultRule::once(format!("/{AURORA}/oauth2"), Fault::TokenError(failure)));
    let answer = tenant.token(&[]).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_grant", 50_076));
    assert_eq!(answer.member("suberror"), "basic_action");
    assert_eq!(tenant.token(&[]).await.refusal(), refused(400, "invalid_request", 900_144));
}
