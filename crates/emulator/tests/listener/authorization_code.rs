//! Authorization codes and what they are redeemed for.

use defender_xdr_emulator::{CodeOptions, Options};
use jiff::SignedDuration;

use crate::code_flow::*;
use crate::tenant::*;

const OFFLINE: &str = "openid offline_access https://graph.microsoft.com/.default";
const WITH_VERIFIER: &[(&str, &str)] = &[("code_verifier", VERIFIER)];

#[tokio::test]
async fn a_program_with_a_browser_gets_tokens_for_its_code() {
    let tenant = Tenant::start().await;
    let more = [S256, &[("nonce", "n-1")]].concat();
    let code = tenant.code(DESKTOP, LOCALHOST, OFFLINE, &more);
    let answer = tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = claims(&answer.member("access_token"));
    assert_eq!((&token["upn"], &token["appidacr"]), (&DANA.into(), &"0".into()));
    assert_eq!(claims(&answer.member("id_token"))["nonce"], "n-1");
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", DESKTOP),
        ("refresh_token", &answer.member("refresh_token")),
    ];
    assert_eq!(tenant.token(&refresh).await.status, 200);
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token_and_without_openid_no_identity() {
    let tenant = Tenant::start().await;
    let code = tenant.code(DESKTOP, LOCALHOST, LEGACY, S256);
    let body = tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await.json();
    assert!(body["access_token"].is_string() && body.get("refresh_token").is_none());
    assert!(body.get("id_token").is_none());
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes() {
    let tenant = Tenant::start().await;
    let code = tenant.code(DESKTOP, LOCALHOST, OFFLINE, S256);
    let first = tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await;
    let second = tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await;
    assert_eq!(second.refusal(), refused(400, "invalid_grant", 54_005));
    let refresh = first.member("refresh_token");
    let form = [("grant_type", "refresh_token"), ("client_id", DESKTOP), ("refresh_token", &refresh)];
    assert_eq!(tenant.token(&form).await.status, 200, "a replay revokes nothing unless it is asked for");
    let late = tenant.code(DESKTOP, LOCALHOST, OFFLINE, S256);
    tenant.control().advance_clock(SignedDuration::from_mins(10));
    let late = tenant.redeem(DESKTOP, &late, LOCALHOST, WITH_VERIFIER).await;
    assert_eq!(late.refusal(), refused(400, "invalid_grant", 70_008));
}

#[tokio::test]
async fn a_replay_ends_the_session_if_the_tenant_is_told_to() {
    let authorization_code = CodeOptions {
        replay_revokes: true,
        redirect_mismatch_is_invalid_client: true,
        ..CodeOptions::default()
    };
    let tenant = Tenant::with(Options { authorization_code, ..Options::default() }).await;
    let code = tenant.code(DESKTOP, LOCALHOST, OFFLINE, S256);
    let elsewhere = tenant.redeem(DESKTOP, &code, "http://localhost:1", WITH_VERIFIER).await;
    assert_eq!(elsewhere.refusal(), refused(401, "invalid_client", 500_112));
    let refresh = tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await.member("refresh_token");
    tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await;
    let form = [("grant_type", "refresh_token"), ("client_id", DESKTOP), ("refresh_token", &refresh)];
    assert_eq!(tenant.token(&form).await.refusal(), refused(400, "invalid_grant", 50_173));
}

#[tokio::test]
async fn a_code_belongs_to_its_client_address_tenant_and_verifier() {
    let tenant = Tenant::start().await;
    let code = tenant.code(DESKTOP, LOCALHOST, OFFLINE, S256);
    let redeem = async |client: &str, code: &str, uri: &str, more: &[(&str, &str)]| {
        tenant.redeem(client, code, uri, more).await.refusal()
    };
    let grant = |code| refused(400, "invalid_grant", code);
    assert_eq!(redeem(AUTOMATION, &code, LOCALHOST, WITH_VERIFIER).await, grant(70_000));
    assert_eq!(redeem(DESKTOP, &code, "http://localhost:9", WITH_VERIFIER).await, grant(500_112));
    assert_eq!(redeem(DESKTOP, &format!("{code}A"), LOCALHOST, WITH_VERIFIER).await, grant(70_000));
    assert_eq!(redeem(DESKTOP, &code[..20], LOCALHOST, WITH_VERIFIER).await, grant(9_002_313));
    let pasted = format!("{code}&state=xyz&session_state=1");
    assert_eq!(redeem(DESKTOP, &pasted, LOCALHOST, WITH_VERIFIER).await, grant(9_002_313));
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &[("code_verifier", CHALLENGE)]).await, grant(501_481));
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &[("code_verifier", "short")]).await, grant(501_491));
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &[]).await, refused(400, "invalid_request", 900_144));
    let wide = [WITH_VERIFIER, &[("scope", LEGACY)]].concat();
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &wide).await, grant(70_000));
    let empty = [WITH_VERIFIER, &[("scope", "")]].concat();
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &empty).await, refused(400, "invalid_request", 28_003));
    let secret = [WITH_VERIFIER, &[("client_secret", "x")]].concat();
    assert_eq!(redeem(DESKTOP, &code, LOCALHOST, &secret).await, refused(401, "invalid_client", 700_025));
    let elsewhere = [&redemption(DESKTOP, &code, LOCALHOST), WITH_VERIFIER].concat();
    let elsewhere = tenant.post("/aurora-lab.example/oauth2/v2.0/token", &elsewhere).await;
    assert_eq!(elsewhere.status, 200, "the domain names the same tenant, and no refusal spent the code");
}

#[tokio::test]
async fn a_plain_challenge_and_none_at_all_work_too() {
    let tenant = Tenant::start().await;
    let plain = tenant.code(DESKTOP, LOCALHOST, GRAPH, &[("code_challenge", VERIFIER)]);
    assert_eq!(tenant.redeem(DESKTOP, &plain, LOCALHOST, WITH_VERIFIER).await.status, 200);
    let none = tenant.code(DESKTOP, LOCALHOST, GRAPH, &[]);
    let swapped = tenant.redeem(DESKTOP, &none, LOCALHOST, WITH_VERIFIER).await;
    assert_eq!(swapped.refusal(), refused(400, "invalid_grant", 501_481));
    assert_eq!(tenant.redeem(DESKTOP, &none, LOCALHOST, &[]).await.status, 200);
}

#[tokio::test]
async fn a_server_needs_its_secret() {
    let tenant = Tenant::start().await;
    let code = tenant.code(PORTAL, MY_APP, OFFLINE, &[]);
    let redeem = async |more: &[(&str, &str)]| tenant.redeem(PORTAL, &code, MY_APP, more).await;
    assert_eq!(redeem(&[]).await.refusal(), refused(401, "invalid_client", 7_000_218));
    let wrong = redeem(&[("client_secret", "wrong")]).await;
    assert_eq!(wrong.refusal(), refused(401, "invalid_client", 7_000_215));
    let answer = redeem(&[("client_secret", PORTAL_SECRET)]).await;
    assert_eq!(claims(&answer.member("access_token"))["appidacr"], "1");
}

#[tokio::test]
async fn an_older_client_redeems_for_a_resource() {
    let tenant = Tenant::start().await;
    let scope = "offline_access https://security.microsoft.com/mtp/.default";
    let resource = ("resource", "https://api.security.microsoft.com");
    for path in ["oauth2/v2.0/token", "oauth2/token"] {
        let code = tenant.code(AUTOMATION, MY_APP, scope, &[]);
        let mut form = redemption(AUTOMATION, &code, MY_APP);
        form.extend([("client_secret", AUTOMATION_SECRET), resource]);
        let answer = tenant.post(&format!("/{AURORA}/{path}"), &form).await;
        assert_eq!(claims(&answer.member("access_token"))["aud"], resource.1);
        assert!(answer.json()["refresh_token"].is_string());
    }
}

#[tokio::test]
async fn a_page_redeems_across_origins_with_pkce_and_gets_one_day() {
    let tenant = Tenant::start().await;
    let code = tenant.code(BOARD, BOARD_PAGE, OFFLINE, S256);
    let form = [&redemption(BOARD, &code, BOARD_PAGE), WITH_VERIFIER].concat();
    assert_eq!(tenant.token(&form).await.refusal(), refused(400, "invalid_request", 9_002_327));
    let answer = tenant.token_of_a_page(&form).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    let token = answer.member("refresh_token");
    let refresh = |token: String| async move {
        [("grant_type", "refresh_token"), ("client_id", BOARD)]
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .chain([("refresh_token", token)])
            .collect::<Vec<_>>()
    };
    let form = refresh(token).await;
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(tenant.token(&form).await.refusal(), refused(400, "invalid_request", 9_002_327));
    tenant.control().advance_clock(SignedDuration::from_hours(23));
    let second = refresh(tenant.token_of_a_page(&form).await.member("refresh_token")).await;
    tenant.control().advance_clock(SignedDuration::from_hours(1));
    let second: Vec<(&str, &str)> = second.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let over = tenant.token_of_a_page(&second).await;
    assert_eq!(over.refusal(), refused(400, "invalid_grant", 700_084));
    let bare = tenant.code(BOARD, BOARD_PAGE, OFFLINE, &[]);
    let bare = tenant.token_of_a_page(&redemption(BOARD, &bare, BOARD_PAGE)).await;
    assert_eq!(bare.refusal(), refused(400, "invalid_request", 9_002_325));
}

#[tokio::test]
async fn what_is_no_page_must_not_redeem_across_origins() {
    let tenant = Tenant::start().await;
    let code = tenant.code(DESKTOP, LOCALHOST, OFFLINE, S256);
    let form = [&redemption(DESKTOP, &code, LOCALHOST), WITH_VERIFIER].concat();
    let refusal = tenant.token_of_a_page(&form).await.refusal();
    assert_eq!(refusal, refused(400, "invalid_request", 9_002_326));
    let token = tenant.token(&form).await.member("refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("client_id", DESKTOP), ("refresh_token", &token)];
    let refusal = tenant.token_of_a_page(&refresh).await.refusal();
    assert_eq!(refusal, refused(400, "invalid_request", 9_002_326));
}

#[tokio::test]
async fn a_code_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { state_file: Some(folder.path().join("tenant.json")), ..Options::default() };
    let tenant = Tenant::with(options.clone()).await;
    let code = tenant.code(DESKTOP, LOCALHOST, GRAPH, S256);
    tenant.emulator.stop().await;
    let tenant = Tenant::with(options).await;
    assert_eq!(tenant.redeem(DESKTOP, &code, LOCALHOST, WITH_VERIFIER).await.status, 200);
}
