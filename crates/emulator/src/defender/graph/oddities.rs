//! Plants the quirks of real payloads into a rendered Graph incident.

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

/// Applies one quirk to an alert that stands alone.
pub(crate) fn plant_in_alert(quirk: Quirk, alert: Rendered<'_>) -> Rendered<'_> {
    if !EDITING.contains(&quirk) {
        return alert;
    }
    let mut incident = Map::new();
    incident.insert("alerts".to_owned(), Value::Array(vec![alert.into_value()]));
    edit(quirk, &mut incident);
    Rendered::Edited(
        incident.get_mut("alerts").and_then(|alerts| alerts.get_mut(0)).map(Value::take).unwrap_or_default(),
    )
}

fn edit(quirk: Quirk, members: &mut Map<String, Value>) {
    match quirk {
        Quirk::NullLists => {
            for key in ["customTags", "systemTags", "comments", "determination"] {
                members.insert(key.to_owned(), Value::Null);
            }
            each(members, &["alerts"], &mut |alert| {
                alert.insert("mitreTechniques".to_owned(), Value::Null);
                alert.insert("systemTags".to_owned(), Value::Null);
            });
            each(members, &["alerts", "evidence"], &mut |evidence| {
                evidence.insert("roles".to_owned(), Value::Null);
                evidence.insert("tags".to_owned(), Value::Null);
            });
        }
        Quirk::MissingLists => {
            for key in ["customTags", "systemTags", "comments", "classification", "summary", "assignedTo"] {
                members.shift_remove(key);
            }
            each(members, &["alerts"], &mut |alert| {
                for key in ["@odata.type", "mitreTechniques", "categories", "comments", "resolvedDateTime"] {
                    alert.shift_remove(key);
                }
            });
        }
        Quirk::UnknownWords => each(members, &["alerts"], &mut unknown_words),
        Quirk::NumbersAsText => {
            each(members, &["alerts", "evidence"], &mut |evidence| {
                as_text(evidence, "osBuild");
                for image in ["imageFile", "fileDetails"] {
                    if let Some(image) = evidence.get_mut(image).and_then(Value::as_object_mut) {
                        as_text(image, "fileSize");
                    }
                }
            });
        }
        Quirk::SpellingDrift => {
            let mut upper = false;
            each(members, &["alerts", "evidence"], &mut |evidence| {
                for key in ["deviceDnsName", "hostName"] {
                    if let Some(Value::String(name)) = evidence.get_mut(key)
                        && upper
                    {
                        *name = name.to_uppercase();
                    }
                }
                upper = !upper;
                if let Some(account) = evidence.get_mut("userAccount").and_then(Value::as_object_mut) {
                    account.insert("accountName".to_owned(), "".into());
                    account.shift_remove("displayName");
                }
            });
        }
        Quirk::ExtraMembers => {
            members.insert("@odata.type".to_owned(), "#microsoft.graph.incident".into());
            members.insert("futureScore".to_owned(), json!({ "value": 3, "unit": "stars" }));
            each(members, &["alerts"], &mut |alert| {
                alert.insert("copilotNote".to_owned(), Value::Null);
            });
        }
        _ => {}
    }
}

fn unknown_words(alert: &mut Map<String, Value>) {
    alert.insert("investigationState".to_owned(), "pendingQuorum".into());
    let Some(Value::Array(evidence)) = alert.get_mut("evidence") else { return };
    if let Some(first) = evidence.first_mut().and_then(Value::as_object_mut)
        && let Some(Value::String(subtype)) = first.get_mut("@odata.type")
    {
        *subtype = subtype.trim_start_matches('#').to_owned();
    }
    let seen = alert.get("createdDateTime").cloned().unwrap_or_default();
    if let Some(Value::Array(evidence)) = alert.get_mut("evidence") {
        evidence.push(json!({
            "@odata.type": "#microsoft.graph.security.quantumEvidence",
            "createdDateTime": seen, "verdict": "entangled", "remediationStatus": "none",
            "remediationStatusDetails": null, "roles": ["observer"], "detailedRoles": [], "tags": [],
            "qubits": 12, "observedBy": { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.9" },
        }));
    }
}
