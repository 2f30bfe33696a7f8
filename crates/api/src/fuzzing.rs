//! What is made of texts that others wrote, for fuzzing: nothing may panic.
//!
//! Compiled only with `--cfg fuzzing`.

use serde_json::Value;

use crate::array_stream::{ArrayStream, Part};
use crate::hunting::fuzz_row;

/// A query of incidents, one filter a line: it becomes a filter of OData for both APIs, and nothing but one.
pub fn filter(query: &str) {
    crate::incidents::fuzz_filter(query);
}

/// A hunting answer, its first byte saying how large the pieces are that it comes in.
///
/// # Panics
/// When the rows depend on the pieces, or are not those that a JSON parser finds.
pub fn hunting_answer(bytes: &[u8]) {
    let Some((size, text)) = bytes.split_first() else { return };
    let whole = rows(text, text.len().max(1));
    assert_eq!(rows(text, usize::from(*size).max(1)), whole, "the pieces change the rows");
    for row in whole.iter().flatten() {
        fuzz_row(row);
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice::<Value>(text) else { return };
    if let (Some(Value::Array(expected)), Some(rows)) = (answer.get("results"), &whole)
        && text.windows(9).filter(|window| *window == b"\"results\"").count() == 1
    {
        let read: Vec<Value> =
            rows.iter().map(|row| serde_json::from_slice(row).unwrap_or(Value::Null)).collect();
        assert_eq!(&read, expected);
    }
}

/// The rows; `None` when the text is no complete object.
fn rows(text: &[u8], size: usize) -> Option<Vec<Vec<u8>>> {
    let mut stream = ArrayStream::new(&["results"]);
    let (mut rows, mut pieces) = (Vec::new(), text.chunks(size));
    loop {
        match stream.next().ok()? {
            Part::Element(range) => rows.push(stream.bytes(range).to_vec()),
            Part::Member(..) => {}
            Part::More => stream.room().extend_from_slice(pieces.next()?),
            Part::End => return Some(rows),
        }
    }
}
