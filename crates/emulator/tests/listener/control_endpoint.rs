//! The levers over HTTP.

use serde_json::json;

use crate::tenant::*;

#[tokio::test]
async fn the_clock_is_read_moved_and_set() {
    let tenant = Tenant::start().await;
    assert_eq!(tenant.get("/_control/ready").await.json()["ready"], true);
    tenant.post_json("/_control/clock", &json!({ "set": "2026-03-01T10:00:00Z" })).await;
    assert!(tenant.get("/_control/clock").await.member("now").starts_with("2026-03-01T10:00:"));
    tenant.post_json("/_control/clock", &json!({ "advance_seconds": 3600 })).await;
    assert!(tenant.get("/_control/clock").await.member("now").starts_with("2026-03-01T11:00:"));
    assert_eq!(tenant.post_json("/_control/clock", &json!({ "rewind": 1 })).await.status, 400);
}

#[tokio::test]
async fn a_step_too_far_is_refused_and_the_clock_stays() {
    let tenant = Tenant::start().await;
    tenant.post_json("/_control/clock", &json!({ "set": "2026-03-01T10:00:00Z" })).await;
    for change in [
        json!({ "advance_seconds": i64::MAX }),
        json!({ "advance_seconds": i64::MIN }),
        json!({ "advance_seconds": 250_000_000_000_i64 }),
        json!({ "set": "9999-12-30T00:00:00Z" }),
    ] {
        let answer = tenant.post_json("/_control/clock", &change).await;
        assert_eq!(answer.status, 400, "{change}");
        assert!(answer.json()["error"]["message"].as_str().unwrap().contains("year"), "{}", answer.text);
        assert!(tenant.get("/_control/clock").await.member("now").starts_with("2026-03-01T10:00:"));
    }
}

#[tokio::test]
async fn every_refusal_of_the_control_endpoint_has_one_shape() {
    let tenant = Tenant::start().await;
    for (path, body) in [
        ("/_control/clock", json!({ "rewind": 1 })),
        ("/_control/faults", json!({ "fault": { "kind": "status", "status": 42 } })),
        ("/_control/nothing", json!({})),
        ("/_control/defender/options", json!({ "nothing": true })),
        ("/_control/defender/incidents/0/touch", json!({})),
        ("/_control/defender/incidents/merge", json!({ "source": 1 })),
        ("/_control/defender/nothing", json!({})),
    ] {
        let answer = tenant.post_json(path, &body).await;
        assert!(answer.status >= 400, "{path}");
        assert!(answer.json()["error"]["message"].is_string(), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_log_has_every_request_but_no_secret_and_no_control_request() {
    let tenant = Tenant::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", AUTOMATION),
        ("client_secret", AUTOMATION_SECRET),
        ("scope", GRAPH),
    ];
    tenant.token(&form).await;
    let log = tenant.get("/_control/requests").await;
    assert!(!log.text.contains(AUTOMATION_SECRET));
    let entries = log.json();
    assert_eq!(entries.as_array().unwrap().len(), 1);
    assert_eq!(entries[0]["form"][2], json!(["client_secret", "<30 characters>"]));
    assert_eq!((&entries[0]["status"], &entries[0]["method"]), (&200.into(), &"POST".into()));
    assert_eq!(tenant.control().token_requests(), 1);
    let delete = tenant.http.delete(tenant.url("/_control/requests"));
    assert_eq!(delete.send().await.unwrap().status(), 204);
    assert_eq!(tenant.get("/_control/requests").await.json(), json!([]));
    assert_eq!(tenant.control().token_requests(), 0);
}

#[tokio::test]
async fn faults_are_added_listed_and_cleared() {
    let tenant = Tenant::start().await;
    let rule = json!({ "path_prefix": "/x", "after": 1, "fault": { "kind": "status", "status": 503 } });
    assert_eq!(tenant.post_json("/_control/faults", &rule).await.status, 201);
    assert_eq!(tenant.get("/_control/faults").await.json()[0]["times"], 1);
    assert_eq!(tenant.get("/x").await.status, 404);
    assert_eq!(tenant.get("/x").await.status, 503);
    assert_eq!(tenant.get("/x").await.status, 404);
    tenant.post_json("/_control/faults", &rule).await;
    tenant.http.delete(tenant.url("/_control/faults")).send().await.unwrap();
    assert_eq!(tenant.get("/_control/faults").await.json(), json!([]));
    assert_eq!(
        tenant.post_json("/_control/faults", &json!({ "fault": { "kind": "flood" } })).await.status,
        400
    );
}

#[tokio::test]
async fn a_script_decides_on_user_codes() {
    let tenant = Tenant::start().await;
    let act = async |user_code: &str, action: &str, body: serde_json::Value| {
        tenant.post_json(&format!("/_control/device/{user_code}/{action}"), &body).await.status
    };
    let dana = json!({ "user": "dana@aurora-lab.example" });
    let (approved, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    assert_eq!(tenant.get("/_control/device").await.json()["waiting"], json!([approved]));
    assert_eq!(act(&approved, "approve", json!({ "user": "nobody" })).await, 404);
    assert_eq!(act(&approved, "approve", dana.clone()).await, 204);
    assert_eq!(act(&approved, "decline", json!({})).await, 409);
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.status, 200);
    let (failed, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    let failure = json!({ "error": "access_denied", "code": 53003, "suberror": "message_only" });
    assert_eq!(act(&failed, "fail", failure).await, 204);
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.refusal(), refused(400, "access_denied", 53_003));
    assert_eq!(act("UNKNOWN99", "approve", dana).await, 404);
}

#[tokio::test]
async fn sessions_are_revoked_and_unknown_levers_are_not_found() {
    let tenant = Tenant::start().await;
    tenant.sign_in(CORTEX_APP, &format!("offline_access {LEGACY}")).await;
    assert_eq!(tenant.post_json("/_control/sessions/revoke", &json!({})).await.json()["revoked"], 1);
    assert_eq!(tenant.get("/_control/nothing").await.status, 404);
}

#[tokio::test]
async fn a_page_from_elsewhere_on_the_web_moves_no_lever() {
    let tenant = Tenant::start().await;
    let request =
        tenant.http.post(tenant.url("/_control/sessions/revoke")).header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn names_and_origins_of_others_do_not_steer_the_tenant() {
    let tenant = Tenant::start().await;
    for (name, value) in [("host", "attacker.example:80"), ("origin", "https://attacker.example")] {
        let request = tenant.http.post(tenant.url("/_control/sessions/revoke")).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 403, "{name}");
    }
    let own = tenant
        .http
        .post(tenant.url("/_control/sessions/revoke"))
        .header("origin", tenant.url("").trim_end_matches('/'));
    assert!(own.send().await.unwrap().status().is_success());
}
