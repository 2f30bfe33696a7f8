//! The state file: everything a tenant remembers across restarts, except its clock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entra::{Entra, Records};
use crate::error::EmulatorError;

const VERSION: u32 = 1;

/// What the tenant's incidents were generated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Birth {
    pub(crate) seed: u64,
    pub(crate) incidents: usize,
    pub(crate) at: Timestamp,
}

impl Birth {
    /// This birth, if it was asked for with the same seed and number of incidents.
    pub(crate) fn same_as(self, asked: Self) -> Result<Self, String> {
        if (self.seed, self.incidents) == (asked.seed, asked.incidents) {
            Ok(self)
        } else {
            Err(format!(
                "it belongs to a tenant with seed {} and {} incidents; start with these or remove the file",
                self.seed, self.incidents
            ))
        }
    }
}

/// A state file's content.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    version: u32,
    pub(crate) birth: Birth,
    /// PKCS#8, DER, base64.
    signing_key: String,
    pub(crate) sign_ins: Records,
    pub(crate) defender: Value,
}

/// The same, borrowed for writing.
#[derive(Serialize)]
struct StateRef<'a> {
    version: u32,
    birth: &'a Birth,
    signing_key: String,
    sign_ins: &'a Records,
    defender: Value,
}

impl State {
    pub(crate) fn signing_key(&self) -> Result<Vec<u8>, String> {
        STANDARD.decode(&self.signing_key).map_err(|_| "the signing key is not base64".to_owned())
    }
}

/// A file and what it last held. Nobody else may use it meanwhile.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    written: Vec<u8>,
    /// Holds the lock as long as it is open. It is a file of its own, since every save replaces the state file.
    _lock: File,
}

impl StateFile {
    /// Takes the file for this emulator alone; an error when another one has it.
    pub(crate) fn at(path: PathBuf) -> Result<Self, EmulatorError> {
        let wrong = |reason: String| EmulatorError::StateFile { path: path.clone(), reason };
        let mut beside = path.clone().into_os_string();
        beside.push(".lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&beside)
            .map_err(|error| wrong(format!("cannot write beside it: {error}")))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, written: Vec::new(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(wrong("another emulator is using it; stop that one or name another file".to_owned()))
            }
            Err(TryLockError::Error(error)) => Err(wrong(format!("cannot be locked: {error}"))),
        }
    }

    /// Reads the file; `None` when there is none yet.
    pub(crate) fn load(&mut self) -> Result<Option<State>, EmulatorError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.damaged(error.to_string())),
        };
        let state: State = serde_json::from_slice(&bytes)
            .map_err(|error| self.damaged(format!("it is damaged ({error}); remove it to start afresh")))?;
        if state.version != VERSION {
            return Err(
                self.damaged(format!("it has format {}, this program reads {VERSION}", state.version))
            );
        }
        self.written = bytes;
        Ok(Some(state))
    }

    /// Replaces the file, whole or not at all, if anything changed. Only its owner may read it.
    pub(crate) fn save(
        &mut self,
        birth: &Birth,
        entra: &Entra,
        defender: impl FnOnce() -> Value,
    ) -> Result<(), EmulatorError> {
        let state = StateRef {
            version: VERSION,
            birth,
            signing_key: STANDARD.encode(entra.signing_key()),
            sign_ins: entra.records(),
            defender: defender(),
        };
        let bytes = serde_json::to_vec(&state).map_err(|error| self.damaged(error.to_string()))?;
        if bytes == self.written {
            return Ok(());
        }
        replace(&self.path, &bytes)
            .map_err(|error| self.damaged(format!("cannot be written: {}", plain(&error))))?;
        self.written = bytes;
        Ok(())
    }

    pub(crate) fn damaged(&self, reason: String) -> EmulatorError {
        EmulatorError::StateFile { path: self.path.clone(), reason }
    }
}

/// Writes beside the file, then renames. A temporary file is created readable for its owner alone.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// What the system said, without the name of a temporary file that nobody knows.
fn plain(error: &io::Error) -> String {
    match error.get_ref().and_then(std::error::Error::source) {
        Some(inner) => inner.to_string(),
        None => error.to_string(),
    }
}
