//! An incident: Graph's names and words over everything the server sent.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{graph, legacy};
use crate::outline::{Outline, Part};

/// An incident. Every value the server sent is in it; the methods read those that commands need.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Incident(Map<String, Value>);

/// A record that is no incident. One of them never fails a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an incident cannot be read: {reason}")]
pub struct UnreadableIncident {
    /// What is wrong with it.
    pub reason: String,
}

impl Incident {
    /// Reads a server's own JSON text.
    ///
    /// # Errors
    /// When it is no object or has no id.
    pub fn read(backend: Backend, json: &str) -> Result<Self, UnreadableIncident> {
        let fields: Map<String, Value> =
            serde_json::from_str(json).map_err(|error| UnreadableIncident { reason: error.to_string() })?;
        Self::from_fields(backend, fields)
    }

    pub(super) fn from_fields(
        backend: Backend,
        fields: Map<String, Value>,
    ) -> Result<Self, UnreadableIncident> {
        let incident = match backend {
            Backend::Graph => Self(graph::incident(fields)),
            Backend::Legacy => Self(legacy::incident(fields)),
        };
        match incident.0.get("id") {
            Some(Value::String(id)) if !id.is_empty() => Ok(incident),
            _ => Err(UnreadableIncident { reason: "it has no id".to_owned() }),
        }
    }

    /// The members, to be completed.
    pub(super) fn into_fields(self) -> Map<String, Value> {
        self.0
    }

    /// The incident under the names and with the words of the legacy API, for programs that know no others. What only
    /// Graph has keeps its name.
    pub fn into_legacy_shape(self) -> Map<String, Value> {
        let text = serde_json::to_string(&self).unwrap_or_default();
        let shaped =
            Outline::read(&text, graph::PLAN).map(|members| legacy::legacy_incident(members).to_text());
        // What was written here can be read here.
        shaped.and_then(|text| serde_json::from_str(&text)).unwrap_or_default()
    }

    /// The incident's id, decimal text.
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// A member that is text; `None` when absent, null or of another type.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A member that is a list; empty when absent or null.
    pub fn list(&self, name: &str) -> &[Value] {
        self.0.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Any member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Custom tags.
    pub fn tags(&self) -> Vec<String> {
        self.list("customTags").iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// When it was created.
    pub fn created(&self) -> Option<Timestamp> {
        self.text("createdDateTime")?.parse().ok()
    }

    /// When it was last changed.
    pub fn updated(&self) -> Option<Timestamp> {
        self.text("lastUpdateDateTime")?.parse().ok()
    }
}

/// The same of a server's own JSON text: what needs no other name stays as it came.
///
/// # Errors
/// When it is no object or has no id.
pub fn legacy_outline(backend: Backend, json: &str) -> Result<Outline<'_>, UnreadableIncident> {
    let unreadable = |error: serde_json::Error| UnreadableIncident { reason: error.to_string() };
    let (plan, id) = match backend {
        Backend::Graph => (graph::PLAN, "id"),
        Backend::Legacy => (legacy::PLAN, "incidentId"),
    };
    let members = Outline::read(json, plan).map_err(unreadable)?;
    let has_id = |id: &Part<'_>| id.as_word().map_or_else(|| id.is_number(), |word| !word.is_empty());
    if !members.get(id).is_some_and(has_id) {
        return Err(UnreadableIncident { reason: "it has no id".to_owned() });
    }
    Ok(match backend {
        Backend::Graph => legacy::legacy_incident(members),
        Backend::Legacy => members,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_keeps_every_member_in_order() {
        let json = r#"{"id":"7","zeta":{"b":1,"a":[null,0.10]},"displayName":null,"customTags":null}"#;
        let incident = Incident::read(Backend::Graph, json).expect("readable");
        assert_eq!(serde_json::to_string(&incident).expect("text"), json.replace("0.10", "0.1"));
        assert!(incident.tags().is_empty());
        assert_eq!(incident.text("displayName"), None);
    }

    #[test]
    fn what_is_no_incident_is_told() {
        for json in ["[]", "{}", r#"{"id":null}"#, r#"{"id":""}"#] {
            assert!(Incident::read(Backend::Graph, json).is_err(), "{json}");
        }
        assert!(Incident::read(Backend::Legacy, r#"{"incidentId":7}"#).is_ok());
        assert_eq!(Incident::read(Backend::Graph, r#"{"id":7}"#).expect("readable").id(), "7");
    }
}
