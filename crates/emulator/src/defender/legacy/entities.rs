//! Devices and entities of a legacy alert (flat records).

use crate::defender::json::{Json, object};
use crate::defender::world::evidence::{Artifact, Evidence, FileFacts, RUN_KEY};
use crate::defender::world::tenant::{Device, User, flat_name};

/// All keys of the old flat record, in its order.
const FLAT_KEYS: &[&str] = &[
    "entityType",
    "evidenceCreationTime",
    "verdict",
    "remediationStatus",
    "sha1",
    "sha256",
    "fileName",
    "filePath",
    "processId",
    "processCommandLine",
    "processCreationTime",
    "parentProcessId",
    "parentProcessCreationTime",
    "parentProcessFileName",
    "parentProcessFilePath",
    "ipAddress",
    "url",
    "accountName",
    "domainName",
    "userSid",
    "aadUserId",
    "userPrincipalName",
    "mailboxDisplayName",
    "mailboxAddress",
    "clusterBy",
    "sender",
    "recipient",
    "subject",
    "deliveryAction",
    "securityGroupId",
    "securityGroupName",
    "registryHive",
    "registryKey",
    "registryValueType",
    "registryValue",
    "deviceId",
];

/// `devices[]` member.
pub(crate) fn device<'w>(device: &'w Device, user: &'w User) -> Json<'w> {
    object! {
        "mdatpDeviceId": &device.mde_id,
        "aadDeviceId": device.aad_id.as_ref(),
        "deviceDnsName": device.dns_name(),
        "osPlatform": device.os_platform,
        "version": device.version,
        "osProcessor": "x64",
        "osBuild": device.os_build,
        "healthStatus": device.health,
        "riskScore": device.risk,
        "rbacGroupName": device.group.1,
        "rbacGroupId": device.group.0,
        "firstSeen": device.first_seen.text(),
        "tags": device.tags.as_slice(),
        "defenderAvStatus": device.antivirus,
        "onboardingStatus": device.onboarding,
        "vmMetadata": device.azure.as_ref().map(|(subscription, vm)| object! {
            "vmId": vm,
            "cloudProvider": "Azure",
            "resourceId": format!("/subscriptions/{subscription}/resourceGroups/rg-lab/providers/Microsoft.Compute/virtualMachines/{}", device.host),
            "subscriptionId": subscription,
        }),
        "loggedOnUsers": vec![object! { "accountName": user.account, "domainName": flat_name(&device.domain) }],
    }
}

/// `entities[]` member; `None` for devices, which have their own list. `flat`: every key of the old record, null
/// where it does not apply.
pub(crate) fn entity(evidence: Evidence<'_>, flat: bool) -> Option<Json<'_>> {
    let mut members = Vec::with_capacity(16);
    let mut put = |key: &'static str, value| members.push((key, value));
    let kind = match &evidence.artifact {
        Artifact::Device(_) => return None,
        Artifact::User(_) => "User",
        Artifact::Process { .. } => "Process",
        Artifact::File { .. } => "File",
        Artifact::Ip(_) => "Ip",
        Artifact::Url(_) => "Url",
        Artifact::Mailbox(user) if user.account.len() % 2 == 0 => "MailBox",
        Artifact::Mailbox(_) => "Mailbox",
        Artifact::Message { .. } => "MailMessage",
        Artifact::Cluster { .. } => "MailCluster",
        Artifact::RegistryKey | Artifact::RegistryValue { .. } => "Registry",
        Artifact::Group { .. } => "SecurityGroup",
        Artifact::OauthApplication { .. } => "OAuthApplication",
        Artifact::CloudApplication => "CloudApplication",
        Artifact::AzureResource { .. } => "AzureResource",
    };
    put("entityType", kind.into());
    put("evidenceCreationTime", evidence.seen.text().into());
    put("verdict", evidence.verdict.into());
    put("remediationStatus", evidence.remediation.into());
    artifact(evidence.artifact, &mut put);
    if flat {
        let every = FLAT_KEYS.iter().map(|key| {
            let known = members.iter().position(|(name, _)| name == key);
            known.map_or((*key, Json::Null), |at| members.swap_remove(at))
        });
        let mut every: Vec<_> = every.collect();
        every.append(&mut members);
        members = every;
    }
    Some(Json::Object(members))
}

fn artifact<'w>(artifact: Artifact<'w>, put: &mut dyn FnMut(&'static str, Json<'w>)) {
    match artifact {
        Artifact::Device(_) => {}
        Artifact::User(person) => user(person, put),
        Artifact::Process {
            file: image,
            command,
            id,
            parent_id,
            parent_file,
            started,
            parent_started,
            user: person,
            device,
        } => {
            file(image, put);
            put("processId", id.into());
            if let Some(command) = command {
                put("processCommandLine", command.into());
            }
            put("processCreationTime", started.text().into());
            put("parentProcessId", parent_id.into());
            put("parentProcessCreationTime", parent_started.text().into());
            put("parentProcessFileName", parent_file.into());
            user(person, put);
            put("deviceId", device.mde_id.as_str().into());
        }
        Artifact::File { file: details, device } => {
            file(details, put);
            put("deviceId", device.mde_id.as_str().into());
        }
        Artifact::Ip(address) => put("ipAddress", address.into()),
        Artifact::Url(url) => put("url", url.into()),
        Artifact::Mailbox(owner) => {
            put("mailboxDisplayName", owner.display_name.into());
            put("mailboxAddress", owner.upn.as_str().into());
            user(owner, put);
        }
        Artifact::Message { sender, recipient, subject, .. } => {
            put("sender", sender.into());
            put("recipient", recipient.upn.as_str().into());
            put("subject", subject.into());
            put("deliveryAction", "Delivered".into());
        }
        Artifact::Cluster { by, .. } => put("clusterBy", by.into()),
        Artifact::RegistryKey => {
            put("registryHive", "HKEY_LOCAL_MACHINE".into());
            put("registryKey", RUN_KEY.into());
        }
        Artifact::RegistryValue { device } => {
            put("registryHive", "HKEY_LOCAL_MACHINE".into());
            put("registryKey", RUN_KEY.into());
            put("registryValueType", "String".into());
            put("registryValue", "C:\\ProgramData\\Updater\\lockdemo.exe".into());
            put("deviceId", device.mde_id.as_str().into());
        }
        Artifact::Group { id } => {
            put("securityGroupId", id.into());
            put("securityGroupName", "Backup Operators".into());
        }
        Artifact::OauthApplication { id, .. } => {
            put("appId", id.into());
            put("displayName", "Mail Tidy Helper".into());
        }
        Artifact::CloudApplication => {
            put("appId", 11_161_u64.into());
            put("displayName", "Aurora Files".into());
        }
        Artifact::AzureResource { id } => put("resourceId", id.into()),
    }
}

fn file<'w>(file: FileFacts, put: &mut dyn FnMut(&'static str, Json<'w>)) {
    put("sha1", file.sha1.into());
    put("sha256", file.sha256.into());
    put("fileName", file.name.into());
    put("filePath", file.folder.into());
}

fn user<'w>(user: &'w User, put: &mut dyn FnMut(&'static str, Json<'w>)) {
    let domain = user.upn.split('@').nth(1).unwrap_or_default();
    put("accountName", user.account.into());
    put("domainName", flat_name(domain).into());
    put("userSid", user.sid.as_str().into());
    put("aadUserId", user.aad_id.as_str().into());
    put("userPrincipalName", user.upn.as_str().into());
}
