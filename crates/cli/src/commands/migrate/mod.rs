//! `migrate`: from the legacy API to Microsoft Graph.

mod compare;
mod cutover;
mod cutover_note;
mod permissions;
mod scan;
mod translate;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Find where scripts, playbooks, queries and settings still use the legacy API; exit 1 when something is found.
    Scan(scan::Arguments),
    /// Say a filter, field, word, body or context path of one API in the words of the other; exit 1 when something has
    /// no counterpart.
    Translate(translate::Arguments),
    /// Read the same incidents from both APIs and tell what differs: exit 0 when the rules explain all of it, 1 when not.
    Compare(compare::Arguments),
    /// The fewest permissions of Microsoft Graph that the commands in use need, and where to consent to them. No network.
    Permissions(permissions::Arguments),
    /// Set this profile to Microsoft Graph, and its checkpoints with it, once Graph has answered.
    Cutover(cutover::Arguments),
    /// Set this profile back to what it was before its cutover.
    Rollback(cutover::Arguments),
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Scan(arguments) => scan::run(world, arguments).await,
        Command::Translate(arguments) => translate::run(world, &arguments),
        Command::Compare(arguments) => compare::run(world, &arguments).await,
        Command::Permissions(arguments) => permissions::run(world, &arguments),
        Command::Cutover(arguments) => cutover::run(world, cutover::Way::Cutover, &arguments).await,
        Command::Rollback(arguments) => cutover::run(world, cutover::Way::Rollback, &arguments).await,
    }
}
