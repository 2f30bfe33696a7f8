//! An incident as the platform takes it: a name, a time, and the whole of it as JSON text in the legacy API's shape.

use defender_xdr_api::fetch::NewIncident;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value, json};

use crate::metadata::completed;

/// Makes it, with what is `mirrored` at its end. Whatever else is wrong with an incident, it is delivered.
///
/// # Errors
/// When its text is no JSON.
pub fn cortex_incident(
    backend: Backend,
    new: &NewIncident,
    mirrored: &Map<String, Value>,
    now: Timestamp,
) -> Result<Value, serde_json::Error> {
    let (whole, created) = completed(backend, &new.raw, mirrored)?;
    Ok(json!({
        "name": format!("Microsoft 365 Defender {}", new.id),
        "occurred": created.unwrap_or_else(|| new.created.unwrap_or(now).to_string()),
        "rawJSON": whole,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::settings::FetchSettings;
    use super::*;
    use crate::log::Log;

    fn of(backend: Backend, raw: &str) -> Value {
        let form = json!({ "mirror_direction": "Incoming And Outgoing" });
        let settings = FetchSettings::of(form.as_object().expect("an object"), "one", &Log::default());
        let new = NewIncident { id: "7".into(), created: None, raw: raw.into() };
        let now = "2026-01-02T00:00:00Z".parse().expect("a time");
        cortex_incident(backend, &new, &settings.expect("settings").mirrored(), now).expect("JSON")
    }

    #[test]
    fn an_incident_has_a_name_a_time_and_all_of_itself() {
        let raw = r#"{"incidentId":7,"createdTime":"2026-01-01T00:00:00.1234567Z","severity":"High","alerts":[],"more":{"x":1}}"#;
        let incident = of(Backend::Legacy, raw);
        let names: Vec<_> = incident.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names, ["name", "occurred", "rawJSON"]);
        assert_eq!(incident["name"], "Microsoft 365 Defender 7");
        assert_eq!(incident["occurred"], "2026-01-01T00:00:00.1234567Z");
        let whole: Value = serde_json::from_str(incident["rawJSON"].as_str().expect("a text")).expect("JSON");
        for (name, value) in [
            ("incidentId", json!(7)),
            ("severity", json!("High")),
            ("more", json!({ "x": 1 })),
            ("Active alerts", json!("0 / 0")),
            ("Devices", json!([])),
            ("comments", json!([])),
            ("mirror_direction", json!("Both")),
            ("mirror_instance", json!("one")),
            ("mirror_tags", json!(["CommentToMicrosoft365Defender"])),
        ] {
            assert_eq!(whole[name], value, "{name}");
        }
    }

    #[test]
    fn an_incident_of_graph_has_the_same_names() {
        let raw =
            r#"{"id":"7","createdDateTime":"2026-01-01T00:00:00Z","status":"inProgress","displayName":"n"}"#;
        let incident = of(Backend::Graph, raw);
        let whole: Value = serde_json::from_str(incident["rawJSON"].as_str().expect("a text")).expect("JSON");
        assert_eq!((&whole["incidentId"], &whole["status"]), (&json!(7), &json!("InProgress")));
        assert_eq!(
            (&whole["incidentName"], &incident["occurred"]),
            (&json!("n"), &json!("2026-01-01T00:00:00Z"))
        );
    }

    #[test]
    fn what_is_wrong_with_an_incident_keeps_it_from_nobody() {
        for raw in ["{}", r#"{"alerts":null,"tags":5}"#, r#"{"createdTime":null}"#, "[]"] {
            assert_eq!(of(Backend::Legacy, raw)["occurred"], "2026-01-02T00:00:00Z", "{raw}");
        }
    }
}
