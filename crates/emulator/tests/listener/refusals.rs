//! Every refusal of the token and device code endpoints that a form alone provokes.

use defender_xdr_emulator::{ErrorTail, Options};
use serde_json::json;

use crate::tenant::*;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[tokio::test]
async fn a_token_request_that_breaks_a_rule_gets_the_code_of_that_rule() {
    let tenant = Tenant::start().await;
    let own = format!("{}/.default", tenant.emulator.origin());
    let own = own.as_str();
    let client = |id, secret| {
        [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", GRAPH)]
    };
    let with_scope = |scope| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", AUTOMATION),
            ("client_secret", AUTOMATION_SECRET),
            ("scope", scope),
        ]
    };
    let good = client(AUTOMATION, AUTOMATION_SECRET);
    let both = "https://graph.microsoft.com/.default https://security.microsoft.com/mtp/.default";
    let named = "https://graph.microsoft.com/SecurityIncident.Read.All";
    let grant = |grant| [("grant_type", grant), ("client_id", AUTOMATION)];
    let bare = [("grant_type", "client_credentials"), ("client_id", AUTOMATION), ("scope", GRAPH)];
    let assertion =
        [bare.as_slice(), &[("client_assertion_type", ASSERTION), ("client_assertion", "e30.e30.x")]];
    let assertion = assertion.concat();
    let two_methods = [good.as_slice(), &[("client_assertion_type", ASSERTION)]].concat();
    let twice = [good.as_slice(), &[("scope", GRAPH)]].concat();
    let resource = [good.as_slice(), &[("resource", "https://graph.microsoft.com")]].concat();
    let no_json = [good.as_slice(), &[("claims", "{")]].concat();
    let borealis = "2b8e4f71-93c6-4d05-a1f2-7c6e0d9b3a58";
    let unknown_tenant = "00000000-1111-2222-3333-444444444444";

    let cases: &[(&str, &[(&str, &str)], _)] = &[
        (unknown_tenant, &good, refused(400, "invalid_request", 90_002)),
        ("nobody.example", &good, refused(400, "invalid_request", 90_002)),
        ("not_a_tenant", &good, refused(400, "invalid_request", 900_023)),
        ("common", &good, refused(400, "invalid_request", 9_001_023)),
        ("consumers", &good, refused(400, "invalid_request", 9_001_023)),
        ("organizations", &good, refused(400, "invalid_request", 50_059)),
        (borealis, &good, refused(400, "unauthorized_client", 700_016)),
        (
            AURORA,
            &client("11111111-1111-1111-1111-111111111111", "x"),
            refused(400, "unauthorized_client", 700_016),
        ),
        (AURORA, &client(AUTOMATION, "wrong"), refused(401, "invalid_client", 7_000_215)),
        (
            AURORA,
            &client(EXPIRED, "exp~Q7.demo-secret-not-real_x5"),
            refused(401, "invalid_client", 7_000_222),
        ),
        (AURORA, &client(EXPIRED, "wrong"), refused(401, "invalid_client", 7_000_215)),
        (AURORA, &client(CORTEX_APP, "any"), refused(401, "invalid_client", 700_025)),
        (AURORA, &client(AUTOMATION, ""), refused(401, "invalid_client", 7_000_218)),
        (AURORA, &bare, refused(401, "invalid_client", 7_000_218)),
        (AURORA, &assertion, refused(401, "invalid_client", 700_027)),
        (AURORA, &with_scope(named), refused(400, "invalid_scope", 1_002_012)),
        (AURORA, &with_scope("offline_access"), refused(400, "invalid_scope", 1_002_012)),
        (AURORA, &with_scope(both), refused(400, "invalid_scope", 70_011)),
        (AURORA, &with_scope("https://nobody.example/.default"), refused(400, "invalid_resource", 500_011)),
        (AURORA, &with_scope(own), refused(400, "invalid_resource", 500_011)),
        (AURORA, &with_scope(""), refused(400, "invalid_request", 900_144)),
        (AURORA, &resource, refused(400, "invalid_request", 901_002)),
        (AURORA, &twice, refused(400, "invalid_request", 9_002_313)),
        (AURORA, &two_methods, refused(400, "invalid_request", 9_002_313)),
        (AURORA, &no_json, refused(400, "invalid_request", 9_002_313)),
        (AURORA, &grant("password"), refused(400, "unsupported_grant_type", 70_003)),
        (AURORA, &grant(DEVICE_GRANT), refused(400, "invalid_request", 900_144)),
        (AURORA, &grant("refresh_token"), refused(400, "invalid_request", 900_144)),
        (AURORA, &[("grant_type", "client_credentials")], refused(400, "invalid_request", 900_144)),
        (AURORA, &[], refused(400, "invalid_request", 900_144)),
    ];
    for (segment, fields, expected) in cases {
        let answer = tenant.post(&format!("/{segment}/oauth2/v2.0/token"), fields).await;
        assert_eq!(&answer.refusal(), expected, "{segment} {fields:?}: {}", answer.text);
        assert!(answer.json().get("access_token").is_none());
    }
}

#[tokio::test]
async fn a_device_code_request_that_breaks_a_rule_gets_the_code_of_that_rule() {
    let tenant = Tenant::start().await;
    let ask = |id, scope| [("client_id", id), ("scope", scope)];
    let both = "https://graph.microsoft.com/.default https://security.microsoft.com/mtp/.default";
    let cases: &[(&str, &[(&str, &str)], _)] = &[
        (AURORA, &[("scope", LEGACY)], refused(400, "invalid_request", 900_144)),
        (AURORA, &[("client_id", CORTEX_APP)], refused(400, "invalid_request", 900_144)),
        ("nobody.example", &ask(CORTEX_APP, LEGACY), refused(400, "invalid_request", 90_002)),
        ("%20", &ask(CORTEX_APP, LEGACY), refused(400, "invalid_request", 900_023)),
        ("common", &ask(AUTOMATION, LEGACY), refused(400, "invalid_request", 50_194)),
        ("consumers", &ask(CORTEX_APP, LEGACY), refused(400, "invalid_request", 9_002_332)),
        (
            AURORA,
            &ask("22222222-2222-2222-2222-222222222222", LEGACY),
            refused(400, "unauthorized_client", 700_016),
        ),
        (AURORA, &ask(CORTEX_APP, both), refused(400, "invalid_scope", 70_011)),
        (
            AURORA,
            &ask(CORTEX_APP, "https://nobody.example/.default"),
            refused(400, "invalid_resource", 500_011),
        ),
    ];
    for (segment, fields, expected) in cases {
        let answer = tenant.post(&format!("/{segment}/oauth2/v2.0/devicecode"), fields).await;
        assert_eq!(&answer.refusal(), expected, "{segment} {fields:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_json_body_misses_every_field_and_the_first_one_is_named() {
    let tenant = Tenant::start().await;
    let body = json!({ "grant_type": "client_credentials", "client_id": AUTOMATION });
    let answer = tenant.post_json(&format!("/{AURORA}/oauth2/v2.0/token"), &body).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_request", 900_144));
    assert!(answer.member("error_description").contains("'grant_type'"));
    let answer = tenant.post_json(&format!("/{AURORA}/oauth2/v2.0/devicecode"), &body).await;
    assert!(answer.member("error_description").contains("'client_id'"));
}

#[tokio::test]
async fn only_post_reaches_the_token_endpoint() {
    let tenant = Tenant::start().await;
    let answer = tenant.get(&format!("/{AURORA}/oauth2/v2.0/token")).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_request", 900_561));
}

#[tokio::test]
async fn an_error_repeats_the_request_id_of_the_client_and_must_not_be_cached() {
    let tenant = Tenant::start().await;
    let id = "0b6f0d0e-7f0e-4b0c-9a39-3a5ad0f9c200";
    let request = tenant.http.post(tenant.url(&format!("/{AURORA}/oauth2/v2.0/token")));
    let answer = Answer::read(request.header("client-request-id", id).send().await.unwrap()).await;
    let body = answer.json();
    assert_eq!(body["correlation_id"], id);
    assert_eq!(answer.headers["x-ms-request-id"], body["trace_id"].as_str().unwrap());
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
    assert_eq!(answer.headers["pragma"], "no-cache");
    assert_eq!(body["error_uri"], "https://login.microsoftonline.com/error?code=900144");
    let description = body["error_description"].as_str().unwrap();
    assert!(
        description.starts_with("AADSTS900144: ") && description.contains(&format!("Correlation ID: {id}"))
    );
}

#[tokio::test]
async fn the_older_layout_of_descriptions_can_be_asked_for() {
    let error_tail = ErrorTail::LineBreaks;
    let tenant = Tenant::with(Options { error_tail, ..Options::default() }).await;
    let description = tenant.token(&[]).await.member("error_description");
    let lines: Vec<&str> = description.split("\r\n").collect();
    assert!(matches!(lines.as_slice(), [_, trace, _, _] if trace.starts_with("Trace ID: ")), "{description}");
}
