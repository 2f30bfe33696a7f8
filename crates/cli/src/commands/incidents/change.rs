//! `incidents update` and `incidents comment`.

use clap::Args;
use defender_xdr_api::incidents::{Assignee, Incident, IncidentChange, TagChange};

use super::show::show;
use super::turns::wait_for_turn;
use super::unsettled::Unsettled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Incident id.
    id: String,
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
    #[arg(long, value_delimiter = ',', value_name = "TAGS", conflicts_with_all = ["add_tag", "remove_tag", "clear_tags"])]
    tags: Vec<String>,
    /// Add a custom tag, several with commas; the others stay.
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    add_tag: Vec<String>,
    /// Remove a custom tag, several with commas; the others stay.
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
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
}

pub(super) async fn update(world: &World, change: Change) -> Result<Exit, Failure> {
    let id = change.id.clone();
    let change = change.into_change();
    let session = open(world).await?;
    let client = session.client()?;
    let turn = if change.tags.is_some() { wait_for_turn(&session, &id).await } else { None };
    let watch = Unsettled::new(world, &client, &id);
    let commented = change.comment.is_some();
    let incident = client.update_incident(&id, change).await;
    drop((watch, turn));
    session.tokens.flush().await;
    done(world, &id, commented, &session.told(incident, "command line")?)
}

pub(super) async fn comment(world: &World, id: &str, text: &str) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let client = session.client()?;
    let watch = Unsettled::new(world, &client, id);
    let incident = client.comment_incident(id, text).await;
    drop(watch);
    session.tokens.flush().await;
    done(world, id, true, &session.told(incident, "command line")?)
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
