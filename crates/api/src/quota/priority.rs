//! Who waits for a call.

/// Who waits for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// A person or a script that wants one thing.
    #[default]
    Interactive,
    /// A long job: it leaves a share to the others, spreads its calls, and has time.
    Background,
}

/// How calls are paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pacing {
    /// No call is made that would exceed a documented limit.
    #[default]
    Documented,
    /// Calls are made until the service refuses one; what it then asks to wait is kept by all processes.
    Observed,
}
