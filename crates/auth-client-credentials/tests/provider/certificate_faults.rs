//! Certificates and keys that cannot work are told before anything is sent, without a byte of them.

use std::time::Duration;

use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::settings::SettingsError;

use crate::authority::{Authority, error as refusal};
use crate::keys::keys;

async fn fault(settings: &[(&str, &str)]) -> AuthError {
    let authority = Authority::start().await.at_present();
    let error = authority.failure_of(authority.without_secret(settings), false).await;
    assert_eq!(error.kind(), AuthErrorKind::Setup, "{error}");
    assert!(error.hint().is_some(), "{error}");
    let said = format!("{error} {:?} {error:?}", error.hint());
    assert!(!said.contains("planted-pass") && !said.contains("MII"), "{said}");
    error
}

async fn refused(settings: &[(&str, &str)]) -> SettingsError {
    let authority = Authority::start().await;
    let error = authority.provider(authority.without_secret(settings)).expect_err("these cannot be used");
    assert!(!format!("{error} {error:?}").contains("MII"), "{error:?}");
    error
}

fn says(error: &AuthError, words: &[&str]) {
    let said = format!("{error}; {}", error.hint().unwrap_or_default());
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

#[tokio::test]
async fn a_thumbprint_of_another_certificate_is_told_with_both_places() {
    let keys = keys();
    let other = keys.fingerprint("root.pem", "sha1");
    let error =
        fault(&[("certificate", &keys.setting("both.pem")), ("certificate-thumbprint", &other)]).await;
    assert_eq!(error.setting(), Some("certificate-thumbprint"));
    let own = keys.fingerprint("own.pem", "sha1").replace(':', "");
    says(&error, &["config.toml, line 4", "config.toml, line 5", &own, &other.replace(':', "")]);
}

#[tokio::test]
async fn a_key_of_another_certificate_is_told_with_both_places() {
    let keys = keys();
    let error =
        fault(&[("certificate", &keys.setting("own.pem")), ("private-key", &keys.setting("root.key"))]).await;
    assert_eq!(error.setting(), Some("private-key"));
    says(&error, &["does not belong", "config.toml, line 4", "config.toml, line 5"]);
}

#[tokio::test]
async fn passphrases_that_are_missing_or_wrong_are_told() {
    let keys = keys();
    let (certificate, sealed) = (keys.setting("own.pem"), keys.setting("own.sealed"));
    let missing = fault(&[("certificate", &certificate), ("private-key", &sealed)]).await;
    says(&missing, &["encrypted", "`private-key-passphrase`"]);
    for name in ["own.sealed", "own.scrypt"] {
        let wrong = fault(&[
            ("certificate", &certificate),
            ("private-key", &keys.setting(name)),
            ("private-key-passphrase", "wrong"),
        ])
        .await;
        says(&wrong, &["does not open", "`private-key-passphrase`"]);
    }
    let old = fault(&[
        ("certificate", &certificate),
        ("private-key", &keys.setting("own.old")),
        ("private-key-passphrase", "planted-pass"),
    ])
    .await;
    says(&old, &["not supported", "openssl pkcs8 -topk8"]);
}

#[tokio::test]
async fn keys_that_entra_does_not_take_are_named_as_such() {
    let keys = keys();
    let curve =
        fault(&[("certificate", &keys.setting("ec.pem")), ("private-key", &keys.setting("ec.key"))]).await;
    says(&curve, &["elliptic-curve", "RSA"]);
    let thumbprint = keys.fingerprint("own.pem", "sha1");
    let short =
        fault(&[("certificate-thumbprint", &thumbprint), ("private-key", &keys.setting("short.key"))]).await;
    says(&short, &["RSA key that cannot be used", "2048"]);
}

#[tokio::test]
async fn what_a_file_lacks_is_told() {
    let keys = keys();
    let own = keys.setting("own.pem");
    says(&fault(&[("certificate", &own)]).await, &["no private key", "`private-key`"]);
    says(&fault(&[("certificate", &keys.setting("own.key"))]).await, &["no certificate"]);
    says(&fault(&[("private-key", &keys.setting("own.key"))]).await, &["`certificate-thumbprint`"]);
    says(&fault(&[("certificate", &own), ("private-key", &own)]).await, &["line 5", "no private key"]);
    says(&fault(&[("certificate", &keys.setting("own.csr"))]).await, &["neither a certificate nor"]);
    says(&fault(&[("certificate", "/no/such.pem")]).await, &["/no/such.pem"]);
    let cut = keys.text("own.pem").replace("-----END", "");
    says(&fault(&[("certificate", &cut)]).await, &["END line"]);
}

#[tokio::test]
async fn a_certificate_outside_its_validity_is_told_with_the_day() {
    let keys = keys();
    let authority = Authority::start().await;
    // The tests' own clock stands before openssl's or near it; a year and a day later it is over for sure.
    let authority = authority.at_present();
    authority.clock.advance(Duration::from_hours(24 * 366));
    let values = authority.without_secret(&[("certificate", &keys.setting("both.pem"))]);
    let error = authority.failure_of(values, false).await;
    assert_eq!((error.kind(), error.setting()), (AuthErrorKind::Setup, Some("certificate")));
    says(&error, &["expired on 20", "config.toml, line 4", "upload"]);

    let early = Authority::start_at("2020-01-01T00:00:00Z".parse().expect("a time")).await;
    let values = early.without_secret(&[("certificate", &keys.setting("both.pem"))]);
    says(&early.failure_of(values, false).await, &["valid only from 20", "clock"]);
}

#[cfg(not(feature = "pfx"))]
#[tokio::test]
async fn a_pfx_file_names_the_feature_and_the_way_around_it() {
    let keys = keys();
    let error = fault(&[("certificate", &keys.setting("own.pfx")), ("private-key-passphrase", "x")]).await;
    says(&error, &["PKCS#12", "feature `pfx`", "openssl pkcs12"]);
}

#[cfg(feature = "pfx")]
#[tokio::test]
async fn a_pfx_file_that_does_not_open_is_told() {
    let keys = keys();
    says(&fault(&[("certificate", &keys.setting("own.pfx"))]).await, &["needs `private-key-passphrase`"]);
    let wrong =
        fault(&[("certificate", &keys.setting("own.pfx")), ("private-key-passphrase", "wrong")]).await;
    says(&wrong, &["does not fit"]);
}

#[tokio::test]
async fn settings_that_can_mean_nothing_are_refused_before_any_file_is_read() {
    let keys = keys();
    let digits = refused(&[("certificate", "/no/such.pem"), ("certificate-thumbprint", "12:34")]).await;
    assert!(digits.to_string().contains("40 nor 64 hex digits"), "{digits}");
    let alone = refused(&[("certificate-thumbprint", &"ab".repeat(20))]).await;
    assert!(alone.to_string().contains("without `private-key`"), "{alone}");
    // A key that lost its first and last line is not shown as a path.
    let body: String = keys.text("own.key").lines().filter(|line| !line.starts_with('-')).collect();
    let headless = refused(&[("certificate", "/a.pem"), ("private-key", &body)]).await;
    assert!(headless.to_string().contains("neither PEM text nor a path"), "{headless}");
}

#[tokio::test]
async fn a_private_key_in_a_settings_file_that_others_read_is_refused_and_a_path_is_not() {
    use defender_xdr_core::Secret;
    use defender_xdr_core::settings::Origin;

    let (authority, keys) = (Authority::start().await, keys());
    let open = Origin::File { path: "config.toml".into(), line: 1, trusted: true, private: false };
    for (text, allowed) in
        [(keys.text("both.pem"), false), (keys.setting("both.pem"), true), ("env:BUNDLE".to_owned(), true)]
    {
        let mut values = authority.without_secret(&[]);
        values.set("certificate", Secret::new(text), open.clone());
        assert_eq!(authority.provider(values).is_ok(), allowed);
    }
}

#[tokio::test]
async fn a_certificate_that_entra_does_not_know_is_named_by_its_thumbprint() {
    let keys = keys();
    let authority = Authority::start().await.at_present();
    authority.always(refusal(401, "invalid_client", 700_027)).await;
    let values = authority.without_secret(&[("certificate", &keys.setting("both.pem"))]);
    let error = authority.failure_of(values, true).await;
    assert_eq!((error.kind(), error.setting()), (AuthErrorKind::InvalidClient, Some("certificate")));
    says(&error, &[&keys.fingerprint("own.pem", "sha1").replace(':', ""), "upload"]);
}

#[tokio::test]
async fn a_secret_in_the_line_of_a_certificate_is_not_repeated() {
    for key in ["certificate", "private-key"] {
        let error = fault(&[(key, "hX8Q~hush.hush_1"), ("certificate-thumbprint", &"ab".repeat(20))]).await;
        assert!(!format!("{error} {:?}", error.hint()).contains("hush"), "{error}");
    }
    let digits = refused(&[("certificate", "/a.pem"), ("certificate-thumbprint", "hX8Q~hush.hush_1")]).await;
    assert!(!format!("{digits:?}").contains("hush"), "{digits}");
}
