//! `xsoar`: the contract of the Cortex integration, as a line of the War Room or as one request of the platform.

mod command;
mod heard;
mod plain;
mod request;

use clap::Subcommand;

pub(crate) use plain::Plain;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Run one command of the Cortex integration, as a line of the War Room has it.
    ///
    /// With the settings and the sign-in of this program. A table shows what the War Room shows, JSON is the entry.
    #[command(
        after_help = "Example: defender-xdr xsoar command '!microsoft-365-defender-incidents-list limit=10 status=Active'"
    )]
    Command {
        /// The line in one word; or the command, and an argument name=value in each further word.
        #[arg(required = true, value_name = "LINE")]
        words: Vec<String>,
    },
    /// Answer one request of the platform: a JSON object on standard input, a JSON object on standard output.
    ///
    /// Settings come from its `params`, state from its `integrationContext` and `lastRun`: nothing is read from or written
    /// to disk. What the form cannot say comes from the environment, such as `DEFENDER_XDR_AUTHORITY_HOST`
    /// and `DEFENDER_XDR_CA_FILE`. A failed command is an error entry and exit code 0.
    Run,
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Command { words } => command::run(world, &words).await,
        Command::Run => request::run(world).await,
    }
}

/// Runs a command of the Cortex integration that was called by its own name.
pub(crate) async fn run_plain(world: &World, plain: Plain) -> Result<Exit, Failure> {
    let (name, arguments) = plain.into_parts();
    let words: Vec<_> = std::iter::once(name.to_owned()).chain(arguments).collect();
    command::run(world, &words).await
}
