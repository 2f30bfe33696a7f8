//! The fields of an incident that mirroring writes, under the legacy API's names.

use defender_xdr_api::incidents::{Assignee, IncidentChange, TagChange};
use defender_xdr_api::words::{CLASSIFICATION, DETERMINATION, STATUS, determinations_of};
use serde_json::{Map, Value, json};

use crate::conversion;
use crate::python;
use crate::readable::{items, text};

/// The answer to `get-mapping-fields`: what an outgoing mapper can fill.
pub fn mapping_fields() -> Value {
    json!({ "Microsoft 365 Defender Incident": {
        "status": "Specifies the current status of the incident.",
        "assignedTo": "Owner of the incident.",
        "classification": "Specification of the incident.",
        "determination": "Specifies the determination of the incident.",
        "tags": "List of Incident tags.",
        "comment": "Comment to be added to the incident.",
    } })
}

/// The members of a delta that can be written, and a note for each that cannot.
pub(super) fn members(delta: &Map<String, Value>) -> (Map<String, Value>, Vec<String>) {
    let (mut members, mut notes) = (Map::new(), Vec::new());
    for (name, vocabulary) in
        [("status", STATUS), ("classification", CLASSIFICATION), ("determination", DETERMINATION)]
    {
        let Some(word) = text(delta, name) else { continue };
        let legacy = vocabulary.legacy(&word);
        // Only the service itself sets these two.
        if vocabulary.known(&word).is_none() || ["Redirected", "AwaitingAction"].contains(&legacy.as_ref()) {
            notes.push(format!("{name} `{word}` cannot be written and was left out"));
        } else {
            members.insert(name.to_owned(), legacy.as_ref().into());
        }
    }
    if let (Some(classification), Some(determination)) =
        (text(&members, "classification"), text(&members, "determination"))
        && !determinations_of(&CLASSIFICATION.graph(&classification))
            .contains(&DETERMINATION.graph(&determination).as_ref())
    {
        notes.push(format!("the determination `{determination}` does not go with the classification `{classification}`: both were left out"));
        members.shift_remove("classification");
        members.shift_remove("determination");
    }
    // An empty owner is one: it takes the owner away.
    if let Some(owner) = delta.get("assignedTo").filter(|owner| !owner.is_null()) {
        members.insert("assignedTo".to_owned(), python::text(owner).into());
    }
    let tags: Vec<_> = conversion::list(delta.get("tags")).iter().map(python::text).collect();
    let tags: Vec<_> = tags.into_iter().filter(|tag| !tag.trim().is_empty()).collect();
    if !tags.is_empty() {
        members.insert("tags".to_owned(), json!(tags));
    }
    if let Some(comment) = text(delta, "comment").filter(|comment| !comment.trim().is_empty()) {
        members.insert("comment".to_owned(), comment.into());
    }
    (members, notes)
}

/// Takes away what an incident already says: nothing is written twice, and an echo ends here. A comment stays.
pub(super) fn keep_changes(members: &mut Map<String, Value>, remote: &Map<String, Value>) {
    let says = |name: &str, value: &Value| match name {
        "comment" => false,
        "tags" => {
            let (now, wanted) = (items(remote, "tags"), value.as_array().map_or(&[][..], Vec::as_slice));
            now.len() == wanted.len() && wanted.iter().all(|tag| now.contains(tag))
        }
        _ => text(remote, name).unwrap_or_default() == python::text(value),
    };
    let is_pair = |name: &str| ["classification", "determination"].contains(&name);
    let same: Vec<String> =
        members.iter().filter(|(name, value)| says(name, value)).map(|(name, _)| name.clone()).collect();
    // The service takes the two together.
    let pair_stays = members.keys().any(|name| is_pair(name) && !same.contains(name));
    members.retain(|name, _| !same.contains(name) || (is_pair(name) && pair_stays));
}

/// Members under the legacy API's names as a change.
pub fn change(members: &Map<String, Value>) -> IncidentChange {
    let owner = members.get("assignedTo").and_then(Value::as_str);
    let tags: Vec<_> = items(members, "tags").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    IncidentChange {
        status: text(members, "status"),
        assignee: owner.map(|owner| match owner.trim() {
            "" => Assignee::Nobody,
            _ => Assignee::Person(owner.to_owned()),
        }),
        classification: text(members, "classification"),
        determination: text(members, "determination"),
        tags: (!tags.is_empty()).then_some(TagChange::Replace(tags)),
        comment: text(members, "comment"),
        ..IncidentChange::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(delta: &Value) -> (Value, usize) {
        let (members, notes) = members(delta.as_object().expect("an object"));
        (Value::Object(members), notes.len())
    }

    #[test]
    fn the_fields_are_named_with_the_originals_words() {
        let fields = mapping_fields();
        let fields = fields["Microsoft 365 Defender Incident"].as_object().expect("an object");
        let names: Vec<_> = fields.keys().map(String::as_str).collect();
        assert_eq!(names, ["status", "assignedTo", "classification", "determination", "tags", "comment"]);
        assert_eq!(fields["classification"], "Specification of the incident.");
    }

    #[test]
    fn a_delta_gives_the_members_that_can_be_written() {
        assert_eq!(
            of(&json!({ "status": "active", "assignedTo": "ann@x", "classification": "FalsePositive",
                "determination": "NotMalicious", "tags": "a, b,", "comment": "c", "severity": 3, "details": "x" })),
            (
                json!({ "status": "Active", "classification": "FalsePositive", "determination": "NotMalicious",
                    "assignedTo": "ann@x", "tags": ["a", "b"], "comment": "c" }),
                0
            )
        );
        assert_eq!(
            of(&json!({ "status": "", "tags": [], "comment": null, "assignedTo": null })),
            (json!({}), 0)
        );
        assert_eq!(of(&json!({ "assignedTo": "" })), (json!({ "assignedTo": "" }), 0));
        assert_eq!(of(&json!({ "tags": "[\"a\", \"b\"]" })).0, json!({ "tags": ["a", "b"] }));
    }

    #[test]
    fn what_the_service_would_refuse_is_left_out_and_told() {
        assert_eq!(of(&json!({ "status": "Redirected", "comment": "c" })), (json!({ "comment": "c" }), 1));
        assert_eq!(of(&json!({ "status": "Perhaps", "classification": "x" })), (json!({}), 2));
        let misfit =
            json!({ "classification": "FalsePositive", "determination": "Malware", "assignedTo": "a" });
        assert_eq!(of(&misfit), (json!({ "assignedTo": "a" }), 1));
    }

    #[test]
    fn what_an_incident_says_already_is_not_written() {
        let remote = json!({ "status": "Active", "assignedTo": null, "classification": "FalsePositive",
            "determination": "Other", "tags": ["b", "a"] });
        let left = |wanted: Value| {
            let mut members = wanted.as_object().expect("an object").clone();
            keep_changes(&mut members, remote.as_object().expect("an object"));
            Value::Object(members)
        };
        let same = json!({ "status": "Active", "assignedTo": "", "classification": "FalsePositive",
            "determination": "Other", "tags": ["a", "b"] });
        assert_eq!(left(same), json!({}));
        let pair = json!({ "classification": "FalsePositive", "determination": "NotMalicious" });
        assert_eq!(left(pair.clone()), pair);
        assert_eq!(left(json!({ "tags": ["a"], "comment": "c" })), json!({ "tags": ["a"], "comment": "c" }));
    }
}
