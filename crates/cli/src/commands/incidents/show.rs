//! `incidents get`, and how one incident is shown.

use defender_xdr_api::incidents::{Followed, Incident};
use serde_json::Value;

use super::list::FIELDS;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Output, Table};
use crate::world::World;

pub(super) async fn run(world: &World, id: &str, follow: bool) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let client = session.client()?;
    let mut output = world.output();
    if world.global.raw {
        let raw = if follow {
            client.follow_incident_raw(id).await
        } else {
            client.get_incident_raw(id).await.map(unfollowed)
        };
        session.tokens.flush().await;
        let raw = session.told(raw, "argument ID")?;
        say_where_it_led(world, &raw.passed);
        output.raw(&raw.end)?;
        output.finish()?;
        return Ok(Exit::Ok);
    }
    let incident =
        if follow { client.follow_incident(id).await } else { client.get_incident(id).await.map(unfollowed) };
    session.tokens.flush().await;
    let incident = session.told(incident, "argument ID")?;
    say_where_it_led(world, &incident.passed);
    show(output, &incident.end)
}

fn unfollowed<T>(end: T) -> Followed<T> {
    Followed { end, passed: Vec::new() }
}

fn say_where_it_led(world: &World, passed: &[String]) {
    if let Some((first, others)) = passed.split_first() {
        let over = if others.is_empty() { String::new() } else { format!(", over {}", others.join(", ")) };
        world.say(&format!(
            "incident {first} was merged into the one shown{over}; `--no-follow` shows what is left of it"
        ));
    }
}

pub(super) fn show(mut output: Output, incident: &Incident) -> Result<Exit, Failure> {
    output = output.with_fields(FIELDS);
    output.object(incident, || details(incident))?;
    output.finish()?;
    Ok(Exit::Ok)
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
        let of = |name: &str| alert.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        pairs.push(("alert", format!("{} {}: {}", of("id"), of("severity"), of("title"))));
    }
    for comment in incident.list("comments") {
        let of = |name: &str| comment.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        pairs.push((
            "comment",
            format!("{} {}: {}", of("createdDateTime"), of("createdByDisplayName"), of("comment")),
        ));
    }
    Table::of_pairs(pairs)
}
