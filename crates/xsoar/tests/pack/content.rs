//! Everything of the pack that is JSON.

use serde_json::{Value, json};

use crate::{fields, integration, layout, mappers};

/// The files, by their names.
pub(crate) fn files() -> Vec<(String, String)> {
    let mut files = vec![("pack_metadata.json".to_owned(), metadata())];
    files.extend(mappers::files());
    files.extend(fields::files());
    files.extend(layout::files());
    files.into_iter().map(|(name, content)| (name, rendered(&content))).collect()
}

/// Indented by four, as the platform writes it.
fn rendered(value: &Value) -> String {
    use serde::Serialize as _;
    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, format);
    value.serialize(&mut serializer).expect("JSON");
    text.push(b'\n');
    String::from_utf8(text).expect("text")
}

fn metadata() -> Value {
    json!({
        "name": "Microsoft 365 Defender by defender-xdr",
        "description": "Incidents of Microsoft Defender XDR, each once, and mirrored; advanced hunting; the legacy API and Microsoft Graph in one shape.",
        "support": "community",
        "currentVersion": env!("CARGO_PKG_VERSION"),
        "author": "defender-xdr",
        "url": "",
        "email": "",
        "categories": ["Network Security"],
        "tags": [],
        "useCases": [],
        "keywords": ["Microsoft Defender XDR", integration::ID, "Microsoft Graph"],
        "marketplaces": ["xsoar", "marketplacev2"],
        "dependencies": {},
        "githubUser": [],
    })
}
