//! The commands, one file each.

pub(crate) mod alerts;
pub(crate) mod api;
pub(crate) mod auth;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod doctor;
#[cfg(feature = "emulator")]
pub(crate) mod emulator;
pub(crate) mod fetch;
pub(crate) mod hunt;
pub(crate) mod incidents;
pub(crate) mod init;
pub(crate) mod man;
pub(crate) mod migrate;
mod phrase;
pub(crate) mod report;
pub(crate) mod xsoar;

use crate::args::Command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

/// Runs a command.
pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(arguments) => init::run(world, &arguments).await,
        Command::Auth(command) => auth::run(world, command).await,
        Command::Incidents(command) => incidents::run(world, command).await,
        Command::Alerts(command) => alerts::run(world, command).await,
        Command::Hunt(arguments) => hunt::run(world, arguments).await,
        Command::Fetch(arguments) => fetch::run(world, &arguments).await,
        Command::Report(arguments) => report::run(world, &arguments).await,
        Command::Api(arguments) => api::run(world, *arguments).await,
        Command::Config(command) => config::run(world, &command),
        Command::Completions(arguments) => completions::run(world, &arguments),
        Command::Man(arguments) => man::run(world, &arguments),
        Command::Doctor(arguments) => doctor::run(world, &arguments).await,
        Command::Migrate(command) => migrate::run(world, command).await,
        Command::Xsoar(command) => xsoar::run(world, command).await,
        Command::Plain(plain) => xsoar::run_plain(world, plain).await,
        #[cfg(feature = "emulator")]
        Command::Emulator(arguments) => emulator::run(world, arguments).await,
    }
}
