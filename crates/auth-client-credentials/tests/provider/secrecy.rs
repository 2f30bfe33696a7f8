//! Nothing that can be printed shows the secret or a token.

use defender_xdr_core::auth::AuthError;
use wiremock::ResponseTemplate;

use crate::authority::{Authority, SECRET, error, token};
use crate::federated::subject_token;
use crate::keys::keys;

fn shows_nothing(text: &str) {
    assert!(!text.contains(SECRET) && !text.contains("planted"), "{text}");
}

#[tokio::test]
async fn debug_texts_of_the_provider_and_all_around_it_are_silent() {
    let authority = Authority::start().await;
    authority.answers(token("planted-token")).await;
    let context = authority.context(authority.values());
    shows_nothing(&format!("{context:?}"));
    shows_nothing(&format!("{:?}", authority.provider(authority.values()).expect("good settings")));
    let manager = authority.manager(authority.values());
    let token = manager.token().await.expect("a token");
    manager.flush().await;
    shows_nothing(&format!("{manager:?} {token:?} {:?} {:?}", manager.status(), authority.vault));
}

#[tokio::test]
async fn no_error_shows_the_secret() {
    let answers = [
        vec![error(401, "invalid_client", 7_000_215)],
        vec![ResponseTemplate::new(200).set_body_string("planted-token")],
        vec![ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/")],
        vec![ResponseTemplate::new(429).insert_header("retry-after", "600")],
        vec![ResponseTemplate::new(500); 5],
    ];
    for script in answers {
        let authority = Authority::start().await;
        for answer in script {
            authority.answers(answer).await;
        }
        let error: AuthError = authority.refusal().await;
        shows_nothing(&format!("{error} {error:?} {:?}", error.hint()));
    }
}

#[tokio::test]
async fn settings_errors_do_not_show_it_either() {
    let authority = Authority::start().await;
    for replaced in
        [("tenant-id", "common"), ("application-id", "x"), ("cloud", "mars"), ("authority-host", "x")]
    {
        let error = authority.provider(authority.values_with(&[replaced])).expect_err("refused");
        shows_nothing(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn keys_passphrases_and_assertions_are_not_shown_either() {
    let keys = keys();
    let key = keys.text("own.sealed");
    let token = subject_token("https://issuer.example", "job", 4_000_000_000);
    let credentials: [&[(&str, &str)]; 2] = [
        &[
            ("certificate", &keys.text("own.pem")),
            ("private-key", &key),
            ("private-key-passphrase", "planted-pass"),
        ],
        &[("federated-token", &token)],
    ];
    for settings in credentials {
        let authority = Authority::start().await.at_present();
        authority.always(error(401, "invalid_client", 50_012)).await;
        let manager = authority.manager(authority.without_secret(settings));
        let error = manager.token().await.expect_err("refused");
        let sent = authority.last_form().await.get("client_assertion").to_owned();
        let shown = format!(
            "{manager:?} {error} {error:?} {:?} {:?}",
            error.hint(),
            authority.without_secret(settings)
        );
        shows_nothing(&shown);
        let signature = sent.rsplit('.').next().expect("three parts");
        assert!(!shown.contains(signature) && !shown.contains(&token) && !shown.contains("MII"), "{shown}");
    }
}
