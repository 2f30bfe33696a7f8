//! Alerts: paired by their ids. On one API an id may have a prefix of two letters for the product.

use serde_json::Value;

use super::Class;
use super::pair::{Members, Pair};
use super::place::Place;
use super::rules::{ALERT_ID_PREFIX, ORDER};

impl Pair<'_> {
    pub(super) fn alerts(&mut self, place: &Place, legacy: &[Value], graph: &[Value]) {
        let mut left: Vec<(usize, &Value)> = graph.iter().enumerate().collect();
        let mut without = Vec::new();
        let mut order = Vec::new();
        for alert in legacy {
            match left.iter().position(|(_, other)| id(other).is_some() && id(other) == id(alert)) {
                Some(index) => {
                    let (at, other) = left.remove(index);
                    order.push(at);
                    self.alert(&place.item(shown(alert)), alert, other);
                }
                None => without.push(alert),
            }
        }
        for alert in without {
            match left.iter().position(|(_, other)| same_but_for_a_prefix(alert, other)) {
                Some(index) => {
                    let (_, other) = left.remove(index);
                    let here = place.item(shown(other));
                    self.add(&here.member("id"), None, None, Class::Expected(&ALERT_ID_PREFIX));
                    let mut renamed = alert.clone();
                    if let (Some(members), Some(name)) = (renamed.as_object_mut(), other.get("id")) {
                        members.insert("id".to_owned(), name.clone());
                    }
                    self.alert(&here, &renamed, other);
                }
                None => {
                    self.add(&place.item(shown(alert)), brief(alert), None, Class::Unexplained);
                }
            }
        }
        for (_, alert) in left {
            self.add(&place.item(shown(alert)), None, brief(alert), Class::Unexplained);
        }
        if !order.is_sorted() {
            self.add(place, None, None, Class::Expected(&ORDER));
        }
    }

    fn alert(&mut self, place: &Place, legacy: &Value, graph: &Value) {
        if let (Value::Object(legacy), Value::Object(graph)) = (legacy, graph) {
            self.members(place, legacy, graph);
        }
    }
}

fn id(alert: &Value) -> Option<&str> {
    alert.get("id")?.as_str()
}

fn shown(alert: &Value) -> &str {
    id(alert).unwrap_or_default()
}

/// What tells an alert that the other side lacks.
fn brief(alert: &Value) -> Option<Value> {
    let members = alert.as_object()?;
    let told = ["id", "title", "createdDateTime"];
    let brief: Members = members
        .iter()
        .filter(|(name, _)| told.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Some(Value::Object(brief))
}

fn same_but_for_a_prefix(legacy: &Value, graph: &Value) -> bool {
    let (Some(legacy_id), Some(graph_id)) = (id(legacy), id(graph)) else { return false };
    let provider = graph.get("providerAlertId").and_then(Value::as_str);
    let bare = |text: &str| match text.as_bytes() {
        [a, b, ..] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => text.get(2..).map(str::to_owned),
        _ => None,
    };
    provider == Some(legacy_id)
        || bare(legacy_id).as_deref() == Some(graph_id)
        || bare(graph_id).as_deref() == Some(legacy_id)
}
