//! Advanced hunting. The rows are the service's own, in either API's spelling of the answer.

use defender_xdr_api::{DirectCall, kql};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::Method;
use serde_json::{Map, Value, json};

use super::{Failure, Instance};
use crate::arguments::Arguments;
use crate::entry::{self, HUNT};
use crate::markdown::table;
use crate::python;

pub(super) async fn run(instance: &Instance<'_>, arguments: &Arguments) -> Result<Value, Failure> {
    let limit = arguments.required_number("limit")?;
    let query = kql::with_limit(&arguments.text("query").unwrap_or_default(), limit);
    let path = match instance.client.backend() {
        Backend::Graph => "security/runHuntingQuery",
        Backend::Legacy => "advancedhunting/run",
    };
    let body = json!({ "Query": query }).to_string().into_bytes();
    let call = DirectCall::new(instance.client, Method::POST, path)?.with_json(body);
    let answer = instance.client.call(call).await?;
    let Ok(Value::Object(answer)) = serde_json::from_slice(&answer.body) else {
        let text = String::from_utf8_lossy(&answer.body).chars().take(1000).collect::<String>();
        return Err(format!("Failed to parse json object from response: {}", python::bytes(&text)).into());
    };
    let rows = rows(&answer);
    let text = table(&heading(&query), &rows, columns(&answer).as_deref());
    let results: Vec<_> = rows.into_iter().map(Value::Object).collect();
    Ok(entry::result(&text, HUNT, json!({ "query": query, "results": results })))
}

/// The heading has the query on one line.
fn heading(query: &str) -> String {
    format!(" Result of query: {}:", query.replace("\r\n", " ").replace(['\r', '\n'], " "))
}

/// A member, whose first letter is a capital in the legacy API.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The names of the columns in order; `None` without a schema.
fn columns(answer: &Map<String, Value>) -> Option<Vec<String>> {
    let schema = member(answer, "schema")?.as_array().filter(|schema| !schema.is_empty())?;
    let name = |column: &Value| member(column.as_object()?, "name")?.as_str().map(str::to_owned);
    Some(schema.iter().filter_map(name).collect())
}

/// The rows, without the annotations that Graph puts between the columns.
fn rows(answer: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let results = member(answer, "results").and_then(Value::as_array).into_iter().flatten();
    let without_annotations = |row: &Map<String, Value>| {
        row.iter()
            .filter(|(name, _)| !name.contains("@odata."))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    results.filter_map(Value::as_object).map(without_annotations).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn the_heading_is_one_line_with_two_blanks() {
        let text = table(&heading("A\n| take 5\r\n"), &[], None);
        assert_eq!(text, "###  Result of query: A | take 5 :\n**No entries.**\n");
    }

    #[test]
    fn columns_come_from_the_schema_or_from_the_first_row() {
        let legacy = answer(
            &json!({ "Schema": [ { "Name": "B" }, { "Name": "A" } ], "Results": [ { "A": 1, "B": 2 } ] }),
        );
        let graph = answer(&json!({ "schema": [ { "name": "B" }, { "name": "A" } ],
            "results": [ { "@odata.type": "x", "A@odata.type": "#Int64", "A": 1, "B": 2 } ] }));
        for answer in [&legacy, &graph] {
            let text = table("", &rows(answer), columns(answer).as_deref());
            assert_eq!(text, "### \n|B|A|\n|---|---|\n| 2 | 1 |\n");
        }
        let bare = answer(&json!({ "Results": [ { "b": 1, "a": true } ] }));
        assert_eq!(
            table("", &rows(&bare), columns(&bare).as_deref()),
            "### \n|a|b|\n|---|---|\n| true | 1 |\n"
        );
    }

    #[test]
    fn limits_stand_where_they_mean_something() {
        for (query, limit, sent) in [
            ("DeviceInfo", 50, "DeviceInfo| limit 50 "),
            ("DeviceInfo | take 5 | project DeviceName", 20, "DeviceInfo | limit 20 | project DeviceName"),
            ("DeviceInfo | limit 5", -1, "DeviceInfo | limit 5"),
            ("DeviceInfo | TAKE 5", 20, "DeviceInfo | limit 20 "),
            ("A | limit 1 | take 2", 9, "A | limit 9 | limit 9 "),
            (r#"A | where X == "p || q" | limit 3"#, 9, r#"A | where X == "p || q" | limit 9 "#),
            (r#"A | where X == "p | q""#, 9, r#"A | where X == "p | q"| limit 9 "#),
            (r#"A | where X == "p | take 1 q""#, 9, r#"A | where X == "p | take 1 q"| limit 9 "#),
            ("A | join (B | take 7) on Id", 9, "A | join (B | take 7) on Id| limit 9 "),
            (r#"A | where X == ")" | take 3"#, 9, r#"A | where X == ")" | limit 9 "#),
            ("A |", 9, "A | limit 9 "),
            ("A | where X == 1 // note", 9, "A | where X == 1 // note\n| limit 9 "),
            ("let x = A | take 5; x | where Y == 1", 9, "let x = A | take 5; x | where Y == 1| limit 9 "),
            (
                "A | summarize c=count() by D | render piechart",
                9,
                "A | summarize c=count() by D | limit 9 | render piechart",
            ),
            ("A\n| limit\t5", 9, "A\n| limit 9 "),
            ("A | limit", 9, "A | limit 9 "),
            ("A | where X == 1 | limit 5", 0, "A | where X == 1 | limit 0 "),
        ] {
            assert_eq!(kql::with_limit(query, limit), sent, "{query}");
        }
    }
}
