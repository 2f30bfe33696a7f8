//! What lies between two fetches: how far they have come and the ids of what was delivered lately, never an incident.
//!
//! Versioned JSON of less than 64 KiB, however large the backlog. Ids are kept in windows of creation time; the oldest are
//! forgotten after a week, or when there is no more room, and nothing created before the first window is looked at any more.
//! What the original left behind is taken over.

mod bits;
mod original;
mod packed_ids;

use defender_xdr_api::fetch::{CHECKPOINT_VERSION, Checkpoint, FetchPosition, Remembered};
use defender_xdr_core::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use original::Original;
use packed_ids::{PackedIds, union};

const VERSION: u32 = 1;
/// The platform keeps the state in its database and rewrites it with every fetch.
const LARGEST: usize = 64 * 1024 - 1;
/// What was created longer before the newest incident than this does not turn up any more.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A window is as long as this, or has so many incidents.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
const MOST: u64 = 2_000;

/// The state of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// How far it has come.
    pub checkpoint: Checkpoint,
    /// Where in the middle of a poll it is.
    pub position: Option<FetchPosition>,
    /// Of what was created in one instant, only these incidents are still to come.
    pub owed: Option<Owed>,
    windows: Vec<Window>,
    /// The newest creation time that was delivered.
    latest: Timestamp,
}

/// The incidents of one instant that the original had not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The instant.
    pub created: Timestamp,
    /// Their ids.
    pub ids: Vec<String>,
}

/// Ids of incidents created since a time, up to the next window.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    from: Timestamp,
    ids: Remembered,
}

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    since: Timestamp,
    created: Timestamp,
    latest: Timestamp,
    polled: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<FetchPosition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owed: Option<Owed>,
    windows: Vec<WrittenWindow>,
}

#[derive(Serialize, Deserialize)]
struct WrittenWindow {
    from: Timestamp,
    #[serde(flatten)]
    ids: PackedIds,
}

/// A last run that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Fetch incidents - the last run cannot be read: {0}. Reset the last run of the instance to begin again"
)]
pub struct Unreadable(String);

/// A state, ready to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The JSON object.
    pub value: Value,
    /// How much of the look-back is left, if ids had to be forgotten that it needs.
    pub shrunk_to: Option<SignedDuration>,
}

impl LastRun {
    /// A fetch that begins with what was created at `since`.
    pub fn new(since: Timestamp) -> Self {
        Self {
            checkpoint: Checkpoint::new(since),
            position: None,
            owed: None,
            windows: vec![Window { from: since, ids: Remembered::default() }],
            latest: since,
        }
    }

    /// Reads a state of ours; `None` when there is none, or one of the original.
    ///
    /// # Errors
    /// [`Unreadable`], also for a later version: beginning again would deliver everything twice.
    pub fn read(last_run: &Map<String, Value>) -> Result<Option<Self>, Unreadable> {
        if !last_run.contains_key("version") {
            return Ok(None);
        }
        let unreadable = |error: &dyn std::fmt::Display| Unreadable(error.to_string());
        let written: Written =
            serde_json::from_value(Value::Object(last_run.clone())).map_err(|error| unreadable(&error))?;
        if written.version != VERSION {
            return Err(Unreadable(format!(
                "it has version {}, and this is version {VERSION}",
                written.version
            )));
        }
        let windows: Result<Vec<Window>, _> = written
            .windows
            .iter()
            .map(|window| Ok(Window { from: window.from, ids: window.ids.unpack()? }))
            .collect();
        let windows = windows.map_err(|error: packed_ids::Broken| unreadable(&error))?;
        let delivered =
            union(windows.iter().map(|window| &window.ids)).map_err(|error| unreadable(&error))?;
        Ok(Some(Self {
            checkpoint: Checkpoint {
                version: CHECKPOINT_VERSION,
                since: written.since,
                created: written.created,
                polled: written.polled,
                // The position says it, too.
                late: None,
                delivered,
            },
            position: written.position,
            owed: written.owed,
            windows,
            latest: written.latest,
        }))
    }

    /// Remembers an incident that is being delivered.
    pub fn deliver(&mut self, id: &str, created: Option<Timestamp>) {
        let created = created.unwrap_or(self.latest);
        let newest = self.windows.last().map_or(created, |window| window.from);
        let is_full = self
            .windows
            .last()
            .is_none_or(|window| window.ids.len() >= MOST || created.duration_since(window.from) >= LONGEST);
        // Only between two instants: what is created at the beginning of a window is in it.
        if is_full && created > self.latest && created > newest {
            self.windows.push(Window { from: created, ids: Remembered::default() });
        }
        self.latest = self.latest.max(created);
        let place = self.windows.iter().rposition(|window| window.from <= created).unwrap_or(0);
        if let Some(window) = self.windows.get_mut(place) {
            window.ids.insert(id);
        }
        self.checkpoint.delivered.insert(id);
    }

    /// The state as JSON, small enough. `look_back` is how far a poll looks back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn kept(mut self, look_back: SignedDuration) -> Result<Kept, Unreadable> {
        let old = self.latest.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        while self.windows.get(1).is_some_and(|next| next.from <= old) {
            self.forget_oldest();
        }
        let mut shrunk_to = None;
        loop {
            let value = self.value()?;
            if value.to_string().len() <= LARGEST {
                return Ok(Kept { value, shrunk_to });
            }
            self.forget_oldest();
            let left = self.latest.duration_since(self.checkpoint.since);
            shrunk_to = (left < look_back).then_some(left);
        }
    }

    /// Forgets a window, and all that was created before the next one with it.
    fn forget_oldest(&mut self) {
        if !self.windows.is_empty() {
            self.windows.remove(0);
        }
        let since = if let Some(next) = self.windows.first() {
            next.from
        } else {
            // Everything was created in one instant.
            let since = self.latest.saturating_add(SignedDuration::from_nanos(100)).unwrap_or(self.latest);
            self.windows.push(Window { from: since, ids: Remembered::default() });
            since
        };
        self.checkpoint.since = self.checkpoint.since.max(since);
        self.checkpoint.created = self.checkpoint.created.max(since);
        self.owed.take_if(|owed| owed.created < since);
    }

    fn value(&self) -> Result<Value, Unreadable> {
        let unreadable = |error: &dyn std::fmt::Display| Unreadable(error.to_string());
        let windows: Result<Vec<_>, _> = self
            .windows
            .iter()
            .map(|window| Ok(WrittenWindow { from: window.from, ids: PackedIds::pack(&window.ids)? }))
            .collect();
        let written = Written {
            version: VERSION,
            since: self.checkpoint.since,
            created: self.checkpoint.created,
            latest: self.latest,
            polled: self.checkpoint.polled,
            position: self.position,
            owed: self.owed.clone(),
            windows: windows.map_err(|error: packed_ids::Broken| unreadable(&error))?,
        };
        serde_json::to_value(written).map_err(|error| unreadable(&error))
    }
}

#[cfg(test)]
mod tests;
