//! The schemas of the hunting tables.
//!
//! Source: Microsoft Learn, "Advanced hunting schema tables".

use super::cell::Cell;
use super::cell::CellKind::{self, Bool, Dynamic, Long, Real, Text, Time};
use super::{alert_rows, event_rows};
use crate::defender::world::World;

/// One table.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The first column is the time of the row.
    pub(crate) columns: &'static [(&'static str, CellKind)],
    pub(crate) rows: fn(&World) -> Vec<Vec<Cell>>,
}

/// The table with a name; names are case-sensitive.
pub(crate) fn find(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

const TABLES: &[Table] = &[
    Table {
        name: "DeviceInfo",
        columns: &[
            ("Timestamp", Time),
            ("DeviceId", Text),
            ("DeviceName", Text),
            ("OSPlatform", Text),
            ("OSVersion", Text),
            ("OSBuild", Long),
            ("PublicIP", Text),
            ("IsAzureADJoined", Bool),
            ("AadDeviceId", Text),
            ("LoggedOnUsers", Dynamic),
            ("MachineGroup", Text),
            ("OnboardingStatus", Text),
            ("ExposureScore", Real),
            ("ReportId", Long),
        ],
        rows: event_rows::device_info,
    },
    Table {
        name: "DeviceProcessEvents",
        columns: &[
            ("Timestamp", Time),
            ("DeviceId", Text),
            ("DeviceName", Text),
            ("ActionType", Text),
            ("FileName", Text),
            ("FolderPath", Text),
            ("SHA1", Text),
            ("SHA256", Text),
            ("ProcessId", Long),
            ("ProcessCommandLine", Text),
            ("AccountDomain", Text),
            ("AccountName", Text),
            ("AccountUpn", Text),
            ("InitiatingProcessFileName", Text),
            ("InitiatingProcessId", Long),
            ("ReportId", Long),
        ],
        rows: event_rows::process_events,
    },
    Table {
        name: "DeviceNetworkEvents",
        columns: &[
            ("Timestamp", Time),
            ("DeviceId", Text),
            ("DeviceName", Text),
            ("ActionType", Text),
            ("RemoteIP", Text),
            ("RemotePort", Long),
            ("RemoteUrl", Text),
            ("LocalIP", Text),
            ("Protocol", Text),
            ("InitiatingProcessFileName", Text),
            ("InitiatingProcessAccountName", Text),
            ("ReportId", Long),
        ],
        rows: event_rows::network_events,
    },
    Table {
        name: "DeviceFileEvents",
        columns: &[
            ("Timestamp", Time),
            ("DeviceId", Text),
            ("DeviceName", Text),
            ("ActionType", Text),
            ("FileName", Text),
            ("FolderPath", Text),
            ("SHA1", Text),
            ("SHA256", Text),
            ("FileSize", Long),
            ("InitiatingProcessAccountName", Text),
            ("ReportId", Long),
        ],
        rows: event_rows::file_events,
    },
    Table {
        name: "EmailEvents",
        columns: &[
            ("Timestamp", Time),
            ("NetworkMessageId", Text),
            ("SenderFromAddress", Text),
            ("SenderIPv4", Text),
            ("RecipientEmailAddress", Text),
            ("Subject", Text),
            ("DeliveryAction", Text),
            ("ThreatTypes", Text),
            ("UrlCount", Long),
            ("AuthenticationDetails", Dynamic),
            ("ReportId", Text),
        ],
        rows: event_rows::email_events,
    },
    Table {
        name: "IdentityLogonEvents",
        columns: &[
            ("Timestamp", Time),
            ("ActionType", Text),
            ("Application", Text),
            ("LogonType", Text),
            ("AccountUpn", Text),
            ("AccountObjectId", Text),
            ("AccountDisplayName", Text),
            ("DeviceName", Text),
            ("IPAddress", Text),
            ("Location", Text),
            ("ReportId", Text),
        ],
        rows: event_rows::logon_events,
    },
    Table {
        name: "AlertInfo",
        columns: &[
            ("Timestamp", Time),
            ("AlertId", Text),
            ("Title", Text),
            ("Category", Text),
            ("Severity", Text),
            ("ServiceSource", Text),
            ("DetectionSource", Text),
            ("AttackTechniques", Text),
        ],
        rows: alert_rows::alert_info,
    },
    Table {
        name: "AlertEvidence",
        columns: &[
            ("Timestamp", Time),
            ("AlertId", Text),
            ("Title", Text),
            ("EntityType", Text),
            ("EvidenceRole", Text),
            ("FileName", Text),
            ("SHA1", Text),
            ("RemoteIP", Text),
            ("RemoteUrl", Text),
            ("AccountName", Text),
            ("AccountUpn", Text),
            ("DeviceId", Text),
            ("DeviceName", Text),
            ("AdditionalFields", Dynamic),
        ],
        rows: alert_rows::alert_evidence,
    },
];
