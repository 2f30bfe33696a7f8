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

    /// Each meaning: Graph's word, the legacy word, other spellings seen.
    pub fn rows(self) -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
        self.0.iter().copied()
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

/// The product an alert comes from (`serviceSource` of Graph v1.0).
///
/// The legacy words are in no list of Microsoft's: some were observed in payloads, the others are inferred from Graph's
/// word and from the product's older name.
pub const SERVICE_SOURCE: Vocabulary = Vocabulary(&[
    ("unknown", "Unknown", &[]),
    ("microsoftDefenderForEndpoint", "MicrosoftDefenderForEndpoint", &["MicrosoftDefenderATP"]),
    ("microsoftDefenderForIdentity", "AzureATP", &["MicrosoftDefenderForIdentity"]),
    ("microsoftDefenderForCloudApps", "MicrosoftCloudAppSecurity", &["MicrosoftDefenderForCloudApps"]),
    ("microsoftDefenderForOffice365", "OfficeATP", &["MicrosoftDefenderForOffice365"]),
    ("microsoft365Defender", "MicrosoftThreatProtection", &["Microsoft365Defender"]),
    ("azureAdIdentityProtection", "AadIdentityProtection", &["AzureAdIdentityProtection"]),
    ("microsoftAppGovernance", "MicrosoftAppGovernance", &["AppGovernance"]),
    ("dataLossPrevention", "MicrosoftDataLossPrevention", &["DataLossPrevention"]),
    ("microsoftDefenderForCloud", "MicrosoftDefenderForCloud", &[]),
    ("microsoftSentinel", "AzureSentinel", &["MicrosoftSentinel"]),
    ("microsoftInsiderRiskManagement", "MicrosoftInsiderRiskManagement", &[]),
    ("microsoftThreatIntelligence", "MicrosoftThreatIntelligence", &[]),
    ("microsoftSecurityForAI", "MicrosoftSecurityForAI", &[]),
]);

/// What detected it (`detectionSource` of Graph v1.0).
///
/// The legacy words are in no list of Microsoft's: some were observed in payloads, the others are inferred from Graph's
/// word and from the product's older name.
pub const DETECTION_SOURCE: Vocabulary = Vocabulary(&[
    ("unknown", "Unknown", &[]),
    (
        "microsoftDefenderForEndpoint",
        "WindowsDefenderAtp",
        &["EDR", "MicrosoftDefenderForEndpoint", "MicrosoftDefenderATP"],
    ),
    ("antivirus", "WindowsDefenderAv", &["Antivirus"]),
    ("smartScreen", "SmartScreen", &[]),
    ("customTi", "CustomTi", &[]),
    ("microsoftDefenderForOffice365", "OfficeATP", &["MicrosoftDefenderForOffice365"]),
    ("automatedInvestigation", "AutomatedInvestigation", &[]),
    ("microsoftThreatExperts", "MicrosoftThreatExperts", &[]),
    ("customDetection", "CustomDetection", &[]),
    ("microsoftDefenderForIdentity", "AzureATP", &["MicrosoftDefenderForIdentity"]),
    ("cloudAppSecurity", "MCAS", &["CloudAppSecurity", "MicrosoftCloudAppSecurity"]),
    ("microsoft365Defender", "MicrosoftThreatProtection", &["Microsoft365Defender"]),
    ("azureAdIdentityProtection", "AadIdentityProtection", &["AzureAdIdentityProtection"]),
    ("manual", "Manual", &[]),
    ("microsoftDataLossPrevention", "MicrosoftDataLossPrevention", &[]),
    ("appGovernancePolicy", "AppGovernancePolicy", &[]),
    ("appGovernanceDetection", "AppGovernanceDetection", &[]),
    ("microsoftDefenderForCloud", "DefenderForCloud", &["MicrosoftDefenderForCloud"]),
    ("microsoftDefenderForIoT", "DefenderForIoT", &["MicrosoftDefenderForIoT"]),
    ("microsoftDefenderForServers", "DefenderForServers", &["MicrosoftDefenderForServers"]),
    ("microsoftDefenderForStorage", "DefenderForStorage", &["MicrosoftDefenderForStorage"]),
    ("microsoftDefenderForDNS", "DefenderForDNS", &["MicrosoftDefenderForDNS"]),
    ("microsoftDefenderForDatabases", "DefenderForDatabases", &["MicrosoftDefenderForDatabases"]),
    ("microsoftDefenderForContainers", "DefenderForContainers", &["MicrosoftDefenderForContainers"]),
    ("microsoftDefenderForNetwork", "DefenderForNetwork", &["MicrosoftDefenderForNetwork"]),
    ("microsoftDefenderForAppService", "DefenderForAppService", &["MicrosoftDefenderForAppService"]),
    ("microsoftDefenderForKeyVault", "DefenderForKeyVault", &["MicrosoftDefenderForKeyVault"]),
    (
        "microsoftDefenderForResourceManager",
        "DefenderForResourceManager",
        &["MicrosoftDefenderForResourceManager"],
    ),
    ("microsoftDefenderForApiManagement", "DefenderForApiManagement", &["MicrosoftDefenderForApiManagement"]),
    ("nrtAlerts", "NrtAlerts", &[]),
    ("scheduledAlerts", "ScheduledAlerts", &[]),
    ("microsoftDefenderThreatIntelligenceAnalytics", "MicrosoftDefenderThreatIntelligenceAnalytics", &[]),
    ("builtInMl", "BuiltInMl", &[]),
    ("microsoftInsiderRiskManagement", "MicrosoftInsiderRiskManagement", &[]),
    ("microsoftThreatIntelligence", "MicrosoftThreatIntelligence", &[]),
    ("microsoftDefenderForAIServices", "DefenderForAIServices", &["MicrosoftDefenderForAIServices"]),
    ("securityCopilot", "SecurityCopilot", &[]),
    ("microsoftSentinel", "AzureSentinel", &["MicrosoftSentinel"]),
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

/// `camelCase` to `PascalCase`: the way back.
pub(crate) fn pascal(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_goes_there_and_back() {
        for vocabulary in
            [STATUS, ALERT_STATUS, SEVERITY, CLASSIFICATION, DETERMINATION, SERVICE_SOURCE, DETECTION_SOURCE]
        {
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
