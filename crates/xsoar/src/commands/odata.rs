//! Query options in the legacy API's words, and the same in Graph's.

use defender_xdr_api::words::{CLASSIFICATION, DETERMINATION, SEVERITY, STATUS, Vocabulary};
use serde_json::{Map, Value};

use crate::python;

/// The largest page of Graph ("List incidents": `$top`).
const LARGEST_PAGE: usize = 50;

/// Properties of incidents that have another name in Graph.
const NAMES: [(&str, &str); 6] = [
    ("incidentId", "id"),
    ("incidentName", "displayName"),
    ("createdTime", "createdDateTime"),
    ("lastUpdateTime", "lastUpdateDateTime"),
    ("tags", "customTags"),
    ("incidentUri", "incidentWebUrl"),
];

/// Properties whose values are words.
const WORDS: [(&str, Vocabulary); 4] = [
    ("status", STATUS),
    ("severity", SEVERITY),
    ("classification", CLASSIFICATION),
    ("determination", DETERMINATION),
];

/// Reads the argument: `None` when it is absent or an empty object.
///
/// # Errors
/// The original's text, when it is no JSON object.
pub(super) fn read(value: Option<&Value>) -> Result<Option<Map<String, Value>>, String> {
    let shown =
        |value: &Value| format!("Can't parse odata argument as JSON array.\nvalue: {}", python::text(value));
    let options = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(Value::Object(options)) => options.clone(),
        Some(value @ Value::String(text)) => serde_json::from_str(text).map_err(|_| shown(value))?,
        Some(other) => return Err(shown(other)),
    };
    Ok(Some(options).filter(|options| !options.is_empty()))
}

/// Options for the legacy API: exactly those given.
pub(super) fn for_legacy(options: &Map<String, Value>) -> Vec<(String, String)> {
    options.iter().map(|(name, value)| (name.clone(), python::text(value))).collect()
}

/// Options for Graph, and how many incidents they ask for. A larger page than Graph has is read as several.
pub(super) fn for_graph(options: &Map<String, Value>) -> (Vec<(String, String)>, Option<usize>) {
    let mut wanted = None;
    let mut translated = Vec::new();
    for (name, value) in for_legacy(options) {
        match name.trim_start_matches('$').to_ascii_lowercase().as_str() {
            "top" => match value.trim().parse::<usize>() {
                Ok(top) => {
                    wanted = Some(top);
                    translated.push((name, top.min(LARGEST_PAGE).to_string()));
                }
                // The service is the judge of what is no number.
                Err(_) => translated.push((name, value)),
            },
            "filter" | "orderby" | "select" => translated.push((name, in_graphs_words(&value))),
            _ => translated.push((name, value)),
        }
    }
    if !options.keys().any(|name| name.trim_start_matches('$').eq_ignore_ascii_case("expand")) {
        translated.push(("$expand".to_owned(), "alerts".to_owned()));
    }
    (translated, wanted)
}

/// Renames properties outside of quotes, and spells the words that are compared with some of them.
fn in_graphs_words(expression: &str) -> String {
    let mut out = String::new();
    let mut property = "";
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let (token, after) = if first == '\'' {
            quoted(rest)
        } else if is_of_name(first) {
            rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()))
        } else {
            rest.split_at(first.len_utf8())
        };
        rest = after;
        if first == '\'' {
            let words = WORDS.iter().find(|(name, _)| property.eq_ignore_ascii_case(name));
            let inside = token.trim_matches('\'');
            match words {
                Some((_, vocabulary)) => out.extend(["'", &vocabulary.graph(inside), "'"]),
                None => out.push_str(token),
            }
        } else if is_of_name(first) {
            let renamed = NAMES.iter().find(|(legacy, _)| legacy.eq_ignore_ascii_case(token));
            out.push_str(renamed.map_or(token, |(_, graph)| graph));
            // `status eq 'Active'`: the operator stands between the property and its word.
            if !["eq", "ne", "in"].contains(&token) {
                property = token;
            }
        } else {
            out.push_str(token);
        }
    }
    out
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.@-:".contains(character)
}

/// A text in quotes, in which two quotes are one.
fn quoted(text: &str) -> (&str, &str) {
    let mut at = 1;
    while let Some(found) = text[at..].find('\'') {
        at += found + 1;
        if text[at..].starts_with('\'') {
            at += 1;
        } else {
            return text.split_at(at);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_object_is_told_in_the_originals_words() {
        let said = |value: Value| read(Some(&value)).expect_err("no object");
        assert_eq!(said(json!("{x")), "Can't parse odata argument as JSON array.\nvalue: {x");
        assert_eq!(said(json!("[1]")), "Can't parse odata argument as JSON array.\nvalue: [1]");
        for nothing in [json!(null), json!(""), json!("{}"), json!({})] {
            assert_eq!(read(Some(&nothing)), Ok(None));
        }
    }

    #[test]
    fn filters_are_put_into_graphs_words() {
        for (legacy, graph) in [
            ("status eq 'Active'", "status eq 'active'"),
            (
                "createdTime gt 2026-09-01T00:00:00Z and assignedTo eq 'o''Active'",
                "createdDateTime gt 2026-09-01T00:00:00Z and assignedTo eq 'o''Active'",
            ),
            (
                "severity ne 'UnSpecified' or (status in ('Active','Resolved'))",
                "severity ne 'unknown' or (status in ('active','resolved'))",
            ),
            ("lastUpdateTime desc", "lastUpdateDateTime desc"),
            ("incidentName eq 'status'", "displayName eq 'status'"),
            ("status eq 'open", "status eq 'open'"),
        ] {
            assert_eq!(in_graphs_words(legacy), graph);
        }
    }

    #[test]
    fn a_page_that_graph_does_not_have_is_read_in_parts() {
        let options = json!({ "$top": 80, "$filter": "status eq 'Active'" });
        let (translated, wanted) = for_graph(options.as_object().expect("an object"));
        assert_eq!(wanted, Some(80));
        assert_eq!(
            translated,
            [("$top", "50"), ("$filter", "status eq 'active'"), ("$expand", "alerts")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
