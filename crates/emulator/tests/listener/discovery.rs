//! Metadata, keys, instance discovery and what the listener says about itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_emulator::Options;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use crate::tenant::*;

#[tokio::test]
async fn the_metadata_of_a_tenant_points_back_at_the_listener() {
    let tenant = Tenant::start().await;
    let answer = tenant.get("/aurora-lab.example/v2.0/.well-known/openid-configuration").await;
    let body = answer.json();
    assert_eq!(body["issuer"], tenant.url(&format!("/{AURORA}/v2.0")));
    assert_eq!(body["token_endpoint"], tenant.url(&format!("/{AURORA}/oauth2/v2.0/token")));
    assert_eq!(answer.headers["cache-control"], "max-age=86400, private");
    let open = tenant.get("/organizations/v2.0/.well-known/openid-configuration").await.json();
    assert_eq!(open["issuer"], tenant.url("/{tenantid}/v2.0"));
}

#[tokio::test]
async fn metadata_of_an_unknown_tenant_is_an_invalid_tenant() {
    let tenant = Tenant::start().await;
    let unknown = tenant.get("/nobody.example/v2.0/.well-known/openid-configuration").await;
    assert_eq!(unknown.refusal(), refused(400, "invalid_tenant", 90_002));
    let malformed = tenant.get("/nobody/v2.0/.well-known/openid-configuration").await;
    assert_eq!(malformed.refusal(), refused(400, "invalid_tenant", 900_023));
}

#[tokio::test]
async fn a_token_verifies_with_the_published_key() {
    let tenant = Tenant::start().await;
    let key = tenant.get(&format!("/{AURORA}/discovery/v2.0/keys")).await.json()["keys"][0].clone();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let coordinate = |name: &str| decode(key[name].as_str().unwrap());
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", AUTOMATION),
        ("client_secret", AUTOMATION_SECRET),
        ("scope", GRAPH),
    ];
    let token = tenant.token(&form).await.member("access_token");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &decode(signature))
        .unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&decode(token.split('.').next().unwrap())).unwrap();
    assert_eq!(header["kid"], key["kid"]);
}

#[tokio::test]
async fn instance_discovery_knows_genuine_hosts_and_itself_only() {
    let tenant = Tenant::start().await;
    let ask = async |host: &str| {
        let endpoint = format!("https://{host}/{AURORA}/oauth2/v2.0/authorize");
        let query =
            serde_urlencoded::to_string([("api-version", "1.1"), ("authorization_endpoint", &endpoint)]);
        tenant.get(&format!("/common/discovery/instance?{}", query.unwrap())).await
    };
    let genuine = ask("login.windows.net").await.json();
    assert_eq!(genuine["metadata"][0]["preferred_network"], "login.microsoftonline.com");
    assert!(genuine["tenant_discovery_endpoint"].as_str().unwrap().starts_with("https://login.windows.net/"));
    let own = tenant.emulator.origin().trim_start_matches("http://").to_owned();
    assert_eq!(ask(&own).await.status, 200);
    assert_eq!(ask("evil.example").await.refusal(), refused(400, "invalid_instance", 50_049));
}

#[tokio::test]
async fn the_date_header_shows_the_tenants_time() {
    let now = Some("2026-03-01T10:00:00Z".parse().unwrap());
    let tenant = Tenant::with(Options { now, ..Options::default() }).await;
    let answer = tenant.get("/nothing/here").await;
    assert_eq!(answer.status, 404);
    assert!(answer.headers["date"].to_str().unwrap().starts_with("Sun, 01 Mar 2026 10:00:"));
}

#[tokio::test]
async fn only_loopback_addresses_are_listened_on() {
    let options = Options { listen: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    let error = defender_xdr_emulator::Emulator::start(options).await.unwrap_err();
    assert!(error.to_string().contains("0.0.0.0:0 is not a loopback address"));
}

#[tokio::test]
async fn a_body_beyond_four_mebibytes_is_refused_before_it_is_sent() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let tenant = Tenant::start().await;
    let address = tenant.emulator.origin().trim_start_matches("http://").to_owned();
    for (length, status) in [(4 * 1024 * 1024 + 1, "413"), (0, "400")] {
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /{AURORA}/oauth2/v2.0/token HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(std::str::from_utf8(&answer).unwrap(), format!("HTTP/1.1 {status}"));
    }
}

#[tokio::test]
async fn links_name_the_host_the_client_used_unless_it_is_not_this_machine() {
    let tenant = Tenant::start().await;
    let path = "/common/v2.0/.well-known/openid-configuration";
    let ask = async |host: &str| {
        let request = tenant.http.get(tenant.url(path)).header("host", host);
        Answer::read(request.send().await.unwrap()).await.member("token_endpoint")
    };
    assert_eq!(ask("localhost:4711").await, "http://localhost:4711/common/oauth2/v2.0/token");
    assert_eq!(ask("evil.example").await, tenant.url("/common/oauth2/v2.0/token"));
}
