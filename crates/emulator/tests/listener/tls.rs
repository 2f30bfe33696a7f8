//! The throw-away certificates.

use defender_xdr_emulator::{Options, Tls};

use crate::tenant::*;

async fn tenant() -> Tenant {
    Tenant::with(Options { tls: Tls::ThrowAway, ..Options::default() }).await
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_connects_by_name_and_by_address() {
    let tenant = tenant().await;
    assert!(tenant.emulator.origin().starts_with("https://localhost:"));
    let body = tenant.get("/common/v2.0/.well-known/openid-configuration").await.json();
    assert_eq!(body["token_endpoint"], tenant.url("/common/oauth2/v2.0/token"));
    let by_address = tenant.url("/_control/ready").replace("localhost", "127.0.0.1");
    assert_eq!(tenant.http.get(by_address).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_client_that_trusts_nobody_does_not_connect() {
    let tenant = tenant().await;
    client(None).get(tenant.url("/_control/ready")).send().await.unwrap_err();
    let other = self::tenant().await;
    other.http.get(tenant.url("/_control/ready")).send().await.unwrap_err();
}

#[tokio::test]
async fn plain_http_has_no_authority() {
    assert!(Tenant::start().await.emulator.authority_certificate_pem().is_none());
}
