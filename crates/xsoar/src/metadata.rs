//! What the original adds to an incident before the platform's mappers see it: lists and texts gathered from its alerts.
//!
//! Read as mildly as the readable form: see [`crate::readable`].

mod pruned;

use defender_xdr_api::incidents::legacy_outline;
use defender_xdr_api::outline::Part;
use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value, json};

use self::pruned::pruned;
use crate::readable::{active_alerts, alerts, distinct, first_activity, items, last_activity, objects, text};

/// Every name that is added.
const ADDED: &[&str] = &[
    "Categories",
    "Impacted entities",
    "Active alerts",
    "Service sources",
    "Detection sources",
    "First activity",
    "Last activity",
    "Devices",
    "Mailboxes",
    "comments",
    "mirror_direction",
    "mirror_instance",
    "mirror_tags",
];

/// The text of an incident in the legacy shape with what mappers and layouts look for, then `more`; and when it was created,
/// as it says. What cannot be read counts as an incident without members.
///
/// Nearly all of it is passed on as it came. Only where a name is taken already is the whole incident read.
pub fn completed(backend: Backend, raw: &str, more: [(&'static str, Value); 3]) -> (String, Option<String>) {
    let Ok(outline) = legacy_outline(backend, raw) else {
        return completed_tree(serde_json::from_str(raw).unwrap_or_default(), more);
    };
    let mut written = String::new();
    let shaped = match backend {
        Backend::Legacy => raw,
        Backend::Graph => {
            written.reserve(raw.len() + ROOM);
            outline.write(&mut written);
            &written
        }
    };
    let has_comments = outline.get("comments").is_some_and(Part::is_list);
    let is_taken = |name: &&str| outline.contains(name) && !(has_comments && *name == "comments");
    if ADDED.iter().any(is_taken) {
        return completed_tree(serde_json::from_str(shaped).unwrap_or_default(), more);
    }
    let pruned = pruned(&outline);
    let added = gathered(&pruned).into_iter().chain(more);
    let added = added.filter(|(name, _)| !(has_comments && *name == "comments"));
    let added: Map<String, Value> = added.map(|(name, value)| (name.to_owned(), value)).collect();
    (joined(shaped, &added), text(&pruned, "createdTime"))
}

/// What is added to an incident is seldom longer, in bytes.
const ROOM: usize = 2048;

fn completed_tree(
    incident: Map<String, Value>,
    more: [(&'static str, Value); 3],
) -> (String, Option<String>) {
    let mut incident = with_metadata(incident);
    incident.extend(more.map(|(name, value)| (name.to_owned(), value)));
    let created = text(&incident, "createdTime");
    (Value::Object(incident).to_string(), created)
}

/// An object with more members at its end.
fn joined(object: &str, members: &Map<String, Value>) -> String {
    // A tree always serialises.
    let members = serde_json::to_string(members).unwrap_or_default();
    let open = object.trim_end().strip_suffix('}').unwrap_or(object).trim_end();
    let comma = if open.ends_with('{') { "" } else { "," };
    [open, comma, members.strip_prefix('{').unwrap_or(&members)].concat()
}

/// An incident in the legacy shape with what mappers and layouts look for.
///
/// `Categories` keeps what is there twice, since it is counted; `comments` is a list, also where there is none.
pub fn with_metadata(mut incident: Map<String, Value>) -> Map<String, Value> {
    let added = gathered(&incident);
    incident.extend(added.map(|(name, value)| (name.to_owned(), value)));
    incident
}

fn gathered(incident: &Map<String, Value>) -> [(&'static str, Value); 10] {
    let all = alerts(incident);
    let of_alerts = |name: &str| all.iter().filter_map(|alert| text(alert, name)).collect::<Vec<_>>();
    let entities = |kind: &'static str| {
        all.iter().flat_map(|alert| objects(alert, "entities")).filter(move |entity| {
            text(entity, "entityType").is_some_and(|word| word.eq_ignore_ascii_case(kind))
        })
    };
    let devices: Vec<Value> = all.iter().flat_map(|alert| objects(alert, "devices")).map(device).collect();
    let mut addresses = Vec::new();
    let mut mailboxes = Vec::new();
    for entity in entities("Mailbox") {
        if let Some(address) = text(entity, "mailboxAddress").filter(|address| !addresses.contains(address)) {
            mailboxes.push(json!({
                "Mailbox": address, "Display Name": entity.get("mailboxDisplayName").cloned().unwrap_or_default(),
            }));
            addresses.push(address);
        }
    }
    [
        ("Categories", json!(of_alerts("category"))),
        ("Impacted entities", json!(distinct(entities("User").filter_map(|user| text(user, "domainName"))))),
        ("Active alerts", active_alerts(incident).into()),
        ("Service sources", json!(distinct(of_alerts("serviceSource").into_iter()))),
        ("Detection sources", json!(distinct(of_alerts("detectionSource").into_iter()))),
        ("First activity", first_activity(incident).into()),
        ("Last activity", last_activity(incident).into()),
        ("Devices", devices.into()),
        ("Mailboxes", mailboxes.into()),
        ("comments", json!(items(incident, "comments"))),
    ]
}

fn device(device: &Map<String, Value>) -> Value {
    let tags: Vec<_> = items(device, "tags").iter().filter_map(Value::as_str).collect();
    json!({
        "device name": text(device, "deviceDnsName").unwrap_or_default(),
        "risk level": text(device, "riskScore").unwrap_or_default(),
        "tags": tags.join(","),
    })
}

#[cfg(test)]
mod tests {
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
        let more = || {
            [
                ("mirror_direction", json!("Both")),
                ("mirror_instance", json!("one")),
                ("mirror_tags", json!(["t"])),
            ]
        };
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
            tree.extend(more().map(|(name, value)| (name.to_owned(), value)));
            let (whole, created) = completed(Backend::Legacy, &incident.to_string(), more());
            assert_eq!(whole, Value::Object(tree.clone()).to_string(), "{incident}");
            assert_eq!(created, text(&tree, "createdTime"), "{incident}");
        }
        assert_eq!(
            completed(Backend::Legacy, "broken", more()).0,
            completed(Backend::Legacy, "{}", more()).0
        );
    }
}
