//! From the platform to Defender: fields, closing and reopening, and entries as comments.

use serde_json::{Map, Value};

use super::closing::{Reason, is_closed, is_merged, plain, reason_for};
use super::comment::{LocalEntry, RemoteComment};
use super::fields::{keep_changes, members};
use super::machine::Effect;
use super::settings::MirrorSettings;
use crate::conversion;
use crate::log::Level;
use crate::python;
use crate::readable::{objects, text};

/// The platform's number for a closed incident.
const DONE: i64 = 2;
/// What a change that closes or reopens an incident says.
const CLOSING: [&str; 3] = ["closeReason", "closeNotes", "closingUserId"];

/// What the platform tells about a changed incident.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocalChange {
    /// The incident's id in Defender.
    pub id: String,
    /// The fields that changed, as the outgoing mapper names them.
    pub delta: Map<String, Value>,
    /// New entries.
    pub entries: Vec<Value>,
    /// Whether fields changed at all.
    pub has_changed: bool,
    /// The platform's number of the incident's status.
    pub status: Option<i64>,
}

impl LocalChange {
    /// Reads the arguments of `update-remote-system`. Objects and lists may be JSON text.
    pub fn of(arguments: &Map<String, Value>) -> Self {
        let json = |name: &str| match arguments.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            other => other.cloned().unwrap_or_default(),
        };
        let object = |name: &str| match json(name) {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        Self {
            id: text(arguments, "remoteId").unwrap_or_default().trim().to_owned(),
            delta: object("delta"),
            entries: match json("entries") {
                Value::Array(entries) => entries,
                _ => Vec::new(),
            },
            has_changed: arguments
                .get("incidentChanged")
                .is_some_and(|value| conversion::boolean(value) == Ok(true)),
            status: conversion::number(arguments.get("status"), "status").ok().flatten(),
        }
    }
}

impl LocalChange {
    /// Whether there is nothing in it that could be written, whatever the incident is like.
    pub fn says_nothing(&self, settings: &MirrorSettings) -> bool {
        let goes = |entry: &Value| LocalEntry::of(entry, settings).is_some_and(|entry| !entry.is_echo());
        (!self.has_changed || self.delta.is_empty()) && !self.entries.iter().any(goes)
    }
}

/// What is to be written: the fields in one call, then each entry in one of its own.
pub(super) fn writes(
    settings: &MirrorSettings,
    change: &LocalChange,
    incident: &Map<String, Value>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    let merged = is_merged(incident);
    if change.has_changed && !change.delta.is_empty() && !merged {
        let (mut members, notes) = members(&change.delta);
        effects.extend(notes.into_iter().map(|note| Effect::Say(Level::Warning, note)));
        if settings.close_out {
            close_or_reopen(change, incident, &mut members);
        }
        keep_changes(&mut members, incident);
        if !members.is_empty() {
            effects.push(Effect::Change(members));
        }
    } else if change.has_changed && merged {
        effects.push(Effect::Say(
            Level::Info,
            format!("incident {} was merged into another one: its fields are not written", change.id),
        ));
    }
    let mut written: Vec<_> =
        objects(incident, "comments").map(RemoteComment::of).filter(RemoteComment::is_ours).collect();
    for entry in change.entries.iter().filter_map(|entry| LocalEntry::of(entry, settings)) {
        if entry.is_echo() {
            continue;
        }
        match written.iter().position(|comment| entry.is_written_as(comment)) {
            Some(index) => drop(written.remove(index)),
            None => effects.push(Effect::Comment(entry.comment)),
        }
    }
    effects
}

fn close_or_reopen(change: &LocalChange, incident: &Map<String, Value>, members: &mut Map<String, Value>) {
    let said = |name: &str| change.delta.get(name).filter(|value| !value.is_null()).map(python::text);
    let mut set = |name: &str, word: &str| drop(members.insert(name.to_owned(), word.into()));
    if change.status == Some(DONE) {
        if !CLOSING.iter().any(|name| said(name).is_some_and(|value| !value.is_empty())) {
            return;
        }
        let reason = said("closeReason").unwrap_or_default();
        set("status", "Resolved");
        // The reason that closing in Defender itself has brought here says nothing new there.
        if is_closed(incident) && plain(&reason) == plain(reason_for(incident)) {
            return;
        }
        let reason = Reason::of(&reason);
        let named = text(&change.delta, "classification");
        if let Some((classification, determination)) = reason.pair()
            && (reason != Reason::FalsePositive || named.as_deref() != Some(classification))
        {
            set("classification", classification);
            set("determination", determination);
        }
    } else if is_closed(incident) && CLOSING.iter().any(|name| said(name).as_deref() == Some("")) {
        set("status", "Active");
    }
}

#[cfg(test)]
mod tests;
