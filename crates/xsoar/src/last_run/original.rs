//! What the original leaves between two fetches: the newest time it has seen, and incidents it has read and not delivered.

use defender_xdr_core::Timestamp;
use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::{LastRun, Owed};
use crate::phrase;
use crate::readable::{moment, text};

/// A last run of the original.
#[derive(Debug, Clone, PartialEq)]
pub struct Original {
    /// It has read everything created up to this time.
    pub last_run: Timestamp,
    /// What it has read and not delivered, in the order of creation.
    pub queue: Vec<Value>,
}

/// An incident of the queue.
struct Queued {
    id: String,
    created: Timestamp,
}

impl Original {
    /// Reads it; `None` when there is none.
    pub fn read(last_run: &Map<String, Value>, now: Timestamp) -> Option<Self> {
        let at = text(last_run, "last_run").and_then(|text| phrase::read(&text, now));
        let queue = last_run.get("incidents_queue").and_then(Value::as_array).cloned().unwrap_or_default();
        let newest = queue.iter().filter_map(Queued::of).map(|queued| queued.created).max();
        Some(Self { last_run: at.max(newest)?, queue })
    }

    /// Takes it over: what is delivered at once, and the state that goes on from there. The rest of the queue is read again
    /// in its turn; since it is in the order of creation, all that was created after its first incident is still to come,
    /// also what the original has missed.
    pub fn take_over(self, most: usize) -> (Vec<Value>, LastRun) {
        let (readable, mut first): (Vec<Value>, Vec<Value>) =
            self.queue.into_iter().partition(|item| Queued::of(item).is_some());
        // What cannot be found again goes at once.
        let room = most.saturating_sub(first.len());
        let rest: Vec<Queued> = readable.iter().skip(room).filter_map(Queued::of).collect();
        first.splice(0..0, readable.into_iter().take(room));
        let since = match rest.iter().map(|queued| queued.created).min() {
            Some(next) => next,
            None => self.last_run.saturating_add(SignedDuration::from_nanos(100)).unwrap_or(self.last_run),
        };
        let mut state = LastRun::new(since);
        let ids = rest.into_iter().filter(|queued| queued.created == since).map(|queued| queued.id);
        let ids: Vec<String> = ids.collect();
        state.owed = (!ids.is_empty()).then_some(Owed { created: since, ids });
        for queued in first.iter().filter_map(Queued::of).filter(|queued| queued.created >= since) {
            state.deliver(&queued.id, Some(queued.created));
        }
        (first, state)
    }
}

impl Queued {
    fn of(item: &Value) -> Option<Self> {
        let item = item.as_object()?;
        let created = moment(&text(item, "occurred")?)?;
        let id = text(item, "name").and_then(|name| {
            let id = name.rsplit(' ').next()?.to_owned();
            id.bytes().all(|byte| byte.is_ascii_digit()).then_some(id)
        });
        Some(Self { id: id?, created })
    }
}
