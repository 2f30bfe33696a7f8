//! The sealing key as a systemd credential (systemd.exec(5), `LoadCredential=` and `LoadCredentialEncrypted=`): a file
//! that only the service sees, in memory that is never swapped, for as long as the service runs.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::bytes::SealingKey;
use super::encoded::decode;
use super::source::{KeySource, Replacement};
use crate::Environment;
use crate::store::error::{StoreError, StoreErrorKind};

/// Whatever is larger is no key.
const LARGEST: u64 = 4096;

/// A key that systemd handed over: base64 of 32 bytes.
#[derive(Debug)]
pub struct SystemdCredential {
    path: PathBuf,
}

impl SystemdCredential {
    /// The name of the credential with the key in use.
    pub const NAME: &str = "defender-xdr-sealing-key";
    /// The name of the credential with the key before it, while records are resealed.
    pub const PREVIOUS_NAME: &str = "defender-xdr-previous-sealing-key";

    /// The credential `name` below `$CREDENTIALS_DIRECTORY`.
    ///
    /// # Errors
    /// When systemd passed no such credential, or it is no key.
    pub fn new(environment: &Environment, name: &str) -> Result<Self, StoreError> {
        let directory = environment.get("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let Some(directory) = directory.filter(|path| path.is_absolute()) else {
            let state = if environment.get("CREDENTIALS_DIRECTORY").is_some() {
                "is no absolute path"
            } else {
                "is not set"
            };
            return Err(StoreError::new(
                StoreErrorKind::KeyUnavailable,
                format!(
                    "CREDENTIALS_DIRECTORY {state}, and systemd should have passed the credential {name}"
                ),
            )
            .with_hint(format!("run it as a service with `LoadCredentialEncrypted={name}:PATH`")));
        };
        let source = Self { path: directory.join(name) };
        source.key()?;
        Ok(source)
    }

    fn key(&self) -> Result<SealingKey, StoreError> {
        let mut text = Zeroizing::new(String::new());
        let read = File::open(&self.path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        read.map_err(|error| self.unreadable(&error))?;
        decode(&text, &format!("the systemd credential {}", self.path.display()))
    }

    fn unreadable(&self, error: &io::Error) -> StoreError {
        StoreError::new(
            StoreErrorKind::KeyUnavailable,
            format!("cannot read the systemd credential {}: {error}", self.path.display()),
        )
        .with_hint("check `LoadCredential=` or `LoadCredentialEncrypted=` of the service")
    }
}

impl KeySource for SystemdCredential {
    fn id(&self) -> &'static str {
        "systemd"
    }

    fn place(&self) -> String {
        format!("the systemd credential {}", self.path.display())
    }

    fn read(&self) -> Result<Option<SealingKey>, StoreError> {
        self.key().map(Some)
    }

    fn read_or_create(&self) -> Result<SealingKey, StoreError> {
        self.key()
    }

    fn draw(&self) -> Result<Option<Replacement>, StoreError> {
        Ok(None)
    }

    fn guards_against(&self) -> &'static [&'static str] {
        &[
            "other users and other services",
            "whoever gets a copy or backup of the disk, if the credential is encrypted (systemd-creds, to the TPM or the \
             host's key)",
        ]
    }

    fn no_guard_against(&self) -> &'static [&'static str] {
        &[
            "whatever runs inside the same service",
            "root",
            "a copy of the disk that holds the credential unencrypted (`LoadCredential=` from a plain file), or with the \
             host's key beside it",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    #[test]
    fn the_credential_is_read_where_systemd_puts_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let at = directory.path().to_str().expect("text");
        let environment = Environment::from_iter([("CREDENTIALS_DIRECTORY", at)]);
        let absent = SystemdCredential::new(&environment, SystemdCredential::NAME).expect_err("no file");
        assert!(absent.to_string().contains("defender-xdr-sealing-key"), "{absent}");
        let text = b"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
        atomic::replace(&directory.path().join(SystemdCredential::NAME), text).expect("written");
        let source = SystemdCredential::new(&environment, SystemdCredential::NAME).expect("there");
        assert_eq!(source.read().expect("readable"), SealingKey::new(&[7; 32]));
    }

    #[test]
    fn outside_a_service_there_is_no_credential() {
        let nowhere = Environment::from_iter([("CREDENTIALS_DIRECTORY", "relative")]);
        for environment in [Environment::default(), nowhere] {
            let error = SystemdCredential::new(&environment, SystemdCredential::NAME).expect_err("none");
            assert!(error.to_string().contains("CREDENTIALS_DIRECTORY"), "{error}");
            assert!(error.hint().is_some_and(|hint| hint.contains("LoadCredentialEncrypted")));
        }
    }
}
