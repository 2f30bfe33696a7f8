//! What the settings say about tokens at rest: sealed files or memory, and where the sealing key comes from. Never
//! guessed: a source that is named and absent is an error.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use defender_xdr_core::settings::{SecretResolver, SettingsError, Values};
use defender_xdr_core::store::sealing_key::{
    EnvironmentKey, KeyFile, KeySource, PassphraseKey, SystemdCredential,
};
use defender_xdr_core::store::{MemoryVault, SealedVault, StoreError, Vault};

use crate::detached::detached;
use crate::failure::Failure;
use crate::world::World;

/// The settings key that says whether anything is kept at all.
pub(crate) const STORE: &str = "token-store";
/// The settings key that names the place of the sealing key.
pub(crate) const SOURCE: &str = "sealing-key-source";
/// The places there are; the first one is the default.
pub(crate) const SOURCES: [&str; 5] = ["file", "environment", "systemd", "passphrase", "keyring"];

/// What a token request may need beyond its repetitions.
const WRITING: Duration = Duration::from_secs(30);

const PASSPHRASE: &str = "sealing-passphrase";
/// The settings key of the passphrase before a change.
pub(crate) const PREVIOUS_PASSPHRASE: &str = "previous-sealing-passphrase";
/// How a passphrase is stretched, beside the records.
const STRETCHING: &str = "passphrase.json";

/// Which of two keys of one source: the one in use, or the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    InUse,
    Previous,
}

/// The vault that the settings ask for.
pub(crate) async fn open(world: &World, values: &Values) -> Result<Arc<dyn Vault>, Failure> {
    if in_memory(values)? {
        return Ok(Arc::new(MemoryVault::default()));
    }
    Ok(match sealed(world, values).await? {
        Some(vault) => Arc::new(vault),
        None => Arc::new(MemoryVault::default()),
    })
}

/// Whether the settings want nothing to be kept.
pub(crate) fn in_memory(values: &Values) -> Result<bool, Failure> {
    Ok(values.choice(STORE, &["sealed", "memory"])? == Some("memory"))
}

/// The place of the sealing key that the settings name.
pub(crate) fn chosen_source(values: &Values) -> Result<&'static str, Failure> {
    Ok(values.choice(SOURCE, &SOURCES)?.unwrap_or(SOURCES[0]))
}

/// The sealed vault; `None`, with a warning, where there is no place for it.
pub(crate) async fn sealed(world: &World, values: &Values) -> Result<Option<SealedVault>, Failure> {
    let source = chosen_source(values)?;
    warn_of_unused_keys(world, values, source);
    let Some(directory) =
        world.paths.tokens().filter(|_| source != "file" || world.paths.sealing_key().is_some())
    else {
        let why = world.paths.why_absent(&world.environment);
        tracing::warn!("{why}: tokens are kept in memory only");
        return Ok(None);
    };
    let key = key(world, values, source, Which::InUse, &directory).await?;
    // Whoever holds a record may be asking for a token, with all the repetitions it is allowed.
    let patience = values.seconds("retry-budget", 120)? + WRITING;
    Ok(Some(SealedVault::with_key(directory, key).with_patience(patience)))
}

/// A key of this source, for records in this directory.
pub(crate) async fn key(
    world: &World,
    values: &Values,
    source: &str,
    which: Which,
    directory: &Path,
) -> Result<Arc<dyn KeySource>, Failure> {
    let blamed = |error: StoreError| told(values, &error);
    let previous = which == Which::Previous;
    Ok(match source {
        "environment" => {
            let variable =
                if previous { EnvironmentKey::PREVIOUS_VARIABLE } else { EnvironmentKey::VARIABLE };
            Arc::new(EnvironmentKey::new(&world.environment, variable).map_err(blamed)?)
        }
        "systemd" => {
            let name = if previous { SystemdCredential::PREVIOUS_NAME } else { SystemdCredential::NAME };
            Arc::new(SystemdCredential::new(&world.environment, name).map_err(blamed)?)
        }
        "passphrase" => passphrase(world, values, which, directory).await?,
        "keyring" => reachable(values, keyring(values, directory)?).await?,
        _ => {
            let Some(path) = world.paths.sealing_key() else {
                let why = world.paths.why_absent(&world.environment);
                return Err(SettingsError::new(format!("{why}: there is no place for a key file")).into());
            };
            Arc::new(KeyFile::new(path))
        }
    })
}

async fn passphrase(
    world: &World,
    values: &Values,
    which: Which,
    directory: &Path,
) -> Result<Arc<dyn KeySource>, Failure> {
    let key = if which == Which::Previous { PREVIOUS_PASSPHRASE } else { PASSPHRASE };
    let Some(reference) = values.secret(key)? else {
        let error =
            SettingsError::new(format!("`{key}` is not set, and the sealing key should be made from it"));
        let variable = key.to_ascii_uppercase().replace('-', "_");
        let hint = format!(
            "set `{key}` to a reference such as file:PATH or command:ARGV, or DEFENDER_XDR_{variable}"
        );
        return Err(values.blame(SOURCE, error.with_hint(hint)).into());
    };
    // What is sealed with the passphrase cannot hold the passphrase: nothing stored is there to be found.
    let resolver =
        SecretResolver { environment: world.environment.clone(), vault: Arc::new(MemoryVault::default()) };
    let opened = resolver
        .resolve(&reference)
        .await
        .map_err(|error| values.blame(key, SettingsError::new(format!("`{key}` cannot be read: {error}"))))?;
    let source = PassphraseKey::new(opened, directory.join(STRETCHING));
    Ok(Arc::new(source.map_err(|error| values.blame(key, as_settings(&error)))?))
}

#[cfg(feature = "keyring")]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as without the feature")]
fn keyring(_: &Values, directory: &Path) -> Result<Arc<dyn KeySource>, Failure> {
    Ok(Arc::new(defender_xdr_core::store::sealing_key::KeyringKey::new(directory)))
}

#[cfg(not(feature = "keyring"))]
fn keyring(values: &Values, _: &Path) -> Result<Arc<dyn KeySource>, Failure> {
    let error = SettingsError::new(
        "the sealing key should be in the keyring, and this program was built without the feature `keyring`",
    )
    .with_hint("build it with that feature (cargo build --features keyring), or choose another source");
    Err(values.blame(SOURCE, error).into())
}

/// Asks the keyring now, not when a token is already there and cannot be kept. The person may have to unlock it first.
async fn reachable(values: &Values, key: Arc<dyn KeySource>) -> Result<Arc<dyn KeySource>, Failure> {
    let asked = Arc::clone(&key);
    match detached(move || asked.check()).await {
        Some(Ok(())) => Ok(key),
        Some(Err(error)) => Err(told(values, &error)),
        None => Err(Failure::bug("asking the keyring failed")),
    }
}

/// A key source that cannot be used is a mistake in the settings that chose it.
fn told(values: &Values, error: &StoreError) -> Failure {
    values.blame(SOURCE, as_settings(error)).into()
}

fn as_settings(error: &StoreError) -> SettingsError {
    let told = SettingsError::new(error.to_string());
    match error.hint() {
        Some(hint) => told.with_hint(hint),
        None => told,
    }
}

/// A key that is set and not used may mean that the source was forgotten.
fn warn_of_unused_keys(world: &World, values: &Values, source: &str) {
    let unused = |what: &str| tracing::warn!("{what} has no effect: `{SOURCE}` is `{source}`");
    if source != "environment" && world.environment.get(EnvironmentKey::VARIABLE).is_some() {
        unused(EnvironmentKey::VARIABLE);
    }
    if source != "passphrase" && values.get(PASSPHRASE).is_some() {
        unused(&format!("`{PASSPHRASE}`"));
    }
}
