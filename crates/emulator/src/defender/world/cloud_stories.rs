//! Stories that happen in mailboxes, cloud applications and sign-ins.

use super::story::{Engine as E, Kind as K, Source as S, Step, Story};
use super::triage::{Determination, Severity};

pub(super) static PHISHING: Story = Story {
    title: "Phishing campaign delivered to {user} and others",
    summary: "Messages with a link to a page that imitates a sign-in were delivered before they were recognised.",
    severity: Severity::Medium,
    verdict: Determination::Phishing,
    system_tags: &[],
    steps: &[
        Step {
            title: "Email messages containing malicious URL removed after delivery",
            description: "Messages with a link now known to be malicious were moved out of mailboxes.",
            category: "InitialAccess",
            techniques: &["T1566", "T1566.002"],
            source: S::Office365,
            engine: E::Office365,
            artifacts: &[K::Message, K::Cluster, K::Mailbox, K::Url],
            program: 0,
        },
        Step {
            title: "A potentially malicious URL click was detected",
            description: "A person opened a link that was later found to lead to a phishing page.",
            category: "InitialAccess",
            techniques: &["T1566.002"],
            source: S::Office365,
            engine: E::Office365,
            artifacts: &[K::User, K::Url, K::Mailbox],
            program: 0,
        },
    ],
};

pub(super) static CONSENT: Story = Story {
    title: "Unusual application consent by {user}",
    summary: "An application from an unknown publisher was allowed to read mail.",
    severity: Severity::Medium,
    verdict: Determination::MaliciousUserActivity,
    system_tags: &[],
    steps: &[
        Step {
            title: "Misleading publisher name for an OAuth app",
            description: "The name of the publisher imitates a known company.",
            category: "SuspiciousActivity",
            techniques: &["T1528"],
            source: S::CloudApps,
            engine: E::CloudApps,
            artifacts: &[K::OauthApplication, K::User, K::CloudApplication],
            program: 0,
        },
        Step {
            title: "App with unusual mail access",
            description: "An application read far more mail than usual.",
            category: "Collection",
            techniques: &["T1114.002"],
            source: S::AppGovernance,
            engine: E::AppGovernance,
            artifacts: &[K::OauthApplication, K::Mailbox],
            program: 0,
        },
    ],
};

pub(super) static IMPOSSIBLE_TRAVEL: Story = Story {
    title: "Impossible travel involving {user}",
    summary: "One account was active from two places that nobody can travel between in the time.",
    severity: Severity::Low,
    verdict: Determination::ConfirmedActivity,
    system_tags: &[],
    steps: &[Step {
        title: "Impossible travel activity",
        description: "Sign-ins from two distant countries within a short time.",
        category: "InitialAccess",
        techniques: &["T1078"],
        source: S::CloudApps,
        engine: E::CloudApps,
        artifacts: &[K::User, K::Ip, K::Ip, K::CloudApplication],
        program: 0,
    }],
};

pub(super) static INBOX_RULE: Story = Story {
    title: "Suspicious inbox forwarding rule of {user}",
    summary: "A rule hides answers and forwards mail to an outside address.",
    severity: Severity::Medium,
    verdict: Determination::CompromisedAccount,
    system_tags: &["Business Email Compromise"],
    steps: &[
        Step {
            title: "Suspicious inbox manipulation rule",
            description: "A new rule moves messages with words about payments to an unused folder.",
            category: "DefenseEvasion",
            techniques: &["T1564.008"],
            source: S::CloudApps,
            engine: E::CloudApps,
            artifacts: &[K::Mailbox, K::User, K::Ip],
            program: 0,
        },
        Step {
            title: "Creation of forwarding/redirect rule",
            description: "Mail is forwarded to an address outside the organisation.",
            category: "Exfiltration",
            techniques: &["T1114.003"],
            source: S::Office365,
            engine: E::Office365,
            artifacts: &[K::Mailbox, K::Message],
            program: 0,
        },
    ],
};

pub(super) static STORAGE_ACCESS: Story = Story {
    title: "Unusual access to a storage account",
    summary: "A storage account was read from an exit node of an anonymising network.",
    severity: Severity::Low,
    verdict: Determination::NotEnoughDataToValidate,
    system_tags: &[],
    steps: &[Step {
        title: "Access from an unusual location to a storage account",
        description: "Somebody listed containers from a place not seen before.",
        category: "Collection",
        techniques: &["T1530"],
        source: S::DefenderForCloud,
        engine: E::Storage,
        artifacts: &[K::AzureResource, K::Ip],
        program: 0,
    }],
};

pub(super) static SHARED_FILE: Story = Story {
    title: "Sensitive file shared by {user}",
    summary: "A file with payroll data was shared outside the organisation.",
    severity: Severity::Low,
    verdict: Determination::NotMalicious,
    system_tags: &[],
    steps: &[Step {
        title: "DLP policy (Finance data) matched for document",
        description: "A document that matches a policy was shared with a guest.",
        category: "Exfiltration",
        techniques: &["T1567"],
        source: S::DataLossPrevention,
        engine: E::DataLossPrevention,
        artifacts: &[K::File, K::User, K::CloudApplication],
        program: 7,
    }],
};
