//! A listener on this machine that one browser comes back to (RFC 8252 sections 7.3 and 8.3).
//!
//! Invariants: it listens on loopback addresses only, and only between start and arrival; only the bearer of this
//! start's state gets in, once; nothing that came in is ever shown again.

mod door;
mod guest;
mod listener;
mod page;
mod serve;

use std::time::Duration;

pub(crate) use listener::Listener;

/// How long to wait for whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For the person's browser to come back.
    pub(crate) stay: Duration,
    /// For one connection to say what it wants: head, then body.
    pub(crate) request: Duration,
    /// For the last page to be taken.
    pub(crate) farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            stay: Duration::from_mins(5),
            request: Duration::from_secs(10),
            farewell: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests;
