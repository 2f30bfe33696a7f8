//! `report`: one HTML page about incidents, or its numbers as JSON.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::fetch::MissingPart;
use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::Timestamp;
use defender_xdr_core::store::atomic;
use defender_xdr_report::{Findings, Tally, page};

use super::incidents::filters::{Filters, say_what_is_filtered_here};
use super::incidents::holes::{outcome, tell};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Format;
use crate::progress::Progress;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// One HTML page about incidents: severity over time, age, working times, tactics, detections, entities.
#[derive(Debug, Args)]
#[command(
    after_help = "Without filters, all incidents are counted. `-o json` prints the numbers instead of the page."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filters: Filters,
    /// OData filter in the API's own words, sent as it is.
    #[arg(long, value_name = "ODATA", value_parser = NonEmptyStringValueParser::new())]
    filter: Option<String>,
    /// Write to this file, which is replaced as a whole or not at all.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let as_json = as_json(world)?;
    if arguments.output.is_none() && !as_json && std::io::stdout().is_terminal() {
        return Err(Failure::usage("a page of HTML is nothing to read on a terminal")
            .with_source("command report")
            .with_hint("write it to a file with `--output incidents.html`, or into a pipe; `-o json` prints the numbers")
            .into());
    }
    let now = Timestamp::now();
    let query = IncidentQuery {
        filter: arguments.filter.clone(),
        extent: Extent::All,
        expand_alerts: true,
        ..arguments.filters.query(now)?
    };
    let session = open(world).await?;
    let counted = count(world, &session, &query, now).await?;
    session.tokens.flush().await;
    let text = if as_json {
        serde_json::to_string(&counted.findings).map_err(|error| Failure::bug(error.to_string()))? + "\n"
    } else {
        page(&counted.findings, &scope(&query)) + "\n"
    };
    if let Some(path) = &arguments.output {
        write(path, text.as_bytes())?;
    } else {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()?;
    }
    if let Some(path) = &arguments.output {
        world.say(&format!("{} incidents; the report is in {}", counted.findings.incidents, path.display()));
    }
    counted.end
}

/// The page is asked for unless JSON is, by name.
fn as_json(world: &World) -> Result<bool, Failure> {
    if world.global.raw || world.is_seen_through() {
        return Err(Failure::usage("a report is a page, not records")
            .with_source("flags --raw and --jq")
            .into());
    }
    match world.global.output {
        None => Ok(false),
        Some(Format::Json) => Ok(true),
        Some(_) => Err(Failure::usage("a report is an HTML page, or its numbers as JSON")
            .with_source("flag -o")
            .with_hint("leave out `-o`, or use `-o json`")
            .into()),
    }
}

struct Counted {
    findings: Findings,
    /// How the command ends once the page is written.
    end: Result<Exit, Failure>,
}

/// Counts page by page. A fault in the middle is no report: half the numbers would look like all of them.
async fn count(
    world: &World,
    session: &Session,
    query: &IncidentQuery,
    now: Timestamp,
) -> Result<Counted, Failure> {
    let client = session.client()?.in_background();
    say_what_is_filtered_here(world, query, client.backend());
    let mut progress = Progress::new("incidents", true, world.global.quiet);
    let mut tally = Tally::new(now);
    let mut unreadable = 0;
    let flag = if query.filter.is_some() { "flag --filter" } else { "" };
    let mut walk = session.told(client.walk_incidents(query), "")?;
    while let Some(page) = session.told(walk.next().await, flag)? {
        for walked in page.incidents() {
            match walked.incident() {
                Ok(incident) => tally.add(&incident),
                Err(problem) => {
                    tracing::warn!("{problem}; it is left out");
                    tally.add_unreadable();
                    unreadable += 1;
                }
            }
            progress.tick();
        }
    }
    drop(progress);
    let holes = walk.holes();
    for hole in &holes {
        tell(world, hole);
        if hole.missing == MissingPart::Incident {
            tally.add_unreadable();
        }
    }
    Ok(Counted { findings: tally.finish(), end: outcome(unreadable, &holes) })
}

/// Which incidents were asked for, in words.
fn scope(query: &IncidentQuery) -> String {
    let mut parts = Vec::new();
    let mut words = |name: &str, words: &[String]| {
        if !words.is_empty() {
            parts.push(format!("{name} {}", words.join(" or ")));
        }
    };
    words("status", &query.status);
    words("severity", &query.severity);
    words("classification", &query.classification);
    words("determination", &query.determination);
    words("tag", &query.tags);
    words("source", &query.sources);
    words("owner", query.assigned_to.as_slice());
    words("text", query.text.as_slice());
    words("filter", query.filter.as_slice());
    for (name, at) in [
        ("created since", query.created_since),
        ("created before", query.created_until),
        ("changed since", query.updated_since),
        ("changed before", query.updated_until),
    ] {
        parts.extend(at.map(|at| format!("{name} {}", at.strftime("%Y-%m-%d %H:%M"))));
    }
    if query.unassigned {
        parts.push("without an owner".to_owned());
    }
    parts.join(", ")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    // A bare name lies in this folder.
    let place = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    // What a link leads to is replaced, not the link.
    let place = place.canonicalize().unwrap_or(place);
    atomic::replace(&place, bytes).map_err(|error| {
        Report::new("output", Exit::Service, format!("cannot write the report: {error}"))
            .with_source(format!("file {}", path.display()))
            .with_hint("check that the folder exists and may be written to")
            .into()
    })
}
