//! Graph's own incidents, made uniform: ids are text, words have one spelling (older payloads and some pages of
//! the documentation write `TruePositive` or `clean`).

use serde_json::{Map, Value};

use super::renaming::{Turn, spell};
use crate::outline::Plan;
use crate::words::{ALERT_STATUS, CLASSIFICATION, DETERMINATION, SEVERITY, STATUS, Vocabulary};

pub(super) const INCIDENT: &[(&str, Vocabulary)] = &[
    ("status", STATUS),
    ("severity", SEVERITY),
    ("classification", CLASSIFICATION),
    ("determination", DETERMINATION),
];

pub(super) const ALERT: &[(&str, Vocabulary)] = &[
    ("status", ALERT_STATUS),
    ("severity", SEVERITY),
    ("classification", CLASSIFICATION),
    ("determination", DETERMINATION),
];

/// What has to be looked into to give it other names.
pub(super) const PLAN: Plan = Plan(&[("alerts", Plan(&[("evidence", PIECE)])), ("comments", Plan::SHALLOW)]);
/// Members of evidence that hold what the legacy API has beside them.
const PIECE: Plan = Plan(&[
    ("fileDetails", Plan::SHALLOW),
    ("imageFile", Plan::SHALLOW),
    ("parentProcessImageFile", Plan::SHALLOW),
    ("userAccount", Plan::SHALLOW),
    ("p1Sender", Plan::SHALLOW),
    ("vmMetadata", Plan::SHALLOW),
]);

/// An incident with text ids and canonical words; everything else is untouched.
pub(super) fn incident(mut fields: Map<String, Value>) -> Map<String, Value> {
    if let Some(id @ Value::Number(_)) = fields.get_mut("id") {
        *id = Value::String(id.to_string());
    }
    spell(&mut fields, INCIDENT);
    if let Some(Value::Array(alerts)) = fields.get_mut("alerts") {
        alerts.iter_mut().filter_map(Value::as_object_mut).for_each(alert);
    }
    fields
}

/// The same for an alert.
pub(crate) fn alert(fields: &mut Map<String, Value>) {
    spell(fields, ALERT);
    let evidence = fields.get_mut("evidence").and_then(Value::as_array_mut);
    evidence.into_iter().flatten().filter_map(Value::as_object_mut).for_each(numbers);
}

/// Members of evidence that are numbers in the metadata and text in some payloads.
pub(super) const NUMBERS: &[&str] = &["osBuild", "rbacGroupId", "processId", "parentProcessId", "fileSize"];

/// Members of evidence that describe a file.
pub(super) const FILES: &[&str] = &["fileDetails", "imageFile", "parentProcessImageFile"];

fn numbers(piece: &mut Map<String, Value>) {
    for name in NUMBERS {
        if let Some(value @ Value::String(_)) = piece.get_mut(*name) {
            *value = Turn::Number.apply(value.take());
        }
    }
    for group in FILES {
        if let Some(Value::Object(file)) = piece.get_mut(*group)
            && let Some(size @ Value::String(_)) = file.get_mut("fileSize")
        {
            *size = Turn::Number.apply(size.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spellings_become_one_and_the_rest_stays() {
        let Value::Object(fields) = json!({ "id": 7, "severity": "High", "classification": "TruePositive",
            "determination": "clean", "status": "tomorrow", "alerts": [ { "status": "New", "title": "Clean" }, null ] })
        else {
            panic!("an object")
        };
        let expected = json!({ "id": "7", "severity": "high", "classification": "truePositive",
            "determination": "notMalicious", "status": "tomorrow", "alerts": [ { "status": "new", "title": "Clean" }, null ] });
        assert_eq!(Value::Object(incident(fields)), expected);
    }
}
