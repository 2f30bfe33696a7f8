//! What a change would change on an incident as it is.

use serde::Serialize;
use serde_json::{Value, json};

use super::change::{Assignee, IncidentChange};
use super::record::Incident;

/// The service may cut what is longer than this.
const SURELY_KEPT: usize = 1_000;

/// One member of an incident before and after a change, under Graph's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Graph's name; `comment` for a comment that is added.
    pub field: &'static str,
    /// What it is now.
    pub from: Value,
    /// What it is to be.
    pub to: Value,
}

impl FieldChange {
    /// Whether the two differ.
    pub fn is_change(&self) -> bool {
        match (&self.from, &self.to) {
            // The order of tags means nothing.
            (Value::Array(from), Value::Array(to)) => {
                from.len() != to.len() || !to.iter().all(|tag| from.contains(tag))
            }
            (Value::Null, Value::String(to)) => !to.is_empty(),
            (Value::String(from), Value::Null) => !from.is_empty(),
            (from, to) => from != to,
        }
    }
}

impl IncidentChange {
    /// Every member that the change names, with what it is now. A comment always differs: it is added to the others.
    pub(super) fn compared(&self, incident: &Incident) -> Vec<FieldChange> {
        let now = |name: &str| incident.get(name).cloned().unwrap_or_default();
        let owner = self.assignee.as_ref().map(|assignee| match assignee {
            Assignee::Person(name) => Value::from(name.as_str()),
            Assignee::Nobody => Value::Null,
        });
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        let mut fields: Vec<FieldChange> = [
            ("status", text(&self.status)),
            ("severity", text(&self.severity)),
            ("assignedTo", owner),
            ("classification", text(&self.classification)),
            ("determination", text(&self.determination)),
            ("displayName", text(&self.display_name)),
            ("resolvingComment", text(&self.resolving_comment)),
        ]
        .into_iter()
        .filter_map(|(field, to)| Some(FieldChange { field, from: now(field), to: to? }))
        .collect();
        if let Some(tags) = &self.tags {
            let current = incident.tags();
            let (from, to) = (json!(current), json!(tags.apply(&current)));
            fields.push(FieldChange { field: "customTags", from, to });
        }
        if let Some(comment) = &self.comment {
            fields.push(FieldChange { field: "comment", from: Value::Null, to: comment.as_str().into() });
        }
        fields
    }
}

/// How many comments of an incident say this. White space may differ, and a long comment may have been cut.
pub(super) fn times_said(incident: &Incident, comment: &str) -> usize {
    let wanted = spaced(comment);
    let says = |entry: &&Value| {
        let said = spaced(entry.get("comment").and_then(Value::as_str).unwrap_or_default());
        said == wanted || (said.chars().count() >= SURELY_KEPT && wanted.starts_with(&said))
    };
    incident.list("comments").iter().filter(says).count()
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::backend::Backend;

    use super::*;
    use crate::incidents::TagChange;

    fn incident() -> Incident {
        let json = json!({ "id": "1", "status": "active", "assignedTo": "", "customTags": ["a", "b"],
            "comments": [{ "comment": "done\r\nhere " }, {}, { "comment": null }, { "comment": "x".repeat(1_000) }] });
        Incident::read(Backend::Graph, &json.to_string()).expect("readable")
    }

    #[test]
    fn a_change_is_compared_member_by_member() {
        let change = IncidentChange {
            status: Some("resolved".into()),
            assignee: Some(Assignee::Nobody),
            tags: Some(TagChange::Replace(vec!["b".into(), "a".into()])),
            comment: Some("done".into()),
            ..IncidentChange::default()
        };
        let fields = change.compared(&incident());
        let told: Vec<_> = fields.iter().map(|field| (field.field, field.is_change())).collect();
        assert_eq!(told, [("status", true), ("assignedTo", false), ("customTags", false), ("comment", true)]);
        assert_eq!(json!(fields[0]), json!({ "field": "status", "from": "active", "to": "resolved" }));
    }

    #[test]
    fn tags_differ_by_what_is_in_them() {
        let tags = |change| {
            let change = IncidentChange { tags: Some(change), ..IncidentChange::default() };
            change.compared(&incident())[0].is_change()
        };
        assert!(tags(TagChange::Replace(vec!["a".into()])) && tags(TagChange::Replace(vec![])));
        assert!(!tags(TagChange::Adjust { add: vec!["a".into()], remove: vec!["c".into()] }));
        assert!(tags(TagChange::Adjust { add: vec![], remove: vec!["b".into()] }));
    }

    #[test]
    fn a_comment_is_found_however_it_was_spaced_or_cut() {
        assert_eq!(times_said(&incident(), "done here"), 1);
        assert_eq!(times_said(&incident(), &"x".repeat(1_500)), 1);
        assert_eq!(times_said(&incident(), "done here and there"), 0);
        assert_eq!(times_said(&incident(), "done"), 0);
    }
}
