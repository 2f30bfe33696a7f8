//! Evidence as the legacy API's devices and flat entities: the way back of `evidence`, by the same tables.

use super::evidence::{COMMON, DEVICE, Kind};
use super::graph::{FILES, NUMBERS};
use super::renaming::{Turn, rename_back};
use crate::outline::{Outline, Part};
use crate::words::pascal;

const TYPE: &str = "@odata.type";

/// Takes `evidence` out of an alert and gives `devices` and `entities`; nothing when there is none, or it is no list
/// of objects.
pub(super) fn from_alert<'j>(alert: &mut Outline<'j>) -> Vec<(&'static str, Part<'j>)> {
    let Some(evidence) = alert.get_mut("evidence") else { return Vec::new() };
    let items = match std::mem::take(evidence).into_list() {
        Ok(items) if items.iter().all(Part::is_object) => items,
        other => {
            *evidence = other.map_or_else(|same| same, Part::List);
            return Vec::new();
        }
    };
    alert.remove("evidence");
    let (mut devices, mut entities) = (Vec::new(), Vec::new());
    for item in items {
        let mut members = match item.into_object() {
            Ok(members) => members,
            Err(same) => {
                entities.push(same);
                continue;
            }
        };
        numbers(&mut members);
        match kind_name(&members) {
            Some(name) if name.eq_ignore_ascii_case("deviceEvidence") => {
                devices.push(Part::Object(device(members)));
            }
            Some(name) => entities.push(Part::Object(entity(&name, members))),
            // Without a type it is an entity of a kind that nobody knew.
            None => entities.push(Part::Object(rename_back(members, COMMON))),
        }
    }
    // What stood there before and is no list of ours stays.
    let lists = [("devices", devices), ("entities", entities)];
    let kept = lists.into_iter().filter(|(name, items)| !(items.is_empty() && alert.contains(name)));
    kept.map(|(name, items)| (name, Part::List(items))).collect()
}

/// Numbers that some payloads hold as text.
fn numbers(piece: &mut Outline<'_>) {
    for name in NUMBERS {
        if let Some(part) = piece.get_mut(name) {
            as_number(part);
        }
    }
    for group in FILES {
        let Some(part) = piece.get_mut(group) else { continue };
        *part = match std::mem::take(part).into_object() {
            Ok(mut file) => {
                if let Some(size) = file.get_mut("fileSize") {
                    as_number(size);
                }
                Part::Object(file)
            }
            Err(same) => same,
        };
    }
}

fn as_number(part: &mut Part<'_>) {
    if let Some(number) = part.as_word().and_then(|digits| digits.parse::<i64>().ok()) {
        *part = Part::number(number);
    }
}

/// The type of a piece of evidence without its namespace.
fn kind_name(members: &Outline<'_>) -> Option<String> {
    let name = members.get(TYPE)?.as_word()?;
    name.rsplit('.').next().map(str::to_owned)
}

fn device(mut members: Outline<'_>) -> Outline<'_> {
    members.remove(TYPE);
    rename_back(rename_back(members, DEVICE), COMMON)
}

fn entity<'j>(name: &str, mut members: Outline<'j>) -> Outline<'j> {
    let kind = Kind::of_evidence(name);
    let entity_type = kind.map_or_else(
        || pascal(name.strip_suffix("Evidence").unwrap_or(name)),
        |kind| kind.entity_type.to_owned(),
    );
    members.revise(TYPE, "entityType", |_| Part::word(&entity_type));
    // Where the entity says itself what it is, that stays.
    members.remove(TYPE);
    let mut entity = rename_back(members, COMMON);
    for (old, path, turn) in kind.into_iter().flat_map(Kind::moves) {
        match *path {
            [name] => entity.revise(name, old, |part| turn.back(part)),
            [group, name] => flatten(&mut entity, group, name, old, *turn),
            _ => {}
        }
    }
    entity
}

/// Moves a member of a group to where the flat entity has it; an empty group is left out.
fn flatten(entity: &mut Outline<'_>, group: &str, name: &str, old: &'static str, turn: Turn) {
    let Some(part) = entity.get_mut(group) else { return };
    let mut members = match std::mem::take(part).into_object() {
        Ok(members) => members,
        Err(same) => return *part = same,
    };
    let found = members.remove(name).map(|part| turn.back(part));
    let told = found.as_ref().and_then(|found| entity.get(old).map(|there| there == found));
    match (found, told) {
        (Some(found), None) => entity.push(old, found),
        // Told twice: once is enough.
        (None, _) | (Some(_), Some(true)) => {}
        (Some(found), Some(false)) => members.push(name.to_owned(), found),
    }
    if members.is_empty() {
        entity.remove(group);
    } else if let Some(part) = entity.get_mut(group) {
        *part = Part::Object(members);
    }
}

#[cfg(test)]
mod tests;
