//! The legacy API's devices and flat entities as Graph's evidence.
//!
//! Source: "alertEvidence resource type" and its subtypes; the moves of members are inferred by comparing the
//! two models. What has no counterpart keeps its legacy name.

use serde_json::{Map, Value};

use super::renaming::{Renaming, Turn, rename};

/// Old name, and where it goes: a path of one or two members.
type Move = (&'static str, &'static [&'static str]);

struct Kind {
    entity_type: &'static str,
    evidence: &'static str,
    moves: &'static [Move],
}

const COMMON: &[Renaming] = &[
    ("evidenceCreationTime", "createdDateTime", Turn::Same),
    ("verdict", "verdict", Turn::Camel),
    ("remediationStatus", "remediationStatus", Turn::Camel),
];

const DEVICE: &[Renaming] = &[
    ("mdatpDeviceId", "mdeDeviceId", Turn::Same),
    ("aadDeviceId", "azureAdDeviceId", Turn::Same),
    ("firstSeen", "firstSeenDateTime", Turn::Same),
    ("healthStatus", "healthStatus", Turn::Camel),
    ("riskScore", "riskScore", Turn::Camel),
    ("onboardingStatus", "onboardingStatus", Turn::Camel),
    ("defenderAvStatus", "defenderAvStatus", Turn::Camel),
];

const FILE: &[Move] = &[
    ("fileName", &["fileDetails", "fileName"]),
    ("filePath", &["fileDetails", "filePath"]),
    ("sha1", &["fileDetails", "sha1"]),
    ("sha256", &["fileDetails", "sha256"]),
    ("deviceId", &["mdeDeviceId"]),
];

const PROCESS: &[Move] = &[
    ("fileName", &["imageFile", "fileName"]),
    ("filePath", &["imageFile", "filePath"]),
    ("sha1", &["imageFile", "sha1"]),
    ("sha256", &["imageFile", "sha256"]),
    ("processCreationTime", &["processCreationDateTime"]),
    ("parentProcessCreationTime", &["parentProcessCreationDateTime"]),
    ("parentProcessFileName", &["parentProcessImageFile", "fileName"]),
    ("parentProcessFilePath", &["parentProcessImageFile", "filePath"]),
    ("accountName", &["userAccount", "accountName"]),
    ("domainName", &["userAccount", "domainName"]),
    ("userSid", &["userAccount", "userSid"]),
    ("aadUserId", &["userAccount", "azureAdUserId"]),
    ("userPrincipalName", &["userAccount", "userPrincipalName"]),
    ("deviceId", &["mdeDeviceId"]),
];

const USER: &[Move] = &[
    ("accountName", &["userAccount", "accountName"]),
    ("domainName", &["userAccount", "domainName"]),
    ("userSid", &["userAccount", "userSid"]),
    ("aadUserId", &["userAccount", "azureAdUserId"]),
    ("userPrincipalName", &["userAccount", "userPrincipalName"]),
];

const MAILBOX: &[Move] = &[
    ("mailboxAddress", &["primaryAddress"]),
    ("mailboxDisplayName", &["displayName"]),
    ("userPrincipalName", &["upn"]),
    ("accountName", &["userAccount", "accountName"]),
    ("domainName", &["userAccount", "domainName"]),
    ("userSid", &["userAccount", "userSid"]),
    ("aadUserId", &["userAccount", "azureAdUserId"]),
];

const MESSAGE: &[Move] =
    &[("sender", &["p1Sender", "emailAddress"]), ("recipient", &["recipientEmailAddress"])];

const KINDS: &[Kind] = &[
    Kind { entity_type: "User", evidence: "userEvidence", moves: USER },
    Kind { entity_type: "Ip", evidence: "ipEvidence", moves: &[] },
    Kind { entity_type: "Url", evidence: "urlEvidence", moves: &[] },
    Kind { entity_type: "File", evidence: "fileEvidence", moves: FILE },
    Kind { entity_type: "Process", evidence: "processEvidence", moves: PROCESS },
    Kind { entity_type: "MailBox", evidence: "mailboxEvidence", moves: MAILBOX },
    Kind { entity_type: "MailMessage", evidence: "analyzedMessageEvidence", moves: MESSAGE },
    Kind { entity_type: "MailCluster", evidence: "mailClusterEvidence", moves: &[] },
    Kind {
        entity_type: "SecurityGroup",
        evidence: "securityGroupEvidence",
        moves: &[("securityGroupName", &["displayName"])],
    },
];

/// Takes `devices` and `entities` out of an alert and gives its evidence; `None` when it has neither, or evidence
/// of its own. What is no list of objects stays where it was.
pub(super) fn from_alert(alert: &mut Map<String, Value>) -> Option<Value> {
    if alert.contains_key("evidence") {
        return None;
    }
    let mut evidence = Vec::new();
    let mut found = false;
    for (name, turn) in [("devices", device as fn(_) -> _), ("entities", entity)] {
        match alert.get(name) {
            Some(Value::Array(items)) if items.iter().all(Value::is_object) => {}
            _ => continue,
        }
        found = true;
        if let Some(Value::Array(items)) = alert.shift_remove(name) {
            evidence.extend(items.into_iter().filter_map(|item| match item {
                Value::Object(fields) => Some(Value::Object(turn(fields))),
                _ => None,
            }));
        }
    }
    found.then_some(Value::Array(evidence))
}

fn typed(evidence: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("@odata.type".to_owned(), format!("#microsoft.graph.security.{evidence}").into());
    fields
}

fn device(fields: Map<String, Value>) -> Map<String, Value> {
    let mut evidence = typed("deviceEvidence");
    evidence.extend(rename(rename(fields, COMMON), DEVICE));
    evidence
}

fn entity(mut fields: Map<String, Value>) -> Map<String, Value> {
    let entity_type = fields.get("entityType").and_then(Value::as_str).unwrap_or_default();
    let (name, moves) = if entity_type.eq_ignore_ascii_case("Registry") {
        let has_value = fields.get("registryValue").is_some_and(|value| !value.is_null());
        (if has_value { "registryValueEvidence" } else { "registryKeyEvidence" }, &[][..])
    } else {
        match KINDS.iter().find(|kind| kind.entity_type.eq_ignore_ascii_case(entity_type)) {
            Some(kind) => (kind.evidence, kind.moves),
            // A kind that nobody knows yet keeps its members as they are.
            None => return rename(fields, COMMON),
        }
    };
    fields.shift_remove("entityType");
    let mut evidence = typed(name);
    let fields = rename(fields, COMMON);
    let sent: Vec<String> = fields.keys().cloned().collect();
    for (key, value) in fields {
        // A name that the server uses itself is not taken for anything else: then the old name stays.
        let target = moves.iter().find(|(old, _)| *old == key).map(|(_, path)| *path);
        match target.filter(|path| !sent.iter().any(|name| name == path[0])) {
            Some([single]) => {
                evidence.insert((*single).to_owned(), value);
            }
            Some([group, member]) => {
                let group = evidence.entry(*group).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(group) = group {
                    group.insert((*member).to_owned(), value);
                }
            }
            _ => {
                evidence.insert(key, value);
            }
        }
    }
    evidence
}

#[cfg(test)]
mod tests {
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
        let unknown = json!({ "entityType": "Quantum", "spin": 1 });
        assert_eq!(evidence(unknown.clone()), unknown);
        let key = evidence(json!({ "entityType": "Registry", "registryKey": "k", "registryValue": null }));
        assert_eq!(key["@odata.type"], "#microsoft.graph.security.registryKeyEvidence");
    }

    #[test]
    fn members_under_names_of_ours_are_not_overwritten() {
        let odd = json!({ "entityType": "Process", "imageFile": "text", "fileName": "a", "mdeDeviceId": "m", "deviceId": "d" });
        let kept = json!({ "@odata.type": "#microsoft.graph.security.processEvidence", "imageFile": "text",
            "fileName": "a", "mdeDeviceId": "m", "deviceId": "d" });
        assert_eq!(evidence(odd), kept);
        let mut alert =
            json!({ "evidence": [1], "devices": [ {} ] }).as_object().cloned().expect("an object");
        assert_eq!(from_alert(&mut alert), None);
        assert_eq!(alert.len(), 2);
    }

    #[test]
    fn lists_that_are_null_or_hold_something_else_stay() {
        let mut alert =
            json!({ "devices": null, "entities": ["text"] }).as_object().cloned().expect("an object");
        assert_eq!(from_alert(&mut alert), None);
        assert_eq!(alert.len(), 2);
    }
}
