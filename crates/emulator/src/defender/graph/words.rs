//! The words of Microsoft Graph (v1.0 metadata, namespace `microsoft.graph.security`).
//!
//! Members after the sentinel `unknownFutureValue` are shown only to callers who sent
//! `Prefer: include-unknown-enum-members` (Microsoft Graph, "Best practices": evolvable enumerations).

use crate::defender::world::story::{Engine, Source};
use crate::defender::world::triage::{AlertStatus, Classification, Determination, Severity, Status};

const SENTINEL: &str = "unknownFutureValue";

/// Words that a filter may name.
pub(crate) const STATUSES: &[&str] =
    &["active", "resolved", "inProgress", "redirected", SENTINEL, "awaitingAction"];
pub(crate) const ALERT_STATUSES: &[&str] = &["unknown", "new", "inProgress", "resolved", SENTINEL];
pub(crate) const SEVERITIES: &[&str] = &["unknown", "informational", "low", "medium", "high", SENTINEL];
pub(crate) const CLASSIFICATIONS: &[&str] =
    &["unknown", "falsePositive", "truePositive", "informationalExpectedActivity", SENTINEL];
pub(crate) const DETERMINATIONS: &[&str] = &[
    "unknown",
    "apt",
    "malware",
    "securityPersonnel",
    "securityTesting",
    "unwantedSoftware",
    "other",
    "multiStagedAttack",
    "compromisedAccount",
    "phishing",
    "maliciousUserActivity",
    "notMalicious",
    "notEnoughDataToValidate",
    "confirmedActivity",
    "lineOfBusinessApplication",
    SENTINEL,
];
pub(crate) const SOURCES: &[&str] = &[
    "unknown",
    "microsoftDefenderForEndpoint",
    "microsoftDefenderForIdentity",
    "microsoftDefenderForCloudApps",
    "microsoftDefenderForOffice365",
    "microsoft365Defender",
    "azureAdIdentityProtection",
    "microsoftAppGovernance",
    "dataLossPrevention",
    SENTINEL,
    "microsoftDefenderForCloud",
    "microsoftSentinel",
    "microsoftInsiderRiskManagement",
    "microsoftThreatIntelligence",
    "microsoftSecurityForAI",
];

/// Whether members after the sentinel are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LaterMembers(pub(crate) bool);

impl LaterMembers {
    fn show(self, word: &'static str) -> &'static str {
        if self.0 { word } else { SENTINEL }
    }
}

/// The word of an incident's status as filters see it.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::InProgress => "inProgress",
        Status::Resolved => "resolved",
        Status::Redirected => "redirected",
        Status::AwaitingAction => "awaitingAction",
    }
}

pub(crate) fn shown_status(value: Status, later: LaterMembers) -> &'static str {
    match value {
        Status::AwaitingAction => later.show("awaitingAction"),
        known => status(known),
    }
}

/// `redirected` and `awaitingAction` are set by the service alone.
pub(crate) fn settable_status(word: &str) -> Option<Status> {
    [Status::Active, Status::InProgress, Status::Resolved]
        .into_iter()
        .find(|known| status(*known).eq_ignore_ascii_case(word))
}

pub(crate) fn alert_status(status: AlertStatus) -> &'static str {
    match status {
        AlertStatus::Unknown => "unknown",
        AlertStatus::New => "new",
        AlertStatus::InProgress => "inProgress",
        AlertStatus::Resolved => "resolved",
    }
}

pub(crate) fn alert_status_of(word: &str) -> Option<AlertStatus> {
    [AlertStatus::New, AlertStatus::InProgress, AlertStatus::Resolved]
        .into_iter()
        .find(|known| alert_status(*known).eq_ignore_ascii_case(word))
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "unknown",
        Severity::Informational => "informational",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
    }
}

pub(crate) fn severity_of(word: &str) -> Option<Severity> {
    [Severity::Unspecified, Severity::Informational, Severity::Low, Severity::Medium, Severity::High]
        .into_iter()
        .find(|known| severity(*known).eq_ignore_ascii_case(word))
}

pub(crate) fn classification(classification: Classification) -> &'static str {
    match classification {
        Classification::Unknown => "unknown",
        Classification::FalsePositive => "falsePositive",
        Classification::TruePositive => "truePositive",
        Classification::InformationalExpectedActivity => "informationalExpectedActivity",
    }
}

pub(crate) fn classification_of(word: &str) -> Option<Classification> {
    [
        Classification::Unknown,
        Classification::FalsePositive,
        Classification::TruePositive,
        Classification::InformationalExpectedActivity,
    ]
    .into_iter()
    .find(|known| classification(*known).eq_ignore_ascii_case(word))
}

const DETERMINATION_WORDS: &[(Determination, &str)] = &[
    (Determination::NotAvailable, "unknown"),
    (Determination::Apt, "apt"),
    (Determination::Malware, "malware"),
    (Determination::SecurityPersonnel, "securityPersonnel"),
    (Determination::SecurityTesting, "securityTesting"),
    (Determination::UnwantedSoftware, "unwantedSoftware"),
    (Determination::Other, "other"),
    (Determination::MultiStagedAttack, "multiStagedAttack"),
    (Determination::CompromisedAccount, "compromisedAccount"),
    (Determination::Phishing, "phishing"),
    (Determination::MaliciousUserActivity, "maliciousUserActivity"),
    (Determination::NotMalicious, "notMalicious"),
    (Determination::NotEnoughDataToValidate, "notEnoughDataToValidate"),
    (Determination::ConfirmedActivity, "confirmedActivity"),
    (Determination::LineOfBusinessApplication, "lineOfBusinessApplication"),
    // Names of the same members on the resource pages.
    (Determination::CompromisedAccount, "compromisedUser"),
    (Determination::NotMalicious, "clean"),
    (Determination::NotEnoughDataToValidate, "insufficientData"),
    (Determination::ConfirmedActivity, "confirmedUserActivity"),
];

pub(crate) fn determination(determination: Determination) -> &'static str {
    DETERMINATION_WORDS.iter().find(|(known, _)| *known == determination).map_or("unknown", |(_, word)| word)
}

pub(crate) fn determination_of(word: &str) -> Option<Determination> {
    DETERMINATION_WORDS.iter().find(|(_, known)| known.eq_ignore_ascii_case(word)).map(|(known, _)| *known)
}

/// The word of a product as filters see it.
pub(crate) fn source(source: Source) -> &'static str {
    match source {
        Source::Endpoint => "microsoftDefenderForEndpoint",
        Source::Identity => "microsoftDefenderForIdentity",
        Source::CloudApps => "microsoftDefenderForCloudApps",
        Source::Office365 => "microsoftDefenderForOffice365",
        Source::DefenderXdr => "microsoft365Defender",
        Source::EntraIdProtection => "azureAdIdentityProtection",
        Source::AppGovernance => "microsoftAppGovernance",
        Source::DataLossPrevention => "dataLossPrevention",
        Source::DefenderForCloud => "microsoftDefenderForCloud",
        Source::Sentinel => "microsoftSentinel",
    }
}

pub(crate) fn shown_source(value: Source, later: LaterMembers) -> &'static str {
    match value {
        Source::DefenderForCloud | Source::Sentinel => later.show(source(value)),
        known => source(known),
    }
}

pub(crate) fn engine(engine: Engine, later: LaterMembers) -> &'static str {
    match engine {
        Engine::EndpointDetection => "microsoftDefenderForEndpoint",
        Engine::Antivirus => "antivirus",
        Engine::Office365 => "microsoftDefenderForOffice365",
        Engine::CloudApps => "cloudAppSecurity",
        Engine::Identity => "microsoftDefenderForIdentity",
        Engine::AutomatedInvestigation => "automatedInvestigation",
        Engine::CustomDetection => "customDetection",
        Engine::EntraIdProtection => "azureAdIdentityProtection",
        Engine::AppGovernance => "appGovernanceDetection",
        Engine::DataLossPrevention => "microsoftDataLossPrevention",
        Engine::Storage => later.show("microsoftDefenderForStorage"),
        Engine::Scheduled => later.show("scheduledAlerts"),
    }
}

/// `evidenceRemediationStatus`, of which `active` came after the sentinel.
pub(crate) fn remediation(pascal: &'static str, later: LaterMembers) -> &'static str {
    match pascal {
        "Active" => later.show("active"),
        "Remediated" => "remediated",
        "Prevented" => "prevented",
        "Blocked" => "blocked",
        "NotFound" => "notFound",
        _ => "none",
    }
}

/// The same word with a small first letter, for enumerations that both APIs name alike.
pub(crate) fn camel(pascal: &str) -> String {
    let mut characters = pascal.chars();
    characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
}
