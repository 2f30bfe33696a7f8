//! Something else answers in place of the token endpoint.

use defender_xdr_core::auth::AuthErrorKind;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::authority::Authority;

#[tokio::test]
async fn what_is_no_token_answer_is_described_and_never_quoted() {
    let answers = [
        ("a sign-in page", 200, "text/html", "<html>planted-token</html>", "text/html"),
        ("cut JSON", 200, "application/json", r#"{"access_token":"planted-token","exp"#, "application/json"),
        ("nothing", 200, "text/plain", "", "0 bytes"),
        ("other JSON", 200, "application/json", r#"{"id_token":"planted-token"}"#, "application/json"),
        ("a list", 200, "application/json", r#"["planted-token"]"#, "application/json"),
    ];
    for (what, status, media, body, shown) in answers {
        let authority = Authority::start().await;
        authority.answers(ResponseTemplate::new(status).set_body_raw(body, media)).await;
        let error = authority.refusal().await;
        let text = error.to_string();
        assert_eq!(error.kind(), AuthErrorKind::Unreadable, "{what}");
        assert!(
            text.contains("did not answer as a token endpoint") && text.contains(shown),
            "{what}: {text}"
        );
        assert!(!format!("{error:?}").contains("planted-token"), "{what}");
        assert!(error.hint().is_some_and(|hint| hint.contains("`authority-host`")), "{what}");
    }
}

#[tokio::test]
async fn a_proxys_page_is_told_by_its_beginning() {
    let authority = Authority::start().await;
    let page = ResponseTemplate::new(407).set_body_raw("<html>Blocked\nby policy</html>", "text/html");
    authority.answers(page).await;
    let error = authority.refusal().await;
    assert_eq!(error.kind(), AuthErrorKind::Unreadable);
    assert!(error.to_string().contains("407"), "{error}");
    assert!(error.to_string().contains("<html>Blocked by policy</html>"), "{error}");
}

#[tokio::test]
async fn errors_in_the_style_of_other_services_are_not_mistaken_for_entras() {
    for body in
        [r#"{"error":{"code":"Forbidden","message":"no"}}"#, r#"{"statusCode":403,"message":"no"}"#, "{}"]
    {
        let authority = Authority::start().await;
        authority.answers(ResponseTemplate::new(403).set_body_raw(body, "application/json")).await;
        let error = authority.refusal().await;
        assert_eq!(error.kind(), AuthErrorKind::Unreadable, "{body}");
        assert!(error.to_string().contains("403"), "{body}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_other_host_hears_nothing() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&elsewhere).await;
        let authority = Authority::start().await;
        let away =
            ResponseTemplate::new(status).insert_header("location", format!("{}/token", elsewhere.uri()));
        authority.answers(away).await;
        let error = authority.refusal().await;
        assert_eq!(error.kind(), AuthErrorKind::Unreadable, "{status}");
        assert!(error.to_string().contains(&status.to_string()), "{error}");
        elsewhere.verify().await;
    }
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_named() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address")
    };
    let authority = Authority::start().await;
    let values = authority.values_with(&[("authority-host", &format!("http://{gone}"))]);
    let error = authority.manager(values).token().await.expect_err("nobody listens");
    assert_eq!(error.kind(), AuthErrorKind::Unreachable);
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert!(error.is_retryable());
}
