//! What people see of an incident, and the type it has.

use serde_json::{Value, json};

use crate::fields::{INCIDENT_TYPE, machine_name};
use crate::integration::FROM_VERSION;

/// The files, by their names.
pub(crate) fn files() -> Vec<(String, Value)> {
    vec![
        ("IncidentTypes/incidenttype-Microsoft_365_Defender_Incident.json".to_owned(), incident_type()),
        ("Layouts/layoutscontainer-Microsoft_365_Defender_Incident.json".to_owned(), layout()),
    ]
}

fn incident_type() -> Value {
    json!({
        "id": INCIDENT_TYPE,
        "version": -1,
        "name": INCIDENT_TYPE,
        "prevName": INCIDENT_TYPE,
        "color": "#0F6CBD",
        "layout": INCIDENT_TYPE,
        "playbookId": "",
        "preProcessingScript": "",
        "closureScript": "",
        "autorun": true,
        "default": false,
        "detached": false,
        "disabled": false,
        "hours": 0,
        "days": 0,
        "weeks": 0,
        "hoursR": 0,
        "daysR": 0,
        "weeksR": 0,
        "sla": 0,
        "slaReminder": 0,
        "locked": false,
        "readonly": false,
        "reputationCalc": 0,
        "system": false,
        "fromVersion": FROM_VERSION,
    })
}

fn layout() -> Value {
    let summary = tab(
        "summary",
        "Incident",
        vec![
            texts(
                0,
                0,
                "Microsoft 365 Defender",
                &[
                    "Microsoft 365 Defender ID",
                    "Microsoft 365 Defender Display Name",
                    "Microsoft 365 Defender Status",
                    "Microsoft 365 Defender Classification",
                    "Microsoft 365 Defender Tags",
                    "Assigned User",
                    "Incident Link",
                ],
            ),
            texts(
                1,
                0,
                "Extent",
                &[
                    "severity",
                    "Microsoft 365 Defender Active",
                    "Microsoft 365 Defender First activity",
                    "Microsoft 365 Defender Last activity",
                    "impacted devices",
                    "impacted entities",
                ],
            ),
            texts(2, 0, "Categories", &["Microsoft 365 Defender Categories count"]),
            texts(0, 1, "Alerts", &["Microsoft 365 Defender A"]),
            texts(0, 2, "Devices", &["Microsoft 365 Defender Devices"]),
            texts(1, 2, "Mailboxes", &["Microsoft 365 Defender Mailboxes"]),
            texts(2, 2, "Users", &["Microsoft 365 Defender Users"]),
            texts(0, 3, "Comments", &["Microsoft 365 Defender Comments"]),
        ],
    );
    json!({
        "id": INCIDENT_TYPE,
        "name": INCIDENT_TYPE,
        "description": "An incident of Microsoft 365 Defender: what it is, whom it touches, its alerts and comments.",
        "group": "incident",
        "version": -1,
        "system": false,
        "detailsV2": { "tabs": [
            summary,
            builtin("warRoom", "War Room"),
            builtin("workPlan", "Work Plan"),
        ] },
        "fromVersion": FROM_VERSION,
    })
}

fn tab(id: &str, name: &str, sections: Vec<Value>) -> Value {
    json!({ "id": id, "name": name, "type": "custom", "hidden": false, "sections": sections })
}

/// A tab that every platform has: some others are unknown in XSIAM.
fn builtin(kind: &str, name: &str) -> Value {
    json!({ "id": kind, "name": name, "type": kind })
}

/// A section with fields under each other. The page is three columns wide; a table alone in its row takes them all.
fn texts(column: u32, row: u32, name: &str, fields: &[&str]) -> Value {
    let is_wide = row % 2 == 1;
    let items: Vec<Value> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            json!({
                "id": format!("field-{}", machine_name(field)),
                "fieldId": machine_name(field),
                "index": index * 2,
                "sectionItemType": "field",
                "startCol": 0,
                "endCol": 2,
                "height": 22,
            })
        })
        .collect();
    json!({
        "i": format!("section-{column}-{row}"),
        "name": name,
        "displayType": "ROW",
        "hideName": false,
        "isVisible": true,
        "x": column,
        "y": row * 3,
        "w": if is_wide { 3 } else { 1 },
        "h": 3,
        "minW": 1,
        "maxW": 3,
        "moved": false,
        "static": false,
        "items": items,
    })
}

#[test]
fn the_layout_shows_every_field_of_the_pack_once() {
    let shown = layout().to_string();
    for field in crate::fields::FIELDS {
        let wanted = format!("\"fieldId\":\"{}\"", machine_name(field.name));
        assert_eq!(shown.matches(&wanted).count(), 1, "{}", field.name);
    }
}
