//! Stories that happen on machines of the tenant.

use super::story::{Engine as E, Kind as K, Source as S, Step, Story};
use super::triage::{Determination, Severity};

pub(super) static CREDENTIAL_THEFT: Story = Story {
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
};

pub(super) static RANSOMWARE: Story = Story {
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
};

pub(super) static TICKET_HARVESTING: Story = Story {
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
};

pub(super) static BEACONING: Story = Story {
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
};

pub(super) static PREVENTED_MALWARE: Story = Story {
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
};

pub(super) static SCRIPT_DOWNLOAD: Story = Story {
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
};
