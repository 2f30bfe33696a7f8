//! `incidents`: list, get, update, comment; one file for each part of them.

mod all;
#[cfg(feature = "board")]
mod board;
mod change;
mod claims;
mod entities;
pub(crate) mod filters;
pub(super) mod holes;
mod ids;
mod input;
mod list;
mod manner;
mod many;
mod outcome;
mod preview;
mod show;
mod turns;
pub(super) mod unsettled;
mod untold;
mod worker;

pub(crate) use entities::FIELDS as ENTITY_FIELDS;
pub(crate) use list::FIELDS;

use clap::Subcommand;
use clap::builder::NonEmptyStringValueParser;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// List incidents.
    List(Box<list::Selection>),
    /// Look at incidents on a board in this terminal: open, hunt from, assign, classify and comment them.
    #[cfg(feature = "board")]
    Board(Box<board::Selection>),
    /// Read one incident with its alerts.
    Get {
        /// Incident id.
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// Show what is left of a merged incident, in place of the one it was merged into.
        #[arg(long)]
        no_follow: bool,
    },
    /// The devices, users, files, addresses and other things that incidents are about, each once.
    Entities(entities::Wanted),
    /// Change incidents.
    Update(Box<change::Change>),
    /// Add a comment to incidents; comments cannot be edited or deleted.
    Comment(change::Comment),
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::List(selection) => list::run(world, &selection).await,
        #[cfg(feature = "board")]
        Command::Board(selection) => board::run(world, &selection).await,
        Command::Get { id, no_follow } => show::run(world, &id, !no_follow).await,
        Command::Entities(wanted) => entities::run(world, &wanted).await,
        Command::Update(change) => change::update(world, *change).await,
        Command::Comment(comment) => change::comment(world, comment).await,
    }
}
