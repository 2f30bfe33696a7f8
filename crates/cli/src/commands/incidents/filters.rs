//! Flags that choose incidents.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_api::words::{CLASSIFICATION, DETERMINATION, SERVICE_SOURCE, SEVERITY, STATUS, Vocabulary};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

use crate::commands::phrase;
use crate::failure::Failure;
use crate::world::World;

/// Which incidents; every flag has to hold, of several words any one.
#[derive(Debug, Args)]
pub(crate) struct Filters {
    /// active, inProgress, resolved, redirected or awaitingAction; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = |text: &str| one_of(text, STATUS))]
    status: Vec<String>,
    /// high, medium, low, informational or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = |text: &str| one_of(text, SEVERITY))]
    severity: Vec<String>,
    /// The owner's user principal name.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    assigned_to: Option<String>,
    /// Those without an owner; beside --assigned-to, those too.
    #[arg(long)]
    unassigned: bool,
    /// Created since: `3 days`, `12h`, a date, or an RFC 3339 time; without a zone in UTC.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Created before.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    until: Option<String>,
    /// Changed since.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    updated_since: Option<String>,
    /// Last changed before.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    updated_until: Option<String>,
    /// truePositive, falsePositive, informationalExpectedActivity or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = |text: &str| one_of(text, CLASSIFICATION))]
    classification: Vec<String>,
    /// Such as phishing, or unknown; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = |text: &str| one_of(text, DETERMINATION))]
    determination: Vec<String>,
    /// A custom tag, in any case; any of several with commas.
    #[arg(long, value_delimiter = ',', value_name = "TAG", value_parser = NonEmptyStringValueParser::new())]
    tag: Vec<String>,
    /// The product that an alert comes from, such as microsoftDefenderForEndpoint; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = |text: &str| one_of(text, SERVICE_SOURCE))]
    source: Vec<String>,
    /// Text in the name or the description, in any case, or the whole id.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    text: Option<String>,
}

impl Filters {
    /// A query of these, whose times are counted from `now`.
    pub(crate) fn query(&self, now: Timestamp) -> Result<IncidentQuery, Failure> {
        // A fraction of the present second means nothing to a person, and the legacy API is spared it.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let moment = |flag: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => phrase::moment(text, now).map(Some).map_err(|problem| {
                Failure::from(Failure::usage(problem).with_source(format!("flag {flag}")))
            }),
        };
        Ok(IncidentQuery {
            status: self.status.clone(),
            severity: self.severity.clone(),
            assigned_to: self.assigned_to.clone(),
            unassigned: self.unassigned,
            created_since: moment("--since", &self.since)?,
            created_until: moment("--until", &self.until)?,
            updated_since: moment("--updated-since", &self.updated_since)?,
            updated_until: moment("--updated-until", &self.updated_until)?,
            classification: self.classification.clone(),
            determination: self.determination.clone(),
            tags: self.tag.clone(),
            sources: self.source.clone(),
            text: self.text.clone(),
            ..IncidentQuery::default()
        })
    }
}

/// Says once which filters cost more than they seem to.
pub(crate) fn say_what_is_filtered_here(world: &World, query: &IncidentQuery, backend: Backend) {
    let flags: Vec<String> =
        query.filtered_here(backend).into_iter().map(|name| format!("--{name}")).collect();
    if !flags.is_empty() {
        let api = if backend == Backend::Graph { "Microsoft Graph" } else { "the legacy API" };
        world.say(&format!(
            "filtered here, as {api} cannot: {}; all that the other filters let through is read for it",
            flags.join(", ")
        ));
    }
}

fn one_of(text: &str, vocabulary: Vocabulary) -> Result<String, String> {
    vocabulary
        .known(text.trim())
        .map(str::to_owned)
        .ok_or_else(|| format!("use one of {}", vocabulary.words().collect::<Vec<_>>().join(", ")))
}
