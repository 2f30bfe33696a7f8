//! Incidents, alerts and comments as Microsoft Graph shows them.
//!
//! Source: Microsoft Graph v1.0 metadata, `microsoft.graph.security.incident` and `alert`.

use super::evidence::evidence;
use super::oddities;
use super::words::{self, LaterMembers};
use crate::defender::json::{Json, Rendered, object};
use crate::defender::title;
use crate::defender::world::World;
use crate::defender::world::alert::Alert;
use crate::defender::world::record::{Comment, Record};
use crate::defender::world::ticks::Ticks;
use crate::defender::world::triage::Severity;

/// The incident object; with its alerts when asked for.
pub(crate) fn incident<'w>(
    world: &'w World,
    record: &'w Record,
    expand: bool,
    later: LaterMembers,
) -> Rendered<'w> {
    let story = World::story(record);
    let tenant = &world.tenant_id;
    let id = record.id;
    let mut rendered = object! {
        "id": id.to_string(),
        "tenantId": tenant,
        "status": words::shown_status(record.status, later),
        "severity": words::severity(record.severity),
        "incidentWebUrl": format!("https://security.microsoft.com/incident2/{id}/overview?tid={tenant}"),
        "redirectIncidentId": record.redirect.map(|target| target.to_string()),
        "displayName": title::of(world, record),
        "createdDateTime": record.created.text(),
        "lastUpdateDateTime": record.updated.text(),
        "assignedTo": record.assigned_to.as_ref(),
        "classification": record.classification.map(words::classification),
        "determination": words::determination(record.determination),
        "customTags": record.tags.as_slice(),
        "systemTags": story.system_tags,
        "description": record.description.as_deref().unwrap_or(story.summary),
        "summary": record.summary.as_ref(),
        "resolvingComment": record.resolving_comment.as_ref(),
        "lastModifiedBy": record.last_modified_by.as_ref(),
        "priorityScore": priority(record),
        "comments": comments(&record.comments),
    };
    if let (true, Json::Object(members)) = (expand, &mut rendered) {
        let alerts: Vec<Json<'_>> = world.alerts_of(record).map(|found| alert(world, found, later)).collect();
        members.push(("alerts", alerts.into()));
    }
    oddities::plant(record.quirk, Rendered::Plain(rendered))
}

/// 0 to 100; null when it was not computed.
fn priority(record: &Record) -> Option<u64> {
    let base = match record.severity {
        Severity::High => 80,
        Severity::Medium => 50,
        Severity::Low => 20,
        _ => 5,
    };
    (!record.id.is_multiple_of(9)).then_some(base + record.id % 20)
}

/// A thread of comments.
pub(crate) fn comments(thread: &[Comment]) -> Vec<Json<'_>> {
    thread
        .iter()
        .map(|comment| {
            object! {
                "comment": &comment.text,
                "createdByDisplayName": &comment.author_display_name,
                "createdDateTime": comment.at.text(),
            }
        })
        .collect()
}

/// An alert of the collection of alerts: as odd as it is inside its incident.
pub(crate) fn single_alert<'w>(world: &'w World, found: Alert<'w>, later: LaterMembers) -> Rendered<'w> {
    oddities::plant_in_alert(found.quirk, Rendered::Plain(alert(world, found, later)))
}

/// The alert object with its evidence.
pub(crate) fn alert<'w>(world: &'w World, alert: Alert<'w>, later: LaterMembers) -> Json<'w> {
    let (_, person) = world.cast(alert.origin);
    let evidence: Vec<Json<'_>> =
        world.evidence(&alert).into_iter().map(|piece| evidence(piece, person, later)).collect();
    let tenant = &world.tenant_id;
    let alert_web_url = format!("https://security.microsoft.com/alerts/{}?tid={tenant}", alert.id);
    object! {
        "@odata.type": "#microsoft.graph.security.alert",
        "id": alert.id,
        "providerAlertId": alert.provider_id,
        "incidentId": alert.incident.to_string(),
        "status": words::alert_status(alert.status),
        "severity": words::severity(alert.severity),
        "classification": alert.classification.map(words::classification),
        "determination": alert.determination.map(words::determination),
        "serviceSource": words::shown_source(alert.source, later),
        "detectionSource": words::engine(alert.engine, later),
        "productName": alert.source.display_name(),
        "detectorId": alert.detector,
        "tenantId": tenant,
        "title": alert.step.title,
        "description": alert.description,
        "recommendedActions": "",
        "category": alert.step.category,
        "categories": vec![alert.step.category],
        "assignedTo": alert.assigned_to,
        "alertWebUrl": alert_web_url,
        "incidentWebUrl": format!("https://security.microsoft.com/incident2/{}/overview?tid={tenant}", alert.incident),
        "actorDisplayName": Json::Null,
        "threatDisplayName": alert.family.map(|family| format!("Trojan:Win32/{family}.A!demo")),
        "threatFamilyName": alert.family,
        "mitreTechniques": alert.step.techniques,
        "systemTags": Json::List(Vec::new()),
        "alertPolicyId": Json::Null,
        "additionalData": Json::Null,
        "customDetails": alert.custom_details.map_or(Json::Object(Vec::new()), Json::Value),
        "investigationState": alert.investigation.map_or_else(|| "unsupportedAlertType".to_owned(), |(_, state)| words::camel(state)),
        "createdDateTime": alert.created.text(),
        "lastUpdateDateTime": alert.updated.text(),
        "resolvedDateTime": alert.resolved.map(Ticks::text),
        "firstActivityDateTime": alert.first_activity.text(),
        "lastActivityDateTime": alert.last_activity.text(),
        "comments": comments(alert.comments),
        "evidence": evidence,
    }
}
