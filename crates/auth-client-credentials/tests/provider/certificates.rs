//! A certificate signs in: the whole form, header and claims, and the signature against the certificate's own key.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use defender_xdr_core::Clock;
use serde_json::json;

use crate::authority::{APPLICATION, Authority, SCOPE, TENANT, token};
use crate::keys::keys;

const PASS: &str = "planted-pass";

async fn authority() -> Authority {
    let authority = Authority::start().await.at_present();
    authority.always(token("at-1")).await;
    authority
}

/// Hex digits with colons, as bytes in base64url.
fn base64url(fingerprint: &str) -> String {
    let bytes: Vec<u8> =
        fingerprint.split(':').map(|pair| u8::from_str_radix(pair, 16).expect("hex")).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn a_certificate_is_sent_as_ps256_with_its_sha_256_thumbprint_and_chain() {
    let (authority, keys) = (authority().await, keys());
    let values = authority.without_secret(&[
        ("certificate", &keys.setting("chain.pem")),
        ("private-key", &keys.setting("own.key")),
    ]);
    let form = authority.form_of(values).await;
    assert_eq!(
        form.names(),
        ["client_assertion", "client_assertion_type", "client_id", "grant_type", "scope"]
    );
    assert_eq!(form.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(form.get("grant_type"), "client_credentials");
    assert_eq!((form.get("client_id"), form.get("scope")), (APPLICATION, SCOPE));
    let assertion = form.assertion();
    // In the file the root comes first: the application's own certificate has to.
    let root = pem_body(&keys.text("root.pem"));
    assert_eq!(
        assertion.header,
        json!({
            "alg": "PS256", "typ": "JWT",
            "x5t#S256": base64url(&keys.fingerprint("own.pem", "sha256")),
            "x5c": [STANDARD.encode(keys.bytes("own.der")), root],
        })
    );
    let now = authority.clock.now().as_second();
    let id = assertion.claims["jti"].as_str().expect("an id").to_owned();
    assert_eq!(
        assertion.claims,
        json!({
            "aud": format!("{}/{TENANT}/oauth2/v2.0/token", authority.server.uri()),
            "iss": APPLICATION, "sub": APPLICATION, "jti": id,
            "iat": now, "nbf": now, "exp": now + 600,
        })
    );
    assert_eq!(id.len(), 36);
    assert!(assertion.is_signed_by(&keys.public_key("own.pem")));
    assert!(!assertion.is_signed_by(&keys.public_key("root.pem")));
}

fn pem_body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[tokio::test]
async fn a_thumbprint_and_a_key_are_sent_as_rs256_with_the_sha_1_thumbprint() {
    let (authority, keys) = (authority().await, keys());
    let thumbprint = keys.fingerprint("own.pem", "sha1");
    let values = authority.without_secret(&[
        ("certificate-thumbprint", &thumbprint),
        ("private-key", &keys.setting("own.key")),
    ]);
    let assertion = authority.form_of(values).await.assertion();
    assert_eq!(assertion.header, json!({ "alg": "RS256", "typ": "JWT", "x5t": base64url(&thumbprint) }));
    assert!(assertion.is_signed_by(&keys.public_key("own.pem")));
}

#[tokio::test]
async fn a_sha_256_thumbprint_and_a_key_are_sent_as_ps256() {
    let (authority, keys) = (authority().await, keys());
    let thumbprint = keys.fingerprint("own.pem", "sha256");
    let values = authority.without_secret(&[
        ("certificate-thumbprint", &thumbprint),
        ("private-key", &keys.setting("own.key")),
    ]);
    let assertion = authority.form_of(values).await.assertion();
    assert_eq!(assertion.header, json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": base64url(&thumbprint) }));
    assert!(assertion.is_signed_by(&keys.public_key("own.pem")));
}

#[tokio::test]
async fn every_form_of_the_key_signs() {
    let keys = keys();
    for name in ["own.key", "own.pkcs1", "own.sealed", "own.scrypt"] {
        let authority = authority().await;
        let values = authority.without_secret(&[
            ("certificate", &keys.setting("own.pem")),
            ("private-key", &keys.setting(name)),
            ("private-key-passphrase", PASS),
        ]);
        let assertion = authority.form_of(values).await.assertion();
        assert!(assertion.is_signed_by(&keys.public_key("own.pem")), "{name}");
    }
}

#[tokio::test]
async fn one_file_may_hold_certificate_chain_and_key() {
    let keys = keys();
    for key in ["certificate", "private-key"] {
        let authority = authority().await;
        let values = authority.without_secret(&[(key, &keys.setting("both.pem"))]);
        let assertion = authority.form_of(values).await.assertion();
        assert_eq!(assertion.header["x5c"].as_array().map(Vec::len), Some(2), "{key}");
        assert!(assertion.is_signed_by(&keys.public_key("own.pem")), "{key}");
    }
}

#[tokio::test]
async fn a_certificate_in_der_is_taken_too() {
    let (authority, keys) = (authority().await, keys());
    let values = authority.without_secret(&[
        ("certificate", &keys.setting("own.der")),
        ("private-key", &keys.setting("own.key")),
    ]);
    assert!(authority.form_of(values).await.assertion().is_signed_by(&keys.public_key("own.pem")));
}

#[tokio::test]
async fn references_and_text_with_damaged_line_ends_are_as_good_as_a_path() {
    let keys = keys();
    let text = keys.text("both.pem");
    let ways = [
        text.clone(),
        text.replace('\n', ""),
        text.replace('\n', " "),
        text.replace('\n', "\\n"),
        text.replace('\n', "\r\n"),
        format!("file:{}", keys.setting("both.pem")),
        format!("command:cat {}", keys.setting("both.pem")),
        "stored:bundle".to_owned(),
    ];
    for way in ways {
        let authority = authority().await;
        defender_xdr_core::store::Vault::save(authority.vault.as_ref(), "secret-bundle", text.as_bytes())
            .expect("saved");
        let values = authority.without_secret(&[("certificate", &way)]);
        let assertion = authority.form_of(values).await.assertion();
        assert!(assertion.is_signed_by(&keys.public_key("own.pem")), "{}", &way[..20]);
    }
}

#[tokio::test]
async fn values_of_a_calling_program_are_the_pem_text_itself() {
    let (authority, keys) = (authority().await, keys());
    // As Cortex hands them over: thumbprint, and a key whose line ends became blanks.
    let values = authority.values_with(&[
        ("client-secret", ""),
        ("certificate-thumbprint", &keys.fingerprint("own.pem", "sha1")),
        ("private-key", &keys.text("own.key").replace('\n', " ")),
    ]);
    assert!(authority.form_of(values).await.assertion().is_signed_by(&keys.public_key("own.pem")));
    let path = authority.values_with(&[("client-secret", ""), ("certificate", &keys.setting("both.pem"))]);
    let error = authority.provider(path).expect_err("a path is no PEM text");
    assert!(error.to_string().contains("taken literally"), "{error}");
}

#[tokio::test]
async fn each_token_request_has_an_assertion_of_its_own() {
    let (authority, keys) = (authority().await, keys());
    let provider = authority
        .provider(authority.without_secret(&[("certificate", &keys.setting("both.pem"))]))
        .expect("good settings");
    let mut seen = Vec::new();
    for _ in 0..2 {
        provider.acquire(&defender_xdr_core::auth::TokenRequest::default()).await.expect("a token");
        let claims = authority.last_form().await.assertion().claims;
        assert_eq!(claims["nbf"], json!(authority.clock.now().as_second()));
        seen.push(claims["jti"].clone());
        authority.clock.advance(Duration::from_hours(1));
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_thumbprint_beside_its_certificate_fits_however_it_is_written() {
    let keys = keys();
    let sha1 = keys.fingerprint("own.pem", "sha1");
    let ways = [
        sha1.clone(),
        sha1.replace(':', ""),
        sha1.replace(':', " ").to_lowercase(),
        keys.fingerprint("own.pem", "sha256"),
    ];
    for way in ways {
        let authority = authority().await;
        let values = authority
            .without_secret(&[("certificate", &keys.setting("both.pem")), ("certificate-thumbprint", &way)]);
        assert_eq!(authority.form_of(values).await.assertion().header["alg"], "PS256", "{way}");
    }
}

#[tokio::test]
async fn a_renewed_certificate_file_is_used_without_a_restart_and_ends_the_pause_after_a_refusal() {
    let (authority, keys) = (authority().await, keys());
    let provider = authority
        .provider(authority.without_secret(&[("certificate", &keys.setting("both.pem"))]))
        .expect("good settings");
    let other = authority
        .provider(authority.without_secret(&[
            ("certificate", &keys.setting("root.pem")),
            ("private-key", &keys.setting("root.key")),
        ]))
        .expect("good settings");
    let first = provider.credential_fingerprint().await.expect("opened");
    assert_eq!(first, provider.credential_fingerprint().await.expect("opened"));
    assert_ne!(first, other.credential_fingerprint().await.expect("opened"));
}

#[cfg(feature = "pfx")]
#[tokio::test]
async fn a_pfx_file_holds_everything() {
    let (authority, keys) = (authority().await, keys());
    let values = authority
        .without_secret(&[("certificate", &keys.setting("own.pfx")), ("private-key-passphrase", PASS)]);
    let assertion = authority.form_of(values).await.assertion();
    assert_eq!(assertion.header["x5c"].as_array().map(Vec::len), Some(2));
    assert!(assertion.is_signed_by(&keys.public_key("own.pem")));
}
