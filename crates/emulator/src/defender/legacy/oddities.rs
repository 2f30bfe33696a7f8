//! Plants the quirks of real payloads into a rendered legacy incident.

use serde_json::{Map, Value, json};

use crate::defender::json::Rendered;
use crate::defender::nested::{as_text, each};
use crate::defender::world::quirk::Quirk;

/// Quirks that change members after rendering.
const EDITING: &[Quirk] = &[
    Quirk::NullLists,
    Quirk::MissingLists,
    Quirk::UnknownWords,
    Quirk::NumbersAsText,
    Quirk::SpellingDrift,
    Quirk::ExtraMembers,
];

/// Applies one quirk.
pub(crate) fn plant(quirk: Quirk, incident: Rendered<'_>) -> Rendered<'_> {
    if !EDITING.contains(&quirk) {
        return incident;
    }
    let mut incident = incident.into_value();
    if let Some(members) = incident.as_object_mut() {
        edit(quirk, members);
    }
    Rendered::Edited(incident)
}

fn edit(quirk: Quirk, members: &mut Map<String, Value>) {
    match quirk {
        Quirk::NullLists => {
            for key in ["tags", "comments", "determination"] {
                members.insert(key.to_owned(), Value::Null);
            }
            each(members, &["alerts"], &mut |alert| {
                alert.insert("mitreTechniques".to_owned(), Value::Null);
                alert.insert("entities".to_owned(), Value::Null);
            });
            each(members, &["alerts", "devices"], &mut |device| {
                device.insert("loggedOnUsers".to_owned(), Value::Null);
                device.insert("tags".to_owned(), Value::Null);
            });
        }
        Quirk::MissingLists => {
            for key in ["tags", "comments", "classification", "redirectIncidentId", "assignedTo"] {
                members.shift_remove(key);
            }
            each(members, &["alerts"], &mut |alert| {
                for key in ["mitreTechniques", "devices", "resolvedTime", "actorName", "investigationId"] {
                    alert.shift_remove(key);
                }
            });
        }
        Quirk::UnknownWords => {
            each(members, &["alerts"], &mut |alert| {
                alert.insert("investigationState".to_owned(), "PendingQuorum".into());
                if let Some(Value::Array(entities)) = alert.get_mut("entities") {
                    entities
                        .push(json!({ "entityType": "QuantumKey", "verdict": "Entangled", "qubits": 12 }));
                }
            });
        }
        Quirk::NumbersAsText => {
            each(members, &["alerts", "devices"], &mut |device| {
                as_text(device, "osBuild");
                as_text(device, "rbacGroupId");
            });
            each(members, &["alerts", "entities"], &mut |entity| {
                as_text(entity, "processId");
                as_text(entity, "parentProcessId");
            });
        }
        Quirk::SpellingDrift => {
            let mut upper = false;
            each(members, &["alerts", "devices"], &mut |device| {
                upper = !upper;
                if let Some(Value::String(name)) = device.get_mut("deviceDnsName")
                    && upper
                {
                    *name = name.to_uppercase();
                }
            });
        }
        Quirk::ExtraMembers => {
            members.insert("futureScore".to_owned(), json!({ "value": 3, "unit": "stars" }));
            each(members, &["alerts"], &mut |alert| {
                alert.insert("copilotNote".to_owned(), Value::Null);
            });
        }
        _ => {}
    }
}
