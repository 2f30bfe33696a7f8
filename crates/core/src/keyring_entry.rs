//! Entries of the operating system's keyring: Secret Service on Linux and the BSDs, Keychain on macOS.
//!
//! This is the one place that depends on more than what the caller passes in: the session bus is found by its own
//! variable (`DBUS_SESSION_BUS_ADDRESS`), and the system may ask the person to unlock the keyring.

use std::sync::Arc;
use std::thread;

use keyring_core::{CredentialStore, Error};
use zeroize::Zeroizing;

use crate::Secret;

/// Every entry of ours belongs to this service; entries differ in the user name.
pub const SERVICE: &str = "defender-xdr";

/// Why the keyring gave nothing. Holds nothing of an entry.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct KeyringError(String);

/// The text of an entry; `None` when there is no such entry. Blocks, perhaps until the person has unlocked the keyring.
pub(crate) fn read(name: &str) -> Result<Option<Secret>, KeyringError> {
    apart(|| match store()?.build(SERVICE, name, None)?.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
}

/// Replaces the text of an entry, or makes one.
pub(crate) fn write(name: &str, text: &Zeroizing<String>) -> Result<(), KeyringError> {
    apart(|| store()?.build(SERVICE, name, None)?.set_password(text))
}

/// On a thread of its own: the D-Bus library blocks on a runtime inside, which a thread of ours may not.
fn apart<T: Send>(work: impl FnOnce() -> keyring_core::Result<T> + Send) -> Result<T, KeyringError> {
    let done = thread::scope(|scope| scope.spawn(work).join());
    let done = done.map_err(|_| KeyringError("the keyring library failed".to_owned()))?;
    done.map_err(|error| KeyringError(told(&error)))
}

/// Some errors carry the entry itself.
fn told(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry holds no text".to_owned(),
        Error::Ambiguous(entries) => format!("{} entries have this name", entries.len()),
        Error::NoStorageAccess(why) => format!("the keyring is locked or cannot be reached: {why}"),
        Error::PlatformFailure(why) => why.to_string(),
        other => other.to_string(),
    }
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(not(target_os = "macos"))]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_never_repeats_the_entry() {
        let error = told(&Error::BadEncoding(b"planted".to_vec()));
        assert!(!error.contains("planted") && !error.contains("112"), "{error}");
    }
}
