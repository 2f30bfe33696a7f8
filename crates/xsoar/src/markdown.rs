//! Tables in Markdown as the platform's `tableToMarkdown` draws them.
//!
//! Source: `CommonServerPython` of the Cortex content repository, `tableToMarkdown`.

use serde_json::{Map, Value};

use crate::python::{self, Ascii};

/// A table under a heading. `name` is written raw. Without `headers`, the columns are the keys of the first row, sorted.
pub fn table(name: &str, rows: &[Map<String, Value>], headers: Option<&[String]>) -> String {
    let mut text = format!("### {name}\n");
    let Some(first) = rows.first() else {
        text.push_str("**No entries.**\n");
        return text;
    };
    let sorted = || {
        let mut keys: Vec<String> = first.keys().cloned().collect();
        keys.sort();
        keys
    };
    let headers = headers.map_or_else(sorted, <[String]>::to_vec);
    let line = |cells: Vec<String>, between: &str| cells.join(between);
    text.push('|');
    text.push_str(&line(headers.iter().map(|header| escaped(header)).collect(), "|"));
    text.push_str("|\n|");
    text.push_str(&line(headers.iter().map(|_| "---".to_owned()).collect(), "|"));
    text.push_str("|\n");
    for row in rows {
        let cells = headers.iter().map(|header| escaped(&cell(row.get(header)))).collect();
        text.push_str("| ");
        text.push_str(&line(cells, " | "));
        text.push_str(" |\n");
    }
    text
}

/// A table of one value: a list is its rows, an object is one row, an object of a single member is a column of its value.
pub fn table_of(name: &str, value: &Value) -> String {
    match value {
        Value::Object(members) if members.len() == 1 => {
            let rows = members.iter().flat_map(|(key, value)| {
                let items = match value {
                    Value::Array(items) => items.clone(),
                    other => vec![other.clone()],
                };
                items.into_iter().map(|item| Map::from_iter([(key.clone(), item)]))
            });
            table(name, &rows.collect::<Vec<_>>(), None)
        }
        Value::Object(members) if !members.is_empty() => table(name, std::slice::from_ref(members), None),
        Value::Array(items) => {
            let rows: Vec<_> = items.iter().filter_map(Value::as_object).cloned().collect();
            table(name, &rows, None)
        }
        _ => table(name, &[], None),
    }
}

/// The text of a cell, before escaping.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Object(members)) => {
            let lines: Vec<_> =
                members.iter().map(|(name, value)| format!("{name}: {}", inside(value))).collect();
            lines.join("\n")
        }
        Some(value) => inside(value),
    }
}

/// The text of a value inside an object; of a list everywhere.
fn inside(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(python::text).collect::<Vec<_>>().join(",\n"),
        other => python::json(other, Ascii::AndMore),
    }
}

/// Line breaks, pipes and backticks would break the table.
fn escaped(text: &str) -> String {
    text.replace("\r\n", "<br>").replace(['\r', '\n'], "<br>").replace('|', "\\|").replace('`', "\\`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(value: Value) -> Vec<Map<String, Value>> {
        match value {
            Value::Array(items) => items.into_iter().filter_map(|item| item.as_object().cloned()).collect(),
            _ => panic!("a list"),
        }
    }

    fn drawn(value: &Value, headers: &[&str]) -> String {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        table("T", &rows(json!([value])), Some(&headers))
    }

    #[test]
    fn a_table_has_a_heading_a_header_and_rows() {
        let rows = rows(json!([ { "b": "x", "a": 5 }, { "b": null, "a": true } ]));
        assert_eq!(
            table("Name\n|`", &rows, None),
            "### Name\n|`\n|a|b|\n|---|---|\n| 5 | x |\n| true |  |\n"
        );
        let chosen = ["b".to_owned(), "z".to_owned()];
        assert_eq!(table("N", &rows[..1], Some(&chosen)), "### N\n|b|z|\n|---|---|\n| x |  |\n");
    }

    #[test]
    fn no_rows_are_told() {
        assert_eq!(table("N", &[], None), "### N\n**No entries.**\n");
        for empty in [json!(null), json!([]), json!({})] {
            assert_eq!(table_of("N", &empty), "### N\n**No entries.**\n");
        }
    }

    #[test]
    fn cells_and_headers_are_escaped_and_lists_break() {
        assert_eq!(
            drawn(&json!({ "a|b": "x\r\ny\rz\n|`\\<>" }), &["a|b"]),
            "### T\n|a\\|b|\n|---|\n| x<br>y<br>z<br>\\|\\`\\<> |\n"
        );
        assert_eq!(drawn(&json!({ "a": ["a", "b"] }), &["a"]), "### T\n|a|\n|---|\n| a,<br>b |\n");
    }

    #[test]
    fn objects_are_lines_of_key_and_value() {
        let value = json!({ "a": { "k": "v", "n": null, "o": { "a": 1 }, "l": [ { "a": 1 }, "t" ] } });
        assert_eq!(
            drawn(&value, &["a"]),
            "### T\n|a|\n|---|\n| k: v<br>n: null<br>o: {\"a\": 1}<br>l: {'a': 1},<br>t |\n"
        );
    }

    #[test]
    fn an_object_of_one_member_is_a_column() {
        assert_eq!(table_of("N", &json!({ "k": ["a", "b"] })), "### N\n|k|\n|---|\n| a |\n| b |\n");
        assert_eq!(table_of("N", &json!({ "b": 1, "a": 2 })), "### N\n|a|b|\n|---|---|\n| 2 | 1 |\n");
    }
}
