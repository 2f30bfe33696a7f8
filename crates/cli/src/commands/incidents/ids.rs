//! The incidents that a change names: on the command line, or on standard input as other commands print them.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::detached::detached;
use crate::failure::Failure;

/// Stands for standard input.
pub(super) const INPUT: &str = "-";

/// Whether the words name one incident, whose change is shown as the incident itself.
pub(super) fn is_one(words: &[String]) -> bool {
    matches!(words, [word] if word != INPUT)
}

/// All ids, each once, in the order they were named; `-` is replaced by those on standard input. Everything is read before
/// anything is changed, so that input that breaks off changes nothing.
pub(super) async fn gather(words: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut seen = HashSet::new();
    let mut ids = Vec::new();
    let mut read = false;
    for word in words {
        let found = if word != INPUT {
            vec![word]
        } else if std::mem::replace(&mut read, true) {
            Vec::new()
        } else {
            let reading = detached(|| read_ids(std::io::stdin().lock()));
            let wrong = |why: String| Failure::usage(why).with_source("standard input");
            reading.await.ok_or_else(|| Failure::bug("standard input cannot be read"))?.map_err(wrong)?
        };
        ids.extend(found.into_iter().filter(|id| seen.insert(id.clone())));
    }
    Ok(ids)
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

/// Ids in a JSON array, in JSON values one after the other, or one a line.
fn read_ids(input: impl Read) -> Result<Vec<String>, String> {
    let mut input = BufReader::new(input);
    let first = loop {
        let buffer = input.fill_buf().map_err(|error| error.to_string())?;
        match buffer.iter().position(|byte| !byte.is_ascii_whitespace()) {
            Some(blank) => {
                input.consume(blank);
                break input.fill_buf().map_err(|error| error.to_string())?.first().copied();
            }
            None if buffer.is_empty() => return Ok(Vec::new()),
            None => {
                let blank = buffer.len();
                input.consume(blank);
            }
        }
    };
    match first {
        Some(b'[') => {
            let mut reader = serde_json::Deserializer::from_reader(input);
            let ids = reader.deserialize_seq(Ids).map_err(|error| error.to_string())?;
            reader.end().map_err(|error| error.to_string())?;
            Ok(ids)
        }
        Some(b'{' | b'"') => serde_json::Deserializer::from_reader(input)
            .into_iter::<Id>()
            .map(|id| id.map(|Id(id)| id).map_err(|error| error.to_string()))
            .collect(),
        _ => input
            .lines()
            .map(|line| line.map(|line| line.trim().to_owned()).map_err(|error| error.to_string()))
            .filter(|line| line.as_ref().map_or(true, |line| !line.is_empty()))
            .collect(),
    }
}

struct Ids;

impl<'de> Visitor<'de> for Ids {
    type Value = Vec<String>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of incidents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Vec<String>, A::Error> {
        let mut ids = Vec::new();
        while let Some(Id(id)) = array.next_element()? {
            ids.push(id);
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_lists_are_printed() {
        for input in [
            "20250\n  7 \n\n20251",
            "[\n{\"id\":\"20250\",\"alerts\":[{\"id\":\"da1\"}]},\n{\"incidentId\":7},\"20251\"]\n",
            "{\"incidentId\":20250}\n{\"id\":\"7\",\"comments\":null}\n{\"id\":20251}\n",
            " {\n \"id\": \"20250\"\n}{\"id\":\"7\"} \"20251\"",
            "\"20250\"\n7\n\"20251\"\n",
        ] {
            assert_eq!(
                read_ids(input.as_bytes()).as_deref(),
                Ok(&["20250", "7", "20251"].map(String::from)[..]),
                "{input}"
            );
        }
        for nothing in ["", "\n \n", "[]"] {
            assert_eq!(read_ids(nothing.as_bytes()), Ok(Vec::new()));
        }
    }

    #[test]
    fn input_that_breaks_off_or_has_no_ids_is_refused() {
        for input in
            ["[{\"id\":\"1\"},", "{\"id\":\"1\"}\n{\"id\"", "[{\"name\":\"x\"}]", "{\"id\":null}", "[1] 2"]
        {
            assert!(read_ids(input.as_bytes()).is_err(), "{input}");
        }
    }
}
