//! `migrate`: from the legacy API to Microsoft Graph.

mod permissions;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Clone, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// The fewest permissions of Microsoft Graph that the commands in use need, and where to consent to them. No network.
    Permissions(permissions::Arguments),
}

pub(crate) fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Permissions(arguments) => permissions::run(world, &arguments),
    }
}
