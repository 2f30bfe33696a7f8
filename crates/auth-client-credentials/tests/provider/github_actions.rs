//! A GitHub job asks GitHub for a token about itself and signs in with it.

use defender_xdr_core::Environment;
use defender_xdr_core::auth::{AuthErrorKind, TokenRequest};
use serde_json::json;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::authority::{Authority, start, token};
use crate::federated::subject_token;

const BEARER: &str = "planted-bearer";

fn job(authority: &Authority) -> Environment {
    Environment::from_iter([
        ("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/idtoken/1?api-version=2.0", authority.server.uri())),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER.to_owned()),
    ])
}

async fn gives(authority: &Authority, audience: &str, answer: ResponseTemplate, times: u64) {
    Mock::given(method("GET"))
        .and(path("/idtoken/1"))
        .and(query_param("api-version", "2.0"))
        .and(query_param("audience", audience))
        .and(header("authorization", format!("Bearer {BEARER}")))
        .respond_with(answer)
        .expect(times)
        .mount(&authority.server)
        .await;
}

fn job_token() -> String {
    subject_token(
        "https://token.actions.githubusercontent.com",
        "repo:o/r:ref:refs/heads/main",
        start().as_second() + 300,
    )
}

#[tokio::test]
async fn the_token_github_gives_is_passed_on_and_asked_for_each_time() {
    let authority = Authority::start().await;
    authority.always(token("at-1")).await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "count": 1, "value": job_token() }));
    gives(&authority, "api://AzureADTokenExchange", answer, 2).await;
    let values = authority.without_secret(&[("federated-token", "github-actions")]);
    let context = authority.context_in(job(&authority), values);
    let provider = (context.entry.build)(&context).expect("good settings");
    for _ in 0..2 {
        provider.acquire(&TokenRequest::default()).await.expect("a token");
        assert_eq!(authority.last_form().await.get("client_assertion"), job_token());
    }
    // Without asking GitHub again: the mock counts.
    assert!(provider.credential_fingerprint().await.expect("known").is_some());
    assert!(!format!("{provider:?} {context:?}").contains(BEARER));
}

#[tokio::test]
async fn each_cloud_has_its_audience() {
    for (cloud, audience) in [
        ("gcc", "api://AzureADTokenExchange"),
        ("gcc-high", "api://AzureADTokenExchangeUSGov"),
        ("dod", "api://AzureADTokenExchangeUSGov"),
        ("china", "api://AzureADTokenExchangeChina"),
    ] {
        let authority = Authority::start().await;
        authority.always(token("at-1")).await;
        let answer = ResponseTemplate::new(200).set_body_json(json!({ "value": job_token() }));
        gives(&authority, audience, answer, 1).await;
        let scope = "https://graph.example/.default";
        let values = authority.without_secret(&[
            ("federated-token", "github-actions"),
            ("cloud", cloud),
            ("scope", scope),
        ]);
        let context = authority.context_in(job(&authority), values);
        let provider = (context.entry.build)(&context).expect("good settings");
        provider.acquire(&TokenRequest::default()).await.expect(cloud);
    }
}

#[tokio::test]
async fn a_job_without_the_permission_is_told_before_anything_is_sent() {
    let authority = Authority::start().await;
    for missing in ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"] {
        let all = [
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://github.example/x"),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER),
        ];
        let environment = all.into_iter().filter(|(name, _)| *name != missing).collect();
        let values = authority.without_secret(&[("federated-token", "github-actions")]);
        let context = authority.context_in(environment, values);
        let error = (context.entry.build)(&context).expect_err("not in a job");
        assert!(error.to_string().contains(&format!("{missing} is not set")), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("id-token: write")));
    }
}

#[tokio::test]
async fn what_github_refuses_is_told_without_the_bearer() {
    let cases = [
        (ResponseTemplate::new(403), AuthErrorKind::Setup, "HTTP 403"),
        (
            ResponseTemplate::new(200).set_body_json(json!({ "count": 0 })),
            AuthErrorKind::Setup,
            "without a token",
        ),
        (ResponseTemplate::new(503), AuthErrorKind::Unavailable, "HTTP 503"),
    ];
    for (answer, kind, said) in cases {
        let authority = Authority::start().await;
        let times = if kind == AuthErrorKind::Unavailable { 5 } else { 1 };
        gives(&authority, "api://AzureADTokenExchange", answer, times).await;
        let values = authority.without_secret(&[("federated-token", "github-actions")]);
        let context = authority.context_in(job(&authority), values);
        let provider = (context.entry.build)(&context).expect("good settings");
        let error = provider.acquire(&TokenRequest::default()).await.expect_err("no token");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert!(!format!("{error:?}").contains(BEARER));
    }
}
