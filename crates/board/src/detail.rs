//! One incident with what hangs on it, ready to be shown.

use defender_xdr_api::alerts::Alert;
use defender_xdr_api::entities::{Entities, Entity};
use defender_xdr_api::incidents::Incident;
use defender_xdr_core::backend::Backend;
use serde_json::Value;

use crate::entity_query;
use crate::plain::plain;
use crate::row::Row;

/// An incident with its alerts, entities and comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Its line.
    pub row: Row,
    /// Members with their names.
    pub facts: Vec<(&'static str, String)>,
    /// What it is about, in the server's words.
    pub description: String,
    /// Alerts in the order in which things happened.
    pub alerts: Vec<Moment>,
    /// Entities, by kind.
    pub things: Vec<Thing>,
    /// When, who, what; the oldest first.
    pub comments: Vec<(String, String, String)>,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When it began, `2026-09-03 07:41`, UTC.
    pub at: String,
    /// Graph's word.
    pub severity: String,
    /// Graph's word.
    pub status: String,
    /// Title.
    pub title: String,
    /// The product it comes from.
    pub source: String,
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// All verdicts about it.
    pub verdicts: String,
    /// How many alerts it is in.
    pub alerts: usize,
    /// KQL about it.
    pub query: String,
}

impl Detail {
    /// The detail of an incident that was read with its alerts.
    pub fn of(incident: &Incident) -> Self {
        let text = |name: &str| plain(incident.text(name).unwrap_or_default());
        let row = Row::of(incident);
        let mut facts = vec![
            ("severity", text("severity")),
            ("status", text("status")),
            ("owner", if row.owner.is_empty() { "nobody".to_owned() } else { row.owner.to_string() }),
            ("classified", [text("classification"), text("determination")].join(" / ")),
            ("created", minute(&text("createdDateTime"))),
            ("changed", minute(&text("lastUpdateDateTime"))),
        ];
        let more = [
            ("tags", row.tags.to_string()),
            ("merged into", text("redirectIncidentId")),
            ("portal", text("incidentWebUrl")),
        ];
        facts.extend(more.into_iter().filter(|(_, value)| !value.is_empty()));
        let mut entities = Entities::default();
        let mut alerts = Vec::new();
        for value in incident.list("alerts") {
            alerts.push(moment(value));
            // The alerts of an incident are in Graph's form, whichever API they came from.
            if let Ok(alert) = Alert::read(Backend::Graph, &value.to_string()) {
                entities.add(incident.id(), &alert);
            }
        }
        alerts.sort_by(|one, other| one.at.cmp(&other.at));
        let things = entities.finish().into_iter().map(|entity| Thing {
            kind: entity.kind.word(),
            name: plain(&entity.value),
            verdicts: verdicts(&entity),
            alerts: entity.alert_ids.len(),
            query: entity_query::query(&entity),
        });
        let things = things.collect();
        let comments = incident.list("comments").iter().map(|comment| {
            let who = of(comment, "createdByDisplayName");
            (minute(&of(comment, "createdDateTime")), who, of(comment, "comment"))
        });
        let mut comments: Vec<_> = comments.collect();
        comments.sort();
        Self { facts, description: text("description"), alerts, things, comments, row }
    }
}

/// The verdicts, the worst first: on a narrow screen the others are cut.
fn verdicts(entity: &Entity) -> String {
    const WORST_FIRST: [&str; 2] = ["malicious", "suspicious"];
    let mut words: Vec<String> = entity.verdicts.iter().map(|word| plain(word)).collect();
    words.sort_by_key(|word| WORST_FIRST.iter().position(|bad| bad == word).unwrap_or(WORST_FIRST.len()));
    words.join(", ")
}

fn of(object: &Value, name: &str) -> String {
    plain(object.get(name).and_then(Value::as_str).unwrap_or_default())
}

fn moment(alert: &Value) -> Moment {
    let first = of(alert, "firstActivityDateTime");
    let at = if first.is_empty() { of(alert, "createdDateTime") } else { first };
    let product = of(alert, "productName");
    Moment {
        at: minute(&at),
        severity: of(alert, "severity"),
        status: of(alert, "status"),
        title: of(alert, "title"),
        source: if product.is_empty() { of(alert, "serviceSource") } else { product },
    }
}

fn minute(at: &str) -> String {
    at.chars().take(16).collect::<String>().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn alerts_are_told_in_the_order_in_which_things_happened() {
        let alert = |id: &str, at: &str| {
            json!({ "id": id, "title": format!("{id}\u{1b}[2J"), "firstActivityDateTime": at, "evidence": [
                { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.7", "verdict": "malicious" }] })
        };
        let json = json!({ "id": "1", "assignedTo": null, "alerts": [alert("b", "2026-09-03T08:00:00Z"),
            alert("a", "2026-09-03T07:41:10Z")], "comments": [{ "comment": "x", "createdDateTime": "2026" }] });
        let detail = Detail::of(&Incident::read(Backend::Graph, &json.to_string()).unwrap());
        assert_eq!(detail.alerts[0].title, "a [2J");
        assert_eq!(detail.alerts[0].at, "2026-09-03 07:41");
        assert_eq!((detail.things.len(), detail.things[0].alerts, detail.things[0].kind), (1, 2, "ip"));
        assert_eq!(detail.facts[2], ("owner", "nobody".to_owned()));
        assert_eq!(detail.comments, [("2026".to_owned(), String::new(), "x".to_owned())]);
    }
}
