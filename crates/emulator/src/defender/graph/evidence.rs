//! The polymorphic evidence of a Graph alert.
//!
//! Source: Microsoft Graph v1.0 metadata, `microsoft.graph.security.alertEvidence` and its subtypes.

use super::words::{self, LaterMembers};
use crate::defender::json::{Json, object};
use crate::defender::world::evidence::{Artifact, Evidence, FileFacts, RUN_KEY};
use crate::defender::world::tenant::{Device, User, flat_name};

/// One evidence object; `watcher` is the person seen on a device.
pub(crate) fn evidence<'w>(piece: Evidence<'w>, watcher: &'w User, later: LaterMembers) -> Json<'w> {
    let (is_device, tags) = match piece.artifact {
        Artifact::Device(machine) => (true, machine.tags.as_slice()),
        _ => (false, &[][..]),
    };
    let (subtype, own) = match piece.artifact {
        Artifact::Device(machine) => ("deviceEvidence", device(machine, watcher)),
        Artifact::User(person) => {
            ("userEvidence", object! { "stream": Json::Null, "userAccount": account(person) })
        }
        process @ Artifact::Process { .. } => ("processEvidence", self::process(process)),
        Artifact::File { file: details, device } => (
            "fileEvidence",
            object! { "detectionStatus": "detected", "mdeDeviceId": &device.mde_id, "fileDetails": file(details) },
        ),
        Artifact::Ip(address) => (
            "ipEvidence",
            object! { "ipAddress": address, "countryLetterCode": "NL", "location": Json::Null, "stream": Json::Null },
        ),
        Artifact::Url(url) => ("urlEvidence", object! { "url": url }),
        Artifact::Mailbox(owner) => (
            "mailboxEvidence",
            object! { "primaryAddress": &owner.upn, "displayName": owner.display_name, "upn": &owner.upn,
            "userAccount": account(owner) },
        ),
        Artifact::Message { sender, sender_domain, recipient, subject, network_id } => {
            let person =
                object! { "emailAddress": sender, "displayName": Json::Null, "domainName": sender_domain };
            (
                "analyzedMessageEvidence",
                object! { "networkMessageId": network_id, "p1Sender": person.clone(), "p2Sender": person,
                "recipientEmailAddress": &recipient.upn, "subject": subject, "deliveryAction": "delivered",
                "deliveryLocation": "inbox", "antiSpamDirection": "inbound", "attachmentsCount": 0_u64,
                "urlCount": 1_u64, "urls": Json::List(Vec::new()), "threats": vec!["Phish"], "threatDetectionMethods": Json::List(Vec::new()),
                "senderIp": "192.0.2.77", "language": "en", "internetMessageId": Json::Null,
                "receivedDateTime": piece.seen.text(), "urn": Json::Null },
            )
        }
        Artifact::Cluster { by, count, network_ids } => (
            "mailClusterEvidence",
            object! { "clusterBy": by, "clusterByValue": "demo;brightpath.example;html", "emailCount": count,
            "networkMessageIds": network_ids, "query": Json::Null, "urn": Json::Null },
        ),
        Artifact::RegistryKey => {
            ("registryKeyEvidence", object! { "registryHive": "HKEY_LOCAL_MACHINE", "registryKey": RUN_KEY })
        }
        Artifact::RegistryValue { device } => (
            "registryValueEvidence",
            object! { "mdeDeviceId": &device.mde_id, "registryHive": "HKEY_LOCAL_MACHINE", "registryKey": RUN_KEY,
            "registryValue": "C:\\ProgramData\\Updater\\lockdemo.exe", "registryValueName": Json::Null,
            "registryValueType": "String" },
        ),
        Artifact::Group { id } => (
            "securityGroupEvidence",
            object! { "securityGroupId": id, "displayName": "Backup Operators", "friendlyName": Json::Null, "sid": Json::Null,
            "distinguishedName": Json::Null, "activeDirectoryObjectGuid": Json::Null },
        ),
        Artifact::OauthApplication { id, object_id } => (
            "oauthApplicationEvidence",
            object! { "appId": id, "objectId": object_id, "displayName": "Mail Tidy Helper",
            "publisher": "Micros0ft Services" },
        ),
        Artifact::CloudApplication => (
            "cloudApplicationEvidence",
            object! { "appId": 11_161_u64, "displayName": "Aurora Files", "instanceId": 0_u64,
            "instanceName": "Aurora Files", "saasAppId": 11_161_u64, "stream": Json::Null },
        ),
        Artifact::AzureResource { id } => (
            "azureResourceEvidence",
            object! { "resourceId": id, "resourceName": "auroradrop", "resourceType": "Storage account" },
        ),
    };
    let roles: Vec<String> = piece.role.map(words::camel).into_iter().collect();
    let detailed_roles: &'static [&'static str] = if is_device { &["PrimaryDevice"] } else { &[] };
    let mut members = vec![
        ("@odata.type", format!("#microsoft.graph.security.{subtype}").into()),
        ("createdDateTime", piece.seen.text().into()),
        ("verdict", words::camel(piece.verdict).into()),
        ("remediationStatus", words::remediation(piece.remediation, later).into()),
        ("remediationStatusDetails", Json::Null),
        ("roles", roles.into()),
        ("detailedRoles", detailed_roles.into()),
        ("tags", tags.into()),
    ];
    if let Json::Object(mut own) = own {
        members.append(&mut own);
    }
    Json::Object(members)
}

fn device<'w>(device: &'w Device, watcher: &'w User) -> Json<'w> {
    object! {
        "firstSeenDateTime": device.first_seen.text(),
        "mdeDeviceId": &device.mde_id,
        "azureAdDeviceId": device.aad_id.as_ref(),
        "deviceDnsName": device.dns_name(),
        "hostName": &device.host,
        "ntDomain": Json::Null,
        "dnsDomain": &device.domain,
        "osPlatform": device.os_platform,
        "osBuild": device.os_build,
        "version": device.version,
        "healthStatus": words::camel(device.health),
        "riskScore": words::camel(device.risk),
        "rbacGroupId": device.group.0,
        "rbacGroupName": device.group.1,
        "onboardingStatus": words::camel(device.onboarding),
        "defenderAvStatus": words::camel(device.antivirus),
        "ipInterfaces": vec![device.address.as_str(), "fe80::1c2d:3e4f:5a6b:7c8d", "127.0.0.1", "::1"],
        "lastIpAddress": &device.address,
        "lastExternalIpAddress": &device.external_address,
        "loggedOnUsers": vec![object! { "accountName": watcher.account, "domainName": flat_name(&device.domain) }],
        "vmMetadata": device.azure.as_ref().map(|(subscription, vm)| object! {
            "vmId": vm,
            "cloudProvider": "azure",
            "resourceId": format!("/subscriptions/{subscription}/resourceGroups/rg-lab/providers/Microsoft.Compute/virtualMachines/{}", device.host),
            "subscriptionId": subscription,
        }),
    }
}

fn process(artifact: Artifact<'_>) -> Json<'_> {
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
        return Json::Null;
    };
    object! {
        "processId": id,
        "parentProcessId": parent_id,
        "processCommandLine": command,
        "processCreationDateTime": started.text(),
        "parentProcessCreationDateTime": parent_started.text(),
        "detectionStatus": "detected",
        "mdeDeviceId": &device.mde_id,
        "imageFile": file(image),
        "parentProcessImageFile": if id % 3 == 0 { Json::Null } else {
            object! { "sha1": Json::Null, "sha256": Json::Null, "fileName": parent_file, "filePath": Json::Null, "fileSize": Json::Null,
                    "filePublisher": Json::Null, "signer": Json::Null, "issuer": Json::Null }
        },
        "userAccount": account(user),
    }
}

fn file<'w>(file: FileFacts) -> Json<'w> {
    object! { "sha1": file.sha1, "sha256": file.sha256, "fileName": file.name, "filePath": file.folder,
    "fileSize": file.size, "filePublisher": Json::Null, "signer": Json::Null, "issuer": Json::Null }
}

fn account(user: &User) -> Json<'_> {
    let domain = user.upn.split('@').nth(1).unwrap_or_default();
    object! { "accountName": user.account, "domainName": flat_name(domain), "userSid": &user.sid,
    "azureAdUserId": &user.aad_id, "userPrincipalName": &user.upn, "displayName": user.display_name }
}
