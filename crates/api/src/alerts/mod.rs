//! Alerts: list, read, update, comment.
//!
//! Graph has a collection of alerts; the legacy API shows them inside incidents and cannot change them.

mod change;
mod get;
mod keyset;
mod list;
mod query;
mod record;
mod sources;
mod update;

pub use change::AlertChange;
pub use get::{FoundAlert, Whereabouts};
pub use list::{AlertList, ListedAlert};
pub use query::AlertQuery;
pub use record::{Alert, UnreadableAlert};
