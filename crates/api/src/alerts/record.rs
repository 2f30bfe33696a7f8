//! An alert: Graph's names and words over everything the server sent.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::evidence::Evidence;
use crate::incidents::{graph, legacy};

/// An alert. Every value the server sent is in it; the methods read those that commands need.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Alert(Map<String, Value>);

/// A record that is no alert. One of them never fails a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an alert cannot be read: {reason}")]
pub struct UnreadableAlert {
    /// What is wrong with it.
    pub reason: String,
}

impl Alert {
    /// Reads a server's own JSON text.
    ///
    /// # Errors
    /// When it is no object or has no id.
    pub fn read(backend: Backend, json: &str) -> Result<Self, UnreadableAlert> {
        let mut fields: Map<String, Value> =
            serde_json::from_str(json).map_err(|error| UnreadableAlert { reason: error.to_string() })?;
        fields.shift_remove("@odata.context");
        Self::from_fields(backend, fields)
    }

    fn from_fields(backend: Backend, mut fields: Map<String, Value>) -> Result<Self, UnreadableAlert> {
        let alert = match backend {
            Backend::Graph => {
                graph::alert(&mut fields);
                Self(fields)
            }
            Backend::Legacy => Self(legacy::alert(fields)),
        };
        if alert.id().is_empty() {
            return Err(UnreadableAlert { reason: "it has no id".to_owned() });
        }
        Ok(alert)
    }

    /// The alert's id, opaque text.
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// The incident it belongs to, by its own account.
    pub fn incident_id(&self) -> Option<&str> {
        self.text("incidentId")
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

    /// What it rests on. What is no object is passed over; [`Alert::list`] has it.
    pub fn evidence(&self) -> impl Iterator<Item = Evidence<'_>> {
        self.list("evidence").iter().filter_map(Value::as_object).map(Evidence::of)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_keeps_every_member_in_order() {
        let json = r#"{"id":"da1_-2","zeta":{"b":1},"comments":null,"evidence":[{"@odata.type":"x.ipEvidence","ipAddress":"::1"},7]}"#;
        let alert = Alert::read(Backend::Graph, json).expect("readable");
        assert_eq!(serde_json::to_string(&alert).expect("text"), json);
        assert_eq!(alert.evidence().count(), 1);
        assert_eq!(alert.list("evidence").len(), 2);
    }

    #[test]
    fn an_alert_of_either_api_reads_the_same() {
        let legacy = r#"{"alertId":"da1_-2","incidentId":7,"status":"Active","creationTime":"2026-09-03T07:41:10.8466667Z","devices":[{"mdatpDeviceId":"d"}]}"#;
        let alert = Alert::read(Backend::Legacy, legacy).expect("readable");
        assert_eq!(
            (alert.id(), alert.incident_id(), alert.text("status")),
            ("da1_-2", Some("7"), Some("new"))
        );
        assert_eq!(alert.created().map(|at| at.to_string()).as_deref(), Some("2026-09-03T07:41:10.8466667Z"));
        assert_eq!(alert.evidence().filter_map(Evidence::kind).collect::<Vec<_>>(), ["deviceEvidence"]);
    }

    #[test]
    fn what_is_no_alert_is_told() {
        for json in ["[]", "{}", r#"{"id":null}"#, r#"{"id":""}"#, r#"{"incidentId":"7"}"#] {
            assert!(Alert::read(Backend::Graph, json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_number_keeps_its_last_digit() {
        for step in 1..20_000_u32 {
            let latitude = f64::from(step) * 0.004_504_297_341_11 + 1.0 / f64::from(step);
            let json = format!(r#"{{"id":"a","latitude":{latitude}}}"#);
            let alert = Alert::read(Backend::Graph, &json).expect("readable");
            assert_eq!(serde_json::to_string(&alert).expect("text"), json);
        }
    }
}
