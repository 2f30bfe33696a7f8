//! The program from outside, against an invented tenant.
#![expect(clippy::expect_used, reason = "support code of tests fails a test by panicking")]

use std::collections::BTreeSet;
use std::process::Output;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Emulator, Options};
use serde_json::Value;

async fn run(tenant: &Emulator, api: &str) -> Output {
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    tokio::process::Command::new(env!("CARGO_BIN_EXE_cortex-backlog"))
        .arg(api)
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

async fn ids(tenant: &Emulator, api: &str) -> BTreeSet<String> {
    let output = run(tenant, api).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let incidents = || answers.iter().flat_map(|answer| answer["incidents"].as_array().expect("a list"));
    let ids: BTreeSet<String> = incidents().map(|one| one["name"].to_string()).collect();
    assert_eq!(ids.len(), incidents().count(), "each once");
    assert!(answers.len() > 1 && answers.last().is_some_and(|last| !last["lastRun"].is_null()), "{text}");
    ids
}

#[tokio::test]
async fn both_apis_give_the_same_incidents_each_once() {
    let options = Options { incidents: 450, ..Options::default() };
    let tenant = Emulator::start(options).await.expect("a free port");
    let found = ids(&tenant, "graph").await;
    assert!(found.len() >= 450, "{}", found.len());
    assert_eq!(found, ids(&tenant, "legacy").await);
    tenant.stop().await;
}

#[tokio::test]
async fn another_api_is_told() {
    let tenant = Emulator::start(Options::default()).await.expect("a free port");
    let output = run(&tenant, "soap").await;
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("`graph` and `legacy`"));
    tenant.stop().await;
}
