//! The legacy API's incidents in Graph's names and words.
//!
//! Sources: "Incidents API" of Defender XDR, "incident" and "alert" resource types of Microsoft Graph.

use serde_json::{Map, Value};

use super::renaming::{Renaming, Turn, rename, rename_back};
use super::{evidence, legacy_evidence};
use crate::outline::{Outline, Part, Plan};
use crate::words::{
    ALERT_STATUS, CLASSIFICATION, DETECTION_SOURCE, DETERMINATION, SERVICE_SOURCE, SEVERITY, STATUS,
};

pub(super) const INCIDENT: &[Renaming] = &[
    ("incidentId", "id", Turn::Id),
    ("redirectIncidentId", "redirectIncidentId", Turn::Id),
    ("incidentName", "displayName", Turn::Same),
    ("createdTime", "createdDateTime", Turn::Same),
    ("lastUpdateTime", "lastUpdateDateTime", Turn::Same),
    ("severity", "severity", Turn::Word(SEVERITY)),
    ("status", "status", Turn::Word(STATUS)),
    ("classification", "classification", Turn::Word(CLASSIFICATION)),
    ("determination", "determination", Turn::Word(DETERMINATION)),
    ("tags", "customTags", Turn::Same),
    ("comments", "comments", Turn::Each(comment, legacy_comment)),
    ("alerts", "alerts", Turn::Each(alert, legacy_alert)),
];

/// The lists of an incident in the legacy shape that summaries are gathered from.
pub const PLAN: Plan = Plan(&[("alerts", Plan(&[("devices", Plan::SHALLOW), ("entities", Plan::SHALLOW)]))]);

pub(super) const COMMENT: &[Renaming] = &[
    ("createdBy", "createdByDisplayName", Turn::Same),
    ("createdTime", "createdDateTime", Turn::Same),
    // One page of the documentation spells it like this.
    ("createTime", "createdDateTime", Turn::Same),
];

pub(super) const ALERT: &[Renaming] = &[
    ("alertId", "id", Turn::IdText),
    ("incidentId", "incidentId", Turn::Id),
    ("creationTime", "createdDateTime", Turn::Same),
    ("lastUpdatedTime", "lastUpdateDateTime", Turn::Same),
    ("resolvedTime", "resolvedDateTime", Turn::Same),
    ("firstActivity", "firstActivityDateTime", Turn::Same),
    ("lastActivity", "lastActivityDateTime", Turn::Same),
    ("actorName", "actorDisplayName", Turn::Same),
    ("severity", "severity", Turn::Word(SEVERITY)),
    ("status", "status", Turn::Word(ALERT_STATUS)),
    ("classification", "classification", Turn::Word(CLASSIFICATION)),
    ("determination", "determination", Turn::Word(DETERMINATION)),
    ("serviceSource", "serviceSource", Turn::Word(SERVICE_SOURCE)),
    ("detectionSource", "detectionSource", Turn::Word(DETECTION_SOURCE)),
    ("investigationState", "investigationState", Turn::Camel),
];

/// An incident in Graph's form. What has no counterpart keeps its name.
pub(super) fn incident(fields: Map<String, Value>) -> Map<String, Value> {
    rename(fields, INCIDENT)
}

fn comment(fields: Map<String, Value>) -> Map<String, Value> {
    rename(fields, COMMENT)
}

/// An alert in Graph's form.
pub(crate) fn alert(mut fields: Map<String, Value>) -> Map<String, Value> {
    let evidence = evidence::from_alert(&mut fields);
    let mut alert = rename(fields, ALERT);
    if let Some(evidence) = evidence {
        alert.insert("evidence".to_owned(), evidence);
    }
    alert
}

/// The way back: an incident of either API under the legacy API's names, with its words. What that never had keeps
/// its name.
pub(super) fn legacy_incident(members: Outline<'_>) -> Outline<'_> {
    let mut incident = rename_back(members, INCIDENT);
    // The legacy API shows incidents that await an action as active.
    if let Some(status) =
        incident.get_mut("status").filter(|status| status.as_word().as_deref() == Some("AwaitingAction"))
    {
        *status = Part::word("Active");
    }
    // The page in the portal has another name in each API; ours is Graph's only where Graph sent it.
    if !incident.contains("incidentUri")
        && let Some(page) = incident.remove("incidentWebUrl")
    {
        incident.push("incidentUri", page);
    }
    incident
}

fn legacy_comment(members: Outline<'_>) -> Outline<'_> {
    rename_back(members, COMMENT)
}

fn legacy_alert(mut members: Outline<'_>) -> Outline<'_> {
    let parts = legacy_evidence::from_alert(&mut members);
    let mut alert = rename_back(members, ALERT);
    for (name, items) in parts {
        alert.set(name, items);
    }
    alert
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn translated(value: Value) -> Value {
        let Value::Object(fields) = value else { panic!("an object") };
        Value::Object(incident(fields))
    }

    #[test]
    fn names_and_words_become_graphs() {
        let legacy = json!({
            "incidentId": 20417, "redirectIncidentId": null, "incidentName": "Theft",
            "createdTime": "2026-09-03T07:41:12.5233333Z", "lastUpdateTime": "2026-09-03T09:02:44.0366667Z",
            "assignedTo": null, "classification": "Unknown", "determination": "NotAvailable",
            "status": "InProgress", "severity": "UnSpecified", "tags": ["site-oslo"],
            "comments": [{ "comment": "Host pulled", "createdBy": "dana", "createdTime": "2026-09-03T08:15:00.12Z" }],
            "alerts": [], "tomorrow": { "x": 1 }
        });
        let graph = json!({
            "id": "20417", "redirectIncidentId": null, "displayName": "Theft",
            "createdDateTime": "2026-09-03T07:41:12.5233333Z", "lastUpdateDateTime": "2026-09-03T09:02:44.0366667Z",
            "assignedTo": null, "classification": "unknown", "determination": "unknown",
            "status": "inProgress", "severity": "unknown", "customTags": ["site-oslo"],
            "comments": [{ "comment": "Host pulled", "createdByDisplayName": "dana", "createdDateTime": "2026-09-03T08:15:00.12Z" }],
            "alerts": [], "tomorrow": { "x": 1 }
        });
        assert_eq!(translated(legacy), graph);
    }

    #[test]
    fn nothing_is_overwritten_and_odd_types_pass() {
        let odd = json!({ "incidentId": 1, "id": "other", "tags": null, "alerts": null, "comments": ["text"], "status": 5 });
        let same = json!({ "incidentId": "1", "id": "other", "customTags": null, "alerts": null, "comments": ["text"], "status": 5 });
        assert_eq!(translated(odd), same);
    }

    #[test]
    fn alerts_carry_evidence_in_place_of_devices_and_entities() {
        let alert = json!({ "incidentId": 1, "alerts": [ {
            "alertId": "da1_-2", "incidentId": 1, "creationTime": "t", "status": "Active", "serviceSource": "OfficeATP",
            "investigationState": "PendingApproval", "investigationId": 311,
            "devices": [ { "mdatpDeviceId": "d" } ], "entities": [ { "entityType": "Ip", "ipAddress": "not-an-ip" } ] } ] });
        let expected = json!({ "id": "1", "alerts": [ {
            "id": "da1_-2", "incidentId": "1", "createdDateTime": "t", "status": "new",
            "serviceSource": "microsoftDefenderForOffice365", "investigationState": "pendingApproval", "investigationId": 311,
            "evidence": [
                { "@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": "d" },
                { "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "not-an-ip" } ] } ] });
        assert_eq!(translated(alert), expected);
    }
}
