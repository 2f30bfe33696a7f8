//! Credentials that are refused: whose fault, which code, what to do; and the service is not asked in vain.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::{AUTOMATION, EXPIRED};

use crate::support::Stage;

fn with_secret(line: &str) -> Stage {
    let stage = Stage::bare(Options::default());
    stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, &format!("{line}\n")));
    stage
}

#[test]
fn a_wrong_secret_is_named_by_its_code_and_not_repeated() {
    let stage = with_secret("client-secret = \"hush-hush\"");
    let settings = std::fs::read(stage.home.settings_file()).expect("settings");
    let ran = stage.run(&["incidents", "list"]).ends(4).saying(&["AADSTS7000215", "client-secret"]);
    assert!(!ran.stderr.contains("hush-hush"));
    assert_eq!(std::fs::read(stage.home.settings_file()).expect("settings"), settings);
}

#[test]
fn a_refused_secret_is_not_offered_again_at_once() {
    let stage = with_secret("client-secret = \"hush-hush\"");
    stage.run(&["incidents", "list"]).ends(4);
    stage.run(&["incidents", "list"]).ends(4).saying(&["--retry-now", "just refused"]);
    assert_eq!(stage.tenant.control().token_requests(), 1);
    stage.run(&["incidents", "list", "--retry-now"]).ends(4);
    stage.run(&["auth", "test"]).ends(4);
    assert_eq!(stage.tenant.control().token_requests(), 3);
}

#[test]
fn a_corrected_secret_works_at_once() {
    let stage = with_secret("client-secret = \"hush-hush\"");
    stage.run(&["incidents", "list"]).ends(4);
    let right = format!("client-secret = \"{}\"\n", AUTOMATION.secret.as_ref().expect("a secret").value);
    stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, &right));
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn an_expired_secret_is_named_as_such() {
    let stage = Stage::of(&EXPIRED);
    stage.run(&["incidents", "list"]).ends(4).saying(&["AADSTS7000222", "expired", "secret"]);
}

#[test]
fn an_application_the_tenant_does_not_know_is_named() {
    let stage = with_secret("client-secret = \"x\"");
    stage
        .run(&["--set", "application-id=00000000-1111-2222-3333-444444444444", "auth", "test"])
        .ends(4)
        .saying(&["AADSTS700016", "application-id"]);
}

#[test]
fn a_secret_that_is_not_where_it_should_be_is_named() {
    for (reference, words) in [
        ("env:NOT_SET", ["NOT_SET", "client-secret"]),
        ("file:/no/such/secret", ["/no/such/secret", "client-secret"]),
        ("stored:nothing", ["`nothing`", "client-secret"]),
        ("command:/no/such/program", ["/no/such/program", "client-secret"]),
    ] {
        let stage = with_secret(&format!("client-secret = \"{reference}\""));
        stage.run(&["auth", "test"]).ends(3).saying(&words);
        assert_eq!(stage.tenant.control().token_requests(), 0, "{reference}");
    }
}

#[test]
fn a_certificate_that_is_not_where_it_should_be_or_not_whole_is_named() {
    for (line, words) in [
        ("certificate = \"/no/such.pem\"", ["/no/such.pem", "line 8"]),
        ("certificate = \"env:NOT_SET\"", ["NOT_SET", "line 8"]),
        ("federated-token = \"file:/no/such/token\"", ["/no/such/token", "line 8"]),
        ("federated-token = \"workload-identity\"", ["AZURE_FEDERATED_TOKEN_FILE", "line 8"]),
        ("federated-token = \"github-actions\"", ["id-token: write", "line 8"]),
    ] {
        with_secret(line).run(&["auth", "test"]).ends(3).saying(&words);
    }
}

#[test]
fn a_certificate_the_tenant_does_not_know_is_named_with_its_thumbprint_and_setting() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("app.pem");
    let made = std::process::Command::new("openssl")
        .args(
            "req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=x -keyout app.pem -out app.crt".split(' '),
        )
        .current_dir(directory.path())
        .output()
        .expect("this test needs the openssl program");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let crt = directory.path().join("app.crt").display().to_string();
    let stage = with_secret(&format!("certificate = \"{crt}\"\nprivate-key = \"{}\"", file.display()));
    let ran = stage.run(&["auth", "test"]).ends(4);
    let ran = ran.saying(&["AADSTS700027", "config.toml, line 8", "upload the certificate (thumbprint "]);
    assert!(!ran.stderr.contains("MII") && !ran.stderr.contains("client-secret"), "{}", ran.stderr);
}
