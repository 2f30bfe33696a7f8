//! Why something could not be kept or found again.

use std::fmt;
#[cfg(feature = "file-store")]
use std::{io, path::Path};

/// What kind of fault it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The operating system refused.
    Io,
    /// A file is damaged, cut off or not ours.
    Corrupt,
    /// A record was sealed with another key.
    OtherKey,
    /// The sealing key is not where the settings say, or is none.
    KeyUnavailable,
    /// A file is open to other users, of another owner, or a link.
    Exposed,
    /// Another process holds a record and does not let go.
    Busy,
}

/// A fault of the store. Its text names the file and never the content.
#[derive(Debug, thiserror::Error)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    hint: Option<String>,
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StoreError {
    #[cfg(feature = "file-store")]
    pub(super) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    #[cfg(feature = "file-store")]
    pub(super) fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let hint = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some(
                "make the directory writable for you, or set XDG_STATE_HOME and XDG_CONFIG_HOME to ones that are",
            ),
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Some(
                "something that is no directory stands in the way: move it, or set XDG_STATE_HOME to another place",
            ),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Some("free some space and try again")
            }
            _ => None,
        };
        Self {
            kind: StoreErrorKind::Io,
            message: format!("cannot {doing} {}: {error}", path.display()),
            hint: hint.map(str::to_owned),
        }
    }

    #[cfg(feature = "file-store")]
    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The thread that writes died.
    pub(crate) fn writer_failed() -> Self {
        Self { kind: StoreErrorKind::Io, message: "the writer failed".to_owned(), hint: None }
    }

    /// A record of a version this program does not know.
    pub(crate) fn other_version() -> Self {
        Self {
            kind: StoreErrorKind::Corrupt,
            message: "the stored sign-in was written by another version of this program".to_owned(),
            hint: Some("run `defender-xdr auth reset`, then sign in again".to_owned()),
        }
    }

    /// What kind of fault it was.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
