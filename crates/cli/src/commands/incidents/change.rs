//! `incidents update` and `incidents comment`.

use clap::Args;
use defender_xdr_api::incidents::{Assignee, Incident, IncidentChange, TagChange};

use super::ids;
use super::manner::Ways;
use super::many::change_many;
use super::preview::preview;
use super::show::show;
use super::unsettled::Unsettled;
use super::worker::{Step, Worker};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Incident ids; `-` reads them from standard input: one a line, or JSON as `incidents list` prints it.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// active, inProgress or resolved.
    #[arg(long)]
    status: Option<String>,
    /// The new owner's user principal name.
    #[arg(long, value_name = "NAME", value_parser = owner)]
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
    #[arg(long, value_delimiter = ',', value_parser = tag, value_name = "TAGS", conflicts_with_all = ["add_tag", "remove_tag", "clear_tags"])]
    tags: Vec<String>,
    /// Add a custom tag, several with commas; the others stay.
    #[arg(long, value_delimiter = ',', value_parser = tag, value_name = "TAG")]
    add_tag: Vec<String>,
    /// Remove a custom tag, several with commas; the others stay.
    #[arg(long, value_delimiter = ',', value_parser = tag, value_name = "TAG")]
    remove_tag: Vec<String>,
    /// Remove all custom tags.
    #[arg(long, conflicts_with_all = ["add_tag", "remove_tag"])]
    clear_tags: bool,
    /// A new name (Graph only).
    #[arg(long, value_name = "NAME", value_parser = some_text)]
    display_name: Option<String>,
    /// A new severity (Graph only).
    #[arg(long)]
    severity: Option<String>,
    /// Why it is resolved (Graph only).
    #[arg(long, value_name = "TEXT", value_parser = some_text)]
    resolving_comment: Option<String>,
    /// Add a comment.
    #[arg(long, value_name = "TEXT", value_parser = some_text)]
    comment: Option<String>,
    #[command(flatten)]
    ways: Ways,
}

#[derive(Debug, Args)]
pub(crate) struct Comment {
    /// An incident id and the comment; or, with --text, any number of ids (`-` reads them from standard input).
    #[arg(value_name = "ID [TEXT]", required = true)]
    words: Vec<String>,
    /// The comment.
    #[arg(long, value_parser = some_text)]
    text: Option<String>,
    #[command(flatten)]
    ways: Ways,
}

pub(super) async fn update(world: &World, mut change: Change) -> Result<Exit, Failure> {
    let words = std::mem::take(&mut change.ids);
    let ways = change.ways.clone();
    make(world, words, change.into_change(), &ways).await
}

pub(super) async fn comment(world: &World, comment: Comment) -> Result<Exit, Failure> {
    let Comment { mut words, text, ways } = comment;
    let text = match text {
        Some(text) => text,
        None if words.len() == 2 && !ids::is_no_comment(&words[1]) => words.pop().unwrap_or_default(),
        None if words.last().is_some_and(|word| ids::is_no_comment(word)) => {
            return Err(Failure::usage(format!(
                "`{}` names incidents: the comment is missing",
                words.last().map_or("", String::as_str)
            ))
            .with_source("command line")
            .with_hint(
                "say the comment with its flag: `incidents comment ID... --text TEXT`; `-` as an ID reads ids from \
                 standard input",
            )
            .into());
        }
        None => {
            return Err(Failure::usage("it takes an incident id and the comment")
                .with_source("command line")
                .with_hint("for several incidents, say `incidents comment ID... --text TEXT`")
                .into());
        }
    };
    let change = IncidentChange { comment: Some(text), ..IncidentChange::default() };
    make(world, words, change, &ways).await
}

async fn make(
    world: &World,
    words: Vec<String>,
    change: IncidentChange,
    ways: &Ways,
) -> Result<Exit, Failure> {
    if ids::is_one(&words) {
        return make_one(world, &words[0], change, ways).await;
    }
    let session = open(world).await?;
    let worker = Worker::new(&session, change, ways)?.in_background();
    change_many(world, &session, worker, ids::gather(words).await?, ways).await
}

async fn make_one(world: &World, id: &str, change: IncidentChange, ways: &Ways) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let commented = change.comment.is_some();
    let worker = Worker::new(&session, change, ways)?;
    let watch = Unsettled::new(world, &worker.client, id);
    let step = worker.run(id).await;
    drop(watch);
    session.tokens.flush().await;
    match session.told(step, "argument ID")? {
        Step::Planned(plan) | Step::Done(plan) => preview(world, id, plan),
        Step::Written(plan, written) => {
            let target = plan.current.id();
            if !plan.passed.is_empty() {
                world.say(&format!("incident {id} was merged: incident {target} is the one that goes on"));
            }
            if !written.changed {
                world.say(&format!("incident {target} is already as it is to be; nothing was sent"));
            }
            if written.seen_later {
                world.say("the answer was lost, but the incident shows that the change was made");
            }
            done(world, target, commented, &written.incident)
        }
    }
}

/// Shows the incident after a change. From here on every error must say that the change was made.
fn done(world: &World, id: &str, commented: bool, incident: &Incident) -> Result<Exit, Failure> {
    if let Some(successor) = incident.text("redirectIncidentId") {
        let what = if commented { "the comment" } else { "the change" };
        tracing::warn!(
            "incident {id} was merged into {successor}: {what} is on {id} alone, where few will look; incident \
             {successor} goes on"
        );
    }
    show(world.output(), incident).map_err(|failure| failure.after_change(id))
}

fn some_text(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Blanks around a tag come from the list it stands in.
fn tag(text: &str) -> Result<String, String> {
    some_text(text.trim()).map_err(|problem| format!("{problem}; `--clear-tags` removes all tags"))
}

fn owner(text: &str) -> Result<String, String> {
    some_text(text).map_err(|problem| format!("{problem}; `--unassign` leaves the incident without an owner"))
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
