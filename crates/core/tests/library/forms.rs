//! Forms: whatever a secret consists of, the server reads it as it is.

use defender_xdr_core::http::{Call, Url};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::local;

/// The fields a server reads from what was sent.
async fn arriving(fields: &[(&'static str, String)]) -> Vec<(String, String)> {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(1).mount(&server).await;
    let url = Url::parse(&server.uri()).expect("an address");
    local().send(Call::form(url, fields.to_vec())).await.expect("an answer");
    let request = server.received_requests().await.expect("recorded").remove(0);
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(request.body.is_ascii());
    serde_urlencoded::from_bytes(&request.body).expect("a form")
}

#[tokio::test]
async fn every_printable_character_arrives_alone_and_in_a_crowd() {
    let crowd: String = (' '..='~').collect();
    let fields: Vec<_> =
        (' '..='~').map(|character| ("one", character.to_string())).chain([("all", crowd)]).collect();
    let expected: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    assert_eq!(arriving(&fields).await, expected);
}

#[tokio::test]
async fn secrets_as_people_have_them_arrive_unchanged() {
    let secrets = [
        "aB3~x+y/z==",
        "a&client_id=other",
        "percent%20sign%",
        "  blanks around  ",
        "tab\tand\r\nlines",
        "",
        "ä€😀",
        "e\u{301} is not é",
        "\u{feff}mark",
        "null\0byte",
        "+",
        "%",
        "=",
        "&",
        "%2B",
    ];
    let fields: Vec<_> = secrets.iter().map(|secret| ("client_secret", (*secret).to_owned())).collect();
    let arrived: Vec<_> = arriving(&fields).await.into_iter().map(|(_, value)| value).collect();
    assert_eq!(arrived, secrets);
}

#[tokio::test]
async fn a_long_token_arrives_whole() {
    let token = "0.AXYA".repeat(20_000);
    assert_eq!(arriving(&[("refresh_token", token.clone())]).await, [("refresh_token".to_owned(), token)]);
}
