//! Exit codes: a contract with scripts.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; also when the reader closed the pipe.
    Ok = 0,
    /// A question was answered with no: not signed in, still pending.
    Negative = 1,
    /// Wrong arguments, filter, query or change.
    Usage = 2,
    /// A setting is missing, unknown or unusable; or there is no place to keep state.
    Settings = 3,
    /// Signing in failed or is needed.
    SignIn = 4,
    /// Signed in, but not allowed.
    Permission = 5,
    /// No such incident or alert.
    NotFound = 6,
    /// Throttled beyond the retry budget.
    Throttled = 7,
    /// The service or the network failed.
    Service = 8,
    /// Part of the work was done; what arrived was printed.
    Partial = 9,
    /// A bug of ours.
    Bug = 70,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        // Every discriminant fits: the largest is 130.
        Self::from(exit as u8)
    }
}
