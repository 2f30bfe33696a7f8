//! Closing and reopening: which status is closed, and which close reason goes with which classification.

use serde_json::{Map, Value, json};

use crate::readable::text;

/// Why the platform closed an incident, as far as it matters to Defender. Blanks and case do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    FalsePositive,
    /// Other, or a duplicate: nothing is known about it.
    Unknown,
    /// Any other one, custom ones included: the classification stays.
    Kept,
}

impl Reason {
    pub(super) fn of(word: &str) -> Self {
        match plain(word).as_str() {
            "falsepositive" => Self::FalsePositive,
            "other" | "duplicate" => Self::Unknown,
            _ => Self::Kept,
        }
    }

    /// The classification and the determination it brings along.
    pub(super) fn pair(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::FalsePositive => Some(("FalsePositive", "Other")),
            Self::Unknown => Some(("Unknown", "NotAvailable")),
            Self::Kept => None,
        }
    }
}

/// A close reason without blanks and case.
pub(super) fn plain(word: &str) -> String {
    word.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The platform's close reason for an incident of Defender.
pub(super) fn reason_for(incident: &Map<String, Value>) -> &'static str {
    match text(incident, "classification").as_deref() {
        Some("TruePositive" | "InformationalExpectedActivity") => "Resolved",
        Some("FalsePositive") => "False Positive",
        _ => "Other",
    }
}

/// Whether an incident of Defender is closed: resolved, or merged into another one.
pub(super) fn is_closed(incident: &Map<String, Value>) -> bool {
    matches!(text(incident, "status").as_deref(), Some("Resolved" | "Redirected"))
}

/// Whether it was merged into another one.
pub(super) fn is_merged(incident: &Map<String, Value>) -> bool {
    text(incident, "status").as_deref() == Some("Redirected")
        || text(incident, "redirectIncidentId").is_some_and(|target| target != "0")
}

/// The entry that closes an incident of the platform.
pub(super) fn close(reason: &str) -> Value {
    json!({ "Type": 1, "Contents": { "dbotIncidentClose": true, "closeReason": reason }, "ContentsFormat": "json" })
}

/// The entry that reopens one.
pub(super) fn reopen() -> Value {
    json!({ "Type": 1, "Contents": { "dbotIncidentReopen": true }, "ContentsFormat": "json" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_classification_has_its_close_reason() {
        for (classification, reason) in [
            (json!("Unknown"), "Other"),
            (json!("TruePositive"), "Resolved"),
            (json!("FalsePositive"), "False Positive"),
            (json!("InformationalExpectedActivity"), "Resolved"),
            (json!(null), "Other"),
            (json!("Newly invented"), "Other"),
        ] {
            let incident = json!({ "classification": classification });
            assert_eq!(reason_for(incident.as_object().expect("an object")), reason);
        }
        assert_eq!(reason_for(&Map::new()), "Other");
    }

    #[test]
    fn close_reasons_are_read_without_blanks_and_case() {
        for (word, reason) in [
            ("FalsePositive", Reason::FalsePositive),
            ("False Positive", Reason::FalsePositive),
            ("false positive", Reason::FalsePositive),
            ("Other", Reason::Unknown),
            ("Duplicate", Reason::Unknown),
            ("Resolved", Reason::Kept),
            ("Handed to the police", Reason::Kept),
            ("", Reason::Kept),
        ] {
            assert_eq!(Reason::of(word), reason, "{word}");
        }
    }

    #[test]
    fn what_was_resolved_or_merged_is_closed() {
        for (status, closed) in
            [("Resolved", true), ("Redirected", true), ("Active", false), ("InProgress", false)]
        {
            assert_eq!(is_closed(json!({ "status": status }).as_object().expect("an object")), closed);
        }
        let merged = |incident: &Value| is_merged(incident.as_object().expect("an object"));
        assert!(merged(&json!({ "status": "Redirected" })) && merged(&json!({ "redirectIncidentId": 8 })));
        assert!(
            !merged(&json!({ "redirectIncidentId": null })) && !merged(&json!({ "redirectIncidentId": 0 }))
        );
    }
}
