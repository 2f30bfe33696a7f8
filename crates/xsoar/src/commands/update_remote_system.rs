//! Writes to Defender what was changed in the platform. Whatever fails is told in the log: the result is always the id.

use defender_xdr_api::ApiError;
use defender_xdr_api::incidents::{IncidentChange, Manner};
use serde_json::{Map, Value};

use super::{Failure, Instance, Outcome, incident_get};
use crate::error_text;
use crate::log::Level;
use crate::mirror::{Effect, Event, LocalChange, Memory, MirrorSettings, change_of, step};

pub(super) async fn run(instance: &Instance<'_>, arguments: &Map<String, Value>) -> Result<Outcome, Failure> {
    let change = LocalChange::of(arguments);
    if change.id.is_empty() {
        return Err("Missing \"remoteId\"".to_owned().into());
    }
    let settings = MirrorSettings::of(instance.form);
    let mut outcome = Outcome::from(Value::from(change.id.as_str()));
    if change.says_nothing(&settings) {
        return Ok(outcome);
    }
    let failed = |what: &str, error: &ApiError| {
        let text = error_text::of_api(error, instance.flow.id);
        instance.log.add(Level::Error, format!("incident {}: {what}: {text}", change.id));
    };
    let incident = match incident_get::legacy_incident(instance.client, &change.id).await {
        Ok(incident) => incident,
        Err(error) => {
            failed("nothing was written, since it could not be read", &error);
            return Ok(outcome);
        }
    };
    let now = instance.clock.now();
    let told = Event::Told { change: change.clone(), incident };
    let (mut memory, effects) = step(&settings, Memory::read(instance.remembered), now, &told);
    for effect in effects {
        let (what, written) = match effect {
            Effect::Change(members) => {
                ("its fields were not written", write(instance, &change.id, change_of(&members)).await)
            }
            Effect::Comment(comment) => {
                let change_of_comment =
                    IncidentChange { comment: Some(comment), ..IncidentChange::default() };
                ("a comment was not written", write(instance, &change.id, change_of_comment).await)
            }
            Effect::Say(level, line) => {
                instance.log.add(level, format!("incident {}: {line}", change.id));
                continue;
            }
            Effect::Show(_) => continue,
        };
        match written {
            Ok(Some(wrote)) => memory = step(&settings, memory, now, &wrote).0,
            Ok(None) => {}
            Err(error) => failed(what, &error),
        }
    }
    outcome.remembered = memory.changed_from(instance.remembered);
    Ok(outcome)
}

/// Makes one change. Comments go on to the incident that a merged one was merged into; nothing else gets here for such a
/// one, unless it was merged this moment.
async fn write(instance: &Instance<'_>, id: &str, change: IncidentChange) -> Result<Option<Event>, ApiError> {
    let manner = Manner { follow: change.comment.is_some(), once: false };
    let plan = instance.client.plan_change(id, change, manner).await?;
    let written = instance.client.carry_out(&plan).await?;
    Ok(written.changed.then(|| Event::Wrote {
        id: plan.current.id().to_owned(),
        before: plan.current.into_legacy_shape(),
        after: written.incident.into_legacy_shape(),
    }))
}
