//! Where in the middle of a poll a fetch was left, for whoever has to stop there and goes on in another process.
//!
//! Beside the checkpoint, and only with the one it belongs to. Without it nothing is lost: the poll begins again.

use defender_xdr_core::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A place in a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FetchPosition {
    /// When the poll began.
    pub began: Timestamp,
    /// What was published late has been read up to this time of creation; absent once all of it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Timestamp>,
    /// The second half has been read up to this time of creation.
    pub onward: Timestamp,
    /// The length of the ranges that filled pages last, where the API has no order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<SignedDuration>,
}
