//! Names the incidents that changed, for the platform to ask about each.

use std::collections::HashSet;

use defender_xdr_api::incidents::{Extent, IncidentQuery};
use serde_json::{Map, Value, json};

use super::{Failure, Instance};
use crate::phrase;
use crate::readable::text;

pub(super) async fn run(instance: &Instance<'_>, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let last_update = text(arguments, "lastUpdate").unwrap_or_default();
    let mut ids = Vec::new();
    if let Some(since) = phrase::read(&last_update, instance.clock.now()) {
        let query =
            IncidentQuery { updated_since: Some(since), extent: Extent::All, ..IncidentQuery::default() };
        let mut list = instance.client.list_incidents(&query);
        // Pages shift while they are read.
        let mut seen = HashSet::new();
        while let Some(listed) = list.next().await? {
            if let Ok(incident) = listed.incident
                && seen.insert(incident.id().to_owned())
            {
                ids.push(incident.id().to_owned());
            }
        }
    }
    Ok(json!({ "Contents": ids, "Type": 1, "ContentsFormat": "json" }))
}
