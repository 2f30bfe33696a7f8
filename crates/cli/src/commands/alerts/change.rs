//! `alerts update` and `alerts comment`.

use clap::Args;
use defender_xdr_api::alerts::{Alert, AlertChange};
use defender_xdr_api::incidents::Assignee;

use super::show::show;
use crate::commands::incidents::unsettled::Unsettled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Alert id.
    id: String,
    /// new, inProgress or resolved.
    #[arg(long)]
    status: Option<String>,
    /// The new owner's user principal name.
    #[arg(long, value_name = "NAME", value_parser = owner)]
    assigned_to: Option<String>,
    /// Leave the alert without an owner.
    #[arg(long, conflicts_with = "assigned_to")]
    unassign: bool,
    /// truePositive, falsePositive, informationalExpectedActivity or unknown.
    #[arg(long)]
    classification: Option<String>,
    /// A determination that the classification allows.
    #[arg(long)]
    determination: Option<String>,
}

pub(super) async fn update(world: &World, change: Change) -> Result<Exit, Failure> {
    let id = change.id.clone();
    let change = change.into_change();
    let session = open(world).await?;
    let client = session.client()?;
    let watch = Unsettled::of_alert(world, &client, &id);
    let alert = client.update_alert(&id, change).await;
    drop(watch);
    session.tokens.flush().await;
    done(world, &id, &session.told(alert, "argument ID")?)
}

pub(super) async fn comment(world: &World, id: &str, text: &str) -> Result<Exit, Failure> {
    if text == "-" {
        return Err(Failure::usage("`-` is no comment, and standard input is not read for one")
            .with_source("command line")
            .with_hint("say the comment itself: `alerts comment ID TEXT`")
            .into());
    }
    let session = open(world).await?;
    let client = session.client()?;
    let watch = Unsettled::of_alert(world, &client, id);
    let alert = client.comment_alert(id, text).await;
    drop(watch);
    session.tokens.flush().await;
    done(world, id, &session.told(alert, "argument ID")?)
}

/// Shows the alert after a change. From here on every error must say that the change was made.
fn done(world: &World, id: &str, alert: &Alert) -> Result<Exit, Failure> {
    show(world.output(), alert).map_err(|failure| failure.after_alert_change(id))
}

fn owner(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("it is empty; `--unassign` leaves the alert without an owner".to_owned());
    }
    Ok(text.to_owned())
}

impl Change {
    fn into_change(self) -> AlertChange {
        let assignee =
            if self.unassign { Some(Assignee::Nobody) } else { self.assigned_to.map(Assignee::Person) };
        AlertChange {
            status: self.status,
            assignee,
            classification: self.classification,
            determination: self.determination,
        }
    }
}
