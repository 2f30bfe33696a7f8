//! Clients for one service of the host: that service only, and never by a way that leaves the host.

use std::time::Duration;

use defender_xdr_core::http::{Call, HttpClient, HttpErrorKind, HttpSettings, Proxy, Url};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn url(address: &str) -> Url {
    Url::parse(address).expect("an address")
}

#[tokio::test]
async fn it_calls_its_own_service_and_nobody_else() {
    let service = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(1).mount(&service).await;
    let other = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&other).await;
    let client = crate::local().for_host_service(&url(&service.uri()));
    let answer = client.send(Call::get(url(&format!("{}/token", service.uri())))).await;
    assert_eq!(answer.expect("an answer").status, 200);
    for address in [other.uri().as_str(), "https://login.example/", "http://169.254.169.254/"] {
        let error = client.send(Call::get(url(address))).await.expect_err("another service");
        assert_eq!(error.kind(), HttpErrorKind::Insecure, "{error}");
    }
}

#[tokio::test]
async fn plain_http_reaches_the_host_and_no_other_machine() {
    for address in ["http://10.0.0.1/token", "http://identity.example/token"] {
        let client = crate::local().for_host_service(&url(address));
        let error = client.send(Call::get(url(address))).await.expect_err("refused");
        assert_eq!(error.kind(), HttpErrorKind::Insecure, "{error}");
    }
}

#[tokio::test]
async fn a_link_local_address_is_never_reached_through_a_proxy() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&proxy).await;
    let settings = HttpSettings {
        proxy: Proxy::Address(proxy.uri()),
        system_roots: false,
        timeout: Duration::from_secs(5),
        ..HttpSettings::default()
    };
    // Nobody has this address: whatever comes, it does not come from the proxy.
    let nobody = url("http://169.254.77.1:9/token");
    let outcome = HttpClient::new(settings).for_host_service(&nobody).send(Call::get(nobody)).await;
    if let Err(error) = outcome {
        assert_ne!(error.kind(), HttpErrorKind::Proxy, "{error}");
    }
}

#[tokio::test]
async fn it_trusts_no_extra_certificate_and_reads_no_file_for_it() {
    let service = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(1).mount(&service).await;
    let settings = HttpSettings {
        ca_file: Some("/nowhere/authority.pem".into()),
        system_roots: false,
        ..HttpSettings::default()
    };
    let address = url(&service.uri());
    let answer = HttpClient::new(settings).for_host_service(&address).send(Call::get(address)).await;
    assert_eq!(answer.expect("an answer").status, 200);
}
