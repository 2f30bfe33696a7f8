//! Tables of the contract: which change of the platform writes what.

use serde_json::json;

use super::*;

fn settings() -> MirrorSettings {
    MirrorSettings::of(json!({ "close_out": true }).as_object().expect("an object"))
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other}"),
    }
}

fn told(settings: &MirrorSettings, arguments: Value, incident: Value) -> Vec<Effect> {
    writes(settings, &LocalChange::of(&map(arguments)), &map(incident))
}

/// The members written for a delta, with the incident open and bare.
#[expect(clippy::needless_pass_by_value, reason = "tables read better without references")]
fn written(status: i64, delta: Value) -> Value {
    written_to(json!({ "status": "Active" }), status, &delta)
}

fn written_to(incident: Value, status: i64, delta: &Value) -> Value {
    let arguments = json!({ "remoteId": "7", "incidentChanged": true, "status": status, "delta": delta });
    match told(&settings(), arguments, incident).as_slice() {
        [] => Value::Null,
        [Effect::Change(members)] => Value::Object(members.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn closing_resolves_and_the_reason_classifies() {
    let false_positive =
        json!({ "status": "Resolved", "classification": "FalsePositive", "determination": "Other" });
    for reason in ["FalsePositive", "False Positive", "false positive"] {
        assert_eq!(written(2, json!({ "closeReason": reason })), false_positive);
    }
    let unknown =
        json!({ "status": "Resolved", "classification": "Unknown", "determination": "NotAvailable" });
    for reason in ["Other", "Duplicate"] {
        let delta =
            json!({ "closeReason": reason, "classification": "TruePositive", "determination": "Malware" });
        assert_eq!(written(2, delta), unknown, "{reason} overrides");
    }
    for reason in ["Resolved", "Handed to the police"] {
        assert_eq!(written(2, json!({ "closeReason": reason })), json!({ "status": "Resolved" }));
    }
    let mapped =
        json!({ "closeReason": "Resolved", "classification": "TruePositive", "determination": "Malware" });
    assert_eq!(
        written(2, mapped),
        json!({ "classification": "TruePositive", "determination": "Malware", "status": "Resolved" })
    );
    assert_eq!(written(2, json!({ "closeNotes": "n" })), json!({ "status": "Resolved" }));
    assert_eq!(written(2, json!({ "closingUserId": "u" })), json!({ "status": "Resolved" }));
}

#[test]
fn a_false_positive_that_was_classified_as_one_keeps_its_determination() {
    let delta = json!({ "closeReason": "False Positive", "classification": "FalsePositive", "determination": "NotMalicious" });
    assert_eq!(
        written(2, delta),
        json!({ "classification": "FalsePositive", "determination": "NotMalicious", "status": "Resolved" })
    );
    let delta = json!({ "closeReason": "FalsePositive", "classification": "TruePositive", "determination": "Malware" });
    assert_eq!(
        written(2, delta),
        json!({ "classification": "FalsePositive", "determination": "Other", "status": "Resolved" })
    );
}

#[test]
fn reopening_activates_what_is_closed() {
    let resolved = || json!({ "status": "Resolved" });
    for name in CLOSING {
        assert_eq!(written_to(resolved(), 1, &json!({ name: "" })), json!({ "status": "Active" }));
    }
    assert_eq!(written_to(resolved(), 1, &json!({ "closeReason": null })), Value::Null);
    assert_eq!(written_to(json!({ "status": "InProgress" }), 1, &json!({ "closeReason": "" })), Value::Null);
    assert_eq!(written_to(resolved(), 2, &json!({ "closeReason": "" })), Value::Null);
}

#[test]
fn nothing_closes_unless_that_is_switched_on() {
    let off = MirrorSettings::of(&Map::new());
    let arguments =
        json!({ "remoteId": "7", "incidentChanged": true, "status": 2, "delta": { "closeReason": "Other" } });
    assert!(told(&off, arguments, json!({ "status": "Active" })).is_empty());
}

#[test]
fn a_close_reason_that_came_from_defender_changes_nothing_there() {
    for (classification, determination, reason) in [
        ("FalsePositive", "NotMalicious", "False Positive"),
        ("TruePositive", "Malware", "Resolved"),
        ("Newly invented", "Something", "Other"),
    ] {
        let incident =
            json!({ "status": "Resolved", "classification": classification, "determination": determination });
        assert_eq!(
            written_to(incident, 2, &json!({ "closeReason": reason, "closeNotes": "n" })),
            Value::Null
        );
    }
    let incident =
        json!({ "status": "Resolved", "classification": "TruePositive", "determination": "Malware" });
    assert_eq!(
        written_to(incident, 2, &json!({ "closeReason": "Duplicate" })),
        json!({ "classification": "Unknown", "determination": "NotAvailable" }),
        "a reason that a person chose does"
    );
}

#[test]
fn nothing_is_written_for_an_empty_change() {
    assert_eq!(written(1, json!({ "severity": 3 })), Value::Null);
    let arguments = json!({ "remoteId": "7", "incidentChanged": false, "delta": { "assignedTo": "a" } });
    assert!(told(&settings(), arguments, json!({})).is_empty());
    assert!(told(&settings(), json!({ "remoteId": "7", "incidentChanged": "true" }), json!({})).is_empty());
}

fn entry(contents: &str, tags: &[&str]) -> Value {
    json!({ "contents": contents, "tags": tags, "user": "ann", "created": "2026-01-01T10:00:00Z" })
}

#[test]
fn tagged_entries_become_comments_after_the_fields() {
    let tag = "CommentToMicrosoft365Defender";
    let arguments = json!({ "remoteId": "7", "incidentChanged": true, "delta": { "assignedTo": "bob" },
        "entries": [entry("one", &[tag]), entry("no", &["other"]), entry("two", &["x", tag])] });
    assert_eq!(
        told(&settings(), arguments.clone(), json!({})),
        [
            Effect::Change(map(json!({ "assignedTo": "bob" }))),
            Effect::Comment("(ann): one\n\n Mirrored from Cortex XSOAR".into()),
            Effect::Comment("(ann): two\n\n Mirrored from Cortex XSOAR".into()),
        ]
    );
    let mut as_text = arguments.clone();
    for name in ["delta", "entries"] {
        as_text[name] = arguments[name].to_string().into();
    }
    assert_eq!(told(&settings(), as_text, json!({})).len(), 3);
}

#[test]
fn an_entry_that_is_there_already_is_not_written_again() {
    let tag = "CommentToMicrosoft365Defender";
    let there = json!({ "comments": [{ "comment": "(ann): one\n\n Mirrored from Cortex XSOAR", "createdTime": "2026-01-01T10:00:10Z" }] });
    let arguments = json!({ "remoteId": "7", "entries": [entry("one", &[tag]), entry("one", &[tag])] });
    let effects = told(&settings(), arguments, there);
    assert_eq!(effects.len(), 1, "said twice, written once so far: {effects:?}");
}

#[test]
fn an_entry_that_came_from_defender_does_not_go_back() {
    let tags = ["CommentToMicrosoft365Defender", "CommentFromMicrosoft365Defender"];
    let contents = "Created By: bob\nCreated On: 2026-01-01T09:00:00Z\nhello";
    assert!(told(&settings(), json!({ "entries": [entry(contents, &tags)] }), json!({})).is_empty());
    let same_tag = json!({ "comment_tag": "t", "comment_tag_from_microsoft365defender": "t" });
    let same_tag = MirrorSettings::of(&map(same_tag));
    assert!(told(&same_tag, json!({ "entries": [entry(contents, &["t"])] }), json!({})).is_empty());
    assert_eq!(told(&same_tag, json!({ "entries": [entry("mine", &["t"])] }), json!({})).len(), 1);
}

#[test]
fn of_a_merged_incident_only_comments_go_on() {
    let arguments = json!({ "remoteId": "7", "incidentChanged": true, "status": 2, "delta": { "closeReason": "Other" },
        "entries": [entry("one", &["CommentToMicrosoft365Defender"])] });
    let effects = told(&settings(), arguments, json!({ "status": "Redirected", "redirectIncidentId": 8 }));
    assert!(matches!(effects.as_slice(), [Effect::Say(..), Effect::Comment(_)]), "{effects:?}");
}
