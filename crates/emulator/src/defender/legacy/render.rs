//! An incident as the legacy API shows it.
//!
//! Source: Microsoft Learn, "List incidents API in Microsoft Defender XDR", example response.

use super::oddities;
use super::{entities, words};
use crate::defender::json::{Json, Rendered, object};
use crate::defender::title;
use crate::defender::world::World;
use crate::defender::world::alert::Alert;
use crate::defender::world::evidence::Artifact;
use crate::defender::world::quirk::Quirk;
use crate::defender::world::record::Record;
use crate::defender::world::ticks::Ticks;

/// The incident object with its alerts, devices and entities.
pub(crate) fn incident<'w>(world: &'w World, record: &'w Record) -> Rendered<'w> {
    let comments: Vec<Json<'_>> = record
        .comments
        .iter()
        .map(|comment| {
            object! { "comment": &comment.text, "createdBy": &comment.author, "createdTime": comment.at.text() }
        })
        .collect();
    let alerts: Vec<Json<'_>> = world.alerts_of(record).map(|found| alert(world, record, found)).collect();
    let rendered = object! {
        "incidentId": record.id,
        "redirectIncidentId": record.redirect,
        "incidentName": title::of(world, record),
        "createdTime": record.created.text(),
        "lastUpdateTime": record.updated.text(),
        "assignedTo": record.assigned_to.as_ref(),
        "classification": record.classification.map(words::classification),
        "determination": words::determination(record.determination),
        "status": words::status(record.status),
        "severity": words::severity(record.severity),
        "tags": record.tags.as_slice(),
        "comments": comments,
        "alerts": alerts,
    };
    oddities::plant(record.quirk, Rendered::Plain(rendered))
}

fn alert<'w>(world: &'w World, record: &Record, alert: Alert<'w>) -> Json<'w> {
    let (_, person) = world.cast(alert.origin);
    let evidence = world.evidence(&alert);
    let flat = record.quirk == Quirk::FlatEntities;
    let devices: Vec<Json<'_>> = evidence
        .iter()
        .filter_map(|piece| match piece.artifact {
            Artifact::Device(device) => Some(entities::device(device, person)),
            _ => None,
        })
        .collect();
    let entities: Vec<Json<'_>> =
        evidence.into_iter().filter_map(|piece| entities::entity(piece, flat)).collect();
    object! {
        "alertId": alert.id,
        "incidentId": alert.incident,
        "serviceSource": words::source(alert.source, flat),
        "creationTime": alert.created.text(),
        "lastUpdatedTime": alert.updated.text(),
        "resolvedTime": alert.resolved.map(Ticks::text),
        "firstActivity": alert.first_activity.text(),
        "lastActivity": alert.last_activity.text(),
        "title": alert.step.title,
        "description": alert.description,
        "category": alert.step.category,
        "status": words::alert_status(alert.status),
        "severity": words::severity(alert.severity),
        "investigationId": alert.investigation.map(|(number, _)| number),
        "investigationState": alert.investigation.map_or("UnsupportedAlertType", |(_, state)| state),
        "classification": alert.classification.map(words::classification),
        "determination": alert.determination.map(words::determination),
        "detectionSource": words::engine(alert.engine),
        "detectorId": alert.detector,
        "assignedTo": alert.assigned_to,
        "actorName": Json::Null,
        "threatFamilyName": alert.family,
        "mitreTechniques": alert.step.techniques,
        "devices": devices,
        "entities": entities,
    }
}
