//! Of an incident only what is gathered from, as a tree: a small part of it.

use defender_xdr_api::outline::{Outline, Part};
use serde_json::{Map, Value};

/// What is kept of a member.
#[derive(Debug, Clone, Copy)]
enum Kept {
    /// All of it.
    Whole,
    /// That it is a list, without its elements.
    Kind,
    /// These members of each of its elements.
    Each(Names),
}

type Names = &'static [(&'static str, Kept)];

const INCIDENT: Names =
    &[("createdTime", Kept::Whole), ("comments", Kept::Kind), ("alerts", Kept::Each(ALERT))];
const ALERT: Names = &[
    ("status", Kept::Whole),
    ("category", Kept::Whole),
    ("serviceSource", Kept::Whole),
    ("detectionSource", Kept::Whole),
    ("firstActivity", Kept::Whole),
    ("lastActivity", Kept::Whole),
    ("devices", Kept::Each(DEVICE)),
    ("entities", Kept::Each(ENTITY)),
];
const DEVICE: Names = &[("deviceDnsName", Kept::Whole), ("riskScore", Kept::Whole), ("tags", Kept::Whole)];
const ENTITY: Names = &[
    ("entityType", Kept::Whole),
    ("domainName", Kept::Whole),
    ("mailboxAddress", Kept::Whole),
    ("mailboxDisplayName", Kept::Whole),
];

/// The part of an incident that the original gathers from.
pub(super) fn pruned(incident: &Outline<'_>) -> Map<String, Value> {
    members(incident, INCIDENT)
}

fn members(object: &Outline<'_>, names: Names) -> Map<String, Value> {
    let kept =
        |(name, kept): &(&'static str, Kept)| Some(((*name).to_owned(), value(object.get(name)?, *kept)));
    names.iter().filter_map(kept).collect()
}

fn value(part: &Part<'_>, kept: Kept) -> Value {
    match kept {
        Kept::Whole => part.to_value(),
        // What is no list is gathered from like nothing.
        Kept::Kind | Kept::Each(_) if !part.is_list() => Value::Null,
        Kept::Kind => Value::Array(Vec::new()),
        Kept::Each(names) => {
            let objects = part.elements().iter().filter_map(Part::members);
            Value::Array(objects.map(|object| Value::Object(members(object, names))).collect())
        }
    }
}
