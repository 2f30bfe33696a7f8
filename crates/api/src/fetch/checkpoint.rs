//! How far a fetch has come. Everything that decides what is new is in it; the caller keeps it.
//!
//! Ids and times are the same on both APIs, so that a checkpoint of one is good for the other.

use defender_xdr_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::remembered::Remembered;

/// The form of [`Checkpoint`] that this version writes.
pub const CHECKPOINT_VERSION: u32 = 1;

/// How far a fetch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Checkpoint {
    /// [`CHECKPOINT_VERSION`].
    pub version: u32,
    /// Incidents created before this are none of ours.
    pub since: Timestamp,
    /// Everything created before this has been read once.
    pub created: Timestamp,
    /// When the last complete poll began, or the newest change it saw if that is earlier (the service's clock may be behind
    /// ours): what was published late has changed since. Before the first complete poll: when the first one began.
    pub polled: Option<Timestamp>,
    /// Where the search for what was published late is, if it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// What was delivered.
    pub delivered: Remembered,
}

/// A search for what was published late that was stopped goes on instead of beginning anew: it would never end where the
/// time between two stops is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Late {
    /// When it began.
    pub began: Timestamp,
    /// It has seen everything created before this.
    pub reached: Timestamp,
}

impl Checkpoint {
    /// A fetch that begins with incidents created at `since`.
    pub fn new(since: Timestamp) -> Self {
        Self {
            version: CHECKPOINT_VERSION,
            since,
            created: since,
            polled: None,
            late: None,
            delivered: Remembered::default(),
        }
    }
}
