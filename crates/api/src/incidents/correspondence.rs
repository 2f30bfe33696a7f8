//! The tables that records are translated by, as a list to read: which field of the legacy API is which of Graph's.
//!
//! Sources: "Incidents API" of Defender XDR; "incident", "alert" and "alertEvidence" resource types of Microsoft Graph
//! v1.0. The moves of evidence members are inferred by comparing the two models.

use super::evidence::{self, Kind, Move};
use super::legacy;
use super::renaming::{Renaming, Turn};
use crate::words::Vocabulary;

/// What a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An incident.
    Incident,
    /// A comment of an incident.
    Comment,
    /// An alert.
    Alert,
    /// A device of an alert: `devices` there, evidence of type `deviceEvidence` here.
    Device,
    /// Any entity or device of an alert.
    Evidence,
    /// An entity: its legacy `entityType`, and the type of Graph's evidence without its namespace.
    Entity(&'static str, &'static str),
}

/// How the value changes with the name.
#[derive(Debug, Clone, Copy)]
pub enum ValueChange {
    /// Not at all.
    Same,
    /// A number there, text here.
    NumberToText,
    /// A number; some payloads hold it as text.
    Number,
    /// A word of an enumeration.
    Words(Vocabulary),
    /// A word whose first letter alone differs: upper case there, lower case here.
    FirstLetter,
    /// Objects, whose fields have rows of their own.
    Objects,
}

/// One field of both APIs.
#[derive(Debug, Clone, Copy)]
pub struct FieldPair {
    /// What it belongs to.
    pub owner: Owner,
    /// Its name on the legacy API.
    pub legacy: &'static str,
    /// Its place on Graph: one or two names.
    pub graph: &'static [&'static str],
    /// What becomes of the value.
    pub value: ValueChange,
}

/// All fields whose name, place or value differs. What is in no row has the same name on both APIs, or exists on one.
pub fn field_pairs() -> Vec<FieldPair> {
    let tables = [
        (Owner::Incident, legacy::INCIDENT),
        (Owner::Comment, legacy::COMMENT),
        (Owner::Alert, legacy::ALERT),
        (Owner::Evidence, evidence::COMMON),
        (Owner::Device, evidence::DEVICE),
    ];
    let plain = tables.into_iter().flat_map(|(owner, rows)| rows.iter().map(move |row| of_row(owner, row)));
    let entities = Kind::all().flat_map(|kind| {
        kind.moves().map(|moved| of_move(Owner::Entity(kind.entity_type, kind.evidence), moved))
    });
    plain.chain(entities).collect()
}

fn of_row(owner: Owner, (old, new, turn): &'static Renaming) -> FieldPair {
    FieldPair { owner, legacy: old, graph: std::slice::from_ref(new), value: turn.change() }
}

fn of_move(owner: Owner, (old, path, turn): &'static Move) -> FieldPair {
    FieldPair { owner, legacy: old, graph: path, value: turn.change() }
}

impl Turn {
    fn change(self) -> ValueChange {
        match self {
            Self::Same | Self::IdText => ValueChange::Same,
            Self::Id => ValueChange::NumberToText,
            Self::Word(vocabulary) => ValueChange::Words(vocabulary),
            Self::Camel => ValueChange::FirstLetter,
            Self::Number => ValueChange::Number,
            Self::Inside(..) | Self::Each(..) => ValueChange::Objects,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed() {
        let pairs = field_pairs();
        let place = |owner: Owner, legacy: &str| {
            let found = pairs.iter().find(|pair| pair.owner == owner && pair.legacy == legacy);
            found.map(|pair| pair.graph.join("."))
        };
        assert_eq!(place(Owner::Incident, "lastUpdateTime").as_deref(), Some("lastUpdateDateTime"));
        assert_eq!(place(Owner::Comment, "createdBy").as_deref(), Some("createdByDisplayName"));
        assert_eq!(place(Owner::Device, "mdatpDeviceId").as_deref(), Some("mdeDeviceId"));
        assert_eq!(place(Owner::Entity("File", "fileEvidence"), "sha1").as_deref(), Some("fileDetails.sha1"));
        assert_eq!(
            place(Owner::Entity("Registry", "registryValueEvidence"), "registryValue").as_deref(),
            Some("registryValue")
        );
    }
}
