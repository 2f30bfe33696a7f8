//! `incidents board`.

use std::io::IsTerminal as _;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_board::{Colours, Ended, give_back};
use defender_xdr_core::Timestamp;
use tokio::signal::unix::{SignalKind, signal};

use super::filters::Filters;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Color;
use crate::report::Report;
use crate::world::World;

#[derive(Debug, Args)]
#[command(
    after_help = "Keys are shown on the board; `?` explains them. Nothing is written before it was shown and confirmed."
)]
pub(crate) struct Selection {
    #[command(flatten)]
    filters: Filters,
    /// OData filter in the API's own words, sent as it is.
    #[arg(long, value_name = "ODATA", value_parser = NonEmptyStringValueParser::new())]
    filter: Option<String>,
    /// The owner that is proposed when an incident is assigned: your user principal name.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    owner: Option<String>,
}

pub(super) async fn run(world: &World, selection: &Selection) -> Result<Exit, Failure> {
    let bare = world.environment.get("TERM").is_none_or(|kind| kind == "dumb" || kind.is_empty());
    if bare || !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "a board needs a terminal that can draw, for what it shows and for your keys",
        )
        .with_source("command incidents board")
        .with_hint("`incidents list` prints into pipes and files")
        .into());
    }
    if world.global.output.is_some() || world.global.raw || world.is_seen_through() {
        return Err(Failure::usage("a board is looked at: it prints no records")
            .with_source("flags -o, --raw and --jq")
            .with_hint("leave them out, or use `incidents list`")
            .into());
    }
    let query =
        IncidentQuery { filter: selection.filter.clone(), ..selection.filters.query(Timestamp::now())? };
    let session = open(world).await?;
    let client = session.client()?;
    give_back_before_panics_are_told();
    let clock = session.context.clock.as_ref();
    let ended = defender_xdr_board::run(
        client,
        query,
        clock,
        selection.owner.as_deref(),
        colours(world),
        told_to_stop(),
    )
    .await;
    session.tokens.flush().await;
    match ended {
        Ended::Left => Ok(Exit::Ok),
        Ended::Failed(error) => {
            let flag = if selection.filter.is_some() { "flag --filter" } else { "" };
            session.told(Err(error), flag)
        }
        Ended::Terminal(error) => {
            Err(Report::new("output", Exit::Service, format!("the terminal fails: {error}")).into())
        }
    }
}

fn colours(world: &World) -> Colours {
    let unwanted = world.environment.get("NO_COLOR").is_some();
    match world.global.color {
        Color::Never => Colours::None,
        Color::Auto if unwanted => Colours::None,
        Color::Auto | Color::Always => Colours::Sixteen,
    }
}

/// The words of a panic would be wiped away with the board.
fn give_back_before_panics_are_told() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        give_back();
        told(panic);
    }));
}

/// A closed window and `kill` leave the terminal as it was, too.
async fn told_to_stop() {
    let (Ok(mut gone), Ok(mut ended)) = (signal(SignalKind::hangup()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = gone.recv() => {}
        _ = ended.recv() => {}
    }
}
