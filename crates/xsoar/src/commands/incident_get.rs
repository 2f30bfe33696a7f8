//! One incident, with its alerts, in the legacy API's shape whichever API it came from.

use defender_xdr_api::ApiError;
use defender_xdr_api::Client;
use defender_xdr_core::backend::Backend;
use serde_json::{Map, Value};

use super::{Failure, Instance};
use crate::arguments::Arguments;
use crate::entry::{self, INCIDENT};
use crate::markdown::table;
use crate::readable::{COLUMNS, readable};

pub(super) async fn run(instance: &Instance<'_>, arguments: &Arguments) -> Result<Value, Failure> {
    let id = arguments.text("id").unwrap_or_default();
    let incident = legacy_incident(instance.client, id.trim()).await?;
    Ok(entry_of(&format!("Incident No. {id}:"), incident))
}

/// Reads an incident. On the legacy API it is the service's own object.
///
/// # Errors
/// As [`Client::get_incident`].
pub(crate) async fn legacy_incident(client: &Client, id: &str) -> Result<Map<String, Value>, ApiError> {
    if client.backend() == Backend::Graph {
        return Ok(client.get_incident(id).await?.into_legacy_shape());
    }
    let raw = client.get_incident_raw(id).await?;
    // What was read as an incident is an object.
    let mut fields: Map<String, Value> = serde_json::from_str(&raw).unwrap_or_default();
    fields.shift_remove("@odata.context");
    Ok(fields)
}

/// The entry about one incident.
pub(super) fn entry_of(heading: &str, incident: Map<String, Value>) -> Value {
    let text = table(heading, &[readable(&incident)], Some(&columns()));
    entry::result(&text, INCIDENT, Value::Object(incident))
}

pub(super) fn columns() -> Vec<String> {
    COLUMNS.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_shows_sixteen_columns_and_keeps_the_whole_incident() {
        let incident = json!({ "incidentId": 7, "incidentName": "A | B", "severity": "High", "more": [1] });
        let entry = entry_of("Updated incident No. 7:", incident.as_object().expect("an object").clone());
        assert_eq!(
            entry["HumanReadable"],
            "### Updated incident No. 7:\n|Incident name|Tags|Severity|Incident ID|Categories|Impacted entities|Impacted mailboxes|Active alerts|Service sources|Detection sources|First activity|Last activity|Status|Assigned to|Classification|Device groups|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n| A \\| B |  | High | 7 |  |  |  | 0 / 0 |  |  |  |  |  | Unassigned | Not set |  |\n"
        );
        assert_eq!(entry["Contents"], incident);
    }
}
