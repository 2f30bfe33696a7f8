//! The commands as data: names, arguments, outputs. Parsing, help and documentation are made from it.

mod commands;
mod outputs;

pub use commands::COMMANDS;
pub use outputs::{HUNT_OUTPUTS, INCIDENT_OUTPUTS};

/// What stands before the names of commands that people run.
pub const PREFIX: &str = "microsoft-365-defender-";

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Which one it is.
    pub task: Task,
    /// What it does, as a sentence.
    pub description: &'static str,
    /// Its arguments, in the order they are shown.
    pub arguments: &'static [Argument],
    /// What it leaves in the context.
    pub outputs: &'static [Output],
    /// Whether the platform alone calls it: it is in no list of commands that people see.
    pub called_by_platform: bool,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// The button that tests an instance.
    TestModule,
    /// Starts a sign-in.
    AuthStart,
    /// Completes a sign-in.
    AuthComplete,
    /// Forgets a sign-in.
    AuthReset,
    /// Tests a sign-in.
    AuthTest,
    /// Lists incidents.
    IncidentsList,
    /// Reads an incident.
    IncidentGet,
    /// Changes an incident.
    IncidentUpdate,
    /// Runs a query.
    AdvancedHunting,
    /// Brings new incidents.
    FetchIncidents,
    /// Names incidents that changed.
    GetModifiedRemoteData,
    /// Reads an incident and its news for a mirrored one.
    GetRemoteData,
    /// Writes changes of a mirrored incident.
    UpdateRemoteSystem,
    /// Names the fields that mirroring can write.
    GetMappingFields,
}

/// An argument of a command.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is, as a sentence.
    pub description: &'static str,
    /// Whether the command cannot do without.
    pub required: bool,
    /// What it is when it is not given.
    pub default: Option<&'static str>,
    /// Values that the platform offers. Others are taken, too.
    pub predefined: &'static [&'static str],
    /// Whether it is a list.
    pub is_array: bool,
}

/// A place in the context.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The path.
    pub path: &'static str,
    /// What is there, as a sentence.
    pub description: &'static str,
    /// Its type: `String`, `Number`, `Date` or `Unknown`.
    pub kind: &'static str,
}

impl Command {
    /// Finds a command by its whole name.
    pub fn find(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.name == name)
    }

    /// Finds a command by its name, with or without [`PREFIX`].
    pub fn find_by_any_name(name: &str) -> Option<&'static Self> {
        Self::find(name)
            .or_else(|| COMMANDS.iter().find(|command| command.name.strip_prefix(PREFIX) == Some(name)))
    }

    /// An argument by its name.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_original_is_there_once() {
        let names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        let expected = [
            "microsoft-365-defender-auth-start",
            "microsoft-365-defender-auth-complete",
            "microsoft-365-defender-auth-reset",
            "microsoft-365-defender-auth-test",
            "microsoft-365-defender-incidents-list",
            "microsoft-365-defender-incident-get",
            "microsoft-365-defender-incident-update",
            "microsoft-365-defender-advanced-hunting",
            "test-module",
            "fetch-incidents",
            "get-modified-remote-data",
            "get-remote-data",
            "update-remote-system",
            "get-mapping-fields",
        ];
        assert_eq!(names, expected);
        for (index, command) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..index].iter().all(|other| other.task != command.task), "{}", command.name);
        }
    }

    #[test]
    fn arguments_have_the_originals_names_defaults_and_choices() {
        let shown = |name: &str| -> Vec<String> {
            let command = Command::find(name).expect("a command");
            let shown = command.arguments.iter().map(|argument| {
                let mark = if argument.required { "!" } else { "" };
                let list = if argument.is_array { "[]" } else { "" };
                let default = argument.default.map(|text| format!("={text}")).unwrap_or_default();
                format!("{mark}{}{list}{default}", argument.name)
            });
            shown.collect()
        };
        assert_eq!(
            shown("microsoft-365-defender-incidents-list"),
            ["status", "assigned_to", "limit=100", "offset", "timeout=30", "odata"]
        );
        assert_eq!(shown("microsoft-365-defender-incident-get"), ["!id", "timeout=30"]);
        assert_eq!(
            shown("microsoft-365-defender-incident-update"),
            [
                "!id",
                "status",
                "assigned_to",
                "classification",
                "determination",
                "comment",
                "tags[]",
                "timeout=30"
            ]
        );
        assert_eq!(shown("microsoft-365-defender-advanced-hunting"), ["!query", "!limit=50", "timeout=30"]);
        assert_eq!(shown("get-modified-remote-data"), ["lastUpdate"]);
        assert_eq!(shown("get-remote-data"), ["!id", "lastUpdate=0"]);
        let update = Command::find("microsoft-365-defender-incident-update").expect("a command");
        let choices = |name: &str| update.argument(name).expect("an argument").predefined;
        assert_eq!(choices("status"), ["Active", "Resolved", "Redirected", "InProgress"]);
        assert_eq!(choices("determination").len(), 13);
    }

    #[test]
    fn descriptions_are_sentences() {
        for command in COMMANDS {
            let texts = command.arguments.iter().map(|argument| argument.description);
            let outputs = command.outputs.iter().map(|output| output.description);
            for text in texts.chain(outputs).chain([command.description]) {
                assert!(text.ends_with('.'), "{}: {text}", command.name);
            }
        }
    }

    #[test]
    fn a_command_is_found_with_and_without_the_prefix() {
        assert_eq!(
            Command::find_by_any_name("incidents-list").map(|command| command.task),
            Some(Task::IncidentsList)
        );
        assert_eq!(
            Command::find_by_any_name("test-module").map(|command| command.task),
            Some(Task::TestModule)
        );
        assert!(Command::find("incidents-list").is_none() && Command::find_by_any_name("nope").is_none());
    }
}
