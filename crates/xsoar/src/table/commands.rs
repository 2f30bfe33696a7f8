//! The rows of the table.

use super::outputs::{HUNT_OUTPUTS, INCIDENT_OUTPUTS};
use super::{Argument, Command, Task};

const fn optional(name: &'static str, description: &'static str) -> Argument {
    Argument { name, description, required: false, default: None, predefined: &[], is_array: false }
}

const fn required(name: &'static str, description: &'static str) -> Argument {
    Argument { required: true, ..optional(name, description) }
}

const fn choice(
    name: &'static str,
    description: &'static str,
    predefined: &'static [&'static str],
) -> Argument {
    Argument { predefined, ..optional(name, description) }
}

const TIMEOUT: Argument = Argument {
    default: Some("30"),
    ..optional("timeout", "The time limit of each HTTP request, in seconds.")
};

const INCIDENT_ID: Argument = required("id", "The ID of the incident.");

const PLAIN: Command = Command {
    name: "",
    task: Task::TestModule,
    description: "",
    arguments: &[],
    outputs: &[],
    called_by_platform: false,
};

const BY_PLATFORM: Command = Command { called_by_platform: true, ..PLAIN };

/// All commands.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "microsoft-365-defender-auth-start",
        task: Task::AuthStart,
        description: "Starts the sign-in and says where to enter which code.",
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-auth-complete",
        task: Task::AuthComplete,
        description: "Completes the sign-in, once the code has been entered. Run it after microsoft-365-defender-auth-start.",
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-auth-reset",
        task: Task::AuthReset,
        description: "Forgets the sign-in, so that it can be done anew.",
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-auth-test",
        task: Task::AuthTest,
        description: "Tests the sign-in.",
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-incidents-list",
        task: Task::IncidentsList,
        description: "Lists incidents with their alerts.",
        arguments: &[
            choice("status", "Incidents of this status alone.", &["Active", "Resolved", "Redirected"]),
            optional("assigned_to", "Incidents of this owner alone."),
            Argument {
                default: Some("100"),
                ..optional("limit", "How many incidents to list, at most 100.")
            },
            optional("offset", "How many incidents to skip."),
            TIMEOUT,
            optional(
                "odata",
                "A JSON object of OData query options, such as {\"$filter\":\"status eq 'Active'\"}. It replaces all other arguments.",
            ),
        ],
        outputs: INCIDENT_OUTPUTS,
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-incident-get",
        task: Task::IncidentGet,
        description: "Reads an incident with its alerts.",
        arguments: &[INCIDENT_ID, TIMEOUT],
        outputs: INCIDENT_OUTPUTS,
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-incident-update",
        task: Task::IncidentUpdate,
        description: "Changes an incident.",
        arguments: &[
            INCIDENT_ID,
            choice("status", "The new status.", &["Active", "Resolved", "Redirected", "InProgress"]),
            optional("assigned_to", "The new owner. An empty text leaves the incident without one."),
            choice(
                "classification",
                "The new classification.",
                &["Unknown", "FalsePositive", "TruePositive", "InformationalExpectedActivity"],
            ),
            choice(
                "determination",
                "The new determination. It must fit the classification, which has to be given, too.",
                &[
                    "MultiStagedAttack",
                    "MaliciousUserActivity",
                    "Malware",
                    "Phishing",
                    "CompromisedAccount",
                    "UnwantedSoftware",
                    "Other",
                    "SecurityTesting",
                    "LineOfBusinessApplication",
                    "ConfirmedActivity",
                    "NotMalicious",
                    "NoEnoughDataToValidate",
                    "NotAvailable",
                ],
            ),
            optional("comment", "A comment to add."),
            Argument {
                is_array: true,
                ..optional("tags", "The new tags, separated by commas. They replace all that are there.")
            },
            TIMEOUT,
        ],
        outputs: INCIDENT_OUTPUTS,
        ..PLAIN
    },
    Command {
        name: "microsoft-365-defender-advanced-hunting",
        task: Task::AdvancedHunting,
        description: "Runs an advanced hunting query in the Kusto query language.",
        arguments: &[
            required("query", "The query."),
            Argument {
                default: Some("50"),
                ..required(
                    "limit",
                    "The most rows to return. It replaces a limit of the query; -1 leaves the query as it is.",
                )
            },
            TIMEOUT,
        ],
        outputs: HUNT_OUTPUTS,
        ..PLAIN
    },
    Command {
        name: "test-module",
        task: Task::TestModule,
        description: "Tests the instance.",
        ..BY_PLATFORM
    },
    Command {
        name: "fetch-incidents",
        task: Task::FetchIncidents,
        description: "Brings new incidents.",
        ..BY_PLATFORM
    },
    Command {
        name: "get-modified-remote-data",
        task: Task::GetModifiedRemoteData,
        description: "Names the incidents that changed since the last update.",
        arguments: &[optional(
            "lastUpdate",
            "The time of the last update. Incidents that changed later are named.",
        )],
        ..BY_PLATFORM
    },
    Command {
        name: "get-remote-data",
        task: Task::GetRemoteData,
        description: "Reads an incident, and what is new in it as entries.",
        arguments: &[
            INCIDENT_ID,
            Argument {
                default: Some("0"),
                ..optional("lastUpdate", "The time of the last update. What came later is new.")
            },
        ],
        ..BY_PLATFORM
    },
    Command {
        name: "update-remote-system",
        task: Task::UpdateRemoteSystem,
        description: "Writes what changed in a mirrored incident.",
        ..BY_PLATFORM
    },
    Command {
        name: "get-mapping-fields",
        task: Task::GetMappingFields,
        description: "Names the fields that mirroring can write.",
        ..BY_PLATFORM
    },
];
