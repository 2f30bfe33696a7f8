//! The enumerations of both APIs, as tables: Graph's word, the legacy word, and other spellings seen.
//!
//! Sources: "alert resource type", "incident resource type" and the metadata of Microsoft Graph v1.0; "Update
//! incidents API" and "Incidents API" of Defender XDR. Every enumeration may grow: a word not in a table is kept
//! as it is.

use std::borrow::Cow;

/// One meaning: Graph's word, the legacy word, other spellings.
type Row = (&'static str, &'static str, &'static [&'static str]);

/// An enumeration.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary(&'static [Row]);

impl Vocabulary {
    fn find(self, word: &str) -> Option<&'static Row> {
        self.0.iter().find(|(graph, legacy, others)| {
            graph.eq_ignore_ascii_case(word)
                || legacy.eq_ignore_ascii_case(word)
                || others.iter().any(|other| other.eq_ignore_ascii_case(word))
        })
    }

    /// Graph's word; an unknown one stays as it is.
    pub fn graph(self, word: &str) -> Cow<'_, str> {
        self.find(word).map_or(Cow::Borrowed(word), |row| Cow::Borrowed(row.0))
    }

    /// The legacy word; an unknown one stays as it is.
    pub fn legacy(self, word: &str) -> Cow<'_, str> {
        self.find(word).map_or(Cow::Borrowed(word), |row| Cow::Borrowed(row.1))
    }

    /// Graph's word if the enumeration has it.
    pub fn known(self, word: &str) -> Option<&'static str> {
        self.find(word).map(|row| row.0)
    }

    /// All words of Graph.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|row| row.0)
    }
}

/// Incident status.
pub const STATUS: Vocabulary = Vocabulary(&[
    ("active", "Active", &["New"]),
    ("inProgress", "InProgress", &["In Progress"]),
    ("resolved", "Resolved", &[]),
    ("redirected", "Redirected", &[]),
    ("awaitingAction", "AwaitingAction", &[]),
]);

/// Alert status.
pub const ALERT_STATUS: Vocabulary = Vocabulary(&[
    ("new", "New", &["Active"]),
    ("inProgress", "InProgress", &[]),
    ("resolved", "Resolved", &[]),
    ("unknown", "Unknown", &[]),
]);

/// Severity of incidents and alerts.
pub const SEVERITY: Vocabulary = Vocabulary(&[
    ("high", "High", &[]),
    ("medium", "Medium", &[]),
    ("low", "Low", &[]),
    ("informational", "Informational", &[]),
    ("unknown", "UnSpecified", &[]),
]);

/// Classification of incidents and alerts.
pub const CLASSIFICATION: Vocabulary = Vocabulary(&[
    ("truePositive", "TruePositive", &[]),
    ("falsePositive", "FalsePositive", &[]),
    ("informationalExpectedActivity", "InformationalExpectedActivity", &["benignPositive"]),
    ("unknown", "Unknown", &[]),
]);

/// Determination of incidents and alerts.
pub const DETERMINATION: Vocabulary = Vocabulary(&[
    ("unknown", "NotAvailable", &[]),
    ("apt", "Apt", &[]),
    ("malware", "Malware", &[]),
    ("securityPersonnel", "SecurityPersonnel", &[]),
    ("securityTesting", "SecurityTesting", &[]),
    ("unwantedSoftware", "UnwantedSoftware", &[]),
    ("other", "Other", &[]),
    ("multiStagedAttack", "MultiStagedAttack", &[]),
    ("compromisedAccount", "CompromisedAccount", &["CompromisedUser"]),
    ("phishing", "Phishing", &[]),
    ("maliciousUserActivity", "MaliciousUserActivity", &[]),
    ("notMalicious", "NotMalicious", &["Clean"]),
    ("notEnoughDataToValidate", "NoEnoughDataToValidate", &["InsufficientData"]),
    ("confirmedActivity", "ConfirmedActivity", &["ConfirmedUserActivity"]),
    ("lineOfBusinessApplication", "LineOfBusinessApplication", &[]),
]);

/// The product an alert comes from. The legacy words are inferred from observed payloads.
pub const SERVICE_SOURCE: Vocabulary = Vocabulary(&[
    ("microsoftDefenderForEndpoint", "MicrosoftDefenderForEndpoint", &["MicrosoftDefenderATP"]),
    ("microsoftDefenderForIdentity", "AzureATP", &[]),
    ("microsoftDefenderForCloudApps", "MicrosoftCloudAppSecurity", &[]),
    ("microsoftDefenderForOffice365", "OfficeATP", &[]),
    ("microsoft365Defender", "MicrosoftThreatProtection", &[]),
    ("microsoftDefenderForCloud", "MicrosoftDefenderForCloud", &[]),
]);

/// What detected it. The legacy words are inferred from observed payloads.
pub const DETECTION_SOURCE: Vocabulary = Vocabulary(&[
    ("antivirus", "WindowsDefenderAv", &[]),
    ("cloudAppSecurity", "MCAS", &[]),
    ("microsoftDefenderForOffice365", "OfficeATP", &[]),
    ("automatedInvestigation", "AutomatedInvestigation", &[]),
    ("microsoftDefenderForEndpoint", "EDR", &["WindowsDefenderAtp"]),
]);

/// Which determinations a classification allows ("Update incidents API"). `other` fits every one but `unknown`.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "truePositive",
        &[
            "multiStagedAttack",
            "maliciousUserActivity",
            "compromisedAccount",
            "malware",
            "phishing",
            "unwantedSoftware",
            "other",
        ],
    ),
    (
        "informationalExpectedActivity",
        &["securityTesting", "lineOfBusinessApplication", "confirmedActivity", "other"],
    ),
    ("falsePositive", &["notMalicious", "notEnoughDataToValidate", "other"]),
    ("unknown", &["unknown"]),
];

/// The determinations that a classification (Graph's word) allows; empty for one we do not know.
pub fn determinations_of(classification: &str) -> &'static [&'static str] {
    PAIRS.iter().find(|(word, _)| *word == classification).map_or(&[], |(_, determinations)| determinations)
}

/// `PascalCase` to `camelCase`, for enumerations whose words differ in nothing else.
pub(crate) fn camel(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_goes_there_and_back() {
        for vocabulary in [STATUS, ALERT_STATUS, SEVERITY, CLASSIFICATION, DETERMINATION, SERVICE_SOURCE] {
            for word in vocabulary.words() {
                assert_eq!(vocabulary.graph(&vocabulary.legacy(word)), word);
            }
        }
    }

    #[test]
    fn other_spellings_are_understood_and_unknown_words_kept() {
        assert_eq!(DETERMINATION.graph("Clean"), "notMalicious");
        assert_eq!(DETERMINATION.legacy("insufficientdata"), "NoEnoughDataToValidate");
        assert_eq!(STATUS.graph("Tomorrow's"), "Tomorrow's");
        assert_eq!(camel("ImpairedCommunication"), "impairedCommunication");
    }

    #[test]
    fn every_pair_consists_of_known_words() {
        for (classification, determinations) in PAIRS {
            assert!(CLASSIFICATION.known(classification).is_some());
            assert!(determinations.iter().all(|word| DETERMINATION.known(word) == Some(word)));
        }
    }
}
