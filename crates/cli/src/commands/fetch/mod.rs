//! `fetch`: new incidents since the checkpoint, each once, nothing lost.

mod acknowledged;
mod appended;
mod carried;
mod destination;
mod kept;
mod lines;
mod pace;
mod piped;

pub(crate) use carried::Carried;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use defender_xdr_api::fetch::{Checkpoint, Fetch, FetchOptions, Hole, MissingPart};
use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_api::{ApiError, ApiErrorKind};
use defender_xdr_core::Timestamp;

use self::destination::Destination;
use self::kept::{Kept, Place};
use self::lines::Lines;
use self::pace::Pace;
use crate::commands::phrase;
use crate::counting::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Format;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Arguments {
    /// Where the first run begins: created since `3 days`, `12h`, a date, or an RFC 3339 time (default: a day ago).
    /// Later runs go on from the checkpoint.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// End after this many.
    #[arg(long, value_parser = one_or_more, value_name = "COUNT", allow_negative_numbers = true)]
    max: Option<usize>,
    /// Go on waiting for new incidents.
    #[arg(long)]
    follow: bool,
    /// Seconds between two looks with --follow.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Seconds by which each look goes back over the last one, for incidents that are published late.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    look_back: u64,
    /// Append to this file, each incident exactly once, also after a crash.
    #[arg(long, value_name = "FILE", conflicts_with = "ack")]
    output: Option<PathBuf>,
    /// The reader says on standard input which incident it has: each exactly once, also after a crash.
    #[arg(long)]
    ack: bool,
    /// The name of the checkpoint: one for each reader.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = kept::name)]
    checkpoint: String,
    /// Forget the checkpoint and begin anew.
    #[arg(long)]
    restart: bool,
    /// Ask Graph for each incident's alerts too; the legacy API always sends them.
    #[arg(long)]
    with_alerts: bool,
}

pub(crate) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    if world.global.output.is_some_and(|format| !matches!(format, Format::Ndjson)) {
        return Err(Failure::usage("`fetch` prints one JSON object a line, and nothing else")
            .with_source("flag -o")
            .with_hint("leave `-o` out, or say `-o ndjson`")
            .into());
    }
    if world.global.sort.is_some() || !world.global.columns.is_empty() {
        return Err(Failure::usage("`fetch` prints whole incidents as they come")
            .with_source("flags --sort and --columns")
            .with_hint("leave them out, or choose members with `--jq`")
            .into());
    }
    if world.is_seen_through() && (arguments.ack || arguments.output.is_some()) {
        return Err(Failure::usage("with `--output` and `--ack` each incident is one line, whole")
            .with_source("flag --jq")
            .with_hint("leave `--jq` out, or `--output` and `--ack`")
            .into());
    }
    let since = beginning(arguments)?;
    let session = open(world).await?;
    let tenant = session.context.values.text("tenant-id").unwrap_or_default().to_owned();
    let place = Place::new(world, &arguments.checkpoint)?;
    let anew = || Kept::new(tenant.clone(), Checkpoint::new(since));
    let kept = match place.read(&tenant) {
        // What was written to the file stays known: a line that a kill cut is not taken for a whole one.
        Ok(Some(kept)) if arguments.restart => Kept { appended: kept.appended, ..anew() },
        Ok(Some(kept)) => {
            if arguments.since.is_some() {
                world.say("`--since` is for the first run: this one goes on from its checkpoint (`--restart` forgets it)");
            }
            kept
        }
        Err(_) if arguments.restart => anew(),
        other => other?.unwrap_or_else(anew),
    };
    let mut destination = Destination::open(world, arguments, place, kept).await?;
    let client = session.client()?.in_background();
    let options = FetchOptions {
        query: IncidentQuery { expand_alerts: arguments.with_alerts, ..IncidentQuery::default() },
        look_back: Duration::from_secs(arguments.look_back),
        ..FetchOptions::default()
    };
    let fetch = client.fetch(destination.checkpoint(), options);
    let mut run = Run {
        world,
        session: &session,
        fetch,
        destination: &mut destination,
        lines: Lines::new(session.backend, world.global.raw),
        left: arguments.max,
        holes: 0,
    };
    let ended = run.until_the_end(arguments).await;
    let holes = run.holes;
    session.tokens.flush().await;
    let count = destination.finish()?;
    ended.map_err(|failure| failure.after_output(count > 0 || holes > 0))?;
    if count == 0 && !arguments.follow {
        world.say("no new incidents");
    }
    if holes == 0 {
        return Ok(Exit::Ok);
    }
    let what = if holes == 1 {
        "one incident is missing or incomplete"
    } else {
        "incidents are missing or incomplete"
    };
    Err(Report::new("partial", Exit::Partial, format!("{what} ({holes}); each was told on stderr"))
        .with_hint("the service failed over them again and again; look at them in the portal")
        .into())
}

fn one_or_more(text: &str) -> Result<usize, String> {
    match whole(text)? {
        0 => Err("none at all would say nothing about what is new".to_owned()),
        count => Ok(count),
    }
}

fn beginning(arguments: &Arguments) -> Result<Timestamp, Failure> {
    let text = arguments.since.as_deref().unwrap_or("1 day");
    phrase::moment(text, Timestamp::now())
        .map_err(|problem| Failure::usage(problem).with_source("flag --since").into())
}

struct Run<'a> {
    world: &'a World,
    session: &'a Session,
    fetch: Fetch<'a>,
    destination: &'a mut Destination,
    lines: Lines,
    left: Option<usize>,
    holes: usize,
}

impl Run<'_> {
    /// Polls until there is nothing more, `--max` is reached or somebody asks it to stop.
    async fn until_the_end(&mut self, arguments: &Arguments) -> Result<(), Failure> {
        let mut pace = Pace::new(Duration::from_secs(arguments.every), arguments.follow)?;
        loop {
            let polled = tokio::select! {
                biased;
                () = pace.stopped() => return Ok(()),
                polled = self.poll() => polled,
            };
            match polled {
                Ok(Polled::Enough) => return Ok(()),
                Ok(Polled::CaughtUp) if !arguments.follow => return Ok(()),
                Ok(Polled::CaughtUp) => pace.well(),
                Err(Trouble::Service(error)) if arguments.follow && passes(&error) => {
                    let wait = pace.trouble(error.until());
                    tracing::warn!("{error}; looking again in {} s", wait.as_secs());
                }
                Err(Trouble::Service(error)) => return self.session.told(Err(error), ""),
                Err(Trouble::Here(failure)) => return Err(failure),
            }
            if !pace.wait().await {
                return Ok(());
            }
            // Each poll may wait as long as a command may.
            self.session.context.retry.budget.refill();
        }
    }

    /// One poll, batch by batch; each is safe before the next is asked for.
    async fn poll(&mut self) -> Result<Polled, Trouble> {
        loop {
            if self.left == Some(0) {
                return Ok(Polled::Enough);
            }
            let batch = self.fetch.next(self.left.unwrap_or(usize::MAX)).await;
            for hole in self.fetch.take_holes() {
                self.holes += 1;
                self.tell(&hole);
            }
            let Some(batch) = batch.map_err(Trouble::Service)? else {
                let checkpoint = self.fetch.checkpoint().clone();
                self.destination.settle(checkpoint).map_err(Trouble::Here)?;
                return Ok(Polled::CaughtUp);
            };
            self.left = self.left.map(|left| left - batch.incidents.len().min(left));
            let lines = self.lines.of(&batch.incidents);
            self.destination.deliver(lines, batch.checkpoint).await.map_err(Trouble::Here)?;
        }
    }

    /// A hole, for machines when they asked for it.
    fn tell(&self, hole: &Hole) {
        if self.world.global.output.is_some() {
            let line = serde_json::json!({ "hole": hole }).to_string();
            self.world.say(&line);
            return;
        }
        let which = match (&hole.id, hole.created_from) {
            (Some(id), _) => format!("incident {id}"),
            (None, Some(at)) => format!("an incident created at or after {at}"),
            (None, None) => "an incident".to_owned(),
        };
        match hole.missing {
            MissingPart::Incident => {
                tracing::warn!("{which} cannot be read and is left out: {}", hole.reason);
            }
            MissingPart::Alerts => {
                tracing::warn!("the alerts of {which} cannot be read: {}", hole.reason);
            }
        }
    }
}

enum Polled {
    CaughtUp,
    Enough,
}

enum Trouble {
    Service(ApiError),
    Here(Failure),
}

/// Troubles that heal by themselves.
fn passes(error: &ApiError) -> bool {
    error.is_retryable() || matches!(error.kind(), ApiErrorKind::Unreadable | ApiErrorKind::Circle)
}
