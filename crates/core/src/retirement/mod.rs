//! What Microsoft turns off, and when: data with a source, since such dates move, and how near one is.

mod calendar;
mod stage;

pub use calendar::{Calendar, CalendarError, Retirement};
pub use stage::{Stage, days_left};
