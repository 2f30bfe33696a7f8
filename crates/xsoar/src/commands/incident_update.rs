//! Changes an incident.

use defender_xdr_api::incidents::{Assignee, IncidentChange, TagChange};
use defender_xdr_core::backend::Backend;
use serde_json::Value;

use super::{Failure, Instance, determination, incident_get};
use crate::arguments::Arguments;
use crate::log::Level;
use crate::python;

pub(super) async fn run(instance: &Instance<'_>, arguments: &Arguments) -> Result<Value, Failure> {
    let id = arguments.text("id").unwrap_or_default();
    let change = change(arguments)?;
    if change == IncidentChange::default() {
        return Err("There is nothing to update: give at least one argument beside id".to_owned().into());
    }
    let changed = instance.client.update_incident(id.trim(), change).await?;
    let mut incident = changed.into_legacy_shape();
    if instance.client.backend() == Backend::Graph {
        // There, the answer to a change is without alerts, and playbooks look at them.
        match incident_get::legacy_incident(instance.client, id.trim()).await {
            Ok(whole) => incident = whole,
            Err(error) => instance.log.add(
                Level::Warning,
                format!("the incident was updated, but reading its alerts failed: {error}"),
            ),
        }
    }
    Ok(incident_get::entry_of(&format!("Updated incident No. {id}:"), incident))
}

/// What to change. Empty arguments change nothing, but for an empty owner, which takes the owner away.
fn change(arguments: &Arguments) -> Result<IncidentChange, String> {
    let classification = arguments.text("classification");
    let determination =
        determination::of(classification.as_deref(), arguments.text("determination").as_deref())?;
    let assignee = match arguments.get("assigned_to") {
        None | Some(Value::Null) => None,
        Some(value) => Some(match python::text(value) {
            nobody if nobody.is_empty() => Assignee::Nobody,
            person => Assignee::Person(person),
        }),
    };
    Ok(IncidentChange {
        status: arguments.text("status"),
        assignee,
        classification,
        determination,
        tags: tags(arguments.get("tags")).map(TagChange::Replace),
        comment: arguments.text("comment"),
        ..IncidentChange::default()
    })
}

/// Tags are split at commas and kept as they are, blanks included; nothing between two commas is no tag.
fn tags(value: Option<&Value>) -> Option<Vec<String>> {
    let tags: Vec<String> = match value? {
        Value::Null => return None,
        Value::Array(items) => items.iter().map(python::text).collect(),
        value => python::text(value).split(',').map(str::to_owned).collect(),
    };
    let tags: Vec<_> = tags.into_iter().filter(|tag| !tag.trim().is_empty()).collect();
    Some(tags).filter(|tags| !tags.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::table::Command;

    fn of(given: &Value) -> Result<IncidentChange, String> {
        let command = Command::find_by_any_name("incident-update").expect("a command");
        change(&Arguments::of(command, given.as_object().expect("an object")).expect("complete"))
    }

    #[test]
    fn what_is_empty_is_left_alone_but_for_the_owner() {
        let nothing = json!({ "id": "7", "status": "", "comment": null, "tags": "", "classification": "" });
        assert_eq!(of(&nothing), Ok(IncidentChange::default()));
        let nobody = of(&json!({ "id": "7", "assigned_to": "" })).expect("a change");
        assert_eq!(nobody.assignee, Some(Assignee::Nobody));
        let somebody = of(&json!({ "id": "7", "assigned_to": "dana" })).expect("a change");
        assert_eq!(somebody.assignee, Some(Assignee::Person("dana".to_owned())));
    }

    #[test]
    fn tags_are_split_and_not_trimmed() {
        let tags = |value: Value| of(&json!({ "id": "7", "tags": value })).expect("a change").tags;
        let replace =
            |tags: &[&str]| Some(TagChange::Replace(tags.iter().map(|tag| (*tag).to_owned()).collect()));
        assert_eq!(tags(json!("a, b,,c")), replace(&["a", " b", "c"]));
        assert_eq!(tags(json!(["a,b", "c"])), replace(&["a,b", "c"]));
        assert_eq!(tags(json!([])), None);
    }

    #[test]
    fn a_classification_brings_its_determination() {
        let change = of(&json!({ "id": "7", "classification": "FalsePositive" })).expect("a change");
        assert_eq!(change.determination.as_deref(), Some("Other"));
        assert!(of(&json!({ "id": "7", "determination": "Malware" })).is_err());
    }
}
