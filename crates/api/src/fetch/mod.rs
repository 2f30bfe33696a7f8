//! Reading all incidents, or the new ones, so that none is lost or doubled while they change.
//!
//! Everything goes by the time of creation, which never changes: see [`IncidentWalk`]. Which page comes next is
//! decided by plain functions over the pages so far (`plan`), one per way to read a list.

mod ask;
mod checkpoint;
mod head;
mod hole;
mod keyset;
mod plan;
mod poll;
mod position;
mod record_text;
mod remembered;
mod rereadings;
mod slices;
mod walk;
mod walk_page;

pub use checkpoint::{CHECKPOINT_VERSION, Checkpoint, Late};
pub(crate) use hole::passes;
pub use hole::{Hole, MissingPart};
pub use poll::{Batch, Fetch, FetchOptions, NewIncident};
pub use position::FetchPosition;
pub use record_text::RecordText;
pub use remembered::Remembered;
pub use walk::IncidentWalk;
pub use walk_page::{WalkPage, Walked};
