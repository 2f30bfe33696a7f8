//! Incidents: list, read, update, comment.

pub(crate) mod change;
pub(crate) mod comment;
mod evidence;
pub(crate) mod get;
pub(crate) mod graph;
pub(crate) mod legacy;
mod list;
pub(crate) mod query;
mod record;
mod renaming;
mod update;
mod verbatim;

pub use change::{Assignee, IncidentChange, TagChange};
pub use list::{IncidentList, ListedIncident};
pub(crate) use query::Remainder;
pub use query::{Extent, IncidentQuery};
pub use record::{Incident, UnreadableIncident};
pub use verbatim::model_text;
