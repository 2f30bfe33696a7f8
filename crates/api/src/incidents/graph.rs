//! Graph's own incidents, made uniform: ids are text, words have one spelling (older payloads and some pages of
//! the documentation write `TruePositive` or `clean`).

use serde_json::{Map, Value};

use super::renaming::spell;
use crate::words::{ALERT_STATUS, CLASSIFICATION, DETERMINATION, SEVERITY, STATUS, Vocabulary};

const INCIDENT: &[(&str, Vocabulary)] = &[
    ("status", STATUS),
    ("severity", SEVERITY),
    ("classification", CLASSIFICATION),
    ("determination", DETERMINATION),
];

const ALERT: &[(&str, Vocabulary)] = &[
    ("status", ALERT_STATUS),
    ("severity", SEVERITY),
    ("classification", CLASSIFICATION),
    ("determination", DETERMINATION),
];

/// An incident with text ids and canonical words; everything else is untouched.
pub(super) fn incident(mut fields: Map<String, Value>) -> Map<String, Value> {
    if let Some(id @ Value::Number(_)) = fields.get_mut("id") {
        *id = Value::String(id.to_string());
    }
    spell(&mut fields, INCIDENT);
    if let Some(Value::Array(alerts)) = fields.get_mut("alerts") {
        for alert in alerts.iter_mut().filter_map(Value::as_object_mut) {
            spell(alert, ALERT);
        }
    }
    fields
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
