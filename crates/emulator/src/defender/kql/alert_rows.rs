//! Rows of `AlertInfo` and `AlertEvidence`: the alerts of the incidents once more.

use super::cell::Cell;
use crate::defender::world::World;
use crate::defender::world::evidence::Artifact;
use crate::defender::world::record::Record;
use crate::defender::world::story::Engine;
use crate::defender::world::tenant::{Device, User};
use crate::defender::world::triage::Severity;

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
                severity(alert.severity).into(),
                alert.source.display_name().into(),
                detection(alert.engine).into(),
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

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "",
        Severity::Informational => "Informational",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
    }
}

/// Hunting tables name engines as people do, unlike the APIs.
fn detection(engine: Engine) -> &'static str {
    match engine {
        Engine::EndpointDetection => "EDR",
        Engine::Antivirus => "Antivirus",
        Engine::Office365 => "Microsoft Defender for Office 365",
        Engine::CloudApps => "Cloud App Security",
        Engine::Identity => "Microsoft Defender for Identity",
        Engine::AutomatedInvestigation => "Automated investigation",
        Engine::CustomDetection => "Custom detection",
        Engine::EntraIdProtection => "Microsoft Entra ID Protection",
        Engine::AppGovernance => "App Governance Detection",
        Engine::DataLossPrevention => "Microsoft Data Loss Prevention",
        Engine::Storage => "Microsoft Defender for Storage",
        Engine::Scheduled => "Scheduled Alerts",
    }
}
