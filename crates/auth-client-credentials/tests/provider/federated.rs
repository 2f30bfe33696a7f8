//! A token of another issuer is passed on unchanged, read anew each time, and explained when Entra refuses it.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::auth::{AuthErrorKind, TokenRequest};
use defender_xdr_core::store::atomic;
use defender_xdr_core::{Clock, Environment};
use serde_json::json;

use crate::authority::{APPLICATION, Authority, SCOPE, TENANT, error as refusal, start, token};

/// A token as an issuer would make it; nobody here checks the signature.
pub(crate) fn subject_token(issuer: &str, subject: &str, expiry: i64) -> String {
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let header = part(json!({ "alg": "RS256", "typ": "JWT", "kid": "1" }));
    let claims =
        json!({ "iss": issuer, "sub": subject, "aud": ["api://AzureADTokenExchange"], "exp": expiry });
    format!("{header}.{}.c2lnbmF0dXJl", part(claims))
}

fn fresh(subject: &str) -> String {
    subject_token("https://oidc.example/cluster/", subject, start().as_second() + 3600)
}

fn write(path: &Path, text: &str) {
    atomic::replace(path, text.as_bytes()).expect("written");
}

#[tokio::test]
async fn the_token_of_a_file_is_sent_unchanged_and_read_again_for_each_request() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("token");
    let authority = Authority::start().await;
    authority.always(token("at-1")).await;
    let values = authority.without_secret(&[("federated-token", &format!("file:{}", file.display()))]);
    let provider = authority.provider(values).expect("good settings");
    let mut fingerprints = Vec::new();
    for subject in ["first", "second"] {
        write(&file, &format!("{}\r\n\n", fresh(subject)));
        provider.acquire(&TokenRequest::default()).await.expect("a token");
        let form = authority.last_form().await;
        assert_eq!(form.get("client_assertion"), fresh(subject));
        assert_eq!(
            form.names(),
            ["client_assertion", "client_assertion_type", "client_id", "grant_type", "scope"]
        );
        assert_eq!(
            form.get("client_assertion_type"),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        assert_eq!((form.get("client_id"), form.get("scope")), (APPLICATION, SCOPE));
        fingerprints.push(provider.credential_fingerprint().await.expect("opened"));
    }
    assert_ne!(fingerprints[0], fingerprints[1]);
}

#[tokio::test]
async fn a_variable_and_a_command_lead_to_the_token_too() {
    let authority = Authority::start().await;
    authority.always(token("at-1")).await;
    let environment = Environment::from_iter([("SUBJECT_TOKEN", fresh("env"))]);
    let values = authority.without_secret(&[("federated-token", "env:SUBJECT_TOKEN")]);
    let context = authority.context_in(environment, values);
    let provider = (context.entry.build)(&context).expect("good settings");
    provider.acquire(&TokenRequest::default()).await.expect("a token");
    assert_eq!(authority.last_form().await.get("client_assertion"), fresh("env"));

    let command = format!("command:printf %s {}", fresh("command"));
    let form = authority.form_of(authority.without_secret(&[("federated-token", &command)])).await;
    assert_eq!(form.get("client_assertion"), fresh("command"));
}

#[tokio::test]
async fn tokens_of_one_command_are_one_credential() {
    let authority = Authority::start().await;
    let fingerprint = async |token: String| {
        let command = format!("command:printf %s {token}");
        let provider = authority.provider(authority.without_secret(&[("federated-token", &command)]));
        provider.expect("good settings").credential_fingerprint().await.expect("opened")
    };
    let now = start().as_second();
    let early = fingerprint(subject_token("https://i.example", "job", now + 60)).await;
    assert_eq!(early, fingerprint(subject_token("https://i.example", "job", now + 90)).await);
    assert_ne!(early, fingerprint(subject_token("https://i.example", "other", now + 60)).await);
}

#[tokio::test]
async fn a_pod_says_itself_where_its_token_is_and_whose_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("azure-identity-token");
    write(&file, &fresh("system:serviceaccount:soc:defender"));
    let authority = Authority::start().await;
    authority.always(token("at-1")).await;
    let pod = Environment::from_iter([
        ("AZURE_FEDERATED_TOKEN_FILE", file.display().to_string()),
        ("AZURE_TENANT_ID", TENANT.to_owned()),
        ("AZURE_CLIENT_ID", APPLICATION.to_owned()),
    ]);
    let mut values = authority.without_secret(&[("federated-token", "workload-identity")]);
    values.remove("tenant-id");
    values.remove("application-id");
    let context = authority.context_in(pod, values);
    let provider = (context.entry.build)(&context).expect("the pod says it all");
    provider.acquire(&TokenRequest::default()).await.expect("a token");
    let form = authority.last_form().await;
    assert_eq!(form.get("client_id"), APPLICATION);
    assert_eq!(form.get("client_assertion"), fresh("system:serviceaccount:soc:defender"));
}

#[tokio::test]
async fn settings_are_stronger_than_the_pod_and_the_pod_counts_only_when_chosen() {
    let authority = Authority::start().await;
    let pod = || {
        Environment::from_iter([
            ("AZURE_FEDERATED_TOKEN_FILE", "/token"),
            ("AZURE_TENANT_ID", "other.example"),
            ("AZURE_CLIENT_ID", "no GUID"),
        ])
    };
    let chosen = authority.without_secret(&[("federated-token", "workload-identity")]);
    let context = authority.context_in(pod(), chosen);
    let key = (context.entry.build)(&context).expect("good settings").cache_key();
    assert_eq!((key.tenant.as_str(), key.application.as_str()), (TENANT, APPLICATION));

    let mut values = authority.without_secret(&[("federated-token", "workload-identity")]);
    values.remove("application-id");
    let context = authority.context_in(pod(), values);
    let error = (context.entry.build)(&context).expect_err("no GUID");
    assert_eq!(
        error.origin().map(ToString::to_string).as_deref(),
        Some("environment variable AZURE_CLIENT_ID")
    );

    let mut values = authority.without_secret(&[("federated-token", "file:/token")]);
    values.remove("tenant-id");
    let context = authority.context_in(pod(), values);
    let error = (context.entry.build)(&context).expect_err("not chosen");
    assert!(error.to_string().contains("`tenant-id` is not set"), "{error}");
}

#[tokio::test]
async fn a_pod_without_the_webhook_is_told() {
    let authority = Authority::start().await;
    let values = authority.without_secret(&[("federated-token", "workload-identity")]);
    let error = authority.provider(values).expect_err("no pod");
    assert!(error.to_string().contains("AZURE_FEDERATED_TOKEN_FILE is not set"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("azure.workload.identity/use")));
}

#[tokio::test]
async fn what_is_no_token_is_refused_and_not_shown() {
    let authority = Authority::start().await;
    for text in ["workload-identty", "/var/run/token", "planted", "a.b.c.d"] {
        let error =
            authority.provider(authority.without_secret(&[("federated-token", text)])).expect_err("no token");
        let said = format!("{error} {error:?}");
        assert!(!said.contains(text) && error.hint().is_some_and(|hint| hint.contains("file:")), "{said}");
    }
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("token");
    write(&file, "planted");
    let values = authority.without_secret(&[("federated-token", &format!("file:{}", file.display()))]);
    let error = authority.failure_of(values, false).await;
    assert_eq!((error.kind(), error.setting()), (AuthErrorKind::Setup, Some("federated-token")));
    assert!(
        error.to_string().contains("no JSON Web Token") && error.to_string().contains("token"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("planted"));
}

#[tokio::test]
async fn an_expired_token_is_explained_with_the_age_of_its_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("token");
    let authority = Authority::start().await.at_present();
    let now = authority.clock.now().as_second();
    write(&file, &subject_token("https://i.example", "job", now + 3600));
    authority.clock.advance(Duration::from_mins(90));
    authority.always(refusal(401, "invalid_client", 700_024)).await;
    let values = authority.without_secret(&[("federated-token", &format!("file:{}", file.display()))]);
    let error = authority.failure_of(values, true).await;
    assert_eq!((error.kind(), error.setting()), (AuthErrorKind::InvalidClient, Some("federated-token")));
    let hint = error.hint().expect("a hint");
    assert!(hint.contains("expired at") && hint.contains("/token was written"), "{hint}");
    let minutes = hint.split("written ").nth(1).and_then(|rest| rest.split(' ').next());
    let minutes: i64 = minutes.expect("an age").parse().expect("minutes");
    assert!((89..=91).contains(&minutes), "{hint}");
}

#[tokio::test]
async fn a_mismatch_names_what_the_token_says() {
    for (code, named) in [
        (700_211, "`https://oidc.example/cluster/`"),
        (700_212, "`api://AzureADTokenExchange`"),
        (700_213, "`Repo:X`"),
        (7_002_138, "`Repo:X`"),
        (70_021, "`Repo:X`"),
    ] {
        let authority = Authority::start().await;
        authority.always(refusal(401, "invalid_client", code)).await;
        let values = authority.without_secret(&[("federated-token", &fresh("Repo:X"))]);
        let error = authority.failure_of(values, true).await;
        assert_eq!((error.kind(), error.setting()), (AuthErrorKind::InvalidClient, Some("federated-token")));
        assert!(error.hint().is_some_and(|hint| hint.contains(named)), "{code}: {:?}", error.hint());
    }
}
