//! One budget of calls for all processes of a machine: limits are kept before the service has to refuse, and what it asks
//! one process to wait, all others wait, too.
//!
//! Calls that somebody waits for go before those of long jobs: they may use a limit to the full and reserve the next
//! place that gets free, which a job in the background never does.

mod book;
mod budget;
mod gate;
mod limits;
mod moments;
mod priority;
mod shut;
mod usage;

pub use budget::Budget;
pub(crate) use gate::Gate;
pub use limits::{Lane, Limit};
pub use priority::{Pacing, Priority};
pub(crate) use shut::Shut;
pub use usage::{LaneUsage, WindowUsage};
