//! The command line.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::commands::{auth, config, hunt, incidents};
use crate::output::{Color, Format};

/// Microsoft Defender XDR for security automation.
///
/// Signs in by the flow that `authentication-flow` names, then lists, reads and updates incidents and runs
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

/// Flags every command takes, before or after it.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Use the table [profile.NAME] of the settings file.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Read this settings file too; it wins over the user's.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How to sign in (authentication-flow).
    #[arg(long, global = true, value_name = "FLOW")]
    pub(crate) flow: Option<String>,
    /// Which API to speak: graph or legacy.
    #[arg(long, global = true, value_name = "API")]
    pub(crate) api: Option<String>,
    /// Tenant GUID or domain (tenant-id).
    #[arg(long, global = true, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Set any key that is no secret.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Use the built-in demonstration tenant: no account, no network, invented data.
    #[arg(long, global = true)]
    pub(crate) demo: bool,
    /// Start the demonstration tenant anew.
    #[arg(long, global = true)]
    pub(crate) demo_fresh: bool,
    /// Output format: a table on a terminal, JSON in a pipe.
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// Print the server's own objects.
    #[arg(long, global = true)]
    pub(crate) raw: bool,
    /// Ask again at once although the credential was refused moments ago.
    #[arg(long, global = true)]
    pub(crate) retry_now: bool,
    /// Say more on stderr; twice for every request.
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// Say nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in, and see how you are signed in.
    #[command(subcommand)]
    Auth(auth::Command),
    /// List, read, update and comment incidents.
    #[command(subcommand)]
    Incidents(incidents::Command),
    /// Run an advanced hunting query (KQL).
    Hunt(hunt::Arguments),
    /// Look at the settings.
    #[command(subcommand)]
    Config(config::Command),
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
