//! `migrate compare`: the same incidents read from both APIs, and whether anything stands against leaving the old one.

mod reading;
mod shown;
mod side;

use clap::Args;
use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;

use self::reading::Reading;
use self::side::Side;
use super::super::incidents::holes::tell;
use super::super::phrase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::progress::Progress;
use crate::world::World;

/// Whoever names no beginning means the last day.
const USUAL: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Args)]
#[command(after_help = "Nothing is changed on either side. Exit code 0 means go, 1 no-go.

Examples:
  defender-xdr migrate compare
  defender-xdr migrate compare --since '7 days' --with-alerts -o json")]
pub(crate) struct Arguments {
    /// Created since: `3 days`, `12h`, a date, or an RFC 3339 time; without a zone in UTC. The last 24 hours if absent.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Created before.
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Stop after so many incidents, the oldest first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Compare alerts and their evidence, too. Graph sends them on demand only, which takes longer.
    #[arg(long)]
    with_alerts: bool,
}

/// What was asked for.
#[derive(Debug)]
struct Window {
    since: Timestamp,
    until: Option<Timestamp>,
    limit: Option<u64>,
    with_alerts: bool,
}

pub(super) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let window = window(arguments, Timestamp::now())?;
    let session = open(world).await?;
    let query = IncidentQuery {
        created_since: Some(window.since),
        created_until: window.until,
        extent: Extent::All,
        expand_alerts: window.with_alerts,
        ..IncidentQuery::default()
    };
    let mut sides = Vec::new();
    for backend in [Backend::Legacy, Backend::Graph] {
        sides.push(Side::open(world, &session, backend)?);
    }
    let [legacy, graph] = sides.as_slice() else { return Err(Failure::bug("there are two sides")) };
    let mut progress = Progress::new("incidents", false, world.global.quiet);
    let now = session.context.clock.now();
    let result = Reading::new(legacy, graph, &query, &window, now)?.run(&mut progress).await;
    drop(progress);
    legacy.flush().await;
    graph.flush().await;
    let found = result?;
    for (side, hole) in &found.holes {
        tracing::warn!("the {side} side has a hole");
        tell(world, hole);
    }
    shown::show(world, &window, &found)
}

fn window(arguments: &Arguments, now: Timestamp) -> Result<Window, Failure> {
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let moment = |flag: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => phrase::moment(text, now)
            .map(Some)
            .map_err(|problem| Failure::from(Failure::usage(problem).with_source(format!("flag {flag}")))),
    };
    let since = moment("--since", &arguments.since)?;
    let until = moment("--until", &arguments.until)?;
    let since = since.unwrap_or_else(|| until.unwrap_or(now).saturating_sub(USUAL).unwrap_or(Timestamp::MIN));
    if until.is_some_and(|until| until <= since) {
        return Err(Failure::usage("the range ends before it begins")
            .with_source("flags --since and --until")
            .with_hint("`--since` is the earlier one")
            .into());
    }
    Ok(Window { since, until, limit: arguments.limit, with_alerts: arguments.with_alerts })
}
