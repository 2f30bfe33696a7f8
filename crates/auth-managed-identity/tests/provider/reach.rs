//! Hosts are asked directly: never through a proxy, never in plain text beyond this machine and its host.

use defender_xdr_core::http::Proxy;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::imds::{question, stage};
use crate::stage::{Stage, token};

#[tokio::test]
async fn no_proxy_of_the_settings_hears_of_it() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(502)).expect(0).mount(&proxy).await;
    let mut stage = stage().await;
    stage.proxy = Proxy::Address(proxy.uri());
    stage.answers(&question(), token()).await;
    assert_eq!(stage.token().await, "at-1");
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_with_the_variable_at_fault() {
    for (name, others) in [
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST", &[][..]),
        ("IDENTITY_ENDPOINT", &["IDENTITY_HEADER"]),
        ("IDENTITY_ENDPOINT", &["IMDS_ENDPOINT"]),
        ("MSI_ENDPOINT", &["MSI_SECRET"]),
        ("MSI_ENDPOINT", &[]),
    ] {
        for address in
            ["http://identity.example/token", "http://10.0.0.1/", "http://localhost.example", "no address"]
        {
            let mut stage = Stage::start().await.with_variable(name, address);
            for other in others {
                stage = stage.with_variable(other, "planted");
            }
            let error = stage.unusable();
            let origin = error.origin().map(ToString::to_string).unwrap_or_default();
            assert_eq!(origin, format!("environment variable {name}"), "{error}");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
    }
}

#[tokio::test]
async fn the_addresses_azure_gives_are_allowed() {
    for address in [
        "http://169.254.130.4:8081/msi/token",
        "http://localhost:42356/msi/token",
        "https://identity.example/token",
    ] {
        let stage = Stage::start()
            .await
            .with_variable("IDENTITY_ENDPOINT", address)
            .with_variable("IDENTITY_HEADER", "planted");
        assert!(stage.provider().is_ok(), "{address}");
    }
}
