//! Invented attack stories: what kinds of incident the tenant sees and which alerts each consists of.

use super::triage::{Determination, Severity};
use super::{cloud_stories, device_stories};

/// The product an alert comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Endpoint,
    Identity,
    CloudApps,
    Office365,
    DefenderXdr,
    EntraIdProtection,
    AppGovernance,
    DataLossPrevention,
    /// A member after Graph's sentinel.
    DefenderForCloud,
    /// A member after Graph's sentinel.
    Sentinel,
}

impl Source {
    /// The name people use, which Graph shows as `productName` and hunting tables as `ServiceSource`.
    pub(crate) fn display_name(self) -> &'static str {
        match self {
            Self::Endpoint => "Microsoft Defender for Endpoint",
            Self::Identity => "Microsoft Defender for Identity",
            Self::CloudApps => "Microsoft Defender for Cloud Apps",
            Self::Office365 => "Microsoft Defender for Office 365",
            Self::DefenderXdr => "Microsoft Defender XDR",
            Self::EntraIdProtection => "Microsoft Entra ID Protection",
            Self::AppGovernance => "App Governance",
            Self::DataLossPrevention => "Microsoft Purview Data Loss Prevention",
            Self::DefenderForCloud => "Microsoft Defender for Cloud",
            Self::Sentinel => "Microsoft Sentinel",
        }
    }
}

/// Which engine of the product raised it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    EndpointDetection,
    Antivirus,
    Office365,
    CloudApps,
    Identity,
    AutomatedInvestigation,
    CustomDetection,
    EntraIdProtection,
    AppGovernance,
    DataLossPrevention,
    Storage,
    Scheduled,
}

/// A kind of thing that appears as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Device,
    User,
    Process,
    File,
    Ip,
    Url,
    Mailbox,
    Message,
    Cluster,
    RegistryKey,
    RegistryValue,
    Group,
    OauthApplication,
    CloudApplication,
    AzureResource,
}

/// One alert of a story.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) category: &'static str,
    pub(crate) techniques: &'static [&'static str],
    pub(crate) source: Source,
    pub(crate) engine: Engine,
    pub(crate) artifacts: &'static [Kind],
    /// Index into the list of programs, for process and file evidence.
    pub(crate) program: usize,
}

/// One kind of incident.
#[derive(Debug)]
pub(crate) struct Story {
    /// `{host}` and `{user}` are filled in.
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) severity: Severity,
    pub(crate) verdict: Determination,
    pub(crate) system_tags: &'static [&'static str],
    pub(crate) steps: &'static [Step],
}

/// All stories; incidents name them by place.
pub(crate) static STORIES: &[&Story] = &[
    &device_stories::CREDENTIAL_THEFT,
    &cloud_stories::PHISHING,
    &device_stories::RANSOMWARE,
    &cloud_stories::CONSENT,
    &cloud_stories::IMPOSSIBLE_TRAVEL,
    &device_stories::TICKET_HARVESTING,
    &device_stories::BEACONING,
    &cloud_stories::INBOX_RULE,
    &cloud_stories::STORAGE_ACCESS,
    &device_stories::PREVENTED_MALWARE,
    &device_stories::SCRIPT_DOWNLOAD,
    &cloud_stories::SHARED_FILE,
];
