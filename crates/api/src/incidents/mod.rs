//! Incidents: list, read, update, comment.

mod change;
mod comment;
mod diff;
mod evidence;
mod get;
mod graph;
mod legacy;
mod list;
mod plan;
mod query;
mod record;
mod redirect;
mod renaming;
mod update;
mod verbatim;

pub use change::{Assignee, IncidentChange, TagChange};
pub use diff::FieldChange;
pub use list::{IncidentList, ListedIncident};
pub use plan::{Manner, PlannedChange, Written};
pub(crate) use query::Remainder;
#[cfg(fuzzing)]
pub(crate) use query::fuzz_filter;
pub use query::{Extent, IncidentQuery};
pub use record::{Incident, UnreadableIncident};
pub use redirect::Followed;
pub use verbatim::model_text;
