//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{
    alerts, api, auth, completions, config, doctor, fetch, hunt, incidents, init, man, migrate, xsoar,
};
use crate::global::Global;

/// Microsoft Defender XDR for security automation.
///
/// Signs in by the flow that `authentication-flow` names, then lists, reads and updates incidents and alerts and runs
/// advanced hunting, on Microsoft Graph or the legacy API.
#[derive(Debug, Parser)]
#[command(name = "defender-xdr", version, arg_required_else_help = true, propagate_version = false)]
#[command(after_help = "Try it without a tenant: defender-xdr --demo incidents list")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Begin: choose how to sign in, write the settings, sign in, show an incident.
    Init(init::Arguments),
    /// Sign in, and see how you are signed in.
    #[command(subcommand)]
    Auth(auth::Command),
    /// List, read, update and comment incidents.
    #[command(subcommand)]
    Incidents(incidents::Command),
    /// List, read, update and comment alerts.
    #[command(subcommand)]
    Alerts(alerts::Command),
    /// Run an advanced hunting query (KQL).
    Hunt(hunt::Arguments),
    /// Print new incidents since the last time, each once, one JSON object a line.
    Fetch(Box<fetch::Arguments>),
    /// Make a page about incidents, for people who decide.
    Report(Box<crate::commands::report::Arguments>),
    /// Make any other call of the API, signed in.
    Api(Box<api::Arguments>),
    /// Look at the settings.
    #[command(subcommand)]
    Config(config::Command),
    /// Say what is wrong: settings, network, sign-in, permissions, limits; each with its remedy.
    Doctor(doctor::Arguments),
    /// Move from the legacy API to Microsoft Graph.
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Speak the contract of the Cortex XSOAR integration.
    #[command(subcommand)]
    Xsoar(xsoar::Command),
    /// The commands of the Cortex integration by their own names.
    #[command(flatten)]
    Plain(xsoar::Plain),
    /// Print a script that completes commands, flags, profiles and values in a shell.
    Completions(completions::Arguments),
    /// Print the manual, or write all of it.
    Man(man::Arguments),
    /// Serve an invented tenant on this machine, for tests and for other clients.
    #[cfg(feature = "emulator")]
    Emulator(crate::commands::emulator::Arguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
