//! `incidents`: list, get, update, comment.

use clap::{Args, Subcommand};
use defender_xdr_api::incidents::{Assignee, Extent, Incident, IncidentChange, IncidentQuery, TagChange};
use defender_xdr_api::words::{SEVERITY, STATUS, Vocabulary};
use defender_xdr_core::Timestamp;

use super::phrase;
use crate::exit::Exit;
use crate::failure::{Failure, Report};
use crate::output::{Format, List, Output, Record, Table};
use crate::progress::Progress;
use crate::session::Session;
use crate::world::World;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List incidents.
    List(Box<Selection>),
    /// Read one incident with its alerts.
    Get {
        /// Incident id.
        id: String,
    },
    /// Change an incident.
    Update(Box<Change>),
    /// Add a comment to an incident; comments cannot be edited or deleted.
    Comment {
        /// Incident id.
        id: String,
        /// The comment.
        text: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// active, inProgress, resolved, redirected or awaitingAction; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = status_word)]
    status: Vec<String>,
    /// high, medium, low, informational or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = severity_word)]
    severity: Vec<String>,
    /// The owner's user principal name.
    #[arg(long, value_name = "NAME")]
    assigned_to: Option<String>,
    /// Created since: `3 days`, `12 hours`, or an RFC 3339 time.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Changed since.
    #[arg(long, value_name = "WHEN")]
    updated_since: Option<String>,
    /// OData filter in the API's own words, sent as it is.
    #[arg(long, value_name = "ODATA")]
    filter: Option<String>,
    /// At most this many (default 100).
    #[arg(long, value_name = "COUNT", conflicts_with = "all")]
    limit: Option<usize>,
    /// Skip this many first.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    offset: usize,
    /// All there are.
    #[arg(long)]
    all: bool,
    /// Ask Graph for each incident's alerts too; the legacy API always sends them.
    #[arg(long)]
    with_alerts: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Incident id.
    id: String,
    /// active, inProgress or resolved.
    #[arg(long)]
    status: Option<String>,
    /// The new owner's user principal name.
    #[arg(long, value_name = "NAME")]
    assigned_to: Option<String>,
    /// Leave the incident without an owner.
    #[arg(long, conflicts_with = "assigned_to")]
    unassign: bool,
    /// truePositive, falsePositive, informationalExpectedActivity or unknown.
    #[arg(long)]
    classification: Option<String>,
    /// A determination that the classification allows.
    #[arg(long)]
    determination: Option<String>,
    /// Replace all custom tags by these, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "TAGS", conflicts_with_all = ["add_tag", "remove_tag", "clear_tags"])]
    tags: Vec<String>,
    /// Add a custom tag; the others stay.
    #[arg(long, value_name = "TAG")]
    add_tag: Vec<String>,
    /// Remove a custom tag; the others stay.
    #[arg(long, value_name = "TAG")]
    remove_tag: Vec<String>,
    /// Remove all custom tags.
    #[arg(long, conflicts_with_all = ["add_tag", "remove_tag"])]
    clear_tags: bool,
    /// A new name (Graph only).
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    /// A new severity (Graph only).
    #[arg(long)]
    severity: Option<String>,
    /// Why it is resolved (Graph only).
    #[arg(long, value_name = "TEXT")]
    resolving_comment: Option<String>,
    /// Add a comment.
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::List(selection) => list(world, &selection).await,
        Command::Get { id } => get(world, &id).await,
        Command::Update(change) => update(world, *change).await,
        Command::Comment { id, text } => comment(world, &id, &text).await,
    }
}

async fn list(world: &World, selection: &Selection) -> Result<Exit, Failure> {
    let query = query(selection)?;
    let session = Session::open(world).await?;
    let client = session.client()?;
    let mut list = List::new(world.output(), &["id", "severity", "status", "created", "owner", "name"]);
    let mut progress = Progress::new("incidents", world.output_format() != Format::Table, world.global.quiet);
    let mut incidents = client.list_incidents(&query);
    let mut unreadable = 0_usize;
    let fault = loop {
        match incidents.next().await {
            Ok(Some(listed)) => match (&listed.incident, world.global.raw) {
                (Ok(incident), false) => list.push(&Record::Model(incident), || row(incident))?,
                (Ok(_), true) => list.push::<Incident>(&Record::Raw(listed.raw), Vec::new)?,
                (Err(problem), _) => {
                    tracing::warn!("{problem}; it is left out");
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
    let printed = list.count() > 0;
    session.tokens.flush().await;
    if !printed && fault.is_none() {
        world.say("no incidents");
    }
    // A list that failed at once prints nothing: an empty array would say that there is nothing.
    if printed || fault.is_none() {
        list.finish()?;
    }
    match fault {
        Some(fault) => Err(fault.after_output(printed)),
        None if unreadable > 0 => Err(Report::new(
            "partial",
            Exit::Partial,
            format!("{unreadable} incidents could not be read and were left out"),
        )
        .into()),
        None => Ok(Exit::Ok),
    }
}

async fn get(world: &World, id: &str) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let client = session.client()?;
    let mut output = world.output();
    if world.global.raw {
        let raw = client.get_incident_raw(id).await;
        session.tokens.flush().await;
        output.raw(&session.told(raw, "argument ID")?)?;
        output.finish()?;
        return Ok(Exit::Ok);
    }
    let incident = client.get_incident(id).await;
    session.tokens.flush().await;
    show(output, &session.told(incident, "argument ID")?)
}

async fn update(world: &World, change: Change) -> Result<Exit, Failure> {
    let id = change.id.clone();
    let change = change.into_change();
    let session = Session::open(world).await?;
    let incident = session.client()?.update_incident(&id, change).await;
    session.tokens.flush().await;
    show(world.output(), &session.told(incident, "command line")?)
}

async fn comment(world: &World, id: &str, text: &str) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let incident = session.client()?.comment_incident(id, text).await;
    session.tokens.flush().await;
    show(world.output(), &session.told(incident, "command line")?)
}

fn show(mut output: Output, incident: &Incident) -> Result<Exit, Failure> {
    output.object(incident, || details(incident))?;
    output.finish()?;
    Ok(Exit::Ok)
}

fn query(selection: &Selection) -> Result<IncidentQuery, Failure> {
    let now = Timestamp::now();
    let moment = |flag: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => phrase::moment(text, now)
            .map(Some)
            .map_err(|problem| Failure::from(Failure::usage(problem).with_source(format!("flag {flag}")))),
    };
    Ok(IncidentQuery {
        status: selection.status.clone(),
        severity: selection.severity.clone(),
        assigned_to: selection.assigned_to.clone(),
        created_since: moment("--since", &selection.since)?,
        updated_since: moment("--updated-since", &selection.updated_since)?,
        filter: selection.filter.clone(),
        offset: selection.offset,
        extent: if selection.all { Extent::All } else { Extent::AtMost(selection.limit.unwrap_or(100)) },
        expand_alerts: selection.with_alerts,
    })
}

impl Change {
    fn into_change(self) -> IncidentChange {
        let tags = if self.clear_tags {
            Some(TagChange::Replace(Vec::new()))
        } else if !self.tags.is_empty() {
            Some(TagChange::Replace(self.tags))
        } else if self.add_tag.is_empty() && self.remove_tag.is_empty() {
            None
        } else {
            Some(TagChange::Adjust { add: self.add_tag, remove: self.remove_tag })
        };
        let assignee =
            if self.unassign { Some(Assignee::Nobody) } else { self.assigned_to.map(Assignee::Person) };
        IncidentChange {
            status: self.status,
            assignee,
            classification: self.classification,
            determination: self.determination,
            tags,
            display_name: self.display_name,
            severity: self.severity,
            resolving_comment: self.resolving_comment,
            comment: self.comment,
        }
    }
}

fn row(incident: &Incident) -> Vec<String> {
    let text = |name: &str| incident.text(name).unwrap_or("-").to_owned();
    // Minutes are what people read; the whole time is in JSON.
    let created = incident
        .text("createdDateTime")
        .map_or("-".to_owned(), |at| at.chars().take(16).collect::<String>().replace('T', " "));
    vec![
        incident.id().to_owned(),
        text("severity"),
        text("status"),
        created,
        text("assignedTo"),
        text("displayName"),
    ]
}

fn details(incident: &Incident) -> Table {
    let text = |name: &str| incident.text(name).unwrap_or("-").to_owned();
    let mut pairs = vec![
        ("id", incident.id().to_owned()),
        ("name", text("displayName")),
        ("severity", text("severity")),
        ("status", text("status")),
        ("owner", text("assignedTo")),
        ("classification", text("classification")),
        ("determination", text("determination")),
        ("created", text("createdDateTime")),
        ("updated", text("lastUpdateDateTime")),
        ("tags", incident.tags().join(", ")),
    ];
    if let Some(target) = incident.text("redirectIncidentId") {
        pairs.push(("merged into", target.to_owned()));
    }
    if let Some(url) = incident.text("incidentWebUrl") {
        pairs.push(("portal", url.to_owned()));
    }
    for alert in incident.list("alerts") {
        let of = |name: &str| alert.get(name).and_then(serde_json::Value::as_str).unwrap_or("-").to_owned();
        pairs.push(("alert", format!("{} {}: {}", of("id"), of("severity"), of("title"))));
    }
    for comment in incident.list("comments") {
        let of = |name: &str| comment.get(name).and_then(serde_json::Value::as_str).unwrap_or("-").to_owned();
        pairs.push((
            "comment",
            format!("{} {}: {}", of("createdDateTime"), of("createdByDisplayName"), of("comment")),
        ));
    }
    Table::of_pairs(pairs)
}

fn status_word(text: &str) -> Result<String, String> {
    one_of(text, STATUS)
}

fn severity_word(text: &str) -> Result<String, String> {
    one_of(text, SEVERITY)
}

fn one_of(text: &str, vocabulary: Vocabulary) -> Result<String, String> {
    vocabulary
        .known(text.trim())
        .map(str::to_owned)
        .ok_or_else(|| format!("use one of {}", vocabulary.words().collect::<Vec<_>>().join(", ")))
}
