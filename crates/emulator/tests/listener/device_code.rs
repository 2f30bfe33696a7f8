//! People who sign in by device code.

use std::time::Duration;

use defender_xdr_emulator::{DeviceCodeOptions, Options, PublicClientCheck, ScriptedFailure};
use jiff::SignedDuration;

use crate::tenant::*;

const DANA: &str = "dana@aurora-lab.example";

fn scope() -> String {
    format!("openid profile offline_access {LEGACY}")
}

#[tokio::test]
async fn a_code_is_pending_until_approved_and_then_redeemed_once() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(CORTEX_APP, &scope()).await;
    let pending = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(pending.refusal(), refused(400, "authorization_pending", 70_016));
    assert_eq!(tenant.control().waiting_user_codes(), [user_code.as_str()]);
    tenant.control().approve(&user_code, DANA).unwrap();
    let answer = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.member("refresh_token").starts_with("0.A"));
    assert!(answer.member("scope").contains("https://security.microsoft.com/mtp/Incident.ReadWrite"));
    let access = claims(&answer.member("access_token"));
    assert_eq!(
        (&access["upn"], &access["scp"]),
        (&DANA.into(), &"Incident.ReadWrite AdvancedHunting.Read".into())
    );
    assert_eq!(access["appidacr"], "0");
    let identity = claims(&answer.member("id_token"));
    assert_eq!((&identity["aud"], &identity["preferred_username"]), (&CORTEX_APP.into(), &DANA.into()));
    assert_eq!(identity["iss"], tenant.url(&format!("/{AURORA}/v2.0")));
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.refusal(), refused(400, "invalid_grant", 70_000));
}

#[tokio::test]
async fn the_start_names_the_page_and_the_times() {
    let tenant = Tenant::start().await;
    let path = format!("/{AURORA}/oauth2/v2.0/devicecode");
    let body = tenant.post(&path, &[("client_id", CORTEX_APP), ("scope", LEGACY)]).await.json();
    assert_eq!((&body["expires_in"], &body["interval"]), (&900.into(), &5.into()));
    assert_eq!(body["verification_uri"], tenant.url("/device"));
    assert!(body.get("verification_uri_complete").is_none());
    assert!(body["message"].as_str().unwrap().contains(body["user_code"].as_str().unwrap()));
}

#[tokio::test]
async fn refresh_and_identity_tokens_come_only_when_asked_for() {
    let tenant = Tenant::start().await;
    let body = tenant.sign_in(CORTEX_APP, LEGACY).await.json();
    assert!(body.get("access_token").is_some());
    for absent in ["refresh_token", "id_token", "client_info"] {
        assert!(body.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn client_info_comes_when_asked_for() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    tenant.control().approve(&user_code, DANA).unwrap();
    let form = [
        ("grant_type", DEVICE_GRANT),
        ("client_id", CORTEX_APP),
        ("device_code", &device_code),
        ("code", &device_code),
        ("client_info", "1"),
    ];
    let answer = tenant.token(&form).await;
    let info = claims(&format!(".{}.", answer.member("client_info")));
    assert_eq!(info["utid"], AURORA);
}

#[tokio::test]
async fn older_names_of_field_and_grant_are_taken_but_two_different_codes_are_not() {
    let tenant = Tenant::start().await;
    let (_, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    let grant = [("grant_type", DEVICE_GRANT), ("client_id", CORTEX_APP), ("code", &device_code)];
    assert_eq!(tenant.token(&grant).await.refusal(), refused(400, "authorization_pending", 70_016));
    // The short name of the grant is that of another library.
    let short = [("grant_type", "device_code"), ("client_id", CORTEX_APP), ("device_code", &device_code)];
    assert_eq!(tenant.token(&short).await.json()["error"], "slow_down");
    let both = [grant.as_slice(), &[("device_code", "other")]].concat();
    assert_eq!(tenant.token(&both).await.refusal(), refused(400, "invalid_request", 9_002_313));
}

#[tokio::test]
async fn polling_faster_than_the_interval_is_slowed_down() {
    let tenant = Tenant::start().await;
    let (_, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    tenant.poll(CORTEX_APP, &device_code).await;
    let slower = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(slower.refusal(), (400, "slow_down".to_owned(), None));
    tenant.control().advance_clock(SignedDuration::from_secs(10));
    let waited = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(waited.refusal(), refused(400, "authorization_pending", 70_016));
}

#[tokio::test]
async fn declined_expired_foreign_and_unknown_codes_each_have_their_error() {
    let tenant = Tenant::start().await;
    let (user_code, declined) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    tenant.control().decline(&user_code).unwrap();
    assert_eq!(
        tenant.poll(CORTEX_APP, &declined).await.refusal(),
        refused(400, "authorization_declined", 65_004)
    );
    let unknown = tenant.poll(CORTEX_APP, "nonsense").await;
    assert_eq!(unknown.refusal(), refused(400, "invalid_grant", 7_000_014));
    assert!(unknown.json().get("error_uri").is_none());
    let (_, foreign) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    assert_eq!(tenant.poll(AUTOMATION, &foreign).await.refusal(), refused(400, "invalid_grant", 70_000));
    let form = [("grant_type", DEVICE_GRANT), ("client_id", CORTEX_APP), ("device_code", foreign.as_str())];
    let elsewhere = tenant.post("/organizations/oauth2/v2.0/token", &form).await;
    assert_eq!(elsewhere.refusal(), refused(400, "invalid_grant", 700_005));
    tenant.control().advance_clock(SignedDuration::from_mins(15));
    assert_eq!(tenant.poll(CORTEX_APP, &foreign).await.refusal(), refused(400, "expired_token", 70_020));
}

#[tokio::test]
async fn a_multi_tenant_application_signs_people_in_to_their_home() {
    let tenant = Tenant::start().await;
    for segment in ["common", "organizations"] {
        let path = format!("/{segment}/oauth2/v2.0/devicecode");
        let start = tenant.post(&path, &[("client_id", CORTEX_APP), ("scope", LEGACY)]).await;
        tenant.control().approve(&start.member("user_code"), "noor@aurora-lab.example").unwrap();
        let device_code = start.member("device_code");
        let form = [("grant_type", DEVICE_GRANT), ("client_id", CORTEX_APP), ("device_code", &device_code)];
        let answer = tenant.post(&format!("/{segment}/oauth2/v2.0/token"), &form).await;
        let access = claims(&answer.member("access_token"));
        assert_eq!((&access["tid"], &access["upn"]), (&AURORA.into(), &"noor@aurora-lab.example".into()));
    }
}

#[tokio::test]
async fn an_application_that_is_no_public_client_learns_so_after_the_approval() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(READER, GRAPH).await;
    let before = tenant.poll(READER, &device_code).await;
    assert_eq!(before.refusal(), refused(400, "authorization_pending", 70_016));
    tenant.control().approve(&user_code, DANA).unwrap();
    let after = tenant.poll(READER, &device_code).await;
    assert_eq!(after.refusal(), refused(401, "invalid_client", 7_000_218));
}

#[tokio::test]
async fn or_already_at_the_first_poll_when_so_configured() {
    let device_code = DeviceCodeOptions {
        public_client_check: PublicClientCheck::BeforeApproval,
        ..DeviceCodeOptions::default()
    };
    let tenant = Tenant::with(Options { device_code, ..Options::default() }).await;
    let (_, device_code) = tenant.start_device_code(READER, GRAPH).await;
    let answer = tenant.poll(READER, &device_code).await;
    assert_eq!(answer.refusal(), refused(401, "invalid_client", 7_000_218));
}

#[tokio::test]
async fn without_delegated_consent_the_sign_in_ends_in_consent_required() {
    let tenant = Tenant::start().await;
    for (application, scope) in [(UNCONSENTED, LEGACY), (CORTEX_APP, GRAPH)] {
        let answer = tenant.sign_in(application, scope).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant", 65_001));
        assert_eq!(answer.member("suberror"), "consent_required");
    }
}

#[tokio::test]
async fn a_scripted_policy_blocks_the_sign_in() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    let failure = ScriptedFailure {
        error: "invalid_grant".to_owned(),
        code: Some(53_003),
        suberror: Some("message_only".to_owned()),
        claims: Some("{\"access_token\":{\"capolids\":{\"essential\":true}}}".to_owned()),
    };
    tenant.control().fail(&user_code, failure).unwrap();
    let answer = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_grant", 53_003));
    assert_eq!(answer.member("suberror"), "message_only");
    assert!(answer.member("claims").contains("capolids"));
}

#[tokio::test]
async fn in_a_demonstration_somebody_signs_in_by_themselves() {
    let approve_device_codes_after = Some(Duration::from_secs(3));
    let tenant = Tenant::with(Options { approve_device_codes_after, ..Options::default() }).await;
    let (_, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.status, 400);
    tenant.control().advance_clock(SignedDuration::from_secs(5));
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.status, 200);
}
