//! `--demo`: the emulator in this process, with a lived-in tenant. No file, profile, secret or token of a real
//! tenant is read; authority and endpoint are pinned to the emulator.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use defender_xdr_core::Environment;
use defender_xdr_core::http::{HttpSettings, Proxy};
use defender_xdr_core::settings::Values;
use defender_xdr_core::store::{MemoryVault, SealedVault, Vault};
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Emulator, Options};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// Somebody of the invented tenant completes a started sign-in after this long.
const SOMEBODY_SIGNS_IN_AFTER: Duration = Duration::from_secs(3);

/// The lock that one demonstration at a time holds.
const TENANT: &str = "tenant";

/// Tokens of the demonstration are filed under this name, since its port changes from run to run.
const AUTHORITY: &str = "demonstration";

/// Starts the tenant and opens a session on it.
pub(crate) async fn open(world: &World) -> Result<Session, Failure> {
    let directory = world.paths.demo().filter(|directory| {
        let made = defender_xdr_core::store::atomic::create_private_directory(directory);
        if let Err(error) = &made {
            tracing::warn!("{error}; the demonstration tenant forgets everything at the end");
        }
        made.is_ok()
    });
    let state_file = directory.as_ref().map(|directory| directory.join("tenant.json"));
    let vault: Arc<dyn Vault> = match &directory {
        Some(directory) => {
            Arc::new(SealedVault::new(directory.join("tokens"), directory.join("key/sealing.key")))
        }
        None => Arc::new(MemoryVault::default()),
    };
    // One at a time: the whole tenant is one file, and nobody's change may be lost.
    let (waiting, name) = (Arc::clone(&vault), TENANT);
    let alone = tokio::task::spawn_blocking(move || waiting.lock(name).ok()).await.unwrap_or_default();
    if world.global.demo_fresh
        && let Some(directory) = &directory
    {
        forget(directory)?;
    }
    let options = Options {
        state_file: state_file.clone(),
        approve_device_codes_after: Some(SOMEBODY_SIGNS_IN_AFTER),
        ..Options::default()
    };
    let tenant = Emulator::start(options).await.map_err(|error| {
        Report::new("state", Exit::Settings, format!("the demonstration tenant cannot start: {error}"))
            .with_hint("`--demo-fresh` starts it anew")
    })?;
    world.say("demonstration tenant: everything shown is invented");
    let global = &world.global;
    if global.config.is_some()
        || global.profile.is_some()
        || global.tenant.is_some()
        || !global.set.is_empty()
    {
        tracing::warn!("--config, --profile, --tenant and --set have no effect on the demonstration tenant");
    }

    let http = HttpSettings { proxy: Proxy::None, system_roots: false, ..HttpSettings::default() };
    let values = values(world, tenant.origin());
    // Nothing of the real environment: this machine's own managed identity has no place in an invented tenant.
    let metadata_service = format!("{}/_managed_identity/imds", tenant.origin());
    let environment = Environment::from_iter([("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata_service)]);
    let session = Session::build(world, environment, values, vault, http, Some(AUTHORITY.to_owned()))?;
    Ok(session.on(tenant, alone))
}

/// Removes the tenant and its sessions. The lock file stays: others may wait for it.
fn forget(directory: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("cannot clear the demonstration tenant in {}: {error}", directory.display());
        Failure::from(Report::new("state", Exit::Settings, message))
    };
    let sessions =
        std::fs::read_dir(directory.join("tokens")).into_iter().flatten().flatten().map(|entry| entry.path());
    let sealed = sessions.filter(|path| path.extension().is_some_and(|extension| extension == "sealed"));
    for path in sealed.chain([directory.join("tenant.json")]) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    Ok(())
}

fn values(world: &World, origin: &str) -> Values {
    let chosen = |flag: &Option<String>, variable: &str| {
        flag.clone().or_else(|| world.environment.get(variable).map(str::to_owned))
    };
    let flow = chosen(&world.global.flow, "DEFENDER_XDR_AUTHENTICATION_FLOW")
        .unwrap_or_else(|| "client-credentials".to_owned());
    let api = chosen(&world.global.api, "DEFENDER_XDR_API").unwrap_or_default();
    let folded: String = flow.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    // The Cortex application brings its own id; every other flow uses the tenant's automation.
    let application = if folded.starts_with("cortex") { "" } else { AUTOMATION.id };
    // A browser comes back to this machine, which is the place of programs without a secret.
    let secret = AUTOMATION.secret.as_ref().map_or("", |secret| secret.value);
    let secret = if folded.starts_with("auth") { "" } else { secret };
    Values::from_iter([
        ("authentication-flow", flow.as_str()),
        ("api", &api),
        ("cloud", "custom"),
        ("authority-host", origin),
        ("endpoint", origin),
        ("tenant-id", AURORA.id),
        ("application-id", application),
        ("client-secret", secret),
        ("quota", "observed"),
    ])
}
