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

impl Exit {
    /// All of them.
    pub(crate) const ALL: [Self; 12] = [
        Self::Ok,
        Self::Negative,
        Self::Usage,
        Self::Settings,
        Self::SignIn,
        Self::Permission,
        Self::NotFound,
        Self::Throttled,
        Self::Service,
        Self::Partial,
        Self::Bug,
        Self::Interrupted,
    ];

    /// When the program ends so.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done; also when the reader closed the pipe",
            Self::Negative => "a question was answered with no: not signed in, still pending",
            Self::Usage => "wrong arguments, filter, query or change",
            Self::Settings => "a setting is missing, unknown or unusable; or there is no place to keep state",
            Self::SignIn => "signing in failed or is needed",
            Self::Permission => "signed in, but not allowed",
            Self::NotFound => "no such incident or alert",
            Self::Throttled => "throttled beyond the retry budget",
            Self::Service => "the service or the network failed",
            Self::Partial => "part of the work was done; what arrived was printed",
            Self::Bug => "a bug of ours",
            Self::Interrupted => "Ctrl-C",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        // Every discriminant fits: the largest is 130.
        Self::from(exit as u8)
    }
}
