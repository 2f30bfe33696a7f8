//! The words of the legacy API (Microsoft Learn, "Incident resource type" of the Defender XDR API).

use crate::defender::world::story::{Engine, Source};
use crate::defender::world::triage::{AlertStatus, Classification, Determination, Severity, Status};

/// Status words that a filter may name.
pub(crate) const STATUSES: &[&str] = &["Active", "InProgress", "Resolved", "Redirected"];

/// Graph's `awaitingAction` is unknown here and shows as active.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Active | Status::AwaitingAction => "Active",
        Status::InProgress => "InProgress",
        Status::Resolved => "Resolved",
        Status::Redirected => "Redirected",
    }
}

/// `Redirected` is a result of merging and cannot be set.
pub(crate) fn settable_status(word: &str) -> Option<Status> {
    match word {
        "Active" => Some(Status::Active),
        "InProgress" => Some(Status::InProgress),
        "Resolved" => Some(Status::Resolved),
        _ => None,
    }
}

pub(crate) fn alert_status(status: AlertStatus) -> &'static str {
    match status {
        AlertStatus::Unknown => "Unknown",
        AlertStatus::New => "New",
        AlertStatus::InProgress => "InProgress",
        AlertStatus::Resolved => "Resolved",
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "UnSpecified",
        Severity::Informational => "Informational",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
    }
}

pub(crate) fn classification(classification: Classification) -> &'static str {
    match classification {
        Classification::Unknown => "Unknown",
        Classification::FalsePositive => "FalsePositive",
        Classification::TruePositive => "TruePositive",
        Classification::InformationalExpectedActivity => "InformationalExpectedActivity",
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
    .find(|known| classification(*known) == word)
}

pub(crate) fn determination(determination: Determination) -> &'static str {
    match determination {
        Determination::NotAvailable => "NotAvailable",
        Determination::Apt => "Apt",
        Determination::Malware => "Malware",
        Determination::SecurityPersonnel => "SecurityPersonnel",
        Determination::SecurityTesting => "SecurityTesting",
        Determination::UnwantedSoftware => "UnwantedSoftware",
        Determination::Other => "Other",
        Determination::MultiStagedAttack => "MultiStagedAttack",
        Determination::CompromisedAccount => "CompromisedAccount",
        Determination::Phishing => "Phishing",
        Determination::MaliciousUserActivity => "MaliciousUserActivity",
        Determination::NotMalicious => "Clean",
        Determination::NotEnoughDataToValidate => "NoEnoughDataToValidate",
        Determination::ConfirmedActivity => "ConfirmedActivity",
        Determination::LineOfBusinessApplication => "LineOfBusinessApplication",
    }
}

/// Both spellings that circulate are understood.
pub(crate) fn determination_of(word: &str) -> Option<Determination> {
    Some(match word {
        "NotAvailable" => Determination::NotAvailable,
        "Malware" => Determination::Malware,
        "SecurityTesting" => Determination::SecurityTesting,
        "UnwantedSoftware" => Determination::UnwantedSoftware,
        "Other" => Determination::Other,
        "MultiStagedAttack" => Determination::MultiStagedAttack,
        "CompromisedAccount" | "CompromisedUser" => Determination::CompromisedAccount,
        "Phishing" => Determination::Phishing,
        "MaliciousUserActivity" => Determination::MaliciousUserActivity,
        "Clean" | "NotMalicious" => Determination::NotMalicious,
        "NoEnoughDataToValidate" | "InsufficientData" | "NotEnoughDataToValidate" => {
            Determination::NotEnoughDataToValidate
        }
        "ConfirmedActivity" | "ConfirmedUserActivity" => Determination::ConfirmedActivity,
        "LineOfBusinessApplication" => Determination::LineOfBusinessApplication,
        "Apt" => Determination::Apt,
        "SecurityPersonnel" => Determination::SecurityPersonnel,
        _ => return None,
    })
}

/// `old`: the name that records from before the renaming carry.
pub(crate) fn source(source: Source, old: bool) -> &'static str {
    match source {
        Source::Endpoint if old => "MicrosoftDefenderATP",
        Source::Endpoint => "MicrosoftDefenderForEndpoint",
        Source::Identity => "AzureATP",
        Source::CloudApps => "MicrosoftCloudAppSecurity",
        Source::Office365 => "OfficeATP",
        Source::DefenderXdr => "MicrosoftThreatProtection",
        Source::EntraIdProtection => "AadIdentityProtection",
        Source::AppGovernance => "MicrosoftAppGovernance",
        Source::DataLossPrevention => "MicrosoftDataLossPrevention",
        Source::DefenderForCloud => "MicrosoftDefenderForCloud",
        Source::Sentinel => "AzureSentinel",
    }
}

pub(crate) fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::EndpointDetection => "WindowsDefenderAtp",
        Engine::Antivirus => "WindowsDefenderAv",
        Engine::Office365 => "OfficeATP",
        Engine::CloudApps => "MCAS",
        Engine::Identity => "AzureATP",
        Engine::AutomatedInvestigation => "AutomatedInvestigation",
        Engine::CustomDetection => "CustomDetection",
        Engine::EntraIdProtection => "AadIdentityProtection",
        Engine::AppGovernance => "AppGovernanceDetection",
        Engine::DataLossPrevention => "MicrosoftDataLossPrevention",
        Engine::Storage => "DefenderForStorage",
        Engine::Scheduled => "ScheduledAlerts",
    }
}
