//! The identity of all that is neither device, user, mailbox, file, address nor process.

use std::collections::BTreeMap;

use serde_json::Value;

use super::EntityKind;
use super::identity::Identity;
use crate::evidence::Evidence;

/// Members, with a dot for those inside a part.
type Members = &'static [&'static str];

/// Kind, the members that identify it (as many of them as there are), the members to show (joined by a backslash).
///
/// The legacy API knows no `networkMessageId`: there, messages of one sender with one subject to one person are one.
const IDENTITIES: &[(&str, Members, Members)] = &[
    ("activeDirectoryDomainEvidence", &["activeDirectoryDomainName"], &["activeDirectoryDomainName"]),
    ("aiAgentEvidence", &["agentId"], &["agentName"]),
    ("amazonResourceEvidence", &["amazonAccountId", "amazonResourceId"], &["amazonResourceId"]),
    (
        "analyzedMessageEvidence",
        &["networkMessageId", "recipientEmailAddress", "p1Sender.emailAddress", "subject"],
        &["subject"],
    ),
    ("azureResourceEvidence", &["resourceId"], &["resourceId"]),
    ("blobContainerEvidence", &["url", "name"], &["url"]),
    ("blobEvidence", &["url", "name"], &["url"]),
    ("cloudApplicationEvidence", &["appId"], &["displayName"]),
    ("cloudLogonRequestEvidence", &["requestId"], &["requestId"]),
    ("cloudLogonSessionEvidence", &["sessionId"], &["sessionId"]),
    ("containerEvidence", &["containerId", "name"], &["name"]),
    ("containerImageEvidence", &["imageId"], &["imageId"]),
    ("containerRegistryEvidence", &["registry"], &["registry"]),
    ("dnsEvidence", &["domainName"], &["domainName"]),
    ("gitHubOrganizationEvidence", &["orgId", "login"], &["login"]),
    ("gitHubRepoEvidence", &["repoId", "baseUrl"], &["baseUrl"]),
    ("gitHubUserEvidence", &["userId", "login"], &["login"]),
    ("googleCloudResourceEvidence", &["fullResourceName", "resourceName"], &["fullResourceName"]),
    ("hostLogonSessionEvidence", &["sessionId", "host.mdeDeviceId"], &["sessionId"]),
    ("ioTDeviceEvidence", &["deviceId", "macAddress"], &["deviceName"]),
    ("kubernetesClusterEvidence", &["name", "cloudResource.resourceId"], &["name"]),
    ("mailClusterEvidence", &["clusterBy", "clusterByValue", "query"], &["clusterBy"]),
    ("mailboxConfigurationEvidence", &["configurationId", "mailboxPrimaryAddress"], &["displayName"]),
    ("malwareEvidence", &["name", "category"], &["name"]),
    ("oauthApplicationEvidence", &["appId"], &["displayName"]),
    ("registryKeyEvidence", &["registryHive", "registryKey"], &["registryHive", "registryKey"]),
    (
        "registryValueEvidence",
        &["mdeDeviceId", "registryHive", "registryKey", "registryValueName", "registryValue"],
        &["registryHive", "registryKey", "registryValueName"],
    ),
    ("securityGroupEvidence", &["securityGroupId", "sid"], &["displayName"]),
    ("servicePrincipalEvidence", &["servicePrincipalObjectId", "appId"], &["servicePrincipalName"]),
    ("submissionMailEvidence", &["submissionId", "networkMessageId"], &["subject"]),
    ("teamsMessageEvidence", &["threadId", "messageId"], &["subject"]),
];

/// Members of all evidence: they say something about a thing and not what it is.
const ABOUT: &[&str] = &[
    "createdDateTime",
    "verdict",
    "remediationStatus",
    "remediationStatusDetails",
    "roles",
    "detailedRoles",
    "tags",
];

/// What most kinds call their name.
const NAMES: Members = &["displayName", "name", "resourceName", "value"];

pub(super) fn identify(evidence: Evidence<'_>) -> Identity {
    let kind = evidence.type_name();
    let (identifying, shown) = IDENTITIES
        .iter()
        .find(|(name, ..)| *name == kind)
        .map_or((&[][..], &[][..]), |(_, identifying, shown)| (*identifying, *shown));
    let ids: BTreeMap<&'static str, String> =
        identifying.iter().filter_map(|member| Some((*member, text(evidence, member)?))).collect();
    let key = if ids.is_empty() {
        // Nothing is known to identify it: then it is the same only if all of it is.
        let own = evidence.raw().iter().filter(|(name, _)| !ABOUT.contains(&name.as_str()));
        own.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("|")
    } else {
        ids.iter().map(|(name, id)| format!("{name}={}", id.to_lowercase())).collect::<Vec<_>>().join("|")
    };
    let joined: Vec<String> = shown.iter().filter_map(|member| text(evidence, member)).collect();
    let value = Some(joined.join("\\")).filter(|value| !value.is_empty());
    let value = value.or_else(|| NAMES.iter().find_map(|member| text(evidence, member)));
    let value = value.or_else(|| ids.values().next().cloned()).unwrap_or_else(|| kind.to_owned());
    Identity { kind: EntityKind::Other, value, keys: vec![format!("{kind}:{key}")], ids }
}

/// A member as text; numbers are ids, too.
fn text(evidence: Evidence<'_>, path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let first = evidence.raw().get(parts.next()?)?;
    let found = parts.try_fold(first, |value, part| value.get(part))?;
    let text = match found {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_kind_and_members_that_it_has() {
        for (kind, identifying, shown) in IDENTITIES {
            assert!(Evidence::KINDS.contains(kind), "{kind}");
            let fields = [("@odata.type".to_owned(), Value::from(*kind))].into_iter().collect();
            let members = Evidence::of(&fields).members();
            for path in identifying.iter().chain(*shown) {
                let first = path.split('.').next().unwrap_or_default();
                assert!(members.iter().any(|(name, _)| *name == first), "{kind}.{path}");
            }
        }
    }
}
