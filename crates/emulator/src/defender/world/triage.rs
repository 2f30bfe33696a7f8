//! What an analyst decides about an incident or alert, without the words of either API.

use serde::{Deserialize, Serialize};

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Active,
    InProgress,
    Resolved,
    /// Merged into another incident.
    Redirected,
    /// Waiting for the customer, set by Defender Experts; only Graph has a word for it.
    AwaitingAction,
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AlertStatus {
    Unknown,
    New,
    InProgress,
    Resolved,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Severity {
    Unspecified,
    Informational,
    Low,
    Medium,
    High,
}

/// Whether it was what it looked like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Classification {
    Unknown,
    FalsePositive,
    TruePositive,
    InformationalExpectedActivity,
}

/// What it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Determination {
    NotAvailable,
    Apt,
    Malware,
    SecurityPersonnel,
    SecurityTesting,
    UnwantedSoftware,
    Other,
    MultiStagedAttack,
    CompromisedAccount,
    Phishing,
    MaliciousUserActivity,
    NotMalicious,
    NotEnoughDataToValidate,
    ConfirmedActivity,
    LineOfBusinessApplication,
}

impl Determination {
    /// Whether the services accept this determination beside a classification
    /// (Microsoft Learn, "Update incident API", table of determinations).
    pub(crate) fn fits(self, classification: Classification) -> bool {
        match self {
            Self::NotAvailable => true,
            Self::Other => classification != Classification::Unknown,
            Self::MultiStagedAttack
            | Self::MaliciousUserActivity
            | Self::CompromisedAccount
            | Self::Malware
            | Self::Phishing
            | Self::UnwantedSoftware
            | Self::Apt
            | Self::SecurityPersonnel => classification == Classification::TruePositive,
            Self::SecurityTesting | Self::LineOfBusinessApplication | Self::ConfirmedActivity => {
                classification == Classification::InformationalExpectedActivity
            }
            Self::NotMalicious | Self::NotEnoughDataToValidate => {
                classification == Classification::FalsePositive
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Classification, Determination};

    #[test]
    fn a_determination_belongs_to_its_classification_only() {
        assert!(Determination::Phishing.fits(Classification::TruePositive));
        assert!(!Determination::Phishing.fits(Classification::FalsePositive));
        assert!(Determination::NotMalicious.fits(Classification::FalsePositive));
        assert!(!Determination::Other.fits(Classification::Unknown));
        assert!(Determination::NotAvailable.fits(Classification::TruePositive));
    }
}
