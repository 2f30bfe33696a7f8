//! Reads an incident for the platform's copy of it, and what is new as entries.

use serde_json::{Map, Value, json};

use super::{Failure, Instance, Outcome, incident_get};
use crate::conversion;
use crate::error_text;
use crate::log::Level;
use crate::metadata::with_metadata;
use crate::mirror::{Effect, Event, Memory, MirrorSettings, step};
use crate::phrase;
use crate::readable::text;

/// The result is one list: the incident, then the entries.
pub(super) async fn run(instance: &Instance<'_>, arguments: &Map<String, Value>) -> Result<Outcome, Failure> {
    let Some(number) = conversion::number(arguments.get("id"), "id")? else {
        return Err("get_remote_data_command - remote_incident_id is None".to_owned().into());
    };
    let id = number.to_string();
    let now = instance.clock.now();
    let last_update = text(arguments, "lastUpdate").unwrap_or_default();
    let Some(last_update) = phrase::read(&last_update, now) else {
        return Ok(json!([{ "incidentId": number }]).into());
    };
    let incident = match incident_get::legacy_incident(instance.client, &id).await {
        Ok(incident) => incident,
        Err(error) => {
            let text = error_text::of_api(&error, instance.flow.id);
            instance.log.add(Level::Error, format!("incident {id} could not be read: {text}"));
            return Ok(json!([{ "incidentId": number, "in_mirror_error": text }]).into());
        }
    };
    let memory = Memory::read(instance.remembered);
    let event = Event::Asked { id, incident: incident.clone(), last_update };
    let (memory, effects) = step(&MirrorSettings::of(instance.form), memory, now, &event);
    let mut result = vec![Value::Object(with_metadata(incident))];
    for effect in effects {
        match effect {
            Effect::Show(entry) => result.push(entry),
            Effect::Say(level, line) => instance.log.add(level, line),
            // What came from there is not written there.
            Effect::Change(_) | Effect::Comment(_) => {}
        }
    }
    Ok(Outcome {
        results: vec![Value::Array(result)],
        remembered: memory.changed_from(instance.remembered),
        ..Outcome::default()
    })
}
