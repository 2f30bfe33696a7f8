//! Which member of an incident goes into which field, and back.

use defender_xdr_xsoar::mirror::mapping_fields;
use serde_json::{Map, Value, json};

use crate::fields::{FIELDS, Holds, INCIDENT_TYPE, machine_name};
use crate::integration::{FROM_VERSION, ID};

/// Rows that count for every type of incidents.
const ALL_TYPES: &str = "dbot_classification_incident_type_all";

/// The files, by their names.
pub(crate) fn files() -> Vec<(String, Value)> {
    vec![
        ("Classifiers/classifier-Microsoft_365_Defender.json".to_owned(), classifier()),
        ("Classifiers/classifier-mapper-incoming-Microsoft_365_Defender.json".to_owned(), incoming()),
        ("Classifiers/classifier-mapper-outgoing-Microsoft_365_Defender.json".to_owned(), outgoing()),
    ]
}

/// Everything the integration brings is of one type.
fn classifier() -> Value {
    json!({
        "id": format!("{ID} - Classifier"),
        "name": format!("{ID} - Classifier"),
        "description": "Every incident of Microsoft 365 Defender has one type.",
        "type": "classification",
        "version": -1,
        "feed": false,
        "propagationLabels": ["all"],
        "defaultIncidentType": INCIDENT_TYPE,
        "keyTypeMap": {},
        "transformer": {},
        "fromVersion": FROM_VERSION,
    })
}

fn mapper(direction: &str, description: &str, mapping: Value) -> Value {
    let name = format!("{ID} - {direction} Mapper");
    json!({
        "id": name,
        "name": name,
        "description": description,
        "type": format!("mapping-{}", direction.to_lowercase()),
        "version": -1,
        "feed": false,
        "mapping": mapping,
        "fromVersion": FROM_VERSION,
    })
}

/// A member as it is.
fn plain(member: &str) -> Value {
    json!({ "simple": member })
}

/// A step of a transformation.
fn step(operator: &str, arguments: &[(&str, &str)]) -> Value {
    let arguments: Map<_, _> = arguments
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!({ "value": { "simple": text } })))
        .collect();
    json!({ "operator": operator, "args": arguments })
}

/// A member that is made into something else.
fn made(root: &str, steps: Vec<Value>) -> Value {
    json!({ "complex": { "root": root, "accessor": "", "filters": [], "transformers": steps } })
}

/// A list of objects, for a table of the platform.
fn table(member: &str) -> Value {
    made(member, vec![step("ConvertKeysToTableFieldFormat", &[])])
}

/// How many different ones there are.
fn count(member: &str) -> Value {
    made(member, vec![step("uniq", &[]), step("count", &[])])
}

fn incoming() -> Value {
    let joined = || step("join", &[("separator", ",")]);
    let classification = made(
        "classification",
        vec![
            step("concat", &[("prefix", ""), ("suffix", " - ")]),
            json!({ "operator": "concat", "args": {
                "prefix": { "value": { "simple": "" } },
                "suffix": { "value": { "simple": "determination" }, "isContext": true },
            } }),
        ],
    );
    let severities =
        [("Informational", "0.5"), ("Low", "1"), ("Medium", "2"), ("High", "3"), ("UnSpecified", "0")];
    let severity = made(
        "severity",
        severities
            .iter()
            .map(|(word, number)| step("replace", &[("toReplace", word), ("replaceWith", number)]))
            .collect(),
    );
    let own = named(vec![
        ("Assigned User", plain("assignedTo")),
        ("Event Type", plain("determination")),
        ("Microsoft 365 Defender ID", plain("incidentId")),
        ("Microsoft 365 Defender Display Name", plain("incidentName")),
        ("Microsoft 365 Defender Status", plain("status")),
        ("Microsoft 365 Defender Tags", plain("tags")),
        ("Microsoft 365 Defender Classification", classification),
        ("Microsoft 365 Defender First activity", plain("First activity")),
        ("Microsoft 365 Defender Last activity", plain("Last activity")),
        ("Microsoft 365 Defender Active", plain("Active alerts")),
        ("Microsoft 365 Defender A", table("alerts")),
        ("Microsoft 365 Defender Devices", table("Devices")),
        ("Microsoft 365 Defender Mailboxes", table("Mailboxes")),
        ("Microsoft 365 Defender Comments", table("comments")),
        (
            "Microsoft 365 Defender Categories count",
            made("Categories", vec![joined(), step("MS365DefenderCountIncidentCategories", &[])]),
        ),
        (
            "Microsoft 365 Defender Users",
            made(
                "Impacted entities",
                vec![
                    joined(),
                    step("MS365DefenderUserListToTable", &[]),
                    step("ConvertKeysToTableFieldFormat", &[]),
                ],
            ),
        ),
        ("impacted devices", count("Devices")),
        ("impacted entities", count("Impacted entities")),
    ]);
    let all = named(vec![
        ("Incident Link", plain("incidentUri")),
        ("dbotMirrorDirection", plain("mirror_direction")),
        ("dbotMirrorId", plain("incidentId")),
        ("dbotMirrorInstance", plain("mirror_instance")),
        ("dbotMirrorTags", plain("mirror_tags")),
        ("severity", severity),
    ]);
    mapper(
        "Incoming",
        "What an incident of Microsoft 365 Defender says, in fields.",
        json!({
            INCIDENT_TYPE: { "dontMapEventToLabels": true, "internalMapping": own },
            ALL_TYPES: { "dontMapEventToLabels": true, "internalMapping": all },
        }),
    )
}

fn named(rows: Vec<(&str, Value)>) -> Value {
    Value::Object(rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn outgoing() -> Value {
    // One half of the field that holds the pair.
    let half = |index: &str| {
        let steps = vec![step("splitAndTrim", &[("delimiter", " - ")]), step("atIndex", &[("index", index)])];
        made("microsoft365defenderclassification", steps)
    };
    let rows = named(vec![
        ("assignedTo", plain("assigneduser")),
        ("classification", half("0")),
        ("determination", half("1")),
        ("status", plain("microsoft365defenderstatus")),
        ("tags", plain("microsoft365defendertags")),
    ]);
    mapper(
        "Outgoing",
        "Fields whose changes are written to Microsoft 365 Defender.",
        json!({ INCIDENT_TYPE: { "dontMapEventToLabels": false, "internalMapping": rows } }),
    )
}

#[test]
fn the_outgoing_mapper_writes_what_mirroring_can_write() {
    let mapper = outgoing();
    let rows = mapper["mapping"][INCIDENT_TYPE]["internalMapping"].as_object().expect("rows");
    let can = mapping_fields();
    assert!(rows.keys().all(|name| can[INCIDENT_TYPE].get(name).is_some()), "{rows:?}");
    // A comment is an entry with a tag, never a field.
    assert!(!rows.contains_key("comment"));
}

#[test]
fn the_incoming_mapper_fills_every_field_of_the_pack() {
    let mapper = incoming();
    let rows = mapper["mapping"][INCIDENT_TYPE]["internalMapping"].as_object().expect("rows");
    for field in FIELDS {
        let row = rows.get(field.name).unwrap_or_else(|| panic!("nothing fills {}", field.name));
        let is_table = row.to_string().contains("Format") || row.to_string().contains("MS365Defender");
        assert_eq!(matches!(field.holds, Holds::Table(_)), is_table, "{}", field.name);
    }
    let outgoing = outgoing().to_string();
    for name in ["Microsoft 365 Defender Status", "Microsoft 365 Defender Tags"] {
        assert!(outgoing.contains(&machine_name(name)));
    }
}
