//! `incidents`: list, get, update, comment.

mod all;
mod change;
pub(crate) mod filters;
mod list;
mod show;
mod turns;
mod unsettled;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List incidents.
    List(Box<list::Selection>),
    /// Read one incident with its alerts.
    Get {
        /// Incident id.
        id: String,
    },
    /// Change an incident.
    Update(Box<change::Change>),
    /// Add a comment to an incident; comments cannot be edited or deleted.
    Comment {
        /// Incident id.
        id: String,
        /// The comment.
        text: String,
    },
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::List(selection) => list::run(world, &selection).await,
        Command::Get { id } => show::run(world, &id).await,
        Command::Update(change) => change::update(world, *change).await,
        Command::Comment { id, text } => change::comment(world, &id, &text).await,
    }
}
