//! A call that was not made, since its turn comes later than the budget for waiting allows.

use defender_xdr_core::Timestamp;

use super::book::Reason;

/// What is told about it.
#[derive(Debug)]
pub(crate) struct Shut {
    /// When the call may be made.
    pub(crate) until: Timestamp,
    pub(crate) why: String,
    /// The ways out.
    pub(crate) hint: &'static str,
}

impl Shut {
    pub(crate) fn new(until: Timestamp, reason: Option<Reason>) -> Self {
        let why = reason.map_or_else(String::new, Reason::words);
        match reason {
            // It may have been asked for long ago, and of another process: where it stands must be told.
            Some(Reason::Asked) => Self {
                until,
                why: format!("{why} until {until}"),
                hint: "wait until then; it is kept for all processes in the folder `quota` of the state directory, and whoever \
                       knows that it no longer holds may remove that folder; nothing was sent",
            },
            _ => Self {
                until,
                why,
                hint: "wait until then, or allow longer waits with `retry-budget`; nothing was sent",
            },
        }
    }
}
