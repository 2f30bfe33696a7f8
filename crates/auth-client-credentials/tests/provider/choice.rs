//! Exactly one credential is configured: none and two are told before anything is opened.

use defender_xdr_core::Secret;
use defender_xdr_core::settings::Origin;

use crate::authority::Authority;

#[tokio::test]
async fn without_a_credential_all_three_ways_are_named() {
    let authority = Authority::start().await;
    let error = authority.provider(authority.without_secret(&[])).expect_err("no credential");
    let said = format!("{error}; {}", error.hint().unwrap_or_default());
    for word in [
        "`client-secret`",
        "`certificate`",
        "`federated-token`",
        "DEFENDER_XDR_CLIENT_SECRET",
        "DEFENDER_XDR_CERTIFICATE",
        "DEFENDER_XDR_FEDERATED_TOKEN",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[tokio::test]
async fn two_credentials_are_named_with_the_places_they_come_from() {
    let cases = [
        ("client-secret", "certificate"),
        ("client-secret", "private-key"),
        ("client-secret", "certificate-thumbprint"),
        ("client-secret", "federated-token"),
        ("certificate", "federated-token"),
        ("private-key", "federated-token"),
    ];
    for (first, second) in cases {
        let authority = Authority::start().await;
        let mut values = authority.without_secret(&[(first, "file:/one")]);
        values.set(second, Secret::new("file:/other"), Origin::Environment("ELSEWHERE".into()));
        let error = authority.provider(values).expect_err("which one?");
        for word in [first, second, "config.toml, line 4", "environment variable ELSEWHERE"] {
            assert!(error.to_string().contains(word), "{word}: {error}");
        }
        assert!(error.hint().is_some_and(|hint| hint.contains("never guessed")));
    }
}

#[tokio::test]
async fn a_passphrase_alone_chooses_nothing() {
    let authority = Authority::start().await;
    let values = authority.without_secret(&[("private-key-passphrase", "env:X")]);
    let error = authority.provider(values).expect_err("no credential");
    assert!(error.to_string().contains("needs one credential"), "{error}");
}

#[tokio::test]
async fn nothing_is_opened_before_a_token_is_asked_for() {
    let settings: [&[(&str, &str)]; 4] = [
        &[("certificate", "/no/such.pem")],
        &[
            ("certificate", "env:NOT_SET"),
            ("private-key", "command:false"),
            ("private-key-passphrase", "env:NOT_SET"),
        ],
        &[("federated-token", "file:/no/such/token")],
        &[("federated-token", "command:false")],
    ];
    for settings in settings {
        let authority = Authority::start().await;
        assert!(authority.provider(authority.without_secret(settings)).is_ok(), "{settings:?}");
    }
}
