//! When an incident was taken and when it was resolved, as far as the APIs let one know.
//!
//! Neither API has the history of an incident. What is there: the times of comments, the last change, and on each alert
//! the time of its resolution. Both answers are therefore approximations, and the page says so.

use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use serde_json::Value;

/// Words that services write for nobody.
const NOBODY: [&str; 2] = ["", "unassigned"];

/// The owner, if there is one.
pub(crate) fn owner(incident: &Incident) -> Option<&str> {
    let name = incident.text("assignedTo")?.trim();
    (!NOBODY.iter().any(|word| name.eq_ignore_ascii_case(word))).then_some(name)
}

/// When an incident with an owner was taken at the latest: its first comment, its resolution or its last change.
pub(crate) fn assigned(incident: &Incident) -> Option<Timestamp> {
    owner(incident)?;
    let first_comment =
        incident.list("comments").iter().filter_map(|comment| moment(comment, "createdDateTime")).min();
    [first_comment, resolved(incident), incident.updated()].into_iter().flatten().min()
}

/// When a resolved incident was resolved: with the last of its alerts, if all have a time, and never after its last
/// change.
pub(crate) fn resolved(incident: &Incident) -> Option<Timestamp> {
    if incident.text("status") != Some("resolved") {
        return None;
    }
    let alerts = incident.list("alerts");
    let times: Vec<_> = alerts.iter().filter_map(|alert| moment(alert, "resolvedDateTime")).collect();
    let last = times.iter().max().filter(|_| times.len() == alerts.len()).copied();
    [last, incident.updated()].into_iter().flatten().min()
}

fn moment(object: &Value, name: &str) -> Option<Timestamp> {
    object.get(name)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::backend::Backend;
    use serde_json::json;

    use super::*;

    fn incident(more: &Value) -> Incident {
        let mut fields = json!({ "id": "1", "createdDateTime": "2026-09-01T00:00:00Z",
            "lastUpdateDateTime": "2026-09-05T00:00:00Z" });
        for (name, value) in more.as_object().unwrap() {
            fields[name] = value.clone();
        }
        Incident::read(Backend::Graph, &fields.to_string()).unwrap()
    }

    fn day(at: Option<Timestamp>) -> Option<String> {
        at.map(|at| at.to_string().chars().take(10).collect())
    }

    #[test]
    fn an_incident_is_taken_with_its_first_trace_of_work() {
        let commented = incident(&json!({ "assignedTo": "dana@a.example", "comments": [
            { "createdDateTime": "2026-09-03T00:00:00Z" }, { "createdDateTime": "2026-09-02T00:00:00Z" }, {}] }));
        assert_eq!(day(assigned(&commented)).as_deref(), Some("2026-09-02"));
        let silent = incident(&json!({ "assignedTo": "dana@a.example" }));
        assert_eq!(day(assigned(&silent)).as_deref(), Some("2026-09-05"));
        for nobody in [json!(null), json!(" "), json!("Unassigned")] {
            assert_eq!(assigned(&incident(&json!({ "assignedTo": nobody }))), None);
        }
    }

    #[test]
    fn an_incident_is_resolved_with_the_last_of_its_alerts() {
        let resolved_on =
            |alerts: Value| day(resolved(&incident(&json!({ "status": "resolved", "alerts": alerts }))));
        let at = |day: &str| json!({ "resolvedDateTime": format!("{day}T00:00:00Z") });
        assert_eq!(resolved_on(json!([at("2026-09-02"), at("2026-09-03")])).as_deref(), Some("2026-09-03"));
        assert_eq!(resolved_on(json!([at("2026-09-02"), {}])).as_deref(), Some("2026-09-05"));
        assert_eq!(resolved_on(json!([at("2026-09-09")])).as_deref(), Some("2026-09-05"));
        assert_eq!(resolved(&incident(&json!({ "status": "active" }))), None);
    }
}
