//! What mirroring remembers between two calls: which comments were shown lately, and what our own writes left behind.
//!
//! Without it mirroring goes by the platform's times alone, as the original does.

use std::collections::{BTreeMap, BTreeSet};

use defender_xdr_core::Timestamp;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::closing::is_closed;
use super::comment::RemoteComment;
use crate::readable::{moment, text};

const VERSION: u32 = 1;
/// The platform's times are off by minutes at most; what is older decides nothing any more.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// More incidents than this are not remembered; the oldest are forgotten first.
const MOST: usize = 500;

/// The memory of an instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    incidents: BTreeMap<String, OfIncident>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct OfIncident {
    /// Comments that were shown: when they were written, and a fingerprint of the text.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    shown: BTreeSet<(Timestamp, u64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<Own>,
}

/// Our own writes: the incident's last change before them, and the one that they were.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Own {
    before: Timestamp,
    after: Timestamp,
}

impl Default for Memory {
    fn default() -> Self {
        Self { version: VERSION, incidents: BTreeMap::new() }
    }
}

impl Memory {
    /// Reads what [`Memory::text`] wrote. What cannot be read is nothing.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).ok().filter(|memory: &Self| memory.version == VERSION).unwrap_or_default()
    }

    /// The memory as JSON text; `None` when there is nothing in it.
    pub fn text(&self) -> Option<String> {
        if self.incidents.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// The text to be kept instead of the one this was read from; `None` when that stays as it is.
    pub fn changed_from(&self, text: &str) -> Option<String> {
        (Self::read(text) != *self).then(|| self.text().unwrap_or_default())
    }

    pub(super) fn was_shown(&self, id: &str, comment: &RemoteComment<'_>) -> bool {
        let key = comment.created.map(|at| (at, fingerprint(&comment.text)));
        self.incidents.get(id).zip(key).is_some_and(|(incident, key)| incident.shown.contains(&key))
    }

    pub(super) fn show(&mut self, id: &str, comment: &RemoteComment<'_>) {
        if let Some(at) = comment.created {
            self.of(id).shown.insert((at, fingerprint(&comment.text)));
        }
    }

    /// When others last changed an incident.
    pub(super) fn changed_by_others(&self, id: &str, incident: &Map<String, Value>) -> Option<Timestamp> {
        let updated = updated(incident)?;
        let own = self.incidents.get(id).and_then(|incident| incident.own.as_ref());
        Some(own.filter(|own| own.after == updated).map_or(updated, |own| own.before))
    }

    /// A write of ours made `before` to `after`. One that reopened the incident is not remembered: hearing of it again
    /// does no harm, and not hearing of somebody else's would.
    pub(super) fn wrote(&mut self, id: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
        if is_closed(before) && !is_closed(after) {
            return;
        }
        let (Some(by_others), Some(after)) = (self.changed_by_others(id, before), updated(after)) else {
            return;
        };
        self.of(id).own = Some(Own { before: by_others, after });
    }

    /// Forgets what decides nothing any more.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let old = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        for incident in self.incidents.values_mut() {
            incident.shown.retain(|(at, _)| *at > old);
            incident.own.take_if(|own| own.after <= old);
        }
        self.incidents.retain(|_, incident| *incident != OfIncident::default());
        while self.incidents.len() > MOST {
            let oldest = self.incidents.iter().min_by_key(|(_, incident)| incident.latest());
            let Some(id) = oldest.map(|(id, _)| id.clone()) else { return };
            self.incidents.remove(&id);
        }
    }

    fn of(&mut self, id: &str) -> &mut OfIncident {
        self.incidents.entry(id.to_owned()).or_default()
    }
}

impl OfIncident {
    fn latest(&self) -> Option<Timestamp> {
        let shown = self.shown.last().map(|(at, _)| *at);
        shown.max(self.own.as_ref().map(|own| own.after))
    }
}

fn updated(incident: &Map<String, Value>) -> Option<Timestamp> {
    moment(&text(incident, "lastUpdateTime")?)
}

/// FNV-1a: the same in every build, and nobody gains from a collision.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(updated: &str) -> Map<String, Value> {
        json!({ "lastUpdateTime": updated }).as_object().expect("an object").clone()
    }

    #[test]
    fn our_own_writes_are_no_change_of_others() {
        let mut memory = Memory::default();
        let times =
            ["2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z"];
        let by_others =
            |memory: &Memory, time: &str| memory.changed_by_others("7", &at(time)).map(|at| at.to_string());
        memory.wrote("7", &at(times[0]), &at(times[1]));
        assert_eq!(by_others(&memory, times[1]).as_deref(), Some(times[0]));
        memory.wrote("7", &at(times[1]), &at(times[2]));
        assert_eq!(by_others(&memory, times[2]).as_deref(), Some(times[0]), "two writes in a row");
        assert_eq!(by_others(&memory, times[3]).as_deref(), Some(times[3]), "somebody else came after");
        memory.wrote("7", &at(times[3]), &at("2026-01-01T14:00:00Z"));
        assert_eq!(by_others(&memory, "2026-01-01T14:00:00Z").as_deref(), Some(times[3]));
    }

    #[test]
    fn memory_is_written_small_and_read_again() {
        let mut memory = Memory::default();
        assert_eq!(memory.text(), None);
        memory.wrote("7", &at("2026-01-01T10:00:00Z"), &at("2026-01-01T11:00:00Z"));
        let comment = json!({ "comment": "c", "createdTime": "2026-01-01T10:30:00Z" });
        memory.show("7", &RemoteComment::of(comment.as_object().expect("an object")));
        let text = memory.text().expect("something");
        assert_eq!(Memory::read(&text), memory);
        for other in ["", "{}", r#"{"version":2,"incidents":{}}"#, "[1"] {
            assert_eq!(Memory::read(other), Memory::default());
        }
    }

    #[test]
    fn what_is_old_is_forgotten_and_so_is_what_is_too_much() {
        let mut memory = Memory::default();
        for id in 0..600 {
            let minute = format!("2026-01-01T{:02}:{:02}:00Z", id / 60, id % 60);
            memory.wrote(&id.to_string(), &at("2026-01-01T00:00:00Z"), &at(&minute));
        }
        memory.forget("2026-01-01T10:00:00Z".parse().expect("a time"));
        assert_eq!(memory.incidents.len(), MOST);
        assert!(!memory.incidents.contains_key("0") && memory.incidents.contains_key("599"));
        memory.forget("2026-01-03T00:00:00Z".parse().expect("a time"));
        assert_eq!(memory.text(), None);
    }
}
