//! What makes two pieces of evidence the same thing.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::EntityKind;
use super::others;
use crate::evidence::{
    DeviceEvidence, Evidence, FileDetails, FileEvidence, FileHashEvidence, MailboxEvidence, ProcessEvidence,
    UserAccount,
};

/// Who a piece of evidence is about.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) kind: EntityKind,
    pub(super) value: String,
    /// What it is known by, strongest first; each begins with the name of the member.
    pub(super) keys: Vec<String>,
    pub(super) ids: BTreeMap<&'static str, String>,
}

/// The strongest key of a kind whose evidence is sometimes known by a weaker one.
pub(super) const fn strongest(kind: EntityKind) -> Option<&'static str> {
    match kind {
        EntityKind::Device => Some("mdeDeviceId="),
        EntityKind::User => Some("azureAdUserId="),
        _ => None,
    }
}

/// The identity of evidence; `None` when it names nothing.
pub(super) fn identify(evidence: Evidence<'_>) -> Option<Identity> {
    match evidence {
        Evidence::Device(view) => device(view),
        Evidence::User(view) => user(view.user_account()?),
        Evidence::Mailbox(view) => mailbox(view),
        Evidence::File(view) => file(view),
        Evidence::FileHash(view) => hash(view),
        Evidence::Ip(view) => {
            let address = some(view.ip_address())?;
            // One address has several spellings.
            let value = address.parse::<IpAddr>().map_or_else(|_| address.to_owned(), |ip| ip.to_string());
            Some(simple(EntityKind::Ip, "ipAddress", &value))
        }
        Evidence::Url(view) => Some(simple(EntityKind::Url, "url", some(view.url())?)),
        Evidence::Process(view) => Some(process(view)),
        other => Some(others::identify(other)),
    }
}

fn some(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn simple(kind: EntityKind, name: &'static str, value: &str) -> Identity {
    Identity {
        kind,
        value: value.to_owned(),
        keys: vec![format!("{name}={value}")],
        ids: [(name, value.to_owned())].into(),
    }
}

/// The ids that are there.
fn gathered<const N: usize>(named: [(&'static str, Option<&str>); N]) -> BTreeMap<&'static str, String> {
    named.into_iter().filter_map(|(name, text)| Some((name, some(text)?.to_owned()))).collect()
}

/// The keys that are there, without regard to case.
fn keys<const N: usize>(named: [(&'static str, Option<&str>); N]) -> Vec<String> {
    let named = named.into_iter().filter_map(|(name, text)| Some((name, some(text)?)));
    named.map(|(name, text)| format!("{name}={}", text.to_lowercase())).collect()
}

fn device(view: DeviceEvidence<'_>) -> Option<Identity> {
    // Names of hosts have no case, and the services do not keep one.
    let name = some(view.device_dns_name()).or(some(view.host_name())).map(str::to_lowercase);
    let ids = [
        ("mdeDeviceId", view.mde_device_id()),
        ("azureAdDeviceId", view.azure_ad_device_id()),
        ("deviceDnsName", name.as_deref()),
    ];
    let keys = keys(ids);
    let ids = gathered(ids);
    let value = name.or_else(|| ids.values().next().cloned())?;
    Some(Identity { kind: EntityKind::Device, value, keys, ids })
}

fn user(account: UserAccount<'_>) -> Option<Identity> {
    let (name, domain) = (some(account.account_name()), some(account.domain_name()));
    let qualified = domain.and_then(|domain| Some(format!("{domain}\\{}", name?)));
    // An account without a domain may be anybody's, so that is the last resort.
    let alone = if qualified.is_none() { name } else { None };
    let keys = keys([
        ("azureAdUserId", account.azure_ad_user_id()),
        ("userSid", account.user_sid()),
        ("userPrincipalName", account.user_principal_name()),
        ("accountName", qualified.as_deref()),
    ]);
    let keys = if keys.is_empty() { self::keys([("accountName", alone)]) } else { keys };
    let ids = gathered([
        ("azureAdUserId", account.azure_ad_user_id()),
        ("userSid", account.user_sid()),
        ("userPrincipalName", account.user_principal_name()),
        ("accountName", account.account_name()),
        ("domainName", account.domain_name()),
    ]);
    let value = some(account.user_principal_name()).map(str::to_owned).or(qualified);
    let value = value.or_else(|| alone.map(str::to_owned)).or_else(|| ids.values().next().cloned())?;
    if keys.is_empty() {
        return None;
    }
    Some(Identity { kind: EntityKind::User, value, keys, ids })
}

fn mailbox(view: MailboxEvidence<'_>) -> Option<Identity> {
    let ids = [("primaryAddress", view.primary_address()), ("upn", view.upn())];
    let keys = keys(ids);
    let value = some(view.primary_address()).or(some(view.upn()))?.to_owned();
    Some(Identity { kind: EntityKind::Mailbox, value, keys, ids: gathered(ids) })
}

fn path_and_name(details: FileDetails<'_>) -> Option<String> {
    let name = some(details.file_name());
    match (some(details.file_path()), name) {
        (Some(path), Some(name)) => {
            let separator = if path.contains('/') { '/' } else { '\\' };
            Some(format!("{}{separator}{name}", path.trim_end_matches(['\\', '/'])))
        }
        (path, name) => path.or(name).map(str::to_owned),
    }
}

/// A file is its hashes and its name; where no hash is known, its place on its device.
fn file(view: FileEvidence<'_>) -> Option<Identity> {
    let details = view.file_details()?;
    let hashes = [("sha256", details.sha256()), ("sha1", details.sha1()), ("md5", details.md5())];
    let strongest = hashes.iter().find_map(|(_, hash)| some(*hash));
    let mut ids = gathered(hashes);
    ids.extend(gathered([("fileName", details.file_name()), ("filePath", details.file_path())]));
    let (value, key) = if let Some(hash) = strongest {
        // The legacy API knows no MD5: it tells files apart only where there is nothing else.
        let md5 = if some(details.sha1()).is_none() { hashes[2] } else { ("md5", None) };
        (hash.to_owned(), keys([hashes[0], hashes[1], md5, ("fileName", details.file_name())]))
    } else {
        let place = path_and_name(details)?;
        let on = view.mde_device_id();
        (place.clone(), keys([("place", Some(place.as_str())), ("mdeDeviceId", on)]))
    };
    Some(Identity { kind: EntityKind::File, value, keys: vec![key.join("|")], ids })
}

fn hash(view: FileHashEvidence<'_>) -> Option<Identity> {
    let value = some(view.value())?;
    let name = match some(view.algorithm()).map(str::to_ascii_lowercase).as_deref() {
        Some("md5") => "md5",
        Some("sha1") => "sha1",
        Some("sha256") => "sha256",
        _ => "value",
    };
    Some(Identity {
        kind: EntityKind::File,
        value: value.to_owned(),
        keys: keys([(name, Some(value))]),
        ids: [(name, value.to_owned())].into(),
    })
}

/// A process is its number on its device from its beginning on. Where that is not known, what was run.
fn process(view: ProcessEvidence<'_>) -> Identity {
    let image = view.image_file();
    let number = view.process_id().map(|number| number.to_string());
    // Two spellings of one moment are the same.
    let began = view.process_created().map(|at| at.to_string());
    let name = image.and_then(|image| some(image.file_name()));
    let (sha1, sha256) = (image.and_then(FileDetails::sha1), image.and_then(FileDetails::sha256));
    let on = ("mdeDeviceId", view.mde_device_id());
    let key = if number.is_some() && began.is_some() {
        keys([on, ("processId", number.as_deref()), ("began", began.as_deref())])
    } else {
        let command = view.process_command_line();
        keys([
            on,
            ("processId", number.as_deref()),
            ("sha1", sha1),
            ("sha256", sha256),
            ("fileName", name),
            ("command", command),
        ])
    };
    let text = view.raw().get("processCreationDateTime").and_then(serde_json::Value::as_str);
    let ids = gathered([
        on,
        ("processId", number.as_deref()),
        ("processCreationDateTime", text),
        ("fileName", name),
        ("sha1", sha1),
        ("sha256", sha256),
    ]);
    let value = some(view.process_command_line()).or(name).map(str::to_owned);
    let value = value.or_else(|| number.map(|number| format!("process {number}")));
    Identity {
        kind: EntityKind::Process,
        value: value.unwrap_or_else(|| "process".to_owned()),
        keys: vec![key.join("|")],
        ids,
    }
}
