//! An incident for people: sixteen columns, in the order the original shows them.
//!
//! What would break the original is read mildly: a null list is empty, a null item is left out, a time that cannot be
//! read does not count. The names of the columns are the original's, also where they are not what they say: "Impacted
//! entities" are the domains of users, "Device groups" the names of devices.

use defender_xdr_core::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::python;

/// The columns, in order.
pub const COLUMNS: [&str; 16] = [
    "Incident name",
    "Tags",
    "Severity",
    "Incident ID",
    "Categories",
    "Impacted entities",
    "Impacted mailboxes",
    "Active alerts",
    "Service sources",
    "Detection sources",
    "First activity",
    "Last activity",
    "Status",
    "Assigned to",
    "Classification",
    "Device groups",
];

/// The columns of an incident in the legacy API's shape.
pub fn readable(incident: &Map<String, Value>) -> Map<String, Value> {
    let member = |name: &str| incident.get(name).cloned().unwrap_or_default();
    let or = |name: &str, missing: &str| incident.get(name).cloned().unwrap_or_else(|| missing.into());
    let all = alerts(incident);
    let entities = |kind: &'static str, name: &'static str| {
        let of_kind = all.iter().flat_map(|alert| objects(alert, "entities")).filter(move |entity| {
            text(entity, "entityType").is_some_and(|word| word.eq_ignore_ascii_case(kind))
        });
        joined(of_kind.filter_map(|entity| text(entity, name)))
    };
    let of_alerts = |name: &str| joined(all.iter().filter_map(|alert| text(alert, name)));
    let devices = all.iter().flat_map(|alert| objects(alert, "devices"));
    let tags: Vec<_> = items(incident, "tags").iter().filter_map(worded).collect();
    let values: [Value; 16] = [
        member("incidentName"),
        tags.join(", ").into(),
        member("severity"),
        member("incidentId"),
        of_alerts("category").into(),
        entities("User", "domainName").into(),
        entities("Mailbox", "mailboxAddress").into(),
        active_alerts(incident).into(),
        of_alerts("serviceSource").into(),
        of_alerts("detectionSource").into(),
        first_activity(incident).into(),
        last_activity(incident).into(),
        member("status"),
        or("assignedTo", "Unassigned"),
        or("classification", "Not set"),
        joined(devices.filter_map(|device| text(device, "deviceDnsName"))).into(),
    ];
    COLUMNS.iter().map(|column| (*column).to_owned()).zip(values).collect()
}

/// `2 / 3`: alerts that are active or new, of those that have a status.
pub(crate) fn active_alerts(incident: &Map<String, Value>) -> String {
    let all = alerts(incident);
    let statuses: Vec<_> = all.iter().filter_map(|alert| text(alert, "status")).collect();
    let active = statuses.iter().filter(|status| ["Active", "New"].contains(&status.as_str())).count();
    format!("{active} / {}", statuses.len())
}

/// The text of the earliest `firstActivity`; empty when there is none.
pub(crate) fn first_activity(incident: &Map<String, Value>) -> String {
    let first =
        activities(incident, "firstActivity").into_iter().reduce(|a, b| if b.0 < a.0 { b } else { a });
    first.map(|(_, text)| text).unwrap_or_default()
}

/// The text of the latest `lastActivity`; empty when there is none.
pub(crate) fn last_activity(incident: &Map<String, Value>) -> String {
    let last = activities(incident, "lastActivity").into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a });
    last.map(|(_, text)| text).unwrap_or_default()
}

fn activities(incident: &Map<String, Value>, name: &str) -> Vec<(Timestamp, String)> {
    let read = |alert: &&Map<String, Value>| {
        let text = alert.get(name)?.as_str()?;
        Some((moment(text)?, text.to_owned()))
    };
    alerts(incident).iter().filter_map(read).collect()
}

/// A time as the service writes it, to the last digit; one without a zone is in UTC.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let civil: civil::DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}

/// The alerts that are objects.
pub(crate) fn alerts(incident: &Map<String, Value>) -> Vec<&Map<String, Value>> {
    objects(incident, "alerts").collect()
}

/// A list; a null or missing one is empty.
pub(crate) fn items<'a>(object: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The objects of a list.
pub(crate) fn objects<'a>(
    object: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    items(object, name).iter().filter_map(Value::as_object)
}

/// A member as text; `None` when missing, null or empty.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(worded)
}

pub(crate) fn worded(value: &Value) -> Option<String> {
    let text = if value.is_null() { String::new() } else { python::text(value) };
    Some(text).filter(|text| !text.is_empty())
}

/// Each once, in the order of appearance.
pub(crate) fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    distinct(texts).join(", ")
}

#[cfg(test)]
mod tests;
