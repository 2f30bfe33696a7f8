//! A list of incidents, in the legacy API's shape whichever API it came from.

use defender_xdr_api::incidents::{Extent, Incident, IncidentQuery};
use defender_xdr_api::{ApiError, DirectCall};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::{Map, Value};

use super::{Failure, Instance, incident_get, odata};
use crate::arguments::Arguments;
use crate::entry::{self, INCIDENT};
use crate::log::Level;
use crate::markdown::table;
use crate::readable::readable;

/// The most the legacy API lists at once.
const LARGEST: i64 = 100;

pub(super) async fn run(instance: &Instance<'_>, arguments: &Arguments) -> Result<Value, Failure> {
    let options = odata::read(arguments.get("odata")).map_err(Failure::Bare)?;
    let incidents = match options {
        Some(options) => by_options(instance, &options).await?,
        None => by_query(instance, query(instance, arguments)?).await?,
    };
    if incidents.is_empty() {
        return Ok(entry::result("No incidents found", INCIDENT, Value::Array(incidents)));
    }
    let empty = Map::new();
    let rows: Vec<_> =
        incidents.iter().map(|incident| readable(incident.as_object().unwrap_or(&empty))).collect();
    let text = table("Incidents:", &rows, Some(&incident_get::columns()));
    Ok(entry::result(&text, INCIDENT, Value::Array(incidents)))
}

fn query(instance: &Instance<'_>, arguments: &Arguments) -> Result<IncidentQuery, String> {
    let limit = arguments.required_number("limit")?;
    let offset = arguments.number("offset")?.unwrap_or_default();
    if limit < 1 {
        return Err(format!("\"limit\" is {limit}, and at least 1 incident has to be asked for"));
    }
    if limit > LARGEST {
        instance.log.add(Level::Warning, format!("limit={limit}: the API lists {LARGEST} at most"));
    }
    let offset =
        usize::try_from(offset).map_err(|_| format!("\"offset\" is {offset}, which is less than 0"))?;
    let limit = usize::try_from(limit.min(LARGEST)).unwrap_or_default();
    Ok(IncidentQuery {
        status: arguments.text("status").into_iter().collect(),
        assigned_to: arguments.text("assigned_to"),
        offset,
        extent: Extent::AtMost(limit),
        expand_alerts: true,
        ..IncidentQuery::default()
    })
}

async fn by_query(instance: &Instance<'_>, query: IncidentQuery) -> Result<Vec<Value>, ApiError> {
    let mut list = instance.client.list_incidents(&query);
    let mut found = Vec::new();
    while let Some(listed) = list.next().await? {
        found.push(match (instance.client.backend(), listed.incident) {
            (Backend::Graph, Ok(incident)) => whole(instance, incident).await?,
            // The service's own object; one that is no incident is passed on as it is.
            _ => serde_json::from_str(listed.raw).unwrap_or_default(),
        });
    }
    Ok(found)
}

async fn by_options(instance: &Instance<'_>, options: &Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    let client = instance.client;
    let is_graph = client.backend() == Backend::Graph;
    let (options, wanted) =
        if is_graph { odata::for_graph(options) } else { (odata::for_legacy(options), None) };
    let call = DirectCall::new(client, Method::GET, "incidents")?;
    let call = options.iter().fold(call, |call, (name, value)| call.with_option(name, value));
    let mut pages = client.pages(call)?;
    let mut found = Vec::new();
    while let Some(page) = pages.next().await? {
        let left = wanted.unwrap_or(usize::MAX).saturating_sub(found.len());
        for record in page.records().take(left) {
            found.push(match Incident::read(client.backend(), record) {
                Ok(incident) if is_graph => whole(instance, incident).await?,
                _ => serde_json::from_str(record).unwrap_or_default(),
            });
        }
        // One page is what was asked for, unless Graph's are too small.
        if wanted.is_none_or(|wanted| found.len() >= wanted) {
            break;
        }
    }
    Ok(found)
}

/// An incident of Graph with all its alerts, under the legacy API's names.
async fn whole(instance: &Instance<'_>, incident: Incident) -> Result<Value, ApiError> {
    let incident = instance.client.with_all_alerts(incident).await?;
    Ok(Value::Object(incident.into_legacy_shape()))
}
