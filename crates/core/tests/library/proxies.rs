//! Proxies: used for the world outside, never for this machine, named without their password.

use defender_xdr_core::http::{Call, HttpClient, HttpErrorKind, HttpSettings, Proxy, Url};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn through(proxy: &str) -> HttpClient {
    HttpClient::new(HttpSettings {
        proxy: Proxy::Address(proxy.to_owned()),
        system_roots: false,
        ..HttpSettings::default()
    })
}

fn get(address: &str) -> Call {
    Call::get(Url::parse(address).expect("an address"))
}

#[tokio::test]
async fn this_machine_is_reached_directly_under_each_of_its_names() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(502)).expect(0).mount(&proxy).await;
    let service = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(2).mount(&service).await;
    let client = through(&proxy.uri());
    for name in ["127.0.0.1", "localhost"] {
        let answer = client.send(get(&format!("http://{name}:{}/", service.address().port()))).await;
        assert_eq!(answer.expect("an answer").status, 200, "{name}");
    }
}

#[tokio::test]
async fn the_world_outside_is_reached_through_the_proxy_alone() {
    let proxy = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(403)).mount(&proxy).await;
    let error = through(&proxy.uri()).send(get("https://graph.example/")).await.expect_err("refused");
    assert_eq!(error.kind(), HttpErrorKind::Proxy, "{error}");
    assert!(error.is_unsent() && !error.is_retryable());
    assert!(error.hint().is_some_and(|hint| hint.contains("`proxy`")));
    assert!(
        error.to_string().contains("graph.example") && error.to_string().contains(&proxy.uri()),
        "{error}"
    );
}

#[tokio::test]
async fn a_proxys_password_is_never_shown() {
    let gone =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a free port");
    let client = through(&format!("http://user:planted@{gone}"));
    let error = client.send(get("https://graph.example/")).await.expect_err("nobody there");
    assert_eq!(error.kind(), HttpErrorKind::Proxy, "{error}");
    assert!(error.to_string().contains(&gone.to_string()), "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    let unusable = through("nonsense://user:planted@[").send(get("https://graph.example/")).await;
    let error = unusable.expect_err("no address");
    assert_eq!(error.kind(), HttpErrorKind::ProxySetting, "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
}

#[test]
fn settings_that_hold_a_proxys_password_do_not_show_it() {
    let client = through("http://user:planted@proxy.example:3128");
    assert!(!format!("{client:?}").contains("planted"), "{client:?}");
}
