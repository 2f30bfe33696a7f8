//! The legacy API's devices and flat entities as Graph's evidence.
//!
//! Source: "alertEvidence resource type" and its subtypes; the moves of members are inferred by comparing the
//! two models. What has no counterpart keeps its legacy name.

use serde_json::{Map, Value};

use super::renaming::{Renaming, Turn, rename, rename_back};
use crate::outline::Outline;

/// Old name, where it goes (a path of one or two members), what happens to the value.
pub(super) type Move = (&'static str, &'static [&'static str], Turn);

/// A kind of entity. Members that it lacks here keep their names.
pub(super) struct Kind {
    pub(super) entity_type: &'static str,
    pub(super) evidence: &'static str,
    /// Groups of members, each used by several kinds.
    moves: &'static [&'static [Move]],
}

pub(super) const COMMON: &[Renaming] = &[
    ("evidenceCreationTime", "createdDateTime", Turn::Same),
    ("verdict", "verdict", Turn::Camel),
    ("remediationStatus", "remediationStatus", Turn::Camel),
];

pub(super) const DEVICE: &[Renaming] = &[
    ("mdatpDeviceId", "mdeDeviceId", Turn::Same),
    ("aadDeviceId", "azureAdDeviceId", Turn::Same),
    ("firstSeen", "firstSeenDateTime", Turn::Same),
    ("healthStatus", "healthStatus", Turn::Camel),
    ("riskScore", "riskScore", Turn::Camel),
    ("onboardingStatus", "onboardingStatus", Turn::Camel),
    ("defenderAvStatus", "defenderAvStatus", Turn::Camel),
    ("osBuild", "osBuild", Turn::Number),
    ("rbacGroupId", "rbacGroupId", Turn::Number),
    ("vmMetadata", "vmMetadata", Turn::Inside(virtual_machine, legacy_machine)),
];

const VIRTUAL_MACHINE: &[Renaming] = &[("cloudProvider", "cloudProvider", Turn::Camel)];

const SEEN_ON: &[Move] = &[("deviceId", &["mdeDeviceId"], Turn::Same)];

const FILE: &[Move] = &[
    ("fileName", &["fileDetails", "fileName"], Turn::Same),
    ("filePath", &["fileDetails", "filePath"], Turn::Same),
    ("sha1", &["fileDetails", "sha1"], Turn::Same),
    ("sha256", &["fileDetails", "sha256"], Turn::Same),
];

const PROCESS: &[Move] = &[
    ("fileName", &["imageFile", "fileName"], Turn::Same),
    ("filePath", &["imageFile", "filePath"], Turn::Same),
    ("sha1", &["imageFile", "sha1"], Turn::Same),
    ("sha256", &["imageFile", "sha256"], Turn::Same),
    ("processId", &["processId"], Turn::Number),
    ("processCommandLine", &["processCommandLine"], Turn::Same),
    ("processCreationTime", &["processCreationDateTime"], Turn::Same),
    ("parentProcessId", &["parentProcessId"], Turn::Number),
    ("parentProcessCreationTime", &["parentProcessCreationDateTime"], Turn::Same),
    ("parentProcessFileName", &["parentProcessImageFile", "fileName"], Turn::Same),
    ("parentProcessFilePath", &["parentProcessImageFile", "filePath"], Turn::Same),
];

const ACCOUNT: &[Move] = &[
    ("accountName", &["userAccount", "accountName"], Turn::Same),
    ("domainName", &["userAccount", "domainName"], Turn::Same),
    ("userSid", &["userAccount", "userSid"], Turn::Same),
    ("aadUserId", &["userAccount", "azureAdUserId"], Turn::Same),
    ("userPrincipalName", &["userAccount", "userPrincipalName"], Turn::Same),
];

const MAILBOX: &[Move] = &[
    ("mailboxAddress", &["primaryAddress"], Turn::Same),
    ("mailboxDisplayName", &["displayName"], Turn::Same),
    ("userPrincipalName", &["upn"], Turn::Same),
];

const MESSAGE: &[Move] = &[
    ("sender", &["p1Sender", "emailAddress"], Turn::Same),
    ("recipient", &["recipientEmailAddress"], Turn::Same),
    ("subject", &["subject"], Turn::Same),
    ("deliveryAction", &["deliveryAction"], Turn::Camel),
];

const GROUP: &[Move] = &[
    ("securityGroupId", &["securityGroupId"], Turn::Same),
    ("securityGroupName", &["displayName"], Turn::Same),
];

const REGISTRY_KEY: &[Move] =
    &[("registryHive", &["registryHive"], Turn::Same), ("registryKey", &["registryKey"], Turn::Same)];

const REGISTRY_VALUE: &[Move] = &[
    ("registryValueType", &["registryValueType"], Turn::Same),
    ("registryValue", &["registryValue"], Turn::Same),
];

const APPLICATION_NUMBER: &[Move] = &[("appId", &["appId"], Turn::Number)];

const KINDS: &[Kind] = &[
    Kind { entity_type: "User", evidence: "userEvidence", moves: &[ACCOUNT] },
    Kind {
        entity_type: "Ip",
        evidence: "ipEvidence",
        moves: &[&[("ipAddress", &["ipAddress"], Turn::Same)]],
    },
    Kind { entity_type: "Url", evidence: "urlEvidence", moves: &[&[("url", &["url"], Turn::Same)]] },
    Kind { entity_type: "File", evidence: "fileEvidence", moves: &[FILE, SEEN_ON] },
    Kind { entity_type: "Process", evidence: "processEvidence", moves: &[PROCESS, ACCOUNT, SEEN_ON] },
    Kind { entity_type: "Mailbox", evidence: "mailboxEvidence", moves: &[MAILBOX, ACCOUNT] },
    Kind { entity_type: "MailMessage", evidence: "analyzedMessageEvidence", moves: &[MESSAGE] },
    Kind {
        entity_type: "MailCluster",
        evidence: "mailClusterEvidence",
        moves: &[&[("clusterBy", &["clusterBy"], Turn::Same)]],
    },
    Kind { entity_type: "SecurityGroup", evidence: "securityGroupEvidence", moves: &[GROUP] },
    Kind {
        entity_type: "CloudApplication",
        evidence: "cloudApplicationEvidence",
        moves: &[APPLICATION_NUMBER],
    },
    Kind { entity_type: "OAuthApplication", evidence: "oauthApplicationEvidence", moves: &[] },
    Kind { entity_type: "AzureResource", evidence: "azureResourceEvidence", moves: &[] },
];

const KEY: Kind = Kind { entity_type: "Registry", evidence: "registryKeyEvidence", moves: &[REGISTRY_KEY] };
const VALUE: Kind = Kind {
    entity_type: "Registry",
    evidence: "registryValueEvidence",
    moves: &[REGISTRY_KEY, REGISTRY_VALUE, SEEN_ON],
};

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

fn virtual_machine(fields: Map<String, Value>) -> Map<String, Value> {
    rename(fields, VIRTUAL_MACHINE)
}

fn legacy_machine(members: Outline<'_>) -> Outline<'_> {
    rename_back(members, VIRTUAL_MACHINE)
}

impl Kind {
    /// The kind of a type of evidence, by its name without namespace.
    pub(super) fn of_evidence(name: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.evidence.eq_ignore_ascii_case(name))
    }

    /// All kinds.
    pub(super) fn all() -> impl Iterator<Item = &'static Self> {
        KINDS.iter().chain([&KEY, &VALUE])
    }

    fn of(fields: &Map<String, Value>) -> Option<&'static Self> {
        let entity_type = fields.get("entityType").and_then(Value::as_str)?;
        if entity_type.eq_ignore_ascii_case(KEY.entity_type) {
            let has_value = fields.get("registryValue").is_some_and(|value| !value.is_null());
            return Some(if has_value { &VALUE } else { &KEY });
        }
        KINDS.iter().find(|kind| kind.entity_type.eq_ignore_ascii_case(entity_type))
    }

    /// All that the kind has, and what becomes of it.
    pub(super) fn moves(&self) -> impl Iterator<Item = &'static Move> {
        self.moves.iter().flat_map(|group| group.iter())
    }
}

/// Whether a member belongs to other kinds alone. Old payloads carry every member of every kind, null where it does
/// not apply.
fn belongs_elsewhere(kind: &Kind, name: &str) -> bool {
    let all = KINDS.iter().chain([&KEY, &VALUE]).flat_map(Kind::moves);
    let mut everywhere = all.map(|(old, ..)| *old);
    everywhere.any(|old| old == name) && kind.moves().all(|(old, ..)| *old != name)
}

fn entity(mut fields: Map<String, Value>) -> Map<String, Value> {
    // A kind that nobody knows yet keeps its members as they are.
    let Some(kind) = Kind::of(&fields) else { return rename(fields, COMMON) };
    fields.shift_remove("entityType");
    let mut evidence = typed(kind.evidence);
    let mut fields = rename(fields, COMMON);
    fields.retain(|name, value| !(value.is_null() && belongs_elsewhere(kind, name)));
    let sent: Vec<String> = fields.keys().cloned().collect();
    for (key, value) in fields {
        // A name that the server uses itself is not taken for anything else: then the old name stays.
        let target = kind.moves().find(|(old, ..)| *old == key);
        let free = |path: &[&str]| path[0] == key || !sent.iter().any(|name| name == path[0]);
        match target.filter(|(_, path, _)| free(path)) {
            Some((_, [single], turn)) => {
                evidence.insert((*single).to_owned(), turn.apply(value));
            }
            Some((_, [group, member], turn)) => {
                let group = evidence.entry(*group).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(group) = group {
                    group.insert((*member).to_owned(), turn.apply(value));
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
mod tests;
