//! The program from outside, against an invented tenant.
#![expect(clippy::expect_used, reason = "support code of tests fails a test by panicking")]

use std::collections::BTreeSet;
use std::process::Output;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Emulator, Options};

async fn run(tenant: &Emulator, secret: &str) -> Output {
    tokio::process::Command::new(env!("CARGO_BIN_EXE_new-incidents"))
        .env_clear()
        .env("DEFENDER_XDR_CLOUD", "custom")
        .env("DEFENDER_XDR_AUTHORITY_HOST", tenant.origin())
        .env("DEFENDER_XDR_ENDPOINT", tenant.origin())
        .env("DEFENDER_XDR_TENANT_ID", AURORA.id)
        .env("DEFENDER_XDR_APPLICATION_ID", AUTOMATION.id)
        .env("DEFENDER_XDR_CLIENT_SECRET", secret)
        .output()
        .await
        .expect("it starts")
}

#[tokio::test]
async fn it_prints_the_incidents_of_a_week_each_once() {
    let tenant = Emulator::start(Options::default()).await.expect("a free port");
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let output = run(&tenant, secret).await;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 3 && lines.iter().all(|line| line.starts_with('{')), "{text}");
    assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
    tenant.stop().await;
}

#[tokio::test]
async fn a_wrong_secret_is_told() {
    let tenant = Emulator::start(Options::default()).await.expect("a free port");
    let output = run(&tenant, "planted~wrong~secret").await;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(told.contains("7000215") && !told.contains("planted~wrong"), "{told}");
    tenant.stop().await;
}

#[test]
fn the_page_for_library_users_shows_the_program_as_it_is() {
    let page = include_str!("../../../docs/library.md");
    let program = include_str!("../src/main.rs");
    let shown =
        page.split("```rust\n").nth(1).and_then(|rest| rest.split("```\n").next()).expect("a program");
    let (_, body) = program.split_once("\n\n").expect("a head");
    assert_eq!(shown, body);
}
