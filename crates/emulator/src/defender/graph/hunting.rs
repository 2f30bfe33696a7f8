//! `POST /v1.0/security/runHuntingQuery`.
//!
//! Source: Microsoft Graph v1.0, "security: runHuntingQuery".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::body;
use super::errors::GraphError;
use crate::defender::kql;
use crate::defender::world::World;
use crate::exchange::Request;

/// Runs the query of a body: `Query` (or `query`), optional `Timespan` and `workspaceId`.
pub(crate) fn run(world: &World, request: &Request, now: Timestamp) -> Result<Value, GraphError> {
    let members = body::members(request)?;
    let mut query = None;
    let mut timespan = None;
    for (name, value) in &members {
        match name.as_str() {
            "Query" | "query" => query = Some(body::text(name, value)?),
            "Timespan" | "timespan" => timespan = body::nullable(name, value)?,
            // A workspace that is not there falls back to the primary one without a word.
            "workspaceId" => {}
            _ => {
                return Err(GraphError::bad_request(format!(
                    "The parameter '{name}' in the request payload is not a valid parameter for the operation 'runHuntingQuery'."
                )));
            }
        }
    }
    let query = query.ok_or_else(|| GraphError::bad_request("The parameter 'Query' is required."))?;
    let result = kql::run(world, &query, timespan.as_deref(), now)
        .map_err(|fault| GraphError::bad_request(fault.to_string()))?;
    let schema: Vec<Value> = result
        .columns
        .iter()
        .map(|column| json!({ "name": column.name, "type": column.kind.name() }))
        .collect();
    let rows: Vec<Value> = result.rows.iter().map(|row| result.object(row, true)).collect();
    Ok(json!({
        "@odata.context": format!("{}/v1.0/$metadata#microsoft.graph.security.huntingQueryResults", request.origin),
        "schema": schema,
        "results": rows,
    }))
}
