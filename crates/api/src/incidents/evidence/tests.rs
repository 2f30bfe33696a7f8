//! Devices and entities become evidence, and nothing that says something is lost.

use serde_json::json;

use super::*;

fn evidence(entity_json: Value) -> Value {
    let Value::Object(fields) = entity_json else { panic!("an object") };
    Value::Object(entity(fields))
}

#[test]
fn a_process_gets_its_image_and_account() {
    let legacy = json!({ "entityType": "Process", "evidenceCreationTime": "t", "verdict": "Suspicious", "sha1": "a",
        "fileName": "pd64.exe", "processId": 7044, "processCreationTime": "c", "accountName": "mika", "aadUserId": null,
        "deviceId": "d", "tomorrow": 1 });
    let graph = json!({ "@odata.type": "#microsoft.graph.security.processEvidence", "createdDateTime": "t",
        "verdict": "suspicious", "imageFile": { "sha1": "a", "fileName": "pd64.exe" }, "processId": 7044,
        "processCreationDateTime": "c", "userAccount": { "accountName": "mika", "azureAdUserId": null },
        "mdeDeviceId": "d", "tomorrow": 1 });
    assert_eq!(evidence(legacy), graph);
}

#[test]
fn kinds_are_found_in_any_case_and_unknown_ones_kept() {
    let mailbox = evidence(json!({ "entityType": "Mailbox", "mailboxAddress": "m" }));
    assert_eq!(
        mailbox,
        json!({ "@odata.type": "#microsoft.graph.security.mailboxEvidence", "primaryAddress": "m" })
    );
    let application = evidence(json!({ "entityType": "CloudApplication", "appId": "7", "displayName": "a" }));
    assert_eq!(
        application,
        json!({ "@odata.type": "#microsoft.graph.security.cloudApplicationEvidence", "appId": 7, "displayName": "a" })
    );
    let unknown = json!({ "entityType": "Quantum", "spin": 1 });
    assert_eq!(evidence(unknown.clone()), unknown);
    let key = evidence(json!({ "entityType": "Registry", "registryKey": "k", "registryValue": null }));
    assert_eq!(key["@odata.type"], "#microsoft.graph.security.registryKeyEvidence");
}

#[test]
fn null_members_of_other_kinds_are_left_out_and_values_kept() {
    let flat = json!({ "entityType": "Url", "url": "u", "sha1": null, "processId": null, "subject": "kept" });
    assert_eq!(
        evidence(flat),
        json!({ "@odata.type": "#microsoft.graph.security.urlEvidence", "url": "u", "subject": "kept" })
    );
}

#[test]
fn numbers_are_numbers_and_words_have_graphs_case() {
    let fields =
        json!({ "osBuild": "22631", "rbacGroupId": "x", "vmMetadata": { "cloudProvider": "Azure" } });
    let Value::Object(fields) = fields else { panic!("an object") };
    assert_eq!(
        Value::Object(device(fields)),
        json!({ "@odata.type": "#microsoft.graph.security.deviceEvidence", "osBuild": 22631, "rbacGroupId": "x",
            "vmMetadata": { "cloudProvider": "azure" } })
    );
    let message = evidence(json!({ "entityType": "MailMessage", "deliveryAction": "Delivered" }));
    assert_eq!(message["deliveryAction"], "delivered");
}

#[test]
fn members_under_names_of_ours_are_not_overwritten() {
    let odd = json!({ "entityType": "Process", "imageFile": "text", "fileName": "a", "mdeDeviceId": "m", "deviceId": "d" });
    let kept = json!({ "@odata.type": "#microsoft.graph.security.processEvidence", "imageFile": "text",
        "fileName": "a", "mdeDeviceId": "m", "deviceId": "d" });
    assert_eq!(evidence(odd), kept);
    let mut alert = json!({ "evidence": [1], "devices": [ {} ] }).as_object().cloned().expect("an object");
    assert_eq!(from_alert(&mut alert), None);
    assert_eq!(alert.len(), 2);
}

#[test]
fn lists_that_are_null_or_hold_something_else_stay() {
    let mut alert = json!({ "devices": null, "entities": ["text"] }).as_object().cloned().expect("an object");
    assert_eq!(from_alert(&mut alert), None);
    assert_eq!(alert.len(), 2);
}
