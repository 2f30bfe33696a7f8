//! What is to happen, decided from what is remembered and what came. No call is made here.

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value};

use super::memory::Memory;
use super::outgoing::LocalChange;
use super::settings::MirrorSettings;
use super::{incoming, outgoing};
use crate::log::Level;

/// Something that came. Incidents are in the legacy shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The platform asks what is new in an incident, and this is the incident.
    Asked {
        /// The incident's id.
        id: String,
        /// The incident as it is.
        incident: Map<String, Value>,
        /// What came later is new.
        last_update: Timestamp,
    },
    /// The platform tells what was changed there.
    Told {
        /// What was changed.
        change: LocalChange,
        /// The incident as it is.
        incident: Map<String, Value>,
    },
    /// Something was written to an incident.
    Wrote {
        /// The incident's id.
        id: String,
        /// The incident before.
        before: Map<String, Value>,
        /// The incident as the service showed it afterwards.
        after: Map<String, Value>,
    },
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An entry for the platform.
    Show(Value),
    /// Members of the incident to be changed, in one call. Never empty.
    Change(Map<String, Value>),
    /// A comment to be added, in a call of its own.
    Comment(String),
    /// A line for the log.
    Say(Level, String),
}

/// One step: what is remembered from now on, and what is to be done, in this order.
pub fn step(
    settings: &MirrorSettings,
    mut memory: Memory,
    now: Timestamp,
    event: &Event,
) -> (Memory, Vec<Effect>) {
    let effects = match event {
        Event::Asked { id, incident, last_update } => {
            incoming::entries(settings, &mut memory, id, incident, *last_update)
        }
        Event::Told { change, incident } => outgoing::writes(settings, change, incident),
        Event::Wrote { id, before, after } => {
            memory.wrote(id, before, after);
            Vec::new()
        }
    };
    memory.forget(now);
    (memory, effects)
}
