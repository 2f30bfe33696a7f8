//! The polymorphic evidence of a Graph alert.
//!
//! Source: Microsoft Graph v1.0 metadata, `microsoft.graph.security.alertEvidence` and its subtypes.

use serde_json::{Map, Value, json};

use super::words::{self, LaterMembers};
use crate::defender::world::evidence::{Artifact, Evidence, FileFacts, RUN_KEY};
use crate::defender::world::tenant::{Device, User, flat_name};

/// One evidence object; `watcher` is the person seen on a device.
pub(crate) fn evidence(piece: &Evidence<'_>, watcher: &User, later: LaterMembers) -> Value {
    let (subtype, own) = match &piece.artifact {
        Artifact::Device(machine) => ("deviceEvidence", device(machine, watcher)),
        Artifact::User(person) => ("userEvidence", json!({ "stream": null, "userAccount": account(person) })),
        Artifact::Process { .. } => ("processEvidence", process(&piece.artifact)),
        Artifact::File { file: details, device } => (
            "fileEvidence",
            json!({ "detectionStatus": "detected", "mdeDeviceId": device.mde_id, "fileDetails": file(details) }),
        ),
        Artifact::Ip(address) => (
            "ipEvidence",
            json!({ "ipAddress": address, "countryLetterCode": "NL", "location": null, "stream": null }),
        ),
        Artifact::Url(url) => ("urlEvidence", json!({ "url": url })),
        Artifact::Mailbox(owner) => (
            "mailboxEvidence",
            json!({ "primaryAddress": owner.upn, "displayName": owner.display_name, "upn": owner.upn,
                    "userAccount": account(owner) }),
        ),
        Artifact::Message { sender, sender_domain, recipient, subject, network_id } => {
            let person = json!({ "emailAddress": sender, "displayName": null, "domainName": sender_domain });
            (
                "analyzedMessageEvidence",
                json!({ "networkMessageId": network_id, "p1Sender": person, "p2Sender": person,
                        "recipientEmailAddress": recipient.upn, "subject": subject, "deliveryAction": "delivered",
                        "deliveryLocation": "inbox", "antiSpamDirection": "inbound", "attachmentsCount": 0,
                        "urlCount": 1, "urls": [], "threats": ["Phish"], "threatDetectionMethods": [],
                        "senderIp": "192.0.2.77", "language": "en", "internetMessageId": null,
                        "receivedDateTime": piece.seen.text(), "urn": null }),
            )
        }
        Artifact::Cluster { by, count, network_ids } => (
            "mailClusterEvidence",
            json!({ "clusterBy": by, "clusterByValue": "demo;brightpath.example;html", "emailCount": count,
                    "networkMessageIds": network_ids, "query": null, "urn": null }),
        ),
        Artifact::RegistryKey => {
            ("registryKeyEvidence", json!({ "registryHive": "HKEY_LOCAL_MACHINE", "registryKey": RUN_KEY }))
        }
        Artifact::RegistryValue { device } => (
            "registryValueEvidence",
            json!({ "mdeDeviceId": device.mde_id, "registryHive": "HKEY_LOCAL_MACHINE", "registryKey": RUN_KEY,
                    "registryValue": "C:\\ProgramData\\Updater\\lockdemo.exe", "registryValueName": null,
                    "registryValueType": "String" }),
        ),
        Artifact::Group { id } => (
            "securityGroupEvidence",
            json!({ "securityGroupId": id, "displayName": "Backup Operators", "friendlyName": null, "sid": null,
                    "distinguishedName": null, "activeDirectoryObjectGuid": null }),
        ),
        Artifact::OauthApplication { id, object_id } => (
            "oauthApplicationEvidence",
            json!({ "appId": id, "objectId": object_id, "displayName": "Mail Tidy Helper",
                    "publisher": "Micros0ft Services" }),
        ),
        Artifact::CloudApplication => (
            "cloudApplicationEvidence",
            json!({ "appId": 11161, "displayName": "Aurora Files", "instanceId": 0,
                    "instanceName": "Aurora Files", "saasAppId": 11161, "stream": null }),
        ),
        Artifact::AzureResource { id } => (
            "azureResourceEvidence",
            json!({ "resourceId": id, "resourceName": "auroradrop", "resourceType": "Storage account" }),
        ),
    };
    let mut members = Map::new();
    let mut put = |key: &str, value: Value| {
        members.insert(key.to_owned(), value);
    };
    put("@odata.type", format!("#microsoft.graph.security.{subtype}").into());
    put("createdDateTime", piece.seen.text().into());
    put("verdict", words::camel(piece.verdict).into());
    put("remediationStatus", words::remediation(piece.remediation, later).into());
    put("remediationStatusDetails", Value::Null);
    put("roles", piece.role.map(words::camel).into_iter().collect());
    let primary = matches!(piece.artifact, Artifact::Device(_)).then_some("PrimaryDevice");
    put("detailedRoles", primary.into_iter().collect());
    let tags = match piece.artifact {
        Artifact::Device(machine) => machine.tags.as_slice(),
        _ => &[],
    };
    put("tags", tags.into());
    if let Value::Object(mut own) = own {
        members.append(&mut own);
    }
    Value::Object(members)
}

fn device(device: &Device, watcher: &User) -> Value {
    json!({
        "firstSeenDateTime": device.first_seen.text(),
        "mdeDeviceId": device.mde_id,
        "azureAdDeviceId": device.aad_id,
        "deviceDnsName": device.dns_name(),
        "hostName": device.host,
        "ntDomain": null,
        "dnsDomain": device.domain,
        "osPlatform": device.os_platform,
        "osBuild": device.os_build,
        "version": device.version,
        "healthStatus": words::camel(device.health),
        "riskScore": words::camel(device.risk),
        "rbacGroupId": device.group.0,
        "rbacGroupName": device.group.1,
        "onboardingStatus": words::camel(device.onboarding),
        "defenderAvStatus": words::camel(device.antivirus),
        "ipInterfaces": [device.address, "fe80::1c2d:3e4f:5a6b:7c8d", "127.0.0.1", "::1"],
        "lastIpAddress": device.address,
        "lastExternalIpAddress": device.external_address,
        "loggedOnUsers": [{ "accountName": watcher.account, "domainName": flat_name(&device.domain) }],
        "vmMetadata": device.azure.as_ref().map(|(subscription, vm)| json!({
            "vmId": vm,
            "cloudProvider": "azure",
            "resourceId": format!("/subscriptions/{subscription}/resourceGroups/rg-lab/providers/Microsoft.Compute/virtualMachines/{}", device.host),
            "subscriptionId": subscription,
        })),
    })
}

fn process(artifact: &Artifact<'_>) -> Value {
    let Artifact::Process {
        file: image,
        command,
        id,
        parent_id,
        parent_file,
        started,
        parent_started,
        user,
        device,
    } = artifact
    else {
        return Value::Null;
    };
    json!({
        "processId": id,
        "parentProcessId": parent_id,
        "processCommandLine": command,
        "processCreationDateTime": started.text(),
        "parentProcessCreationDateTime": parent_started.text(),
        "detectionStatus": "detected",
        "mdeDeviceId": device.mde_id,
        "imageFile": file(image),
        "parentProcessImageFile": if id % 3 == 0 { Value::Null } else {
            json!({ "sha1": null, "sha256": null, "fileName": parent_file, "filePath": null, "fileSize": null,
                    "filePublisher": null, "signer": null, "issuer": null })
        },
        "userAccount": account(user),
    })
}

fn file(file: &FileFacts) -> Value {
    json!({ "sha1": file.sha1, "sha256": file.sha256, "fileName": file.name, "filePath": file.folder,
            "fileSize": file.size, "filePublisher": null, "signer": null, "issuer": null })
}

fn account(user: &User) -> Value {
    let domain = user.upn.split('@').nth(1).unwrap_or_default();
    json!({ "accountName": user.account, "domainName": flat_name(domain), "userSid": user.sid,
            "azureAdUserId": user.aad_id, "userPrincipalName": user.upn, "displayName": user.display_name })
}
