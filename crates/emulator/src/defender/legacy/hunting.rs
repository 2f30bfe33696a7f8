//! `POST /api/advancedhunting/run`.
//!
//! Source: Microsoft Learn, "Microsoft Defender XDR Advanced hunting API".

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::errors::LegacyError;
use crate::defender::kql;
use crate::defender::world::World;

/// Runs the query of a body; its member is `Query` and nothing else.
pub(crate) fn run(world: &World, body: &[u8], now: Timestamp) -> Result<Value, LegacyError> {
    let members: Map<String, Value> = serde_json::from_slice(body)
        .map_err(|_| LegacyError::body("The request body is not a valid JSON object."))?;
    let query = members.get("Query").and_then(Value::as_str).ok_or_else(|| {
        LegacyError::bad_request("The request body has to hold the query as the string 'Query'.")
    })?;
    let result =
        kql::run(world, query, None, now).map_err(|fault| LegacyError::bad_request(fault.to_string()))?;
    let schema: Vec<Value> = result
        .columns
        .iter()
        .map(|column| json!({ "Name": column.name, "Type": column.kind.name() }))
        .collect();
    let rows: Vec<Value> = result.rows.iter().map(|row| result.object(row, false)).collect();
    let scanned = result.scanned;
    let cpu = format!("00:00:00.{:07}", 156_250 + scanned * 40 % 9_000_000);
    let size = rows.iter().map(|row| row.to_string().len()).sum::<usize>();
    Ok(json!({
        "Stats": {
            "ExecutionTime": 0.015_625 * f64::from(1 + u32::try_from(scanned / 100).unwrap_or(0)),
            "resource_usage": {
                "cache": {
                    "memory": { "hits": 1 + scanned / 64, "misses": 0, "total": 1 + scanned / 64 },
                    "disk": { "hits": 0, "misses": 0, "total": 0 },
                },
                "cpu": { "user": cpu, "kernel": "00:00:00", "total cpu": cpu },
                "memory": { "peak_per_node": 1_048_576 + scanned * 96 },
            },
            "dataset_statistics": [{ "table_row_count": rows.len(), "table_size": size }],
        },
        "Schema": schema,
        "Results": rows,
    }))
}
