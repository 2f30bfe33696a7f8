//! Incidents: list, read, update, comment.

mod apart;
pub(crate) mod change;
pub(crate) mod comment;
mod correspondence;
mod diff;
mod evidence;
pub(crate) mod get;
pub(crate) mod graph;
pub(crate) mod legacy;
mod legacy_evidence;
mod list;
mod plan;
pub(crate) mod query;
mod record;
mod redirect;
mod renaming;
mod update;
mod verbatim;

pub use change::{Assignee, IncidentChange, TagChange};
pub use correspondence::{FieldPair, Owner, ValueChange, field_pairs};
pub use diff::FieldChange;
pub use legacy::PLAN as LEGACY_PLAN;
pub use list::{IncidentList, ListedIncident};
pub use plan::{Manner, PlannedChange, Written};
#[cfg(fuzzing)]
pub(crate) use query::fuzz_filter;
pub use query::{Extent, IncidentQuery};
pub(crate) use query::{Remainder, grouped};
pub use record::{Incident, UnreadableIncident, legacy_outline};
pub use redirect::Followed;
pub use verbatim::model_text;
