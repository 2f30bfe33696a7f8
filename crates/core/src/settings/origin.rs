//! Where a value came from, in words that let a person find it.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A settings file.
    File {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1; 0 is the file as a whole.
        line: usize,
        /// Owned by the user or root and writable by nobody else: it may name commands to run. Files that are not are
        /// refused as a whole.
        trusted: bool,
        /// Nobody but the owner can read it: it may hold literal secrets.
        private: bool,
    },
    /// An environment variable.
    Environment(String),
    /// A command-line flag, as typed.
    Flag(String),
    /// Given by the calling program; always literal.
    Parameter(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("built in"),
            Self::File { path, line: 0, .. } => write!(formatter, "file {}", path.display()),
            Self::File { path, line, .. } => write!(formatter, "{}, line {line}", path.display()),
            Self::Environment(name) => write!(formatter, "environment variable {name}"),
            Self::Flag(flag) => write!(formatter, "flag {flag}"),
            Self::Parameter(name) => write!(formatter, "parameter {name}"),
        }
    }
}
