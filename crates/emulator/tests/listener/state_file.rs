//! What survives a restart.

use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::{Bearer, Emulator, EmulatorError, Options};

use crate::tenant::*;

fn options(path: &std::path::Path) -> Options {
    Options { state_file: Some(path.to_owned()), ..Options::default() }
}

#[tokio::test]
async fn sign_ins_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    let tenant = Tenant::with(options(&path)).await;
    let (user_code, device_code) =
        tenant.start_device_code(AUTOMATION, &format!("offline_access {GRAPH}")).await;
    let access = tenant.control().access_token(AUTOMATION, &Audience::Graph, Bearer::Application).unwrap();
    tenant.emulator.stop().await;

    let tenant = Tenant::with(options(&path)).await;
    tenant.control().approve(&user_code, "dana@aurora-lab.example").unwrap();
    let refresh = tenant.poll(AUTOMATION, &device_code).await.member("refresh_token");
    let request = tenant.http.get(tenant.url("/v1.0/security/incidents")).bearer_auth(access);
    assert_ne!(request.send().await.unwrap().status(), 401);
    tenant.emulator.stop().await;

    let tenant = Tenant::with(options(&path)).await;
    let form = [("grant_type", "refresh_token"), ("client_id", AUTOMATION), ("refresh_token", &refresh)];
    assert_eq!(tenant.token(&form).await.status, 200);
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["tenant.json", "tenant.json.lock"], "no temporary file stays behind");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    let tenant = Tenant::with(options(&path)).await;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    tenant.emulator.stop().await;
}

#[tokio::test]
async fn a_damaged_file_or_one_of_another_tenant_is_an_error_that_names_it() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    std::fs::File::create(&path).unwrap().write_all(b"{\"version\":1,").unwrap();
    let error = Emulator::start(options(&path)).await.unwrap_err();
    assert!(matches!(error, EmulatorError::StateFile { .. }));
    assert!(error.to_string().contains("tenant.json") && error.to_string().contains("damaged"));

    std::fs::remove_file(&path).unwrap();
    Emulator::start(options(&path)).await.unwrap().stop().await;
    let error = Emulator::start(Options { seed: 99, ..options(&path) }).await.unwrap_err();
    assert!(error.to_string().contains("seed 1"), "{error}");
}

#[tokio::test]
async fn two_emulators_do_not_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    let tenant = Tenant::with(options(&path)).await;
    let error = Emulator::start(options(&path)).await.unwrap_err().to_string();
    assert!(error.contains("tenant.json: another emulator is using it"), "{error}");
    tenant.emulator.stop().await;
    Tenant::with(options(&path)).await.emulator.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_cannot_be_written_is_called_by_the_name_it_was_given() {
    let folder = tempfile::Builder::new().prefix("folder").tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    std::fs::create_dir(&path).unwrap();
    let error = Emulator::start(options(&path)).await.unwrap_err().to_string();
    assert!(error.contains("tenant.json") && !error.contains(".tmp"), "{error}");
    let missing = folder.path().join("nowhere").join("tenant.json");
    let error = Emulator::start(options(&missing)).await.unwrap_err().to_string();
    assert!(error.contains("nowhere/tenant.json") && error.contains("No such file"), "{error}");
    assert!(!error.contains(".tmp") && !error.contains(".lock"), "{error}");
}

#[tokio::test]
async fn a_dropped_emulator_leaves_the_file_to_the_next_one_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tenant.json");
    let tenant = Tenant::with(options(&path)).await;
    let control = tenant.control().clone();
    drop(tenant);
    Tenant::with(options(&path)).await.emulator.stop().await;
    drop(control);
}
