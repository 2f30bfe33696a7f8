//! What the platform wants to know of a pack before it opens it: `metadata.json` of the zip.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::{NAME, read};

/// A pack has no time of its own: the same files are the same pack.
const WHENEVER: &str = "1980-01-01T00:00:00Z";

/// The name of a kind of content, and where its files lie. Mappers count as classifiers.
const KINDS: [(&str, &str); 6] = [
    ("automation", "Scripts/"),
    ("classifier", "Classifiers/"),
    ("incidentfield", "IncidentFields/"),
    ("incidenttype", "IncidentTypes/"),
    ("integration", "Integrations/"),
    ("layoutscontainer", "Layouts/"),
];

/// The file, from that of the pack and what is in it.
pub(super) fn of(pack: &Path, entries: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let own = read(&pack.join("pack_metadata.json"))?;
    let mut metadata: Map<String, Value> =
        serde_json::from_slice(&own).context("pack_metadata.json is no JSON object")?;
    let mut items = Map::new();
    for (kind, start) in KINDS {
        let names =
            entries.iter().filter(|(name, _)| name.starts_with(start)).map(|(_, content)| named(content));
        items.insert(kind.to_owned(), Value::Array(names.collect::<Result<_>>()?));
    }
    for (name, value) in [
        ("id", json!(NAME)),
        ("created", json!(WHENEVER)),
        ("updated", json!(WHENEVER)),
        ("legacy", json!(true)),
        ("certification", json!("")),
        ("price", json!(0)),
        ("serverMinVersion", json!("6.0.0")),
        ("contentItems", Value::Object(items)),
    ] {
        metadata.insert(name.to_owned(), value);
    }
    let mut text = serde_json::to_vec_pretty(&metadata).context("metadata is JSON")?;
    text.push(b'\n');
    Ok(text)
}

/// The name of a piece of content: JSON, or the YAML of an integration, where it stands at the start of a line.
fn named(content: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(content).context("content is text")?;
    let name = match serde_json::from_str::<Value>(text) {
        Ok(value) => value["name"].as_str().map(str::to_owned),
        Err(_) => text.lines().find_map(|line| line.strip_prefix("name: ")).map(str::to_owned),
    };
    Ok(json!({ "name": name.context("content has no name")? }))
}
