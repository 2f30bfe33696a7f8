//! The devices and people of the invented tenant.

use super::random::SplitMix64;
use super::ticks::{DAY, Ticks};

const STREAM_DEVICES: u64 = 1;
const STREAM_USERS: u64 = 2;
const DEVICES: u64 = 64;

/// A machine.
#[derive(Debug)]
pub(crate) struct Device {
    /// 40 hexadecimal digits.
    pub(crate) mde_id: String,
    /// Null on machines that are not joined to the directory.
    pub(crate) aad_id: Option<String>,
    pub(crate) host: String,
    pub(crate) domain: String,
    pub(crate) os_platform: &'static str,
    pub(crate) version: Option<&'static str>,
    pub(crate) os_build: Option<u32>,
    pub(crate) health: &'static str,
    pub(crate) risk: &'static str,
    /// Device group; 0 and none when the machine is in no group.
    pub(crate) group: (u32, Option<&'static str>),
    pub(crate) first_seen: Ticks,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) antivirus: &'static str,
    pub(crate) onboarding: &'static str,
    pub(crate) address: String,
    pub(crate) external_address: String,
    /// Azure subscription and VM id of a machine in the cloud.
    pub(crate) azure: Option<(String, String)>,
}

impl Device {
    /// The fully qualified DNS name.
    pub(crate) fn dns_name(&self) -> String {
        format!("{}.{}", self.host, self.domain)
    }
}

/// A person.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) account: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) upn: String,
    pub(crate) sid: String,
    pub(crate) aad_id: String,
}

/// The flat (`NetBIOS`) name of a DNS domain: the first letters of its first label, in capitals.
pub(crate) fn flat_name(domain: &str) -> String {
    let label = domain.split('.').next().unwrap_or(domain);
    label.replace('-', "").to_uppercase().chars().take(15).collect()
}

const PEOPLE: &[(&str, &str)] = &[
    ("mika", "Mika Holm"),
    ("noor", "Noor Vale"),
    ("ines.talma", "Ines Talma"),
    ("jory.finch", "Jory Finch"),
    ("petra.lund", "Petra Lund"),
    ("oskar.brandt", "Oskar Brandt"),
    ("leila.amari", "Leila Amari"),
    ("tomas.kral", "Tomáš Král"),
    ("yuki.arai", "Yuki Arai"),
    ("sara.ekdahl", "Sara Ekdahl"),
    ("ravi.menon", "Ravi Menon"),
    ("clara.duval", "Clara Duval"),
    ("elio.conti", "Elio Conti"),
    ("hanna.wirth", "Hanna Wirth"),
    ("marek.zielinski", "Marek Zieliński"),
    ("aoife.byrne", "Aoife Byrne"),
    ("bruno.salas", "Bruno Salas"),
    ("greta.moss", "Greta Moss"),
    ("kofi.mensah", "Kofi Mensah"),
    ("lina.ostrow", "Lina Ostrow"),
    ("nils.aker", "Nils Aker"),
    ("vera.pohl", "Vera Pohl"),
    ("svc-backup", "Backup Service"),
    ("svc-print", "Print Service"),
    ("adm-petra", "Petra Lund (admin)"),
];

/// All people of the tenant.
pub(crate) fn users(seed: u64, domain: &str) -> Vec<User> {
    let mut random = SplitMix64::keyed(seed, STREAM_USERS, 0);
    let authority = format!(
        "S-1-5-21-{}-{}-{}",
        1_000_000_000 + random.below(900_000_000),
        1_000_000_000 + random.below(900_000_000),
        1_000_000_000 + random.below(900_000_000)
    );
    (1104..)
        .zip(PEOPLE)
        .map(|(relative_id, (account, display_name))| User {
            account,
            display_name,
            upn: format!("{account}@{domain}"),
            sid: format!("{authority}-{relative_id}"),
            aad_id: random.guid(),
        })
        .collect()
}

/// All machines of the tenant.
pub(crate) fn devices(seed: u64, domain: &str, now: Ticks) -> Vec<Device> {
    (0..DEVICES).map(|number| device(seed, domain, now, number)).collect()
}

fn device(seed: u64, domain: &str, now: Ticks, number: u64) -> Device {
    const SERIES: &[&str] = &["ws-atlas", "ws-birch", "lt-comet", "srv-delta", "vm-ember"];
    let mut random = SplitMix64::keyed(seed, STREAM_DEVICES, number);
    let series = random.word(SERIES);
    let (os_platform, version, os_build) = match series {
        "srv-delta" => *random.pick(&[
            ("WindowsServer2022", Some("21H2"), Some(20348)),
            ("WindowsServer2019", Some("1809"), Some(17763)),
            ("Linux", None, None),
        ]),
        "vm-ember" => {
            *random.pick(&[("Linux", Some("22.4"), None), ("WindowsServer2022", Some("21H2"), Some(20348))])
        }
        _ => *random.pick(&[
            ("Windows11", Some("23H2"), Some(22631)),
            ("Windows11", Some("24H2"), Some(26100)),
            ("Windows10", Some("22H2"), Some(19045)),
            ("macOS", Some("15.5"), None),
            ("Other", None, None),
        ]),
    };
    let group = match series {
        "srv-delta" => (81, Some("Servers")),
        "vm-ember" => (0, None),
        "lt-comet" => (77, Some("Laptops")),
        _ => (75, Some("Workstations")),
    };
    let subnet = 16 + number / 32;
    Device {
        mde_id: random.hex(40),
        aad_id: random.chance(70).then(|| random.guid()),
        host: format!("{series}-{number:02}"),
        domain: domain.to_owned(),
        os_platform,
        version,
        os_build,
        health: random.word(&[
            "Active",
            "Active",
            "Active",
            "Inactive",
            "ImpairedCommunication",
            "NoSensorData",
        ]),
        risk: random.word(&["None", "Informational", "Low", "Medium", "High", "High"]),
        group,
        first_seen: now.plus(-DAY * (200 + random.below_signed(200)) - random.below_signed(DAY)),
        tags: if random.chance(30) {
            vec![random.word(&["finance", "vip", "lab", "kiosk"])]
        } else {
            Vec::new()
        },
        antivirus: random.word(&["Updated", "Updated", "NotUpdated", "Disabled", "Unknown"]),
        onboarding: if random.chance(92) { "Onboarded" } else { "CanBeOnboarded" },
        address: format!("10.20.{subnet}.{}", 10 + number % 200),
        external_address: format!("203.0.113.{}", 1 + random.below(250)),
        azure: (series == "vm-ember").then(|| (random.guid(), random.guid())),
    }
}

#[cfg(test)]
mod tests {
    use super::{devices, flat_name, users};
    use crate::defender::world::ticks::Ticks;

    #[test]
    fn host_names_and_device_ids_are_unique() {
        let all = devices(1, "aurora-lab.example", Ticks(0));
        let hosts: std::collections::BTreeSet<_> = all.iter().map(|device| &device.host).collect();
        let ids: std::collections::BTreeSet<_> = all.iter().map(|device| &device.mde_id).collect();
        assert_eq!((hosts.len(), ids.len()), (all.len(), all.len()));
        assert!(all.iter().all(|device| device.mde_id.len() == 40));
    }

    #[test]
    fn people_belong_to_the_tenants_domain() {
        assert!(users(1, "aurora-lab.example").iter().all(|user| user.upn.ends_with("@aurora-lab.example")));
        assert_eq!(flat_name("aurora-lab.example"), "AURORALAB");
    }
}
