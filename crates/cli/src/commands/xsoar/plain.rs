//! The commands of the Cortex integration by their own names, beside those of this program.

use clap::{Args, Subcommand};

/// Arguments in words.
#[derive(Debug, Clone, Args)]
pub(crate) struct Words {
    /// Arguments, a name=value in each word.
    #[arg(value_name = "NAME=VALUE")]
    arguments: Vec<String>,
}

/// A variant for each name.
macro_rules! plain {
    ($($variant:ident $name:literal),* $(,)?) => {
        #[derive(Debug, Clone, Subcommand)]
        pub(crate) enum Plain {
            $(#[doc = "A command of the Cortex integration; `xsoar command` tells more."]
            #[command(name = $name, hide = true)]
            $variant(Words),)*
        }

        impl Plain {
            /// Its name and its arguments.
            pub(crate) fn into_parts(self) -> (&'static str, Vec<String>) {
                match self {
                    $(Self::$variant(words) => ($name, words.arguments),)*
                }
            }

            #[cfg(test)]
            const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

plain! {
    AuthStart "microsoft-365-defender-auth-start",
    AuthComplete "microsoft-365-defender-auth-complete",
    AuthReset "microsoft-365-defender-auth-reset",
    AuthTest "microsoft-365-defender-auth-test",
    IncidentsList "microsoft-365-defender-incidents-list",
    IncidentGet "microsoft-365-defender-incident-get",
    IncidentUpdate "microsoft-365-defender-incident-update",
    AdvancedHunting "microsoft-365-defender-advanced-hunting",
}

#[cfg(test)]
mod tests {
    use defender_xdr_xsoar::table::COMMANDS;

    use super::Plain;

    #[test]
    fn every_command_that_people_run_has_its_own_name() {
        let people = COMMANDS.iter().filter(|command| !command.called_by_platform);
        assert_eq!(people.map(|command| command.name).collect::<Vec<_>>(), Plain::NAMES);
    }
}
