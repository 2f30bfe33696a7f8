//! Invented attack stories: what kinds of incident the tenant sees and which alerts each consists of.

use super::triage::{Determination, Severity};

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

/// A program seen in a story.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) file: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) command: &'static str,
    pub(crate) parent: &'static str,
}

/// Programs by index. `{account}` is filled in.
pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        file: "pd64.exe",
        folder: "C:\\Users\\{account}\\AppData\\Local\\Temp",
        command: "pd64.exe -ma lsass.exe out.bin",
        parent: "cmd.exe",
    },
    Program {
        file: "powershell.exe",
        folder: "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
        command: "powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand SQBuAHYAbwBrAGUALQBEAGUAbQBvAA==",
        parent: "winword.exe",
    },
    Program {
        file: "vssadmin.exe",
        folder: "C:\\Windows\\System32",
        command: "vssadmin.exe delete shadows /all /quiet",
        parent: "lockdemo.exe",
    },
    Program {
        file: "lockdemo.exe",
        folder: "C:\\ProgramData\\Updater",
        command: "\"C:\\ProgramData\\Updater\\lockdemo.exe\" --path D:\\Shares --threads 8",
        parent: "services.exe",
    },
    Program {
        file: "rundll32.exe",
        folder: "C:\\Windows\\System32",
        command: "rundll32.exe C:\\Users\\{account}\\AppData\\Roaming\\kestrel.dll,Start",
        parent: "explorer.exe",
    },
    Program {
        file: "invoice-viewer.exe",
        folder: "C:\\Users\\{account}\\Downloads",
        command: "\"C:\\Users\\{account}\\Downloads\\invoice-viewer.exe\" /s",
        parent: "explorer.exe",
    },
    Program {
        file: "curl",
        folder: "/usr/bin",
        command: "curl -fsSL https://cdn.brightpath.example/run.sh -o /tmp/.run",
        parent: "bash",
    },
    Program { file: "Payroll-2026.xlsx", folder: "D:\\Shares\\Finance", command: "", parent: "explorer.exe" },
];

use Engine as E;
use Kind as K;
use Source as S;

/// All stories.
pub(crate) const STORIES: &[Story] = &[
    Story {
        title: "Credential theft on {host} followed by sign-ins as {user}",
        summary: "A process read the memory of LSASS; the account it belonged to signed in from an unknown place soon after.",
        severity: Severity::High,
        verdict: Determination::CompromisedAccount,
        system_tags: &["Credential Phish"],
        steps: &[
            Step {
                title: "LSASS memory read by unusual process",
                description: "A process opened a handle to LSASS with rights that allow reading credentials from its memory.",
                category: "CredentialAccess",
                techniques: &["T1003", "T1003.001"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::User, K::Process, K::File],
                program: 0,
            },
            Step {
                title: "Unfamiliar sign-in properties",
                description: "A sign-in had properties that were not seen for this account before.",
                category: "InitialAccess",
                techniques: &["T1078", "T1078.004"],
                source: S::EntraIdProtection,
                engine: E::EntraIdProtection,
                artifacts: &[K::User, K::Ip],
                program: 0,
            },
            Step {
                title: "Suspicious PowerShell command line",
                description: "A hidden PowerShell with an encoded command was started by an Office program.\r\n\r\n**What to do**\r\n- read the decoded command",
                category: "Execution",
                techniques: &["T1059.001"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::User, K::Process, K::Url],
                program: 1,
            },
        ],
    },
    Story {
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
    },
    Story {
        title: "Ransomware behaviour on {host}",
        summary: "Shadow copies were deleted and many files renamed within minutes.",
        severity: Severity::High,
        verdict: Determination::MultiStagedAttack,
        system_tags: &["Ransomware", "Attack Disruption"],
        steps: &[
            Step {
                title: "Shadow copies deleted",
                description: "Backups of the system were removed with an administrative tool.",
                category: "Impact",
                techniques: &["T1490"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::Process, K::User],
                program: 2,
            },
            Step {
                title: "'LockDemo' ransomware was prevented",
                description: "Antivirus stopped a program of the invented LockDemo family.",
                category: "Malware",
                techniques: &["T1486"],
                source: S::Endpoint,
                engine: E::Antivirus,
                artifacts: &[K::Device, K::File, K::Process],
                program: 3,
            },
            Step {
                title: "Service set to start with Windows by unusual program",
                description: "A run key was written by a program from a folder that any user can write to.",
                category: "Persistence",
                techniques: &["T1547.001"],
                source: S::Endpoint,
                engine: E::CustomDetection,
                artifacts: &[K::Device, K::RegistryKey, K::RegistryValue, K::Process],
                program: 3,
            },
            Step {
                title: "Multi-stage incident involving Impact",
                description: "Several products saw parts of one attack.",
                category: "Impact",
                techniques: &["T1486", "T1490"],
                source: S::DefenderXdr,
                engine: E::AutomatedInvestigation,
                artifacts: &[K::Device, K::User],
                program: 3,
            },
        ],
    },
    Story {
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
    },
    Story {
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
    },
    Story {
        title: "Suspected Kerberos service ticket harvesting from {host}",
        summary: "Many service tickets with weak encryption were requested in a short time.",
        severity: Severity::Medium,
        verdict: Determination::SecurityTesting,
        system_tags: &[],
        steps: &[
            Step {
                title: "Suspected Kerberos SPN exposure",
                description: "An account listed service principal names and asked for tickets for them.",
                category: "CredentialAccess",
                techniques: &["T1558.003"],
                source: S::Identity,
                engine: E::Identity,
                artifacts: &[K::Device, K::User, K::Group],
                program: 0,
            },
            Step {
                title: "Security group membership was read over LDAP",
                description: "Members of sensitive groups were listed.",
                category: "Discovery",
                techniques: &["T1087.002", "T1069.002"],
                source: S::Identity,
                engine: E::Identity,
                artifacts: &[K::User, K::Group, K::Device],
                program: 0,
            },
        ],
    },
    Story {
        title: "Beaconing from {host} to an unknown server",
        summary: "A library loaded from a user's folder talks to a server at regular intervals.",
        severity: Severity::High,
        verdict: Determination::Malware,
        system_tags: &[],
        steps: &[
            Step {
                title: "Connection to an address with low reputation",
                description: "A system program without arguments of its own opened regular connections.",
                category: "CommandAndControl",
                techniques: &["T1071.001"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::Process, K::Ip, K::Url],
                program: 4,
            },
            Step {
                title: "Suspicious library was loaded",
                description: "A library in a folder that the user can write to was started by rundll32.",
                category: "DefenseEvasion",
                techniques: &["T1218.011"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::User, K::Process, K::File],
                program: 4,
            },
        ],
    },
    Story {
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
    },
    Story {
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
    },
    Story {
        title: "'Kestrel' malware was prevented on {host}",
        summary: "Antivirus removed a downloaded program before it ran.",
        severity: Severity::Informational,
        verdict: Determination::Malware,
        system_tags: &[],
        steps: &[Step {
            title: "'Kestrel' malware was prevented",
            description: "Antivirus stopped and removed a file of the invented Kestrel family.",
            category: "Malware",
            techniques: &["T1204.002"],
            source: S::Endpoint,
            engine: E::Antivirus,
            artifacts: &[K::Device, K::File, K::User],
            program: 5,
        }],
    },
    Story {
        title: "Download and run by a script on {host}",
        summary: "A shell fetched a script from the network and ran it.",
        severity: Severity::Medium,
        verdict: Determination::LineOfBusinessApplication,
        system_tags: &[],
        steps: &[
            Step {
                title: "Suspicious download by a shell",
                description: "A script was fetched to a hidden file in a temporary folder.",
                category: "Execution",
                techniques: &["T1105", "T1059.004"],
                source: S::Endpoint,
                engine: E::EndpointDetection,
                artifacts: &[K::Device, K::Process, K::Url, K::Ip],
                program: 6,
            },
            Step {
                title: "Rule 'New outbound host' matched",
                description: "A scheduled rule found a host that no other machine talked to.",
                category: "CommandAndControl",
                techniques: &[],
                source: S::Sentinel,
                engine: E::Scheduled,
                artifacts: &[K::Device, K::Ip],
                program: 6,
            },
        ],
    },
    Story {
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
    },
];
