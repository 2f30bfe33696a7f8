//! Incidents: list, read, update, comment.

mod change;
mod comment;
mod evidence;
mod get;
mod graph;
mod legacy;
mod list;
mod query;
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
