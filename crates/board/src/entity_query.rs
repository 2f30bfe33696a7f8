//! A first query about a thing, for a person to go on from.

use std::fmt::Write as _;

use defender_xdr_api::entities::{Entity, EntityKind};

/// KQL about an entity over the last seven days.
pub(crate) fn query(entity: &Entity) -> String {
    let id = |name: &str| entity.ids.get(name).map(String::as_str);
    let value = entity.value.as_str();
    let (table, condition, columns) = match entity.kind {
        EntityKind::Device => (
            "DeviceProcessEvents",
            format!("DeviceName =~ {}", quoted(value)),
            "Timestamp, FileName, ProcessCommandLine, AccountName",
        ),
        EntityKind::User => (
            "IdentityLogonEvents",
            match id("userPrincipalName") {
                Some(name) => format!("AccountUpn =~ {}", quoted(name)),
                None => format!("AccountName =~ {}", quoted(id("accountName").unwrap_or(value))),
            },
            "Timestamp, ActionType, Application, LogonType, DeviceName, IPAddress, Location",
        ),
        EntityKind::Mailbox => (
            "EmailEvents",
            format!("RecipientEmailAddress =~ {}", quoted(value)),
            "Timestamp, SenderFromAddress, Subject, DeliveryAction, ThreatTypes",
        ),
        EntityKind::File => (
            "DeviceFileEvents",
            match (id("sha256"), id("sha1"), id("fileName")) {
                (Some(hash), ..) => format!("SHA256 == {}", quoted(hash)),
                (None, Some(hash), _) => format!("SHA1 == {}", quoted(hash)),
                (None, None, name) => format!("FileName =~ {}", quoted(name.unwrap_or(value))),
            },
            "Timestamp, DeviceName, ActionType, FolderPath, FileName",
        ),
        EntityKind::Ip => (
            "DeviceNetworkEvents",
            format!("RemoteIP == {}", quoted(value)),
            "Timestamp, DeviceName, ActionType, RemotePort, RemoteUrl, InitiatingProcessFileName",
        ),
        EntityKind::Url => (
            "DeviceNetworkEvents",
            format!("RemoteUrl contains {}", quoted(value)),
            "Timestamp, DeviceName, ActionType, RemoteIP, RemoteUrl, InitiatingProcessFileName",
        ),
        EntityKind::Process => (
            "DeviceProcessEvents",
            match id("fileName") {
                Some(name) => format!("FileName =~ {}", quoted(name)),
                None => format!("ProcessCommandLine has {}", quoted(value)),
            },
            "Timestamp, DeviceName, FileName, ProcessCommandLine, AccountName",
        ),
        EntityKind::Other => (
            "AlertEvidence",
            format!("AdditionalFields contains {}", quoted(value)),
            "Timestamp, AlertId, Title, EntityType",
        ),
    };
    format!(
        "{table}\n| where Timestamp > ago(7d)\n| where {condition}\n| project {columns}\n| sort by Timestamp desc\n| take 100"
    )
}

/// A string literal of KQL (Kusto documentation, "The string data type"): what others wrote stays text.
fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => {
                // Writing to a text does not fail.
                write!(literal, "\\u{:04x}", u32::from(c)).ok();
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn entity(kind: EntityKind, value: &str, ids: &[(&'static str, &str)]) -> Entity {
        Entity {
            kind,
            evidence: String::new(),
            value: value.to_owned(),
            ids: ids.iter().map(|(name, id)| (*name, (*id).to_owned())).collect::<BTreeMap<_, _>>(),
            verdicts: BTreeSet::new(),
            remediation: BTreeSet::new(),
            first_seen: None,
            last_seen: None,
            alert_ids: BTreeSet::new(),
            incident_ids: BTreeSet::new(),
        }
    }

    #[test]
    fn a_thing_is_looked_for_by_what_identifies_it() {
        let file = entity(EntityKind::File, "abc", &[("sha256", "abc"), ("fileName", "x.exe")]);
        assert!(query(&file).contains("| where SHA256 == \"abc\"\n"));
        let user = entity(EntityKind::User, "A\\dana", &[("accountName", "dana")]);
        assert!(query(&user).contains("| where AccountName =~ \"dana\"\n"));
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let evil = entity(EntityKind::Ip, "x\" or true //\\\n| take 1", &[]);
        let text = query(&evil);
        assert!(text.contains(r#"RemoteIP == "x\" or true //\\\u000a| take 1""#), "{text}");
        assert_eq!(text.lines().count(), 6);
    }
}
