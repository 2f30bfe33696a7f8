//! Evidence as the legacy API's devices and flat entities: the way back of `evidence`, by the same tables.

use super::evidence::{COMMON, DEVICE, Kind};
use super::graph::{FILES, NUMBERS};
use super::renaming::rename_back;
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
    members.remove(TYPE);
    let kind = Kind::of_evidence(name);
    let entity_type = kind.map_or_else(
        || pascal(name.strip_suffix("Evidence").unwrap_or(name)),
        |kind| kind.entity_type.to_owned(),
    );
    let mut entity = Outline::with_capacity(members.len() + 8);
    entity.push("entityType", Part::word(&entity_type));
    for (name, part) in rename_back(members, COMMON) {
        let Some(kind) = kind else {
            entity.set(name, part);
            continue;
        };
        if kind.moves().any(|(_, path, _)| in_group(path, &name)) {
            match part.into_object() {
                Ok(group) => {
                    let rest = flatten(kind, &name, group, &mut entity);
                    if !rest.is_empty() {
                        entity.set(name, Part::Object(rest));
                    }
                    continue;
                }
                Err(same) => entity.set(name, same),
            }
            continue;
        }
        match kind.moves().find(|(_, path, _)| *path == [&*name]) {
            Some((old, _, turn)) if !entity.contains(old) => entity.push(*old, turn.back(part)),
            _ => entity.set(name, part),
        }
    }
    entity
}

fn in_group(path: &[&str], name: &str) -> bool {
    path.len() == 2 && path[0] == name
}

/// Moves members of a group to where the flat entity has them; what has no such place is left.
fn flatten<'j>(kind: &Kind, name: &str, group: Outline<'j>, entity: &mut Outline<'j>) -> Outline<'j> {
    let mut rest = Outline::default();
    for (member, part) in group {
        let place = kind.moves().find(|(_, path, _)| in_group(path, name) && path[1] == member);
        let Some((old, _, turn)) = place else {
            rest.push(member, part);
            continue;
        };
        let part = turn.back(part);
        match entity.get(old) {
            None => entity.push(*old, part),
            // Told twice: once is enough.
            Some(there) if *there == part => {}
            Some(_) => rest.push(member, part),
        }
    }
    rest
}

#[cfg(test)]
mod tests;
