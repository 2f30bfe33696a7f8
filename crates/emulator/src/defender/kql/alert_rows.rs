//! Rows of `AlertInfo` and `AlertEvidence`: the alerts of the incidents once more.

use super::cell::Cell;
use crate::defender::world::World;
use crate::defender::world::evidence::Artifact;
use crate::defender::world::record::Record;
use crate::defender::world::story::Source;
use crate::defender::world::tenant::{Device, User};

/// Alerts and their evidence are listed for this many of the newest incidents, so that huge tenants stay quick.
const HUNTED_INCIDENTS: usize = 2000;

fn hunted(world: &World) -> impl Iterator<Item = &Record> {
    world.records().iter().rev().take(HUNTED_INCIDENTS)
}

pub(super) fn alert_info(world: &World) -> Vec<Vec<Cell>> {
    hunted(world)
        .flat_map(|record| world.alerts_of(record))
        .map(|alert| {
            let techniques = match alert.step.techniques {
                [] if alert.index % 2 == 0 => Cell::Null,
                [] => "".into(),
                techniques => format!("[\"{}\"]", techniques.join("\",\"")).into(),
            };
            vec![
                alert.created.into(),
                alert.id.as_str().into(),
                alert.step.title.into(),
                alert.step.category.into(),
                format!("{:?}", alert.severity).into(),
                display_name(alert.source).into(),
                format!("{:?}", alert.engine).into(),
                techniques,
            ]
        })
        .collect()
}

pub(super) fn alert_evidence(world: &World) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for alert in hunted(world).flat_map(|record| world.alerts_of(record)) {
        for piece in world.evidence(&alert) {
            let (mut file, mut sha1, mut ip, mut url) = (Cell::Null, Cell::Null, Cell::Null, Cell::Null);
            let (mut person, mut machine): (Option<&User>, Option<&Device>) = (None, None);
            let entity = match piece.artifact {
                Artifact::Device(device) => {
                    machine = Some(device);
                    "Machine"
                }
                Artifact::User(user) => {
                    person = Some(user);
                    "User"
                }
                Artifact::Process { file: image, user, device, .. } => {
                    (file, sha1) = (image.name.into(), image.sha1.into());
                    (person, machine) = (Some(user), Some(device));
                    "Process"
                }
                Artifact::File { file: details, device } => {
                    (file, sha1) = (details.name.into(), details.sha1.into());
                    machine = Some(device);
                    "File"
                }
                Artifact::Ip(address) => {
                    ip = address.into();
                    "Ip"
                }
                Artifact::Url(address) => {
                    url = address.into();
                    "Url"
                }
                Artifact::Mailbox(user) => {
                    person = Some(user);
                    "Mailbox"
                }
                Artifact::Message { recipient, .. } => {
                    person = Some(recipient);
                    "MailMessage"
                }
                Artifact::Cluster { .. } => "MailCluster",
                Artifact::RegistryKey => "RegistryKey",
                Artifact::RegistryValue { device } => {
                    machine = Some(device);
                    "RegistryValue"
                }
                Artifact::Group { .. } => "SecurityGroup",
                Artifact::OauthApplication { .. } => "OAuthApplication",
                Artifact::CloudApplication => "CloudApplication",
                Artifact::AzureResource { .. } => "CloudResource",
            };
            rows.push(vec![
                alert.created.into(),
                alert.id.as_str().into(),
                alert.step.title.into(),
                entity.into(),
                if piece.role.is_some() { "Impacted" } else { "Related" }.into(),
                file,
                sha1,
                ip,
                url,
                person.map(|user| user.account).into(),
                person.map(|user| user.upn.as_str()).into(),
                machine.map(|device| device.mde_id.as_str()).into(),
                machine.map_or(Cell::Null, |device| device.dns_name().into()),
                format!("{{\"Verdict\":\"{}\"}}", piece.verdict).into(),
            ]);
        }
    }
    rows
}

/// Hunting tables name products as people do, unlike the APIs.
fn display_name(source: Source) -> &'static str {
    match source {
        Source::Endpoint => "Microsoft Defender for Endpoint",
        Source::Identity => "Microsoft Defender for Identity",
        Source::CloudApps => "Microsoft Defender for Cloud Apps",
        Source::Office365 => "Microsoft Defender for Office 365",
        Source::DefenderXdr => "Microsoft Defender XDR",
        Source::EntraIdProtection => "Microsoft Entra ID Protection",
        Source::AppGovernance => "App Governance",
        Source::DataLossPrevention => "Microsoft Data Loss Prevention",
        Source::DefenderForCloud => "Microsoft Defender for Cloud",
        Source::Sentinel => "Microsoft Sentinel",
    }
}
