//! `alerts get`, and how one alert is shown.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::alerts::{Alert, Whereabouts};
use defender_xdr_api::entities::describe;
use defender_xdr_core::Timestamp;
use serde_json::Value;

use super::list::{FIELDS, moment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Output, Table};
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Alert id.
    id: String,
    /// Where the legacy API finds it: the incident that holds it. Graph needs no such help.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    incident: Option<String>,
    /// Where the legacy API looks for it: incidents changed since (`7 days`, a date).
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, conflicts_with = "incident")]
    since: Option<String>,
}

pub(super) async fn run(world: &World, wanted: &Wanted) -> Result<Exit, Failure> {
    let since = wanted.since.as_deref().map(|text| moment("--since", text, Timestamp::now())).transpose()?;
    let place = Whereabouts { incident: wanted.incident.clone(), since };
    let session = open(world).await?;
    let found = session.client()?.get_alert(&wanted.id, &place).await;
    session.tokens.flush().await;
    let found = session.told(found, "argument ID")?;
    let mut output = world.output();
    if world.global.raw {
        output.raw(&found.raw)?;
        output.finish()?;
        return Ok(Exit::Ok);
    }
    show(output, &found.alert)
}

pub(super) fn show(mut output: Output, alert: &Alert) -> Result<Exit, Failure> {
    output = output.with_fields(FIELDS);
    output.object(alert, || details(alert))?;
    output.finish()?;
    Ok(Exit::Ok)
}

fn details(alert: &Alert) -> Table {
    let text = |name: &str| alert.text(name).unwrap_or("-").to_owned();
    let mut pairs = vec![
        ("id", alert.id().to_owned()),
        ("title", text("title")),
        ("incident", text("incidentId")),
        ("severity", text("severity")),
        ("status", text("status")),
        ("owner", text("assignedTo")),
        ("classification", text("classification")),
        ("determination", text("determination")),
        ("product", text("serviceSource")),
        ("category", text("category")),
        ("techniques", words(alert.list("mitreTechniques"))),
        ("created", text("createdDateTime")),
        ("updated", text("lastUpdateDateTime")),
    ];
    if let Some(url) = alert.text("alertWebUrl") {
        pairs.push(("portal", url.to_owned()));
    }
    for evidence in alert.evidence() {
        let verdict = evidence.verdict().unwrap_or("-");
        pairs.push(("evidence", format!("{} {verdict}: {}", evidence.type_name(), describe(evidence))));
    }
    for comment in alert.list("comments") {
        let of = |name: &str| comment.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        pairs.push((
            "comment",
            format!("{} {}: {}", of("createdDateTime"), of("createdByDisplayName"), of("comment")),
        ));
    }
    Table::of_pairs(pairs)
}

fn words(list: &[Value]) -> String {
    list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
