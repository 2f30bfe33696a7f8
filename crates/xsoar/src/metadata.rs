//! What the original adds to an incident before the platform's mappers see it: lists and texts gathered from its alerts.
//!
//! Read as mildly as the readable form: see [`crate::readable`].

mod gathered;

use defender_xdr_api::incidents::{LEGACY_PLAN, legacy_outline};
use defender_xdr_api::outline::Outline;
use defender_xdr_core::backend::Backend;
use serde::Serialize;
use serde_json::{Map, Value};

use self::gathered::{Gathered, has_comments, text};
use crate::readable::worded;

/// The text of an incident in the legacy shape with what mappers and layouts look for, then `more`; and when it was created,
/// as it says. What is JSON but no incident counts as one without members.
///
/// Nearly all of it is passed on as it came. Only where a name is taken already is the whole incident read.
///
/// # Errors
/// When the text is no JSON.
pub fn completed(
    backend: Backend,
    raw: &str,
    more: &Map<String, Value>,
) -> Result<(String, Option<String>), serde_json::Error> {
    let Ok(outline) = legacy_outline(backend, raw) else {
        let Value::Object(incident) = serde_json::from_str(raw)? else {
            return Ok(completed_tree(Map::new(), more));
        };
        return Ok(completed_tree(incident, more));
    };
    let is_taken = |name: &str| outline.contains(name) && !(name == "comments" && has_comments(&outline));
    if Gathered::NAMES.into_iter().chain(more.keys().map(String::as_str)).any(is_taken) {
        return Ok(completed_tree(serde_json::from_str(&outline.to_text())?, more));
    }
    let mut whole = String::with_capacity(raw.len() + ROOM);
    match backend {
        Backend::Legacy => whole.push_str(raw.trim_end()),
        Backend::Graph => outline.write(&mut whole),
    }
    add(&mut whole, &Gathered::from(&outline));
    add(&mut whole, more);
    Ok((whole, text(&outline, "createdTime").map(Into::into)))
}

/// What is added to an incident is seldom longer, in bytes.
const ROOM: usize = 2048;

fn completed_tree(incident: Map<String, Value>, more: &Map<String, Value>) -> (String, Option<String>) {
    let mut incident = with_metadata(incident);
    incident.extend(more.clone());
    let created = incident.get("createdTime").and_then(worded);
    (Value::Object(incident).to_string(), created)
}

/// Adds members to the text of an object.
fn add(object: &mut String, members: &impl Serialize) {
    // What is added always serialises.
    let members = serde_json::to_string(members).unwrap_or_default();
    let open = object.strip_suffix('}').unwrap_or(object).trim_end().len();
    object.truncate(open);
    if !object.ends_with('{') {
        object.push(',');
    }
    object.push_str(members.strip_prefix('{').unwrap_or(&members));
}

/// An incident in the legacy shape with what mappers and layouts look for.
///
/// `Categories` keeps what is there twice, since it is counted; `comments` is a list, also where there is none.
pub fn with_metadata(mut incident: Map<String, Value>) -> Map<String, Value> {
    let whole = Value::Object(incident.clone()).to_string();
    // An object that was written here.
    let outline = Outline::read(&whole, LEGACY_PLAN).unwrap_or_default();
    let gathered = serde_json::to_value(Gathered::from(&outline)).unwrap_or_default();
    if let Value::Object(gathered) = gathered {
        incident.extend(gathered);
    }
    incident
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(incident: &Value) -> Value {
        Value::Object(with_metadata(incident.as_object().expect("an object").clone()))
    }

    #[test]
    fn lists_are_gathered_from_all_alerts() {
        let incident = of(&json!({ "incidentId": 7, "alerts": [
            { "category": "Malware", "serviceSource": "A", "detectionSource": "X", "status": "New",
              "firstActivity": "2026-01-02T00:00:00Z", "lastActivity": "2026-01-03T00:00:00Z",
              "entities": [{ "entityType": "User", "domainName": "contoso" },
                           { "entityType": "MailBox", "mailboxAddress": "a@x", "mailboxDisplayName": "Ann" },
                           { "entityType": "Mailbox", "mailboxAddress": "a@x" }],
              "devices": [{ "deviceDnsName": "pc1", "riskScore": "High", "tags": ["t1", "t2"] }] },
            { "category": "Malware", "serviceSource": "A", "detectionSource": "Y", "status": "Resolved",
              "firstActivity": "2026-01-01T00:00:00Z", "lastActivity": null,
              "devices": [{ "deviceDnsName": "pc1", "riskScore": "High", "tags": null }] },
        ], "comments": [{ "comment": "c" }] }));
        assert_eq!(
            incident.as_object().expect("an object").iter().skip(2).collect::<Vec<_>>(),
            json!({
                "comments": [{ "comment": "c" }],
                "Categories": ["Malware", "Malware"],
                "Impacted entities": ["contoso"],
                "Active alerts": "1 / 2",
                "Service sources": ["A"],
                "Detection sources": ["X", "Y"],
                "First activity": "2026-01-01T00:00:00Z",
                "Last activity": "2026-01-03T00:00:00Z",
                "Devices": [{ "device name": "pc1", "risk level": "High", "tags": "t1,t2" },
                            { "device name": "pc1", "risk level": "High", "tags": "" }],
                "Mailboxes": [{ "Mailbox": "a@x", "Display Name": "Ann" }],
            })
            .as_object()
            .expect("an object")
            .iter()
            .collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_the_original_fails_on_is_nothing() {
        for odd in [
            json!({}),
            json!({ "alerts": null, "tags": null, "comments": null }),
            json!({ "alerts": [null, 5, { "entities": null, "devices": [null, { "tags": null }] }, {}] }),
            json!({ "alerts": [{ "category": null, "firstActivity": "soon", "entities": [{ "entityType": null }] }] }),
        ] {
            let incident = of(&odd);
            assert_eq!(incident["Categories"], json!([]), "{odd}");
            assert_eq!((&incident["First activity"], &incident["comments"]), (&json!(""), &json!([])));
        }
    }

    #[test]
    fn text_is_completed_as_a_tree_is() {
        let more = json!({ "mirror_direction": "Both", "mirror_instance": "one", "mirror_tags": ["t"] });
        let more = more.as_object().expect("an object");
        for incident in [
            json!({}),
            json!({ "incidentId": 7, "comments": [{ "comment": "c" }], "alerts": [
                { "category": "Malware", "status": "New", "firstActivity": "2026-01-02T00:00:00Z", "more": [1, { "x": null }],
                  "entities": [{ "entityType": "User", "domainName": "contoso", "y": 1 }, null, "text"],
                  "devices": [{ "deviceDnsName": "pc1", "riskScore": "High", "tags": ["t1", null, "t2"] }] }, null, 5] }),
            json!({ "incidentId": 7, "createdTime": 5, "comments": null, "alerts": "text" }),
            json!({ "incidentId": 7, "comments": "text", "alerts": { "status": "New" } }),
            json!({ "incidentId": 7, "Categories": ["taken"], "alerts": [{ "category": "c" }], "mirror_tags": [] }),
            json!({ "incidentId": 7, "alerts": [{ "entities": { "entityType": "User" }, "devices": 7, "status": 5, "category": ["a"] }] }),
            json!([1]),
            json!("text"),
        ] {
            let mut tree = with_metadata(incident.as_object().cloned().unwrap_or_default());
            tree.extend(more.clone());
            let (whole, created) = completed(Backend::Legacy, &incident.to_string(), more).expect("JSON");
            assert_eq!(whole, Value::Object(tree.clone()).to_string(), "{incident}");
            assert_eq!(created, tree.get("createdTime").and_then(worded), "{incident}");
        }
        for broken in ["broken", r#"{"incidentId":7"#, r#"{"incidentId":7} x"#] {
            assert!(completed(Backend::Legacy, broken, more).is_err(), "{broken}");
        }
    }
}
