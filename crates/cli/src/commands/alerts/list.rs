//! `alerts list`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::alerts::{Alert, AlertQuery};
use defender_xdr_api::incidents::Extent;
use defender_xdr_api::words::{ALERT_STATUS, SERVICE_SOURCE, SEVERITY, Vocabulary};
use defender_xdr_core::Timestamp;

use crate::commands::phrase;
use crate::counting::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, List, Record};
use crate::progress::Progress;
use crate::report::Report;
use crate::usual_limit::{USUAL, say_where_it_ends};
use crate::world::World;

/// The members of an alert, as columns for machines ("alert resource type" of Microsoft Graph v1.0).
pub(crate) const FIELDS: &[&str] = &[
    "id",
    "incidentId",
    "title",
    "severity",
    "status",
    "classification",
    "determination",
    "assignedTo",
    "createdDateTime",
    "lastUpdateDateTime",
    "resolvedDateTime",
    "firstActivityDateTime",
    "lastActivityDateTime",
    "serviceSource",
    "detectionSource",
    "productName",
    "detectorId",
    "category",
    "categories",
    "mitreTechniques",
    "description",
    "recommendedActions",
    "actorDisplayName",
    "threatDisplayName",
    "threatFamilyName",
    "investigationState",
    "systemTags",
    "providerAlertId",
    "alertPolicyId",
    "tenantId",
    "alertWebUrl",
    "incidentWebUrl",
    "additionalData",
    "customDetails",
    "comments",
    "evidence",
];

#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// new, inProgress, resolved or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = status_word)]
    status: Vec<String>,
    /// high, medium, low, informational or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = severity_word)]
    severity: Vec<String>,
    /// The product it comes from, such as microsoftDefenderForEndpoint; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "PRODUCT", value_parser = source_word)]
    service_source: Vec<String>,
    /// The owner's user principal name.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    assigned_to: Option<String>,
    /// Created since: `3 days`, `12h`, a date, or an RFC 3339 time; without a zone in UTC.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Changed since.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    updated_since: Option<String>,
    /// Only those of this incident.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    incident: Option<String>,
    /// OData filter in Graph's own words, sent as it is (Graph only).
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
}

pub(super) async fn run(world: &World, selection: &Selection) -> Result<Exit, Failure> {
    let query = query(selection)?;
    let session = open(world).await?;
    let client = session.client()?;
    let format = world.output_format();
    let columns = ["id", "incident", "severity", "status", "created", "owner", "product", "title"];
    let mut list = List::new(world.output(), &columns).with_fields(FIELDS);
    let mut progress = Progress::new("alerts", format != Format::Table, world.global.quiet);
    let mut alerts = client.list_alerts(&query);
    let mut unreadable = 0_usize;
    let fault = loop {
        match alerts.next().await {
            Ok(Some(listed)) => match (&listed.alert, world.global.raw) {
                (Ok(alert), false) => list.push(&Record::Model(alert), || row(alert))?,
                (Ok(_), true) => list.push::<Alert>(&Record::Raw(listed.raw), Vec::new)?,
                (Err(problem), false) => {
                    tracing::warn!("{problem}; it is left out");
                    unreadable += 1;
                }
                (Err(problem), true) => {
                    tracing::warn!("{problem}; it is printed as it came");
                    list.push::<Alert>(&Record::Raw(listed.raw), Vec::new)?;
                    unreadable += 1;
                }
            },
            Ok(None) => break None,
            Err(error) => break session.told::<(), _>(Err(error), blamed(selection)).err(),
        }
        progress.tick();
        if alerts.is_between_pages() {
            // Whoever reads the pipe gets a page as soon as it is there.
            list.flush()?;
        }
    };
    drop(progress);
    let count = list.count();
    let printed = count > 0;
    session.tokens.flush().await;
    if !printed && fault.is_none() {
        world.say("no alerts");
    }
    // A list that failed at once prints nothing: an empty array would say that there is nothing.
    if printed || fault.is_none() {
        list.finish()?;
    }
    if fault.is_none() {
        say_where_it_ends(world, "alerts", count, selection.limit.is_some() || selection.all);
    }
    match fault {
        Some(fault) => Err(fault.after_output(printed)),
        None if unreadable > 0 => {
            Err(Report::new("partial", Exit::Partial, format!("{unreadable} alerts could not be read"))
                .into())
        }
        None => Ok(Exit::Ok),
    }
}

/// The argument that the service may not like.
fn blamed(selection: &Selection) -> &'static str {
    match (&selection.filter, &selection.incident) {
        (Some(_), _) => "flag --filter",
        (None, Some(_)) => "flag --incident",
        (None, None) => "",
    }
}

fn query(selection: &Selection) -> Result<AlertQuery, Failure> {
    let now = Timestamp::now();
    let moment =
        |flag: &str, text: &Option<String>| text.as_deref().map(|text| moment(flag, text, now)).transpose();
    Ok(AlertQuery {
        status: selection.status.clone(),
        severity: selection.severity.clone(),
        service_source: selection.service_source.clone(),
        assigned_to: selection.assigned_to.clone(),
        created_since: moment("--since", &selection.since)?,
        updated_since: moment("--updated-since", &selection.updated_since)?,
        incident: selection.incident.clone(),
        filter: selection.filter.clone(),
        offset: selection.offset,
        extent: if selection.all { Extent::All } else { Extent::AtMost(selection.limit.unwrap_or(USUAL)) },
    })
}

/// A moment of a flag.
pub(super) fn moment(flag: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    phrase::moment(text, now)
        .map_err(|problem| Failure::usage(problem).with_source(format!("flag {flag}")).into())
}

fn row(alert: &Alert) -> Vec<String> {
    let text = |name: &str| alert.text(name).unwrap_or("-").to_owned();
    vec![
        alert.id().to_owned(),
        text("incidentId"),
        text("severity"),
        text("status"),
        text("createdDateTime"),
        text("assignedTo"),
        text("serviceSource"),
        text("title"),
    ]
}

fn status_word(text: &str) -> Result<String, String> {
    one_of(text, ALERT_STATUS)
}

fn severity_word(text: &str) -> Result<String, String> {
    one_of(text, SEVERITY)
}

fn source_word(text: &str) -> Result<String, String> {
    one_of(text, SERVICE_SOURCE)
}

fn one_of(text: &str, vocabulary: Vocabulary) -> Result<String, String> {
    vocabulary
        .known(text.trim())
        .map(str::to_owned)
        .ok_or_else(|| format!("use one of {}", vocabulary.words().collect::<Vec<_>>().join(", ")))
}
