//! A hunting answer, in either API's spelling: columns first, then rows one at a time.

use std::ops::Range;

use defender_xdr_core::http::Answer;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::envelope::{places, unreadable};
use crate::error::{ApiError, ApiErrorKind};

/// A column of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name, as the query made it.
    #[serde(alias = "Name")]
    pub name: String,
    /// The engine's type, such as `DateTime`, `String`, `Int64`.
    #[serde(alias = "Type", rename = "type", default)]
    pub kind: String,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(alias = "Schema")]
    schema: Vec<Column>,
    #[serde(borrow, alias = "Results")]
    results: Vec<&'a RawValue>,
}

/// A result. Zero rows still have columns.
#[derive(Debug)]
pub struct HuntResult {
    columns: Vec<Column>,
    body: Vec<u8>,
    rows: Vec<Range<usize>>,
}

impl HuntResult {
    pub(super) fn read(answer: Answer) -> Result<Self, ApiError> {
        let (columns, rows) = {
            let envelope: Envelope<'_> =
                serde_json::from_slice(&answer.body).map_err(|error| unreadable(&answer, &error))?;
            let rows = places(&answer.body, &envelope.results);
            (envelope.schema, rows)
        };
        Ok(Self { columns, body: answer.body, rows })
    }

    /// The columns, in the query's order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The whole answer as the server sent it.
    pub fn raw(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }

    /// The rows, each read when it is reached. Annotations of Graph (`…@odata.type`) are left out: they are no
    /// columns.
    pub fn rows(&self) -> impl Iterator<Item = Result<Map<String, Value>, ApiError>> {
        self.rows.iter().map(|range| {
            let row: Map<String, Value> =
                serde_json::from_slice(&self.body[range.clone()]).map_err(|error| {
                    ApiError::new(ApiErrorKind::Unreadable, format!("a row cannot be read: {error}"))
                })?;
            Ok(row.into_iter().filter(|(name, _)| !name.contains("@odata.")).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use defender_xdr_core::http::HeaderMap;

    fn result(body: &str) -> HuntResult {
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: body.into(),
            origin: "https://x.example".into(),
        };
        HuntResult::read(answer).expect("readable")
    }

    #[test]
    fn both_spellings_give_the_same_table() {
        let legacy = result(
            r#"{"Stats":{"x":1},"Schema":[{"Name":"A","Type":"Int64"}],"Results":[{"A":1},{"A":null}]}"#,
        );
        let graph = result(
            r##"{"schema":[{"name":"A","type":"Int64"}],"results":[{"A@odata.type":"#Int64","A":1},{"A":null}]}"##,
        );
        assert_eq!(legacy.columns(), graph.columns());
        let rows = |result: &HuntResult| result.rows().collect::<Result<Vec<_>, _>>().expect("readable");
        assert_eq!(rows(&legacy), rows(&graph));
        assert_eq!(rows(&graph)[0].len(), 1);
    }

    #[test]
    fn no_rows_still_have_columns() {
        let empty = result(r#"{"schema":[{"name":"A","type":"String"}],"results":[]}"#);
        assert!(empty.is_empty() && empty.columns().len() == 1);
    }
}
