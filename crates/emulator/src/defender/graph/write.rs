//! The writing routes: PATCH of incidents and alerts, and their comments.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::GraphError;
use super::update::{AlertUpdate, IncidentUpdate};
use super::words::LaterMembers;
use super::{body, incidents, render};
use crate::caller::Caller;
use crate::defender::Defender;
use crate::defender::author::Author;
use crate::defender::world::after;
use crate::defender::world::record::Comment;
use crate::defender::world::ticks::Ticks;
use crate::exchange::Request;

/// `PATCH /security/incidents/{id}`: 200 with the whole incident.
pub(super) fn incident(
    defender: &mut Defender,
    caller: &Caller,
    request: &Request,
    id: &str,
    now: Timestamp,
    later: LaterMembers,
) -> Result<Value, GraphError> {
    let number = number(defender, id)?;
    let unknown = || GraphError::unknown("incident", id);
    let record = defender.world.record(number).ok_or_else(unknown)?;
    let update = IncidentUpdate::read(request, record, &defender.switches)?;
    let record = defender.world.record_mut(number).ok_or_else(unknown)?;
    let at = after(record.updated, Ticks::from_timestamp(now));
    update.apply(record, &Author::from(caller), at);
    let record = defender.world.record(number).ok_or_else(unknown)?;
    let rendered = render::incident(&defender.world, record, false, later);
    Ok(incidents::entity(request, "security/incidents", rendered.into_value()))
}

/// `POST /security/incidents/{id}/comments`: 200 with the whole thread.
pub(super) fn incident_comment(
    defender: &mut Defender,
    caller: &Caller,
    request: &Request,
    id: &str,
    now: Timestamp,
) -> Result<Value, GraphError> {
    let number = number(defender, id)?;
    let text = body::comment(request)?;
    let record = defender.world.record_mut(number).ok_or_else(|| GraphError::unknown("incident", id))?;
    let author = Author::from(caller);
    let at = after(record.updated, Ticks::from_timestamp(now));
    record.comments.push(comment(text, &author, at));
    record.last_modified_by = Some(author.modified_by);
    record.updated = at;
    Ok(thread(request, "incidents", id, &record.comments))
}

/// `PATCH /security/alerts_v2/{id}`: 200 with the whole alert.
pub(super) fn alert(
    defender: &mut Defender,
    request: &Request,
    id: &str,
    now: Timestamp,
    later: LaterMembers,
) -> Result<Value, GraphError> {
    let unknown = || GraphError::unknown("alert", id);
    let (holder, found) = defender.world.find_alert(id).ok_or_else(unknown)?;
    let update = AlertUpdate::read(request, found.classification, &defender.switches)?;
    let (holder, at) = (holder.id, after(found.updated, Ticks::from_timestamp(now)));
    update.apply(defender.world.alert_changes.entry(id.to_owned()).or_default(), at);
    defender.world.touch(holder, 0, at);
    let (_, found) = defender.world.find_alert(id).ok_or_else(unknown)?;
    let rendered = render::single_alert(&defender.world, found, later);
    Ok(incidents::entity(request, "security/alerts_v2", rendered.into_value()))
}

/// `POST /security/alerts_v2/{id}/comments`: 200 with the whole thread.
pub(super) fn alert_comment(
    defender: &mut Defender,
    caller: &Caller,
    request: &Request,
    id: &str,
    now: Timestamp,
) -> Result<Value, GraphError> {
    let (holder, found) = defender.world.find_alert(id).ok_or_else(|| GraphError::unknown("alert", id))?;
    let text = body::comment(request)?;
    let (holder, at) = (holder.id, after(found.updated, Ticks::from_timestamp(now)));
    let change = defender.world.alert_changes.entry(id.to_owned()).or_default();
    change.comments.push(comment(text, &Author::from(caller), at));
    change.updated = Some(at);
    let answer = thread(request, "alerts_v2", id, &change.comments);
    defender.world.touch(holder, 0, at);
    Ok(answer)
}

fn comment(text: String, author: &Author, at: Ticks) -> Comment {
    Comment { text, author: author.name.clone(), author_display_name: author.display_name.clone(), at }
}

fn thread(request: &Request, set: &str, id: &str, comments: &[Comment]) -> Value {
    json!({
        "@odata.context": format!("{}/v1.0/$metadata#security/{set}('{id}')/comments", request.origin),
        "value": render::comments(comments),
    })
}

/// The number of a known incident.
fn number(defender: &Defender, id: &str) -> Result<u64, GraphError> {
    id.parse()
        .ok()
        .filter(|number| defender.world.record(*number).is_some())
        .ok_or_else(|| GraphError::unknown("incident", id))
}
