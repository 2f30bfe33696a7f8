//! The pages on which a person signs in and agrees, and the way back to the application.

use serde_json::json;

use crate::code_flow::*;
use crate::tenant::*;

const NEWCOMER: &str = "29f4a7b8-6c0d-4e93-a5f1-8b3d7e2c9054";
const ADA: &str = "ada@aurora-lab.example";

/// Sends the form of a page as a browser would: its hidden fields, and what the person chose.
async fn submit(tenant: &Tenant, page: &Answer, chosen: &[(&str, &str)]) -> Answer {
    let attribute = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    };
    let mut fields: Vec<(String, String)> = page
        .text
        .split("<input type=\"hidden\"")
        .skip(1)
        .map(|input| (attribute(input, "name"), attribute(input, "value")))
        .collect();
    fields.extend(chosen.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let action = attribute(page.text.split_once("<form").unwrap().1, "action");
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    tenant.post(&action, &fields).await
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_chooses_an_account_and_goes_back_with_a_code() {
    let tenant = Tenant::start().await;
    let path = authorize_path(
        DESKTOP,
        LOCALHOST,
        GRAPH,
        &[S256, &[("login_hint", "mika@aurora-lab.example")]].concat(),
    );
    let page = tenant.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Aurora Desktop") && page.text.contains("Aurora Lab"));
    assert!(page.text.contains("value=\"mika@aurora-lab.example\" checked"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' http://localhost:4242"), "{policy}");
    let done =
        submit(&tenant, &page, &[("person", "mika@aurora-lab.example"), ("decision", "sign-in")]).await;
    let location = location(&done);
    assert!(location.starts_with("http://localhost:4242/?code=1.A"), "{location}");
    assert_eq!(field(&location, "state").as_deref(), Some("xyz"));
    let code = field(&location, "code").unwrap();
    let answer = tenant.redeem(DESKTOP, &code, LOCALHOST, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(claims(&answer.member("access_token"))["upn"], "mika@aurora-lab.example");
}

#[tokio::test]
async fn cancelling_and_asking_for_silence_are_told_to_the_application() {
    let tenant = Tenant::start().await;
    let page = tenant.get(&authorize_path(DESKTOP, LOCALHOST, GRAPH, S256)).await;
    let back = location(&submit(&tenant, &page, &[("person", DANA), ("decision", "cancel")]).await);
    assert_eq!(field(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(field(&back, "error_subcode").as_deref(), Some("cancel"));
    assert!(field(&back, "error_description").unwrap().starts_with("AADSTS65004: "));
    assert_eq!(field(&back, "state").as_deref(), Some("xyz"));
    let silent = tenant.get(&authorize_path(DESKTOP, LOCALHOST, GRAPH, &[("prompt", "none")])).await;
    assert_eq!(field(&location(&silent), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn the_answer_comes_in_the_mode_asked_for() {
    let tenant = Tenant::start().await;
    let signed_in = async |mode: &str| {
        let path = authorize_path(PORTAL, MY_APP, GRAPH, &[("response_mode", mode)]);
        let page = tenant.get(&path).await;
        submit(&tenant, &page, &[("person", DANA), ("decision", "sign-in")]).await
    };
    assert!(location(&signed_in("fragment").await).starts_with("https://localhost/myapp#code="));
    assert!(location(&signed_in("query").await).starts_with("https://localhost/myapp?code="));
    let posted = signed_in("form_post").await;
    assert_eq!(posted.status, 200);
    assert!(posted.text.contains("<form method=\"post\" action=\"https://localhost/myapp\">"));
    assert!(posted.text.contains("name=\"code\"") && posted.text.contains("name=\"state\" value=\"xyz\""));
    assert!(posted.text.contains("<button type=\"submit\">Continue</button>"));
    assert_eq!(posted.text.matches("<script>").count(), 1);
    let policy = posted.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'sha256-") && policy.contains("form-action 'self' https://localhost;")
    );
}

#[tokio::test]
async fn a_state_never_becomes_markup() {
    let tenant = Tenant::start().await;
    let state = "\"><script>alert(1)</script>";
    let fields = [
        ("client_id", PORTAL),
        ("response_type", "code"),
        ("redirect_uri", MY_APP),
        ("scope", GRAPH),
        ("response_mode", "form_post"),
        ("state", state),
    ];
    let path = format!("/{AURORA}/oauth2/v2.0/authorize");
    let page = tenant.post(&path, &fields).await;
    assert!(page.status == 200 && !page.text.contains("<script>alert"));
    let chosen = [&fields[..], &[("person", DANA), ("decision", "sign-in")]].concat();
    let posted = tenant.post(&path, &chosen).await;
    assert!(posted.text.contains("&lt;script&gt;alert(1)") && !posted.text.contains("<script>alert"));
}

#[tokio::test]
async fn what_is_wrong_with_application_or_address_stays_on_the_page() {
    let tenant = Tenant::start().await;
    let without = |name: &str| {
        let fields = [
            ("client_id", DESKTOP),
            ("response_type", "code"),
            ("redirect_uri", LOCALHOST),
            ("scope", GRAPH),
        ];
        let fields: Vec<_> = fields.into_iter().filter(|(key, _)| *key != name).collect();
        format!("/{AURORA}/oauth2/v2.0/authorize?{}", serde_urlencoded::to_string(fields).unwrap())
    };
    let nobody = "00000000-1111-2222-3333-444444444444";
    let reader = "5b7f0c39-2d81-4e6a-97c4-3a1e8d5f6b02";
    for (path, number) in [
        (authorize_path(DESKTOP, "http://localhost.example", GRAPH, &[]), 50_011),
        (authorize_path(DESKTOP, "http://127.0.0.1:4242", GRAPH, &[]), 50_011),
        (authorize_path(nobody, LOCALHOST, GRAPH, &[]), 700_016),
        (authorize_path(reader, LOCALHOST, GRAPH, &[]), 500_113),
        (without("client_id"), 900_144),
        (without("response_type"), 900_144),
        (without("redirect_uri"), 900_971),
        (authorize_path(DESKTOP, LOCALHOST, GRAPH, &[]).replace(AURORA, "nobody.example"), 90_002),
        (authorize_path(DESKTOP, LOCALHOST, GRAPH, &[]).replace(AURORA, "common"), 50_194),
        (authorize_path(UNCONSENTED, LOCALHOST, GRAPH, &[]), 650_056),
        (authorize_path(DESKTOP, LOCALHOST, GRAPH, &[("scope", GRAPH)]), 9_002_313),
    ] {
        let mut answer = tenant.get(&path).await;
        if number == 650_056 {
            answer = submit(&tenant, &answer, &[("person", DANA), ("decision", "sign-in")]).await;
        }
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text.contains(&format!("AADSTS{number}:")), "{number}: {}", answer.text);
        assert!(answer.headers.get("location").is_none());
    }
}

#[tokio::test]
async fn everything_else_that_is_wrong_is_told_to_the_application() {
    let tenant = Tenant::start().await;
    for (scope, more, error) in [
        (GRAPH, [("response_mode", "carrier_pigeon")], "invalid_request"),
        (GRAPH, [("prompt", "shout")], "invalid_request"),
        (GRAPH, [("code_challenge", "short")], "invalid_request"),
        (GRAPH, [("code_challenge_method", "S256")], "invalid_request"),
        (GRAPH, [("claims", "{")], "invalid_request"),
        (GRAPH, [("resource", "https://graph.microsoft.com")], "invalid_request"),
        ("", [("x", "y")], "invalid_request"),
        ("https://nobody.example/.default", [("x", "y")], "invalid_resource"),
        ("User.Read https://graph.microsoft.com/.default", [("x", "y")], "invalid_scope"),
    ] {
        let back = location(&tenant.get(&authorize_path(DESKTOP, LOCALHOST, scope, &more)).await);
        assert_eq!(field(&back, "error").as_deref(), Some(error), "{scope} {more:?}");
        assert_eq!(field(&back, "state").as_deref(), Some("xyz"));
    }
    let path =
        authorize_path(DESKTOP, LOCALHOST, GRAPH, &[]).replace("response_type=code", "response_type=token");
    let back = location(&tenant.get(&path).await);
    assert_eq!(field(&back, "error").as_deref(), Some("unsupported_response_type"));
}

#[tokio::test]
async fn a_person_agrees_once_to_what_the_application_asks_for() {
    let tenant = Tenant::start().await;
    let path = authorize_path(NEWCOMER, LOCALHOST, LEGACY, &[]);
    let chosen = [("person", DANA), ("decision", "sign-in")];
    let page = tenant.get(&path).await;
    let consent = submit(&tenant, &page, &chosen).await;
    assert!(
        consent.text.contains("Permissions requested") && consent.text.contains("mtp/Incident.Read"),
        "{}",
        consent.text
    );
    let code = field(&location(&submit(&tenant, &consent, &[("decision", "accept")]).await), "code").unwrap();
    let token = tenant.redeem(NEWCOMER, &code, LOCALHOST, &[]).await.member("access_token");
    assert_eq!(claims(&token)["scp"], "Incident.Read");
    assert!(location(&submit(&tenant, &page, &chosen).await).contains("code="), "agreed before");
    let mika =
        submit(&tenant, &page, &[("person", "mika@aurora-lab.example"), ("decision", "sign-in")]).await;
    assert!(mika.text.contains("Permissions requested"), "somebody else has to agree, too");
    let again = tenant.get(&authorize_path(NEWCOMER, LOCALHOST, LEGACY, &[("prompt", "consent")])).await;
    assert!(submit(&tenant, &again, &chosen).await.text.contains("Permissions requested"));
}

#[tokio::test]
async fn what_only_an_administrator_may_grant_is_said_and_then_granted_for_everybody() {
    let tenant = Tenant::start().await;
    let page = tenant.get(&authorize_path(NEWCOMER, LOCALHOST, GRAPH, &[])).await;
    let blocked = submit(&tenant, &page, &[("person", DANA), ("decision", "sign-in")]).await;
    assert!(blocked.text.contains("AADSTS90094") && blocked.text.contains("Need admin approval"));
    let consent = submit(&tenant, &blocked, &[("person", ADA), ("decision", "sign-in")]).await;
    assert!(consent.text.contains("everybody in your organization"), "{}", consent.text);
    submit(&tenant, &consent, &[("decision", "accept")]).await;
    assert!(
        location(&submit(&tenant, &page, &[("person", DANA), ("decision", "sign-in")]).await)
            .contains("code=")
    );
}

#[tokio::test]
async fn an_account_the_tenant_does_not_know_is_turned_away() {
    let tenant = Tenant::start().await;
    let page = tenant.get(&authorize_path(DESKTOP, LOCALHOST, GRAPH, &[])).await;
    let nobody =
        submit(&tenant, &page, &[("person", "nobody@aurora-lab.example"), ("decision", "sign-in")]).await;
    assert!(nobody.status == 200 && nobody.text.contains("AADSTS50034"));
}

#[tokio::test]
async fn a_script_signs_in_without_a_browser() {
    let tenant = Tenant::start().await;
    let url = tenant.url(&authorize_path(DESKTOP, LOCALHOST, GRAPH, S256));
    let act = async |body: serde_json::Value| tenant.post_json("/_control/entra/authorize", &body).await;
    let accepted = act(json!({ "url": url, "user": DANA })).await.json();
    assert_eq!((&accepted["method"], &accepted["fields"]["state"]), (&"GET".into(), &"xyz".into()));
    assert!(accepted["location"].as_str().unwrap().starts_with("http://localhost:4242/?code="));
    let cancelled = act(json!({ "url": url, "user": DANA, "decision": "cancel" })).await.json();
    assert_eq!(cancelled["fields"]["error"], "access_denied");
    let wrong = tenant.url(&authorize_path(DESKTOP, "http://nowhere.example", GRAPH, &[]));
    let refused = act(json!({ "url": wrong, "user": DANA })).await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (400, &50_011.into()));
    let unknown = act(json!({ "url": url, "user": "nobody" })).await;
    assert_eq!(unknown.json()["error"]["code"], 50_034);
    let other = act(json!({ "url": tenant.url("/device"), "user": DANA })).await;
    assert!(other.status == 400 && other.json()["error"]["message"].is_string());
}

#[tokio::test]
async fn another_site_may_send_people_here_but_not_decide_for_them() {
    let tenant = Tenant::start().await;
    let path = authorize_path(DESKTOP, LOCALHOST, GRAPH, S256);
    let arrive = tenant.http.get(tenant.url(&path)).header("sec-fetch-site", "cross-site");
    assert_eq!(arrive.send().await.unwrap().status(), 200);
    let decide = tenant.http.post(tenant.url(&path)).header("sec-fetch-site", "cross-site");
    assert_eq!(decide.send().await.unwrap().status(), 403);
}
