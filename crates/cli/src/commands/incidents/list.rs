//! `incidents list`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::incidents::{Extent, Incident, IncidentQuery};
use defender_xdr_core::Timestamp;

use super::all;
use super::filters::{Filters, say_what_is_filtered_here};
use super::holes::{outcome, tell};
use crate::counting::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, List, Record};
use crate::progress::Progress;
use crate::usual_limit::{USUAL, say_where_it_ends};
use crate::world::World;

/// The members of an incident, as columns for machines ("incident resource type" of Microsoft Graph v1.0).
pub(crate) const FIELDS: &[&str] = &[
    "id",
    "displayName",
    "severity",
    "status",
    "classification",
    "determination",
    "assignedTo",
    "createdDateTime",
    "lastUpdateDateTime",
    "customTags",
    "systemTags",
    "description",
    "summary",
    "resolvingComment",
    "lastModifiedBy",
    "priorityScore",
    "redirectIncidentId",
    "incidentWebUrl",
    "tenantId",
    "comments",
    "alerts",
];

#[derive(Debug, Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    filters: Filters,
    /// OData filter in the API's own words, sent as it is.
    #[arg(long, value_name = "ODATA", value_parser = NonEmptyStringValueParser::new())]
    filter: Option<String>,
    /// At most this many (default 100).
    #[arg(long, value_name = "COUNT", conflicts_with = "all", value_parser = whole, allow_negative_numbers = true)]
    limit: Option<usize>,
    /// Skip this many first.
    #[arg(long, value_name = "COUNT", default_value_t = 0, value_parser = whole, allow_negative_numbers = true)]
    offset: usize,
    /// All there are.
    #[arg(long)]
    all: bool,
    /// Ask Graph for each incident's alerts too; the legacy API always sends them.
    #[arg(long)]
    with_alerts: bool,
}

pub(super) async fn run(world: &World, selection: &Selection) -> Result<Exit, Failure> {
    let query = query(selection)?;
    let session = open(world).await?;
    let client = session.client()?;
    // Whoever wants everything has time; whoever wants a page goes first.
    let client = if selection.all { client.in_background() } else { client };
    say_what_is_filtered_here(world, &query, client.backend());
    let columns = ["id", "severity", "status", "created", "owner", "name"];
    let mut list = List::new(world.output(), &columns).with_fields(FIELDS);
    if selection.all {
        return all::run(world, &session, &client, &query, list).await;
    }
    let mut progress = Progress::new("incidents", world.output_format() != Format::Table, world.global.quiet);
    let mut incidents = client.list_incidents(&query);
    let mut unreadable = 0_usize;
    let fault = loop {
        match incidents.next().await {
            Ok(Some(listed)) => match (&listed.incident, world.global.raw) {
                (Ok(incident), false) => list.push(&Record::Model(incident), || row(incident))?,
                (Ok(_), true) => list.push::<Incident>(&Record::Raw(listed.raw), Vec::new)?,
                (Err(problem), false) => {
                    tracing::warn!("{problem}; it is left out");
                    unreadable += 1;
                }
                (Err(problem), true) => {
                    tracing::warn!("{problem}; it is printed as it came");
                    list.push::<Incident>(&Record::Raw(listed.raw), Vec::new)?;
                    unreadable += 1;
                }
            },
            Ok(None) => break None,
            Err(error) => {
                let flag = if selection.filter.is_some() { "flag --filter" } else { "" };
                break session.told::<(), _>(Err(error), flag).err();
            }
        }
        progress.tick();
        if incidents.is_between_pages() {
            // Whoever reads the pipe gets a page as soon as it is there.
            list.flush()?;
        }
    };
    drop(progress);
    let holes = incidents.holes();
    for hole in &holes {
        tell(world, hole);
    }
    let count = list.count();
    let printed = count > 0;
    session.tokens.flush().await;
    if !printed && fault.is_none() && holes.is_empty() {
        world.say("no incidents");
    }
    // A list that failed at once prints nothing: an empty array would say that there is nothing.
    if printed || fault.is_none() {
        list.finish()?;
    }
    if fault.is_none() {
        say_where_it_ends(world, "incidents", count, selection.limit.is_some() || selection.all);
    }
    match fault {
        Some(fault) => Err(fault.after_output(printed)),
        None => outcome(unreadable, &holes),
    }
}

fn query(selection: &Selection) -> Result<IncidentQuery, Failure> {
    Ok(IncidentQuery {
        filter: selection.filter.clone(),
        offset: selection.offset,
        extent: if selection.all { Extent::All } else { Extent::AtMost(selection.limit.unwrap_or(USUAL)) },
        expand_alerts: selection.with_alerts,
        ..selection.filters.query(Timestamp::now())?
    })
}

pub(super) fn row(incident: &Incident) -> Vec<String> {
    let text = |name: &str| incident.text(name).unwrap_or("-").to_owned();
    vec![
        incident.id().to_owned(),
        text("severity"),
        text("status"),
        text("createdDateTime"),
        text("assignedTo"),
        text("displayName"),
    ]
}
