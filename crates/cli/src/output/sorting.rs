//! Records put in order by one of their members. They are kept until the last one came, so there is a limit to them.

use std::cmp::Ordering;

use defender_xdr_core::Timestamp;
use serde_json::Value;

use super::path;
use super::shape::SortKey;
use crate::failure::Failure;

/// More records are not kept.
const MOST_RECORDS: usize = 10_000;
/// Nor is more text than this, in bytes.
const MOST_TEXT: usize = 64 * 1024 * 1024;

/// A record that waits for its place.
#[derive(Debug)]
pub(super) struct Waiting {
    key: Key,
    /// JSON text.
    pub(super) json: String,
    /// Whether the text is the server's own.
    pub(super) raw: bool,
    /// The cells for people.
    pub(super) row: Option<Vec<String>>,
}

/// Records that wait for their order.
#[derive(Debug, Default)]
pub(super) struct Sorting {
    records: Vec<Waiting>,
    text: usize,
}

impl Sorting {
    pub(super) fn add(
        &mut self,
        by: &SortKey,
        record: &Value,
        json: String,
        raw: bool,
        row: Option<Vec<String>>,
    ) -> Result<(), Failure> {
        self.text += json.len() + row.iter().flatten().map(String::len).sum::<usize>();
        if self.records.len() >= MOST_RECORDS || self.text > MOST_TEXT {
            return Err(Failure::usage(format!(
                "more than {MOST_RECORDS} records, or {} MiB of them, cannot be put in order here",
                MOST_TEXT >> 20
            ))
            .with_source("flag --sort")
            .with_hint("narrow the list down, let a query sort (`| sort by`), or pipe ndjson into a program that sorts")
            .into());
        }
        self.records.push(Waiting { key: Key::of(record, &by.path), json, raw, row });
        Ok(())
    }

    /// Whether any record has something to go by.
    pub(super) fn has_keys(&self) -> bool {
        self.records.iter().any(|record| record.key != Key::Nothing)
    }

    /// The records in order; equals stay in the order in which they came, and those without the member come last.
    pub(super) fn sorted(self, by: &SortKey) -> Vec<Waiting> {
        let mut records = self.records;
        records.sort_by(|one, other| match (&one.key, &other.key) {
            (Key::Nothing, Key::Nothing) => Ordering::Equal,
            (Key::Nothing, _) => Ordering::Greater,
            (_, Key::Nothing) => Ordering::Less,
            (one, other) if by.descending => other.compare(one),
            (one, other) => one.compare(other),
        });
        records
    }
}

#[derive(Debug, PartialEq)]
enum Key {
    Rank(usize),
    Number(f64),
    Time(Timestamp),
    Text(String),
    Nothing,
}

impl Key {
    fn of(record: &Value, path: &str) -> Self {
        let is_severity = path.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case("severity"));
        match path::find(record, path).first() {
            None | Some(Value::Null) => Self::Nothing,
            Some(Value::Bool(value)) => Self::Rank(usize::from(*value)),
            Some(Value::Number(number)) => number.as_f64().map_or(Self::Nothing, Self::Number),
            Some(Value::String(text)) => {
                if let Some(rank) = rank(text).filter(|_| is_severity) {
                    Self::Rank(rank)
                } else if let Some(number) = text.parse().ok().filter(|_| is_number(text)) {
                    // Ids are numbers in texts.
                    Self::Number(number)
                } else {
                    text.parse().map_or_else(|_| Self::Text(text.to_lowercase()), Self::Time)
                }
            }
            Some(other) => Self::Text(other.to_string()),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Rank(one), Self::Rank(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Time(one), Self::Time(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (one, other) => one.kind().cmp(&other.kind()),
        }
    }

    fn kind(&self) -> usize {
        match self {
            Self::Rank(_) => 0,
            Self::Number(_) => 1,
            Self::Time(_) => 2,
            Self::Text(_) => 3,
            Self::Nothing => 4,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.len() <= 15
}

/// Severities go by their weight, not by their letters.
fn rank(word: &str) -> Option<usize> {
    ["unknown", "informational", "low", "medium", "high"]
        .iter()
        .position(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(values: &[Value], key: &str) -> Vec<Value> {
        let by: SortKey = key.parse().expect("a key");
        let mut sorting = Sorting::default();
        for value in values {
            let record = json!({ by.path.as_str(): value });
            sorting.add(&by, &record, value.to_string(), false, None).expect("few");
        }
        sorting.sorted(&by).iter().map(|record| serde_json::from_str(&record.json).expect("JSON")).collect()
    }

    #[test]
    fn ids_go_by_number_severities_by_weight_and_nothing_comes_last() {
        assert_eq!(
            order(&[json!("10"), json!(null), json!("9")], "id"),
            [json!("9"), json!("10"), json!(null)]
        );
        assert_eq!(
            order(&[json!("10"), json!(null), json!("9")], "id:desc"),
            [json!("10"), json!("9"), json!(null)]
        );
        let words = [json!("low"), json!("high"), json!("medium")];
        assert_eq!(order(&words, "severity:desc"), [json!("high"), json!("medium"), json!("low")]);
        let times = [
            json!("2026-01-01T00:00:00Z"),
            json!("2026-01-01T00:00:00.5Z"),
            json!("2025-12-31T23:59:59.99Z"),
        ];
        assert_eq!(order(&times, "at"), [times[2].clone(), times[0].clone(), times[1].clone()]);
    }

    #[test]
    fn there_is_a_limit_to_what_is_kept() {
        let by: SortKey = "id".parse().expect("a key");
        let mut sorting = Sorting::default();
        let results = (0..=MOST_RECORDS)
            .map(|id| sorting.add(&by, &json!({"id": id}), String::new(), false, None).is_ok());
        assert_eq!(results.filter(|well| *well).count(), MOST_RECORDS);
    }
}
