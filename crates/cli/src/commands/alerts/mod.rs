//! `alerts`: list, get, update, comment.

mod change;
mod list;
mod show;

pub(crate) use list::FIELDS;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// List alerts: the newest first; with --all, in the order of their last change.
    List(Box<list::Selection>),
    /// Read one alert with its evidence.
    Get(show::Wanted),
    /// Change an alert (Graph only).
    Update(Box<change::Change>),
    /// Add a comment to an alert (Graph only); comments cannot be edited or deleted.
    Comment {
        /// Alert id.
        id: String,
        /// The comment.
        #[arg(required_unless_present = "said", conflicts_with = "said")]
        text: Option<String>,
        /// The comment, as a flag.
        #[arg(long = "text", value_name = "TEXT")]
        said: Option<String>,
    },
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::List(selection) => list::run(world, &selection).await,
        Command::Get(wanted) => show::run(world, &wanted).await,
        Command::Update(change) => change::update(world, *change).await,
        Command::Comment { id, text, said } => {
            change::comment(world, &id, &text.or(said).unwrap_or_default()).await
        }
    }
}
