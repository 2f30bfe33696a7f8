//! What an alert rests on: devices, people, programs, addresses, messages; without the words of either API.

use super::World;
use super::alert::Alert;
use super::program::{PROGRAMS, Program};
use super::quirk::Quirk;
use super::random::SplitMix64;
use super::story::Kind;
use super::tenant::{Device, User};
use super::ticks::{MINUTE, Ticks};

const STREAM_CAST: u64 = 5;
const STREAM_EVIDENCE: u64 = 6;

/// A file on disk.
#[derive(Debug)]
pub(crate) struct FileFacts {
    pub(crate) name: String,
    /// Some files are known by name only.
    pub(crate) folder: Option<String>,
    pub(crate) sha1: String,
    pub(crate) sha256: Option<String>,
    pub(crate) size: u64,
}

/// The thing itself.
#[derive(Debug)]
pub(crate) enum Artifact<'w> {
    Device(&'w Device),
    User(&'w User),
    Process {
        file: FileFacts,
        command: Option<String>,
        id: u64,
        parent_id: u64,
        parent_file: &'static str,
        started: Ticks,
        parent_started: Ticks,
        user: &'w User,
        device: &'w Device,
    },
    File {
        file: FileFacts,
        device: &'w Device,
    },
    Ip(String),
    Url(String),
    Mailbox(&'w User),
    Message {
        sender: String,
        sender_domain: &'static str,
        recipient: &'w User,
        subject: &'static str,
        network_id: String,
    },
    Cluster {
        by: &'static str,
        count: u64,
        network_ids: Vec<String>,
    },
    RegistryKey,
    RegistryValue {
        device: &'w Device,
    },
    Group {
        id: String,
    },
    OauthApplication {
        id: String,
        object_id: String,
    },
    CloudApplication,
    AzureResource {
        id: String,
    },
}

/// One piece of evidence. Words are in Pascal case, as in the legacy API.
#[derive(Debug)]
pub(crate) struct Evidence<'w> {
    pub(crate) seen: Ticks,
    pub(crate) verdict: &'static str,
    pub(crate) remediation: &'static str,
    pub(crate) role: Option<&'static str>,
    pub(crate) artifact: Artifact<'w>,
}

/// Registry key that the persistence story writes.
pub(crate) const RUN_KEY: &str = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";

impl World {
    /// The device and the person an incident is about.
    pub(crate) fn cast(&self, incident: u64) -> (&Device, &User) {
        let mut random = SplitMix64::keyed(self.seed, STREAM_CAST, incident);
        (random.pick(&self.devices), random.pick(&self.users))
    }

    /// The evidence of an alert; devices first, as both APIs list them.
    pub(crate) fn evidence(&self, alert: &Alert<'_>) -> Vec<Evidence<'_>> {
        let (device, user) = self.cast(alert.origin);
        let mut random =
            SplitMix64::keyed(self.seed, STREAM_EVIDENCE, (alert.origin << 16) | u64::from(alert.index));
        let scene = Scene { alert, device, user, program: &PROGRAMS[alert.step.program] };
        alert.step.artifacts.iter().map(|kind| scene.evidence(*kind, &mut random)).collect()
    }
}

struct Scene<'a, 'w> {
    alert: &'a Alert<'a>,
    device: &'w Device,
    user: &'w User,
    program: &'static Program,
}

impl<'w> Scene<'_, 'w> {
    fn evidence(&self, kind: Kind, random: &mut SplitMix64) -> Evidence<'w> {
        let verdict = random.word(&["Suspicious", "Suspicious", "Malicious", "Unknown", "NoThreatsFound"]);
        let remediation =
            random.word(&["None", "None", "Active", "Remediated", "Prevented", "NotFound", "Blocked"]);
        Evidence {
            seen: self.alert.created.plus(random.below_signed(20_000_000)).cut_to_digits(random.below(8)),
            verdict,
            remediation,
            role: role(kind),
            artifact: self.artifact(kind, random),
        }
    }

    fn artifact(&self, kind: Kind, random: &mut SplitMix64) -> Artifact<'w> {
        const SUBJECTS: &[&str] = &[
            "Action needed: mailbox quota",
            "Invoice 2026-114 overdue",
            "Your parcel is waiting",
            "=?utf-8?Q?Lohnabrechnung_September?=",
        ];
        const SENDERS: &[&str] = &["brightpath.example", "mail.parcel-post.example", "quota-desk.example"];
        match kind {
            Kind::Device => Artifact::Device(self.device),
            Kind::User => Artifact::User(self.user),
            Kind::Process => {
                let started = self.alert.first_activity.plus(random.below_signed(MINUTE));
                Artifact::Process {
                    file: self.file(random),
                    command: (!random.chance(8))
                        .then(|| self.program.command.replace("{account}", self.user.account)),
                    id: 2000 + random.below(9000),
                    parent_id: 600 + random.below(6000),
                    parent_file: self.program.parent,
                    started,
                    parent_started: started.plus(-random.below_signed(90 * MINUTE)).cut_to_digits(0),
                    user: self.user,
                    device: self.device,
                }
            }
            Kind::File => Artifact::File { file: self.file(random), device: self.device },
            Kind::Ip => Artifact::Ip(self.address(random)),
            Kind::Url => Artifact::Url(format!(
                "https://{}/{}?id={}",
                random.word(&["login.brightpath.example", "cdn.brightpath.example", "parcel-post.example"]),
                random.word(&["signin", "t/o", "run.sh", "track"]),
                random.hex(12)
            )),
            Kind::Mailbox => Artifact::Mailbox(self.user),
            Kind::Message => {
                let domain = random.word(SENDERS);
                Artifact::Message {
                    sender: format!("{}@{domain}", random.word(&["billing", "no-reply", "service"])),
                    sender_domain: domain,
                    recipient: self.user,
                    subject: random.word(SUBJECTS),
                    network_id: random.guid(),
                }
            }
            Kind::Cluster => Artifact::Cluster {
                by: "Subject;P2SenderDomain;ContentType",
                count: 2 + random.below(40),
                network_ids: vec![random.guid(), random.guid()],
            },
            Kind::RegistryKey => Artifact::RegistryKey,
            Kind::RegistryValue => Artifact::RegistryValue { device: self.device },
            Kind::Group => Artifact::Group { id: random.guid() },
            Kind::OauthApplication => {
                Artifact::OauthApplication { id: random.guid(), object_id: random.guid() }
            }
            Kind::CloudApplication => Artifact::CloudApplication,
            Kind::AzureResource => Artifact::AzureResource {
                id: format!(
                    "/subscriptions/{}/resourceGroups/rg-files/providers/Microsoft.Storage/storageAccounts/auroradrop",
                    random.guid()
                ),
            },
        }
    }

    fn file(&self, random: &mut SplitMix64) -> FileFacts {
        let folder = self.program.folder.replace("{account}", self.user.account);
        let drifted = self.alert.quirk == Quirk::SpellingDrift && self.alert.index % 2 == 1;
        let folder = if drifted { folder.replace("C:\\", "\\Device\\HarddiskVolume2\\") } else { folder };
        FileFacts {
            name: self.program.file.to_owned(),
            folder: (!random.chance(6)).then_some(folder),
            sha1: random.hex(40),
            sha256: (!random.chance(25)).then(|| random.hex(64)),
            size: 20_000 + random.below(4_000_000),
        }
    }

    fn address(&self, random: &mut SplitMix64) -> String {
        if self.alert.quirk == Quirk::InvalidAddresses {
            return random
                .word(&["999.10.0.300", "not-an-address", "fe80::1%eth0", "203.0.113.7:443", "::1", ""])
                .to_owned();
        }
        match random.below(4) {
            0 => format!("2001:db8:{:x}::{:x}", random.below(65_536), 1 + random.below(65_535)),
            1 => format!("192.0.2.{}", 1 + random.below(254)),
            2 => format!("198.51.100.{}", 1 + random.below(254)),
            _ => format!("203.0.113.{}", 1 + random.below(254)),
        }
    }
}

fn role(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::User | Kind::Mailbox => Some("Compromised"),
        Kind::Ip => Some("Destination"),
        Kind::Message => Some("Source"),
        Kind::RegistryValue => Some("Created"),
        _ => None,
    }
}
