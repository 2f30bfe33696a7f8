//! Advanced hunting: a KQL query in, a table out, row by row.

mod cells;
mod run;
mod schema;
mod stream;
mod value;

pub use cells::Cells;
pub use run::{HuntQuery, MOST_ROWS};
pub use schema::{Column, ColumnType, Schema};
pub use stream::{HuntStream, Row};

/// A row under columns of every type: what is printed is one line of JSON.
#[cfg(fuzzing)]
pub(crate) fn fuzz_row(row: &[u8]) {
    let kinds = ["DateTime", "Int64", "Double", "SByte", "Object", "String"];
    let columns = kinds
        .iter()
        .flat_map(|kind| ["A", "B"].map(|name| Column { name: name.to_owned(), kind: (*kind).to_owned() }));
    let schema = Schema::new(columns.collect());
    let Ok(text) = std::str::from_utf8(row) else { return };
    let Ok(cells) = Cells::read(text, &schema) else { return };
    let mut line = Vec::new();
    cells.write_json(&mut line);
    assert!(!line.contains(&b'\n'));
    // Numbers beyond any machine's and lone surrogates are JSON, too.
    let read: Result<&serde_json::value::RawValue, _> = serde_json::from_slice(&line);
    assert!(read.is_ok_and(|value| value.get().starts_with('{')), "{}", String::from_utf8_lossy(&line));
    assert_eq!(cells.texts().count(), 12);
}
