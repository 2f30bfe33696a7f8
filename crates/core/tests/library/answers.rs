//! Answers: decompressed, bounded, in time, from the host that was asked and from no other.

use std::time::Duration;

use defender_xdr_core::http::{Call, HttpClient, HttpErrorKind, HttpSettings, Url};
use defender_xdr_emulator::{Emulator, Fault, FaultRule, Options};
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::local;

/// `{"id":"7"}`, compressed by another program.
const COMPRESSED: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 76, 81, 178, 82, 50, 87, 170, 5, 0, 65, 180, 149, 242, 10,
    0, 0, 0,
];
/// Ten thousand times the letter a, compressed by another program.
const BLOWN_UP: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 1, 13, 0, 0, 0, 194, 160, 172, 239, 95, 194, 28, 110, 64, 1,
    0, 0, 0, 0, 0, 0, 0, 0, 192, 191, 1, 151, 212, 126, 70, 16, 39, 0, 0,
];

async fn answering(answer: ResponseTemplate) -> (MockServer, Call) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let call = Call::get(Url::parse(&server.uri()).expect("an address"));
    (server, call)
}

#[tokio::test]
async fn a_compressed_answer_is_read_as_what_it_was() {
    let answer =
        ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(COMPRESSED);
    let (server, call) = answering(answer).await;
    let answer = local().send(call).await.expect("an answer");
    assert_eq!(answer.body, br#"{"id":"7"}"#);
    let request = &server.received_requests().await.expect("recorded")[0];
    assert!(request.headers["accept-encoding"].to_str().expect("text").contains("gzip"));
}

#[tokio::test]
async fn an_answer_is_bounded_as_sent_and_as_unpacked() {
    let plain = ResponseTemplate::new(200).set_body_bytes(vec![b'a'; 10_000]);
    let packed =
        ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(BLOWN_UP);
    for answer in [plain, packed] {
        let (_server, call) = answering(answer).await;
        let error = local().send(Call { limit: 9_999, ..call.clone() }).await.expect_err("too large");
        assert_eq!(error.kind(), HttpErrorKind::TooLarge);
        assert!(error.to_string().contains("9999") && !error.is_retryable(), "{error}");
        let whole = local().send(Call { limit: 10_000, ..call }).await.expect("it fits");
        assert_eq!(whole.body.len(), 10_000);
    }
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_named() {
    let (_server, call) = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(20))).await;
    let impatient = HttpClient::new(HttpSettings {
        timeout: Duration::from_millis(200),
        system_roots: false,
        ..HttpSettings::default()
    });
    let error = impatient.send(call).await.expect_err("too slow");
    assert_eq!(error.kind(), HttpErrorKind::Timeout);
    assert!(error.is_retryable() && !error.is_unsent());
    assert!(error.hint().is_some_and(|hint| hint.contains("`timeout`")));
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
        let (_server, call) =
            answering(ResponseTemplate::new(status).insert_header("location", elsewhere.uri())).await;
        let answer = local().send(call).await.expect("an answer");
        assert_eq!((answer.status, answer.is_success()), (status, false));
        elsewhere.verify().await;
    }
}

#[tokio::test]
async fn no_cookie_comes_back() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("set-cookie", "planted=1; Path=/");
    Mock::given(path("/")).respond_with(answer).expect(2).mount(&server).await;
    let (client, call) = (local(), Call::get(Url::parse(&server.uri()).expect("an address")));
    client.send(call.clone()).await.expect("an answer");
    client.send(call).await.expect("an answer");
    for request in server.received_requests().await.expect("recorded") {
        assert!(!request.headers.contains_key("cookie"));
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_one_that_never_was() {
    let emulator = Emulator::start(Options::default()).await.expect("a free port");
    let url = format!("{}/common/v2.0/.well-known/openid-configuration", emulator.origin());
    let call = Call::get(Url::parse(&url).expect("an address"));
    for fault in [Fault::Reset, Fault::CutBody { bytes: 5 }] {
        emulator.control().add_fault(FaultRule::once("/common", fault));
        let error = local().send(call.clone()).await.expect_err("broken");
        assert_eq!(error.kind(), HttpErrorKind::Interrupted, "{error}");
        assert!(error.is_retryable() && !error.is_unsent());
    }
    emulator.stop().await;
    let error = local().send(call).await.expect_err("gone");
    assert_eq!(error.kind(), HttpErrorKind::Connect, "{error}");
    assert!(error.is_retryable() && error.is_unsent());
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_beyond_this_machine() {
    for address in ["http://login.example/", "http://192.0.2.7/", "ftp://127.0.0.1/"] {
        let error =
            local().send(Call::get(Url::parse(address).expect("an address"))).await.expect_err("refused");
        assert_eq!(error.kind(), HttpErrorKind::Insecure, "{address}");
        assert!(error.is_unsent() && !error.is_retryable());
    }
}

#[tokio::test]
async fn errors_name_the_host_and_never_the_query() {
    let gone =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a free port");
    let url = Url::parse(&format!("http://{gone}/path?secret=planted")).expect("an address");
    let error = local().send(Call::get(url)).await.expect_err("nobody there");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"));
}
