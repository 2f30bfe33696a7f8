//! Fields of both APIs: renamed, moved, the same, and those that only one of them has.
//!
//! Renamings come from the API client. Source of the rest: "incident resource type", "alert resource type" of Graph v1.0 and
//! its metadata; "Incidents API", "Advanced hunting API" of Defender XDR.

use std::fmt;
use std::sync::LazyLock;

use defender_xdr_api::incidents::{FieldPair, Owner, ValueChange, field_pairs};

/// What a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Record {
    /// A record of an incident.
    Of(Owner),
    /// The answer of an advanced hunting query.
    Hunting,
    /// A column in the schema of that answer.
    Column,
}

impl fmt::Display for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Of(Owner::Incident) => "incident",
            Self::Of(Owner::Comment) => "comment",
            Self::Of(Owner::Alert) => "alert",
            Self::Of(Owner::Device) => "device",
            Self::Of(Owner::Evidence) => "entity",
            Self::Of(Owner::Entity(kind, _)) => return write!(formatter, "entity {kind}"),
            Self::Hunting => "hunting answer",
            Self::Column => "hunting column",
        })
    }
}

/// A field.
#[derive(Debug, Clone)]
pub struct Field {
    /// What it belongs to.
    pub record: Record,
    /// Its name on the legacy API; `None` when that lacks it.
    pub legacy: Option<&'static str>,
    /// Its place on Graph, names joined by dots; `None` when that lacks it.
    pub graph: Option<String>,
    /// What becomes of the value.
    pub value: ValueChange,
    /// What to know.
    pub note: Option<&'static str>,
}

impl Field {
    /// Whether a reader of the legacy API has to change: another name, another place, none, or another type.
    pub fn changes(&self) -> bool {
        match (self.legacy, &self.graph) {
            (Some(legacy), Some(graph)) => {
                legacy != graph || matches!(self.value, ValueChange::NumberToText | ValueChange::Words(_))
            }
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

const SAME: &[(Record, &[&str])] = &[
    (Record::Of(Owner::Incident), &["assignedTo"]),
    (Record::Of(Owner::Comment), &["comment"]),
    (
        Record::Of(Owner::Alert),
        &[
            "title",
            "description",
            "category",
            "assignedTo",
            "detectorId",
            "threatFamilyName",
            "mitreTechniques",
        ],
    ),
    (
        Record::Of(Owner::Device),
        &["deviceDnsName", "osPlatform", "version", "rbacGroupName", "loggedOnUsers", "tags"],
    ),
];

/// Fields with another shape that no renaming can express, and those of one API alone.
const OTHERS: &[(Record, Option<&str>, Option<&str>, &str)] = &[
    (
        Record::Of(Owner::Incident),
        Some("incidentUri"),
        Some("incidentWebUrl"),
        "the address in the portal, in another form",
    ),
    (
        Record::Of(Owner::Alert),
        Some("devices"),
        Some("evidence"),
        "the items with @odata.type #microsoft.graph.security.deviceEvidence",
    ),
    (
        Record::Of(Owner::Alert),
        Some("entities"),
        Some("evidence"),
        "the items of all other types; @odata.type takes the place of entityType",
    ),
    (
        Record::Of(Owner::Evidence),
        Some("entityType"),
        Some("@odata.type"),
        "such as #microsoft.graph.security.userEvidence",
    ),
    (
        Record::Of(Owner::Alert),
        Some("investigationId"),
        None,
        "Graph has the state of an investigation, not its number",
    ),
    (Record::Of(Owner::Device), Some("osProcessor"), None, "Graph does not tell the processor"),
    (Record::Of(Owner::Incident), None, Some("tenantId"), NEW),
    (Record::Of(Owner::Incident), None, Some("description"), NEW),
    (Record::Of(Owner::Incident), None, Some("summary"), NEW),
    (Record::Of(Owner::Incident), None, Some("resolvingComment"), NEW),
    (Record::Of(Owner::Incident), None, Some("lastModifiedBy"), NEW),
    (Record::Of(Owner::Incident), None, Some("priorityScore"), NEW),
    (Record::Of(Owner::Incident), None, Some("systemTags"), NEW),
    (Record::Of(Owner::Alert), None, Some("providerAlertId"), NEW),
    (Record::Of(Owner::Alert), None, Some("alertWebUrl"), NEW),
    (Record::Of(Owner::Alert), None, Some("recommendedActions"), NEW),
    (Record::Of(Owner::Alert), None, Some("categories"), NEW),
    (Record::Of(Owner::Alert), None, Some("productName"), NEW),
    (Record::Of(Owner::Alert), None, Some("threatDisplayName"), NEW),
    (Record::Hunting, Some("Results"), Some("results"), HUNTING),
    (Record::Hunting, Some("Schema"), Some("schema"), HUNTING),
    (Record::Hunting, Some("Stats"), None, "Graph tells nothing about the cost of a query"),
    (Record::Column, Some("Name"), Some("name"), HUNTING),
    (Record::Column, Some("Type"), Some("type"), HUNTING),
];

const NEW: &str = "new on Graph";
const HUNTING: &str =
    "the members of the answer are in lower case; rows may carry `<column>@odata.type` beside a column";
const INFERRED: &str = "inferred by comparing the two models: Microsoft has published no table of it";

/// All fields.
pub fn fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
        let same = SAME.iter().flat_map(|(record, names)| names.iter().map(|name| same(*record, name)));
        let others = OTHERS.iter().map(|&(record, legacy, graph, note)| Field {
            record,
            legacy,
            graph: graph.map(str::to_owned),
            value: ValueChange::Same,
            note: Some(note),
        });
        field_pairs().into_iter().map(paired).chain(same).chain(others).collect()
    });
    &FIELDS
}

fn same(record: Record, name: &'static str) -> Field {
    Field { record, legacy: Some(name), graph: Some(name.to_owned()), value: ValueChange::Same, note: None }
}

fn paired(pair: FieldPair) -> Field {
    let inferred = matches!(pair.owner, Owner::Entity(..));
    let note = match (inferred, pair.value) {
        (_, ValueChange::NumberToText) => Some("a number there, text here"),
        (true, _) => Some(INFERRED),
        (false, _) => None,
    };
    Field {
        record: Record::Of(pair.owner),
        legacy: Some(pair.legacy),
        graph: Some(pair.graph.join(".")),
        value: pair.value,
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_listed_once_for_each_record() {
        let all = fields();
        for (index, field) in all.iter().enumerate() {
            let twice = all[..index].iter().any(|other| {
                other.record == field.record && other.legacy == field.legacy && other.graph == field.graph
            });
            assert!(!twice, "{field:?}");
        }
    }

    #[test]
    fn what_only_changes_its_type_changes_too() {
        let of = |name: &str, record| {
            fields()
                .iter()
                .find(|field| field.legacy == Some(name) && field.record == record)
                .expect("a field")
        };
        assert!(of("redirectIncidentId", Record::Of(Owner::Incident)).changes());
        assert!(of("investigationId", Record::Of(Owner::Alert)).changes());
        assert!(!of("deviceDnsName", Record::Of(Owner::Device)).changes());
    }
}
