//! The fields of an incident on the platform: names and types are the original's, so that incidents, playbooks and layouts
//! that have them keep them.

use serde_json::{Map, Value, json};

use crate::integration::{FROM_VERSION, ID};

/// The type of incidents that have the fields.
pub(crate) const INCIDENT_TYPE: &str = "Microsoft 365 Defender Incident";

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holds {
    Text,
    Number,
    Tags,
    /// A pair of classification and determination.
    Classification,
    /// A table; these are its columns.
    Table(&'static [&'static str]),
}

/// A field. Most names begin with that of the product.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) holds: Holds,
}

/// All fields.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "Microsoft 365 Defender ID", holds: Holds::Number },
    Field { name: "Microsoft 365 Defender Display Name", holds: Holds::Text },
    Field { name: "Microsoft 365 Defender Status", holds: Holds::Text },
    Field { name: "Microsoft 365 Defender Classification", holds: Holds::Classification },
    Field { name: "Microsoft 365 Defender Tags", holds: Holds::Tags },
    Field { name: "Microsoft 365 Defender Active", holds: Holds::Text },
    Field { name: "Microsoft 365 Defender First activity", holds: Holds::Text },
    Field { name: "Microsoft 365 Defender Last activity", holds: Holds::Text },
    Field {
        name: "Microsoft 365 Defender A",
        holds: Holds::Table(&[
            "Title",
            "Severity",
            "Status",
            "Category",
            "Service Source",
            "Detection Source",
            "First Activity",
            "Last Activity",
            "Alert Id",
        ]),
    },
    Field {
        name: "Microsoft 365 Defender Devices",
        holds: Holds::Table(&["Device Name", "Risk Level", "Tags"]),
    },
    Field { name: "Microsoft 365 Defender Mailboxes", holds: Holds::Table(&["Mailbox", "Display Name"]) },
    Field {
        name: "Microsoft 365 Defender Comments",
        holds: Holds::Table(&["Comment", "Created By", "Created Time"]),
    },
    Field { name: "Microsoft 365 Defender Users", holds: Holds::Table(&["User"]) },
    Field { name: "Microsoft 365 Defender Categories count", holds: Holds::Table(&["Category", "Count"]) },
    Field { name: "impacted devices", holds: Holds::Text },
    Field { name: "impacted entities", holds: Holds::Text },
];

/// What programs call a field or a column: its name in lower case without blanks.
pub(crate) fn machine_name(name: &str) -> String {
    name.to_lowercase().replace(' ', "")
}

/// The files, by their names.
pub(crate) fn files() -> Vec<(String, Value)> {
    let file = |field: &Field| {
        let name = field.name.replace(' ', "_");
        (format!("IncidentFields/incidentfield-{name}.json"), field.file())
    };
    FIELDS.iter().map(file).collect()
}

impl Field {
    fn file(&self) -> Value {
        let machine = machine_name(self.name);
        let mut file = json!({
            "id": format!("incident_{machine}"),
            "version": -1,
            "name": self.name,
            "cliName": machine,
            "type": self.holds.kind(),
            "description": "",
            "associatedToAll": false,
            "associatedTypes": [INCIDENT_TYPE],
            "caseInsensitive": true,
            "closeForm": false,
            "content": true,
            "editForm": true,
            "group": 0,
            "hidden": false,
            "isReadOnly": false,
            "locked": false,
            "neverSetAsRequired": false,
            "ownerOnly": false,
            "required": false,
            "sla": 0,
            "system": false,
            "threshold": 72,
            "unmapped": false,
            "unsearchable": false,
            "useAsKpi": false,
            "fromVersion": FROM_VERSION,
        });
        self.holds.detail(&mut file);
        file
    }
}

impl Holds {
    fn kind(self) -> &'static str {
        match self {
            Self::Text => "shortText",
            Self::Number => "number",
            Self::Tags => "tagsSelect",
            Self::Classification => "singleSelect",
            Self::Table(_) => "grid",
        }
    }

    fn detail(self, file: &mut Value) {
        match self {
            Self::Text | Self::Number => {}
            Self::Tags => file["selectValues"] = json!([]),
            Self::Classification => file["selectValues"] = json!(classifications()),
            Self::Table(columns) => {
                file["columns"] = columns.iter().map(|name| column(name)).collect();
                file["defaultRows"] = json!([{}]);
            }
        }
    }
}

/// Every pair that the service takes, as the field shows it, after nothing at all.
fn classifications() -> Vec<String> {
    use defender_xdr_api::words::{CLASSIFICATION, DETERMINATION, determinations_of};
    let pairs = ["TruePositive", "InformationalExpectedActivity", "FalsePositive", "Unknown"]
        .into_iter()
        .flat_map(|classification| {
            let determinations = determinations_of(&CLASSIFICATION.graph(classification));
            determinations.iter().map(move |determination| {
                let determination = DETERMINATION.legacy(determination);
                format!("{classification} - {determination}")
            })
        });
    std::iter::once(String::new()).chain(pairs).collect()
}

fn column(name: &str) -> Value {
    let mut column = Map::new();
    for (member, value) in [
        ("key", json!(machine_name(name))),
        ("displayName", json!(name)),
        ("type", json!("shortText")),
        ("orgType", json!("shortText")),
        ("width", json!(150)),
        ("required", json!(false)),
        ("isDefault", json!(true)),
        ("isReadOnly", json!(false)),
        ("fieldCalcScript", json!("")),
        ("script", json!("")),
        ("selectValues", Value::Null),
    ] {
        column.insert(member.to_owned(), value);
    }
    Value::Object(column)
}

#[test]
fn the_classification_offers_the_pairs_that_the_update_takes() {
    let offered = classifications();
    assert_eq!(offered.len(), 16);
    assert_eq!(offered.last().map(String::as_str), Some("Unknown - NotAvailable"));
    assert!(offered.iter().any(|pair| pair == "FalsePositive - NoEnoughDataToValidate"), "{offered:?}");
    assert!(
        machine_name("Microsoft 365 Defender ID") == "microsoft365defenderid" && ID.starts_with("Microsoft")
    );
}
