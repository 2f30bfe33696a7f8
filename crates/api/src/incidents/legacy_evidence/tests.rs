//! What the legacy API sends comes back as it was, and what Graph sends reads as if the legacy API had sent it.

use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use crate::incidents::Incident;
use crate::words::{
    ALERT_STATUS, CLASSIFICATION, DETECTION_SOURCE, DETERMINATION, SERVICE_SOURCE, SEVERITY, STATUS,
    Vocabulary,
};

/// Every kind of entity, nulls and odd values.
const WHOLE: &str = r#"{
    "incidentId": 20417, "redirectIncidentId": 7, "incidentName": "Theft | 1", "createdTime": "2026-09-03T07:41:12.5233333Z",
    "lastUpdateTime": "2026-09-03T09:02:44Z", "assignedTo": null, "classification": "Unknown",
    "determination": "NotAvailable", "status": "InProgress", "severity": "UnSpecified", "tags": ["a", null],
    "incidentUri": "https://security.example/20417", "tomorrow": { "status": "active" },
    "comments": [ { "comment": null, "createdBy": "dana", "createdTime": "t" }, "text" ],
    "alerts": [ null, { "alertId": "77", "incidentId": 20417, "serviceSource": "OfficeATP", "creationTime": "c",
        "lastUpdatedTime": "u", "resolvedTime": null, "firstActivity": "f", "lastActivity": "l", "title": "T",
        "category": "InitialAccess", "status": "New", "severity": "High", "investigationId": 3,
        "investigationState": "PendingApproval", "classification": null, "determination": "Apt",
        "detectionSource": "MCAS", "actorName": "x", "mitreTechniques": ["T1078"],
        "devices": [ { "mdatpDeviceId": "m", "aadDeviceId": null, "deviceDnsName": "d", "osBuild": 22631,
            "healthStatus": "ImpairedCommunication", "riskScore": "High", "firstSeen": "s", "tags": null,
            "vmMetadata": { "cloudProvider": "Azure", "vmId": "v" }, "loggedOnUsers": [ { "accountName": "a" } ] } ],
        "entities": [
            { "entityType": "User", "verdict": "Suspicious", "accountName": "a", "domainName": "contoso", "aadUserId": "i" },
            { "entityType": "Process", "evidenceCreationTime": "e", "sha1": "1", "fileName": "p.exe", "processId": 4,
              "processCreationTime": "t", "parentProcessFileName": "q.exe", "accountName": "b", "deviceId": "m" },
            { "entityType": "File", "sha256": "2", "filePath": "c:\\", "deviceId": "m", "remediationStatus": "None" },
            { "entityType": "Mailbox", "mailboxAddress": "m@x", "mailboxDisplayName": "M", "userPrincipalName": "u", "userSid": "s" },
            { "entityType": "MailMessage", "sender": "s", "recipient": "r", "subject": "j", "deliveryAction": "Delivered" },
            { "entityType": "MailCluster", "clusterBy": "Subject;X" },
            { "entityType": "SecurityGroup", "securityGroupId": "g", "securityGroupName": "G" },
            { "entityType": "Registry", "registryHive": "h", "registryKey": "k", "registryValueType": "t", "registryValue": "v" },
            { "entityType": "Registry", "registryKey": "k" },
            { "entityType": "Ip", "ipAddress": "::1" }, { "entityType": "Url", "url": "u" },
            { "entityType": "CloudApplication", "appId": 7, "displayName": "a" },
            { "entityType": "Quantum", "spin": 1 } ] },
        { "alertId": "x", "devices": null, "entities": ["text"] } ]
}"#;

fn back(backend: Backend, incident: &Value) -> Value {
    let incident = Incident::read(backend, &incident.to_string()).expect("an incident");
    Value::Object(incident.into_legacy_shape())
}

#[test]
fn a_legacy_incident_comes_back_with_every_member_and_word() {
    let incident: Value = serde_json::from_str(WHOLE).expect("JSON");
    assert_eq!(back(Backend::Legacy, &incident), incident);
    let empty = json!({ "incidentId": 1, "alerts": null, "tags": null, "comments": null, "status": 5 });
    assert_eq!(back(Backend::Legacy, &empty), empty);
}

#[test]
fn every_word_of_the_legacy_api_comes_back() {
    let of_incident: [(&str, Vocabulary); 4] = [
        ("status", STATUS),
        ("severity", SEVERITY),
        ("classification", CLASSIFICATION),
        ("determination", DETERMINATION),
    ];
    let of_alert = [
        ("status", ALERT_STATUS),
        ("serviceSource", SERVICE_SOURCE),
        ("detectionSource", DETECTION_SOURCE),
        ("severity", SEVERITY),
    ];
    for (member, vocabulary) in of_incident {
        for word in vocabulary.words().filter(|word| *word != "awaitingAction") {
            let incident = json!({ "incidentId": 1, member: vocabulary.legacy(word) });
            assert_eq!(back(Backend::Legacy, &incident), incident);
        }
    }
    for (member, vocabulary) in of_alert {
        for word in vocabulary.words() {
            let incident =
                json!({ "incidentId": 1, "alerts": [ { "alertId": "a", member: vocabulary.legacy(word) } ] });
            assert_eq!(back(Backend::Legacy, &incident), incident);
        }
    }
}

#[test]
fn a_status_that_the_legacy_api_does_not_know_is_shown_as_it_shows_it() {
    let graph = json!({ "id": "7", "status": "awaitingAction" });
    assert_eq!(back(Backend::Graph, &graph), json!({ "incidentId": 7, "status": "Active" }));
}

#[test]
fn an_incident_of_graph_reads_as_the_legacy_api_would_have_it() {
    let graph = json!({
        "id": "7", "tenantId": "t", "status": "inProgress", "severity": "unknown", "determination": "notEnoughDataToValidate",
        "incidentWebUrl": "https://security.example/7", "displayName": "N", "createdDateTime": "c", "lastUpdateDateTime": "u",
        "customTags": ["a"], "systemTags": ["b"], "redirectIncidentId": null,
        "comments": [ { "comment": "c", "createdByDisplayName": "d", "createdDateTime": "t" } ],
        "alerts": [ { "id": "da1", "providerAlertId": "1", "incidentId": "7", "status": "new", "firstActivityDateTime": "f",
            "evidence": [
                { "@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": "m", "verdict": "suspicious",
                  "healthStatus": "active", "vmMetadata": { "cloudProvider": "azure" } },
                { "@odata.type": "#microsoft.graph.security.userEvidence", "roles": [], "userAccount":
                  { "accountName": "a", "azureAdUserId": "i", "displayName": "A" } },
                { "@odata.type": "#microsoft.graph.security.mailboxEvidence", "primaryAddress": "m@x", "upn": "u",
                  "userAccount": { "userPrincipalName": "u" } },
                { "@odata.type": "#microsoft.graph.security.amazonResourceEvidence", "amazonResourceId": "z" } ] } ]
    });
    let legacy = json!({
        "incidentId": 7, "tenantId": "t", "status": "InProgress", "severity": "UnSpecified",
        "determination": "NoEnoughDataToValidate", "incidentUri": "https://security.example/7", "incidentName": "N",
        "createdTime": "c", "lastUpdateTime": "u", "tags": ["a"], "systemTags": ["b"], "redirectIncidentId": null,
        "comments": [ { "comment": "c", "createdBy": "d", "createdTime": "t" } ],
        "alerts": [ { "alertId": "da1", "providerAlertId": "1", "incidentId": 7, "status": "New", "firstActivity": "f",
            "devices": [ { "mdatpDeviceId": "m", "verdict": "Suspicious", "healthStatus": "Active",
                "vmMetadata": { "cloudProvider": "Azure" } } ],
            "entities": [
                { "entityType": "User", "roles": [], "accountName": "a", "aadUserId": "i", "userAccount": { "displayName": "A" } },
                { "entityType": "Mailbox", "mailboxAddress": "m@x", "userPrincipalName": "u" },
                { "entityType": "AmazonResource", "amazonResourceId": "z" } ] } ]
    });
    assert_eq!(back(Backend::Graph, &graph), legacy);
}
