//! Evidence as the legacy API's devices and flat entities: the way back of `evidence`, by the same tables.

use serde_json::{Map, Value};

use super::evidence::{COMMON, DEVICE, Kind};
use super::renaming::rename_back;
use crate::words::pascal;

const TYPE: &str = "@odata.type";

/// Takes `evidence` out of an alert and gives `devices` and `entities`; nothing when there is none, or it is no list
/// of objects.
pub(super) fn from_alert(alert: &mut Map<String, Value>) -> Vec<(&'static str, Value)> {
    match alert.get("evidence") {
        Some(Value::Array(items)) if items.iter().all(Value::is_object) => {}
        _ => return Vec::new(),
    }
    let (mut devices, mut entities) = (Vec::new(), Vec::new());
    if let Some(Value::Array(items)) = alert.shift_remove("evidence") {
        for item in items {
            let Value::Object(fields) = item else { continue };
            if kind_name(&fields).is_some_and(|name| name.eq_ignore_ascii_case("deviceEvidence")) {
                devices.push(Value::Object(device(fields)));
            } else {
                entities.push(Value::Object(entity(fields)));
            }
        }
    }
    // What stood there before and is no list of ours stays.
    let lists = [("devices", devices), ("entities", entities)];
    let kept = lists.into_iter().filter(|(name, items)| !(items.is_empty() && alert.contains_key(*name)));
    kept.map(|(name, items)| (name, Value::Array(items))).collect()
}

/// The type of a piece of evidence without its namespace.
fn kind_name(fields: &Map<String, Value>) -> Option<&str> {
    let name = fields.get(TYPE)?.as_str()?;
    name.rsplit('.').next()
}

fn device(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.shift_remove(TYPE);
    rename_back(rename_back(fields, DEVICE), COMMON)
}

fn entity(mut fields: Map<String, Value>) -> Map<String, Value> {
    // Without a type it is an entity of a kind that nobody knew.
    let Some(name) = kind_name(&fields).map(str::to_owned) else { return rename_back(fields, COMMON) };
    fields.shift_remove(TYPE);
    let kind = Kind::of_evidence(&name);
    let entity_type = kind.map_or_else(
        || pascal(name.strip_suffix("Evidence").unwrap_or(&name)),
        |kind| kind.entity_type.to_owned(),
    );
    let mut entity = Map::new();
    entity.insert("entityType".to_owned(), entity_type.into());
    for (name, value) in rename_back(fields, COMMON) {
        match (kind, value) {
            (Some(kind), Value::Object(group)) if kind.moves().any(|(_, path, _)| in_group(path, &name)) => {
                let rest = flatten(kind, &name, group, &mut entity);
                if !rest.is_empty() {
                    entity.insert(name, Value::Object(rest));
                }
            }
            (Some(kind), value) => match kind.moves().find(|(_, path, _)| *path == [name.as_str()]) {
                Some((old, _, turn)) if !entity.contains_key(*old) => {
                    entity.insert((*old).to_owned(), turn.back(value));
                }
                _ => {
                    entity.insert(name, value);
                }
            },
            (None, value) => {
                entity.insert(name, value);
            }
        }
    }
    entity
}

fn in_group(path: &[&str], name: &str) -> bool {
    path.len() == 2 && path[0] == name
}

/// Moves members of a group to where the flat entity has them; what has no such place is left.
fn flatten(
    kind: &Kind,
    name: &str,
    group: Map<String, Value>,
    entity: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut rest = Map::new();
    for (member, value) in group {
        let place = kind.moves().find(|(_, path, _)| in_group(path, name) && path[1] == member);
        match place {
            Some((old, _, turn)) => {
                let value = turn.back(value);
                match entity.get(*old) {
                    None => {
                        entity.insert((*old).to_owned(), value);
                    }
                    // Told twice: once is enough.
                    Some(there) if *there == value => {}
                    Some(_) => {
                        rest.insert(member, value);
                    }
                }
            }
            None => {
                rest.insert(member, value);
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests;
