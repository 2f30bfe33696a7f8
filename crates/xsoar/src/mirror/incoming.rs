//! From Defender to the platform: an incident closed or reopened, and its new comments.

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value};

use super::closing::{close, is_closed, reason_for, reopen};
use super::comment::RemoteComment;
use super::machine::Effect;
use super::memory::Memory;
use super::settings::MirrorSettings;
use crate::readable::objects;

/// The entries for what is new, the one that closes or reopens first.
pub(super) fn entries(
    settings: &MirrorSettings,
    memory: &mut Memory,
    id: &str,
    incident: &Map<String, Value>,
    last_update: Timestamp,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    if settings.close_incident {
        if is_closed(incident) {
            effects.push(Effect::Show(close(reason_for(incident))));
        } else if memory.changed_by_others(id, incident).is_some_and(|at| at > last_update) {
            // Only what somebody else did can have reopened it, and only once.
            effects.push(Effect::Show(reopen()));
        }
    }
    for comment in objects(incident, "comments").map(RemoteComment::of) {
        let is_new = comment.created.is_some_and(|at| at > last_update);
        if is_new && !comment.is_ours() && !memory.was_shown(id, &comment) {
            memory.show(id, &comment);
            effects.push(Effect::Show(comment.entry(settings)));
        }
    }
    effects
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::machine::{Event, step};
    use super::*;

    const LAST: &str = "2026-01-01T10:00:00Z";

    fn settings(close_incident: bool) -> MirrorSettings {
        let form = json!({ "close_incident": close_incident });
        MirrorSettings::of(form.as_object().expect("an object"))
    }

    fn asked(
        settings: &MirrorSettings,
        memory: Memory,
        incident: &Value,
        last: &str,
    ) -> (Memory, Vec<Value>) {
        let last_update: Timestamp = last.parse().expect("a time");
        let incident = incident.as_object().expect("an object").clone();
        let event = Event::Asked { id: "7".into(), incident, last_update };
        let (memory, effects) = step(settings, memory, last_update, &event);
        let shown = effects.into_iter().map(|effect| match effect {
            Effect::Show(entry) => entry,
            other => panic!("{other:?}"),
        });
        (memory, shown.collect())
    }

    fn contents(incident: &Value) -> Vec<Value> {
        let (_, entries) = asked(&settings(true), Memory::default(), incident, LAST);
        entries.into_iter().map(|entry| entry["Contents"].clone()).collect()
    }

    #[test]
    fn a_resolved_or_merged_incident_closes() {
        for status in ["Resolved", "Redirected"] {
            let incident = json!({ "status": status, "classification": "FalsePositive", "lastUpdateTime": "2020-01-01T00:00:00Z" });
            assert_eq!(
                contents(&incident),
                [json!({ "dbotIncidentClose": true, "closeReason": "False Positive" })]
            );
        }
    }

    #[test]
    fn an_open_incident_reopens_only_when_it_changed() {
        let incident = |updated: &str| json!({ "status": "InProgress", "lastUpdateTime": updated });
        assert_eq!(
            contents(&incident("2026-01-01T10:00:00.0000001Z")),
            [json!({ "dbotIncidentReopen": true })]
        );
        for unchanged in [LAST, "2026-01-01T09:00:00Z", "some day"] {
            assert!(contents(&incident(unchanged)).is_empty(), "{unchanged}");
        }
        let (_, entries) =
            asked(&settings(false), Memory::default(), &incident("2026-01-01T11:00:00Z"), LAST);
        assert!(entries.is_empty());
    }

    #[test]
    fn what_we_wrote_reopens_nothing() {
        let at = |time: &str| json!({ "status": "Active", "lastUpdateTime": time });
        let map = |value: &Value| value.as_object().expect("an object").clone();
        let (before, after) = (at("2026-01-01T09:00:00Z"), at("2026-01-01T10:30:00Z"));
        let wrote = Event::Wrote { id: "7".into(), before: map(&before), after: map(&after) };
        let (memory, effects) =
            step(&settings(true), Memory::default(), LAST.parse().expect("a time"), &wrote);
        assert!(effects.is_empty());
        assert!(asked(&settings(true), memory.clone(), &after, LAST).1.is_empty());
        let later = at("2026-01-01T10:31:00Z");
        assert_eq!(asked(&settings(true), memory, &later, LAST).1.len(), 1, "somebody else's change does");
    }

    #[test]
    fn new_comments_are_shown_in_order_and_once() {
        let comment = |text: Value, created: &str| json!({ "comment": text, "createdBy": "ann", "createdTime": created });
        let incident = json!({ "status": "Active", "comments": [
            comment(json!("old"), LAST),
            comment(json!("first"), "2026-01-01T10:00:00.5Z"),
            comment(json!("(bob): x\n\n Mirrored from Cortex XSOAR"), "2026-01-01T10:01:00Z"),
            comment(json!("no time"), "some day"),
            comment(json!(null), "2026-01-01T10:02:00Z"),
            null,
        ] });
        let (memory, entries) = asked(&settings(false), Memory::default(), &incident, LAST);
        let shown: Vec<_> = entries.iter().map(|entry| entry["Contents"].as_str().expect("text")).collect();
        assert_eq!(
            shown,
            [
                "Created By: ann\nCreated On: 2026-01-01T10:00:00.5Z\nfirst",
                "Created By: ann\nCreated On: 2026-01-01T10:02:00Z\n"
            ]
        );
        // The platform's time of the last update may lie before what that update brought.
        assert!(asked(&settings(false), memory.clone(), &incident, LAST).1.is_empty());
        assert!(asked(&settings(false), memory, &incident, "2026-01-01T09:00:00Z").1.len() == 1);
        assert!(asked(&settings(false), Memory::default(), &json!({ "comments": null }), LAST).1.is_empty());
    }
}
