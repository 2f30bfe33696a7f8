//! TLS: whom we trust, and how to say whom else.

use std::path::{Path, PathBuf};

use defender_xdr_core::http::{Call, HttpClient, HttpErrorKind, HttpSettings, Proxy, Url};
use defender_xdr_core::store::atomic;
use defender_xdr_emulator::{Emulator, Options, Tls};

async fn tenant() -> Emulator {
    Emulator::start(Options { tls: Tls::ThrowAway, ..Options::default() }).await.expect("a free port")
}

fn client(ca_file: Option<PathBuf>, insecure: bool) -> HttpClient {
    HttpClient::new(HttpSettings {
        proxy: Proxy::None,
        ca_file,
        insecure,
        system_roots: false,
        ..HttpSettings::default()
    })
}

fn discovery(origin: &str) -> Call {
    let url = format!("{origin}/common/v2.0/.well-known/openid-configuration");
    Call::get(Url::parse(&url).expect("an address"))
}

fn authority_file(directory: &Path, tenant: &Emulator, before: &str) -> PathBuf {
    let pem = tenant.authority_certificate_pem().expect("TLS has an authority");
    let path = directory.join("authority.pem");
    atomic::replace(&path, format!("{before}{pem}").as_bytes()).expect("written");
    path
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted_and_nothing_is_sent() {
    let tenant = tenant().await;
    let error = client(None, false).send(discovery(tenant.origin())).await.expect_err("not trusted");
    assert_eq!(error.kind(), HttpErrorKind::UntrustedCertificate, "{error}");
    assert!(error.is_unsent() && !error.is_retryable());
    assert!(error.hint().is_some_and(|hint| hint.contains("`ca-file`")));
    assert!(error.to_string().contains("localhost"), "{error}");
    assert!(tenant.control().requests().is_empty());
}

#[tokio::test]
async fn an_authority_named_in_the_ca_file_is_trusted_by_name_and_by_address() {
    let (tenant, directory) = (tenant().await, tempfile::tempdir().expect("a directory"));
    let trusting = client(Some(authority_file(directory.path(), &tenant, "")), false);
    for origin in [tenant.origin().to_owned(), tenant.origin().replace("localhost", "127.0.0.1")] {
        assert!(trusting.send(discovery(&origin)).await.expect("an answer").is_success(), "{origin}");
    }
}

#[tokio::test]
async fn one_file_may_hold_several_authorities_and_words_between_them() {
    let other = tenant().await;
    let tenant = tenant().await;
    let directory = tempfile::tempdir().expect("a directory");
    let before = format!("# ours\n{}\nand the second:\n", other.authority_certificate_pem().expect("TLS"));
    let trusting = client(Some(authority_file(directory.path(), &tenant, &before)), false);
    for origin in [tenant.origin(), other.origin()] {
        assert!(trusting.send(discovery(origin)).await.expect("an answer").is_success());
    }
}

#[tokio::test]
async fn another_authority_helps_nothing() {
    let other = tenant().await;
    let tenant = tenant().await;
    let directory = tempfile::tempdir().expect("a directory");
    let trusting = client(Some(authority_file(directory.path(), &other, "")), false);
    let error = trusting.send(discovery(tenant.origin())).await.expect_err("not trusted");
    assert_eq!(error.kind(), HttpErrorKind::UntrustedCertificate, "{error}");
}

#[tokio::test]
async fn insecure_accepts_anybody() {
    let tenant = tenant().await;
    let answer = client(None, true).send(discovery(tenant.origin())).await.expect("an answer");
    assert!(answer.is_success());
}

#[tokio::test]
async fn a_ca_file_that_cannot_be_used_is_named_and_nothing_is_sent() {
    let (tenant, directory) = (tenant().await, tempfile::tempdir().expect("a directory"));
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        atomic::replace(&path, text.as_bytes()).expect("written");
        path
    };
    let broken = "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    let files = [
        directory.path().join("missing.pem"),
        write("empty.pem", ""),
        write("words.pem", "this is no certificate\n"),
        write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        write("broken.pem", broken),
        write("cut.pem", "-----BEGIN CERTIFICATE-----\nbm90"),
        directory.path().to_owned(),
    ];
    for file in files {
        let name = file.display().to_string();
        let error = client(Some(file), false).send(discovery(tenant.origin())).await.expect_err("unusable");
        assert_eq!(error.kind(), HttpErrorKind::Setup, "{name}: {error}");
        assert!(error.to_string().contains("ca-file") && error.to_string().contains(&name), "{error}");
        assert!(!error.is_retryable());
    }
    assert!(tenant.control().requests().is_empty());
}
