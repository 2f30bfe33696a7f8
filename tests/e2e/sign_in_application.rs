//! Signing in as an application: nobody takes part.

use defender_xdr_emulator::directory::applications::{AUTOMATION, CORTEX_PAGE};
use defender_xdr_emulator::{Options, Tls};

use crate::support::{Stage, get};

#[test]
fn a_test_proves_the_sign_in_and_names_what_it_allows() {
    let stage = Stage::new();
    let proof = stage.run(&["auth", "test"]).well().json();
    assert_eq!((proof["ok"].as_bool(), proof["api"].as_str()), (Some(true), Some("graph")));
    let permissions = proof["permissions"].to_string();
    assert!(permissions.contains("SecurityIncident.ReadWrite.All"), "{permissions}");
}

#[test]
fn a_test_never_answers_from_the_cache() {
    let stage = Stage::new();
    for count in 1..=3 {
        stage.run(&["auth", "test"]).well();
        assert_eq!(stage.tenant.control().token_requests(), count);
    }
}

#[test]
fn commands_share_one_token_until_it_ends() {
    let stage = Stage::new();
    for _ in 0..3 {
        stage.run(&["incidents", "list", "--limit", "1"]).well();
    }
    assert_eq!(stage.tenant.control().token_requests(), 1);
}

#[test]
fn there_is_nothing_to_start_or_complete_and_both_say_so() {
    let stage = Stage::new();
    let start = stage.run(&["auth", "start"]).well();
    assert!(start.stdout.contains("nothing to start"), "{}", start.stdout);
    let complete = stage.run(&["auth", "complete"]).well();
    assert!(complete.stdout.contains("nothing to complete"), "{}", complete.stdout);
    stage.run(&["auth", "login"]).well();
}

#[test]
fn status_says_who_without_asking_anybody() {
    let stage = Stage::new();
    let out = stage.run(&["auth", "status"]).ends(1).json();
    assert_eq!(out["signed_in"], false);
    stage.run(&["auth", "test"]).well();
    let asked = stage.tenant.control().requests().len();
    let status = stage.run(&["auth", "status"]).well().json();
    assert_eq!(status["signed_in"], true);
    assert_eq!(status["application_id"], AUTOMATION.id);
    assert!(status["protection"].as_str().is_some_and(|text| text.contains("sealed")), "{status}");
    assert_eq!(stage.tenant.control().requests().len(), asked);
}

#[test]
fn reset_forgets_the_token() {
    let stage = Stage::new();
    stage.run(&["auth", "test"]).well();
    stage.run(&["auth", "reset"]).well();
    stage.run(&["auth", "status"]).ends(1);
    assert_eq!(stage.home.sealed_records(), Vec::<std::path::PathBuf>::new());
    stage.run(&["auth", "reset"]).well().saying(&["no stored sign-in"]);
}

#[test]
fn the_printed_token_opens_the_api_for_another_program() {
    let stage = Stage::new();
    let bare = stage.run(&["auth", "token"]).well();
    let url = format!("{}/v1.0/security/incidents?$top=1", stage.tenant.origin());
    assert_eq!(get(&url, Some(bare.stdout.trim_end())).status, 200);
    assert_eq!(get(&url, None).status, 401);
    let object = stage.run(&["auth", "token", "-o", "json"]).well().json();
    assert_eq!(object["access_token"].as_str(), Some(bare.stdout.trim_end()));
    assert_eq!(object["token_type"], "Bearer");
}

#[test]
fn the_secret_may_come_from_a_file_a_variable_or_a_program() {
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let stage = Stage::bare(Options::default());
    let path = stage.home.write("secrets/one", &format!("{secret}\n"), 0o600);
    for reference in [
        format!("file:{}", path.display()),
        "env:A_SECRET".to_owned(),
        format!("command:printf %s '{secret}'"),
    ] {
        let more = format!("client-secret = \"{reference}\"\n");
        stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, &more));
        let ran = stage.command(&["auth", "test"]).env("A_SECRET", secret).env("PATH", "/usr/bin:/bin").go();
        assert_eq!(ran.code, 0, "{reference}: {}", ran.stderr);
    }
}

#[test]
fn everything_may_come_from_the_environment() {
    let stage = Stage::bare(Options::default());
    let origin = stage.tenant.origin();
    stage
        .command(&["incidents", "list", "--limit", "1"])
        .env("DEFENDER_XDR_AUTHENTICATION_FLOW", "Client Credentials")
        .env("DEFENDER_XDR_APPLICATION_ID", AUTOMATION.id)
        .env("DEFENDER_XDR_CLIENT_SECRET", AUTOMATION.secret.as_ref().expect("a secret").value)
        .env("DEFENDER_XDR_TENANT_ID", "aurora-lab.example")
        .env("DEFENDER_XDR_CLOUD", "custom")
        .env("DEFENDER_XDR_AUTHORITY_HOST", origin)
        .env("DEFENDER_XDR_ENDPOINT", origin)
        .go()
        .well();
}

#[test]
fn https_works_with_a_named_certificate() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    let path = stage.home.write("authority.pem", stage.tenant.certificate(), 0o644);
    stage.also(&format!("ca-file = \"{}\"", path.display()));
    stage.run(&["auth", "test"]).well();
    assert_eq!(stage.run(&["incidents", "list", "--limit", "5"]).well().records().len(), 5);
}

#[test]
fn the_legacy_api_needs_only_legacy_permissions() {
    let stage = Stage::of(&CORTEX_PAGE);
    stage.also("api = \"legacy\"");
    let proof = stage.run(&["auth", "test"]).well().json();
    assert!(proof["permissions"].to_string().contains("Incident.ReadWrite.All"), "{proof}");
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_token_the_api_refuses_is_replaced_once() {
    let stage = Stage::new();
    stage.run(&["auth", "test"]).well();
    stage.tenant.fault("/v1.0/", 0, 1, defender_xdr_emulator::Fault::ExpiredToken);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    assert_eq!(stage.tenant.control().token_requests(), 2);
}

#[test]
fn a_second_refusal_of_a_new_token_is_an_answer() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, defender_xdr_emulator::Fault::UnauthorizedOnce);
    stage.run(&["incidents", "list", "--limit", "1"]).ends(4);
    assert_eq!(stage.tenant.control().token_requests(), 2);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 2);
}
