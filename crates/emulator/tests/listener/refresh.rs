//! Refresh tokens.

use defender_xdr_emulator::{Options, Rotation};
use jiff::SignedDuration;

use crate::tenant::*;

const SCOPE: &str = "offline_access https://graph.microsoft.com/.default";

async fn signed_in(rotation: Rotation) -> (Tenant, String) {
    let tenant = Tenant::with(Options { rotation, ..Options::default() }).await;
    let token = tenant.sign_in(AUTOMATION, SCOPE).await.member("refresh_token");
    (tenant, token)
}

async fn refresh(tenant: &Tenant, client: &str, token: &str, scope: &str) -> Answer {
    let form =
        [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token), ("scope", scope)];
    tenant.token(&form).await
}

#[tokio::test]
async fn a_refresh_brings_a_new_token_and_the_old_one_stays_valid() {
    let (tenant, first) = signed_in(Rotation::KeepOld).await;
    let second = refresh(&tenant, AUTOMATION, &first, SCOPE).await.member("refresh_token");
    assert_ne!(first, second);
    for token in [&first, &second] {
        assert_eq!(refresh(&tenant, AUTOMATION, token, SCOPE).await.status, 200);
    }
}

#[tokio::test]
async fn with_rotation_that_revokes_the_old_token_is_a_bad_token() {
    let (tenant, first) = signed_in(Rotation::RevokeOld).await;
    let second = refresh(&tenant, AUTOMATION, &first, SCOPE).await.member("refresh_token");
    let old = refresh(&tenant, AUTOMATION, &first, SCOPE).await;
    assert_eq!(old.refusal(), refused(400, "invalid_grant", 50_173));
    assert_eq!(old.member("suberror"), "bad_token");
    assert_eq!(refresh(&tenant, AUTOMATION, &second, SCOPE).await.status, 200);
}

#[tokio::test]
async fn with_rotation_that_omits_the_answer_has_none_and_the_old_one_goes_on() {
    let (tenant, first) = signed_in(Rotation::OmitNew).await;
    for _ in 0..2 {
        let answer = refresh(&tenant, AUTOMATION, &first, SCOPE).await;
        assert_eq!(answer.status, 200);
        assert!(answer.json().get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn another_consented_api_may_be_asked_for_and_the_first_of_several_counts() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let legacy = refresh(&tenant, AUTOMATION, &token, LEGACY).await;
    assert_eq!(claims(&legacy.member("access_token"))["aud"], "https://security.microsoft.com/mtp");
    assert!(legacy.json().get("refresh_token").is_none(), "offline_access was not asked for");
    let both = refresh(&tenant, AUTOMATION, &token, &format!("{LEGACY} {GRAPH}")).await;
    assert_eq!(claims(&both.member("access_token"))["aud"], "https://security.microsoft.com/mtp");
    let unknown = refresh(&tenant, AUTOMATION, &token, "https://nobody.example/.default").await;
    assert_eq!(unknown.refusal(), refused(400, "invalid_resource", 500_011));
}

#[tokio::test]
async fn without_a_scope_the_one_of_the_sign_in_holds() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let answer = refresh(&tenant, AUTOMATION, &token, "").await;
    assert_eq!(claims(&answer.member("access_token"))["aud"], "https://graph.microsoft.com");
    assert!(answer.json().get("refresh_token").is_some());
}

#[tokio::test]
async fn a_token_is_bound_to_its_application_and_must_be_whole() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let other = refresh(&tenant, CORTEX_APP, &token, SCOPE).await;
    assert_eq!(other.refusal(), refused(400, "invalid_grant", 70_000));
    let altered = format!("{token}A");
    let unknown = refresh(&tenant, AUTOMATION, &altered, SCOPE).await;
    assert_eq!(unknown.refusal(), refused(400, "invalid_grant", 70_000));
    let short = refresh(&tenant, AUTOMATION, &token[..20], SCOPE).await;
    assert_eq!(short.refusal(), refused(400, "invalid_grant", 9_002_313));
}

#[tokio::test]
async fn a_token_dies_after_ninety_idle_days() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    tenant.control().advance_clock(days(89));
    assert_eq!(refresh(&tenant, AUTOMATION, &token, SCOPE).await.status, 200);
    tenant.control().advance_clock(days(90));
    let idle = refresh(&tenant, AUTOMATION, &token, SCOPE).await;
    assert_eq!(idle.refusal(), refused(400, "invalid_grant", 700_082));
    assert!(idle.member("error_description").contains("90.00:00:00"));
}

#[tokio::test]
async fn revoking_sessions_ends_every_token() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    assert_eq!(tenant.control().revoke_sessions(), 1);
    let answer = refresh(&tenant, AUTOMATION, &token, SCOPE).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_grant", 50_173));
    assert!(answer.member("error_description").contains("TokensValidFrom"));
}

#[tokio::test]
async fn a_wrong_secret_beside_a_refresh_token_is_refused_and_leaves_it_alive() {
    let (tenant, token) = signed_in(Rotation::RevokeOld).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", AUTOMATION),
        ("client_secret", "wrong"),
        ("refresh_token", token.as_str()),
    ];
    assert_eq!(tenant.token(&form).await.refusal(), refused(401, "invalid_client", 7_000_215));
    assert_eq!(refresh(&tenant, AUTOMATION, &token, SCOPE).await.status, 200);
}

#[tokio::test]
async fn a_refresh_keeps_to_the_rules_of_its_tenant_segment() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let form =
        [("grant_type", "refresh_token"), ("client_id", AUTOMATION), ("refresh_token", token.as_str())];
    let ask = async |segment: &str| tenant.post(&format!("/{segment}/oauth2/v2.0/token"), &form).await;
    assert_eq!(ask("common").await.refusal(), refused(400, "invalid_request", 50_194));
    assert_eq!(ask("borealis-lab.example").await.refusal(), refused(400, "unauthorized_client", 700_016));
    assert_eq!(ask("aurora-lab.example").await.status, 200);
}

#[tokio::test]
async fn the_older_endpoint_refreshes_by_resource() {
    let (tenant, token) = signed_in(Rotation::KeepOld).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", AUTOMATION),
        ("refresh_token", token.as_str()),
        ("resource", "https://api.security.microsoft.com"),
    ];
    let answer = tenant.post(&format!("/{AURORA}/oauth2/token"), &form).await;
    assert_eq!(claims(&answer.member("access_token"))["aud"], "https://api.security.microsoft.com");
    assert_eq!(answer.member("expires_in"), "3599");
    assert!(answer.json().get("refresh_token").is_some());
}
