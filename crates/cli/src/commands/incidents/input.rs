//! Ids of incidents on standard input: in a JSON array, in JSON values one after the other, or one a line; each with its
//! place, so that one that fails is found again.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What some programs write before UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// An id, and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) place: String,
}

/// Why input cannot be read, and where, when its own words do not say so.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) why: String,
    pub(super) place: Option<String>,
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self { why, place: None }
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        error.to_string().into()
    }
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Self {
        error.to_string().into()
    }
}

/// Counts the lines that were read.
struct Lines<'a, R> {
    inner: R,
    /// How many have ended; the last byte's own end does not count yet.
    ended: &'a Cell<usize>,
    at_end: bool,
}

impl<R: Read> Read for Lines<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte at a time, as the parser takes them: what it has not seen is not counted.
        let Some(first) = buffer.get_mut(..1) else { return Ok(0) };
        let count = self.inner.read(first)?;
        if count == 1 {
            self.ended.set(self.ended.get() + usize::from(self.at_end));
            self.at_end = first == b"\n";
        }
        Ok(count)
    }
}

/// An id: bare, or in an object as either API or this program writes it.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Number(u64),
            Object(Holder),
        }
        // Only these are kept: an incident may be megabytes.
        #[derive(Deserialize)]
        struct Holder {
            #[serde(default, alias = "incidentId")]
            id: Option<Value>,
        }
        let no_id = || serde::de::Error::custom("neither an incident id nor an object with one");
        match Form::deserialize(deserializer).map_err(|_| no_id())? {
            Form::Text(id) | Form::Object(Holder { id: Some(Value::String(id)) }) => Ok(Self(id)),
            Form::Number(id) => Ok(Self(id.to_string())),
            Form::Object(Holder { id: Some(Value::Number(id)) }) => Ok(Self(id.to_string())),
            Form::Object(_) => Err(no_id()),
        }
    }
}

/// Reads all of them.
pub(super) fn read(mut input: impl Read) -> Result<Vec<Found>, Wrong> {
    let mut start = Vec::new();
    input.by_ref().take(3).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    let mut input = BufReader::new(Cursor::new(start).chain(input));
    let mut before = 0;
    let first = loop {
        let buffer = input.fill_buf()?;
        let blank = buffer.iter().position(|byte| !byte.is_ascii_whitespace());
        if buffer.is_empty() {
            return Ok(Vec::new());
        }
        let (passed, found) = buffer.split_at(blank.unwrap_or(buffer.len()));
        before += passed.split(|byte| *byte == b'\n').count() - 1;
        let (passed, first) = (passed.len(), found.first().copied());
        input.consume(passed);
        if let Some(first) = first {
            break first;
        }
    };
    match first {
        b'[' => array(input),
        b'{' | b'"' => values(input, before),
        _ => lines(input, before),
    }
}

fn array(input: impl Read) -> Result<Vec<Found>, Wrong> {
    let mut reader = serde_json::Deserializer::from_reader(input);
    let read = Cell::new(0);
    let found = reader.deserialize_seq(Elements(&read)).map_err(|error| {
        let why = error.to_string();
        Wrong::from(if error.is_data() { format!("element {}: {why}", read.get() + 1) } else { why })
    })?;
    reader.end()?;
    Ok(found)
}

fn values(input: impl Read, before: usize) -> Result<Vec<Found>, Wrong> {
    let ended = Cell::new(before);
    let reader = Lines { inner: input, ended: &ended, at_end: false };
    let values = serde_json::Deserializer::from_reader(reader).into_iter::<Id>();
    let mut found = Vec::new();
    for id in values {
        let place = line(ended.get() + 1);
        match id {
            Ok(Id(id)) => found.push(Found { id, place }),
            Err(error) => return Err(Wrong { why: error.to_string(), place: Some(place) }),
        }
    }
    Ok(found)
}

fn lines(input: impl BufRead, before: usize) -> Result<Vec<Found>, Wrong> {
    let mut found = Vec::new();
    for (index, text) in input.split(b'\n').enumerate() {
        let place = line(before + index + 1);
        let Ok(text) = String::from_utf8(text?) else {
            return Err(Wrong { why: "it is not UTF-8".to_owned(), place: Some(place) });
        };
        let id = text.trim();
        if !id.is_empty() {
            found.push(Found { id: id.to_owned(), place });
        }
    }
    Ok(found)
}

fn line(number: usize) -> String {
    format!("line {number}")
}

/// The elements of an array; counts those that were read.
struct Elements<'a>(&'a Cell<usize>);

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Vec<Found>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of incidents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Vec<Found>, A::Error> {
        let mut found = Vec::new();
        while let Some(Id(id)) = array.next_element()? {
            self.0.set(self.0.get() + 1);
            found.push(Found { id, place: format!("element {}", self.0.get()) });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(input: &str) -> Vec<String> {
        read(input.as_bytes()).expect("ids").into_iter().map(|found| found.id).collect()
    }

    #[test]
    fn ids_are_read_as_lists_are_printed() {
        for input in [
            "20250\n  7 \n\n20251",
            "[\n{\"id\":\"20250\",\"alerts\":[{\"id\":\"da1\"}]},\n{\"incidentId\":7},\"20251\"]\n",
            "{\"incidentId\":20250}\n{\"id\":\"7\",\"comments\":null}\n{\"id\":20251}\n",
            " {\n \"id\": \"20250\"\n}{\"id\":\"7\"} \"20251\"",
            "\"20250\"\n7\n\"20251\"\n",
            "\u{feff}20250\n7\n20251",
        ] {
            assert_eq!(ids(input), ["20250", "7", "20251"], "{input}");
        }
        for nothing in ["", "\n \n", "[]", "\u{feff}"] {
            assert_eq!(ids(nothing), Vec::<String>::new());
        }
    }

    #[test]
    fn each_has_its_place() {
        for (input, last) in [
            ("\n1\n\n2\n", "line 4"),
            ("\n{\"id\":1}\n\n{\"id\":2}", "line 4"),
            ("\"1\"\n2\n3\n", "line 3"),
            ("\"1\"\n2\n3", "line 3"),
            ("{\"id\":1}{\"id\":2}", "line 1"),
            ("[\n1,\n2]", "element 2"),
        ] {
            let found = read(input.as_bytes()).expect("ids");
            assert_eq!(found.last().map(|found| found.place.as_str()), Some(last), "{input}");
        }
    }

    #[test]
    fn what_is_no_text_names_its_line() {
        let wrong = read(&b"20250\n\n2\xff\n"[..]).expect_err("no text");
        assert_eq!(wrong.place.as_deref(), Some("line 3"));
        let wrong = read(&b"{\"id\":1}\n{\"id\":\"\xff\"}"[..]).expect_err("no text");
        assert_eq!(wrong.place.as_deref(), Some("line 2"));
    }

    #[test]
    fn input_that_breaks_off_or_has_no_ids_is_refused() {
        for input in
            ["[{\"id\":\"1\"},", "{\"id\":\"1\"}\n{\"id\"", "[{\"name\":\"x\"}]", "{\"id\":null}", "[1] 2"]
        {
            assert!(read(input.as_bytes()).is_err(), "{input}");
        }
    }
}
