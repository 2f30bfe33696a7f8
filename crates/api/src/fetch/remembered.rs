//! Ids that were delivered, kept small: numbers as runs and gaps, in base64; other words as they are.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

/// A set of incident ids. Ids that follow each other cost nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Remembered {
    /// First to last number of each run.
    runs: BTreeMap<u64, u64>,
    words: BTreeSet<String>,
    count: u64,
}

/// `numbers`: for each run the gap to the last one and its length, less one each, as LEB128.
#[derive(Serialize, Deserialize)]
struct Written {
    numbers: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    words: BTreeSet<String>,
}

impl Remembered {
    /// How many ids.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether this id is in it.
    pub fn contains(&self, id: &str) -> bool {
        match number(id) {
            Some(number) => self.runs.range(..=number).next_back().is_some_and(|(_, last)| *last >= number),
            None => self.words.contains(id),
        }
    }

    /// Adds an id; whether it was new.
    pub fn insert(&mut self, id: &str) -> bool {
        let new = match number(id) {
            None => self.words.insert(id.to_owned()),
            Some(_) if self.contains(id) => false,
            Some(number) => {
                let before = number
                    .checked_sub(1)
                    .and_then(|last| self.runs.range(..number).next_back().filter(|run| *run.1 == last))
                    .map(|(first, _)| *first);
                let after = number.checked_add(1).and_then(|next| self.runs.remove(&next));
                self.runs.insert(before.unwrap_or(number), after.unwrap_or(number));
                true
            }
        };
        self.count += u64::from(new);
        new
    }
}

/// Only the one way to write a number counts as one: `007` is another id than `7`.
fn number(id: &str) -> Option<u64> {
    let number: u64 = id.parse().ok()?;
    (number < u64::MAX && (id == "0" || !id.starts_with(['0', '+']))).then_some(number)
}

impl From<Remembered> for Written {
    fn from(ids: Remembered) -> Self {
        let (mut bytes, mut next) = (Vec::new(), 0);
        for (first, last) in ids.runs {
            put(&mut bytes, first - next);
            put(&mut bytes, last - first);
            next = last + 1;
        }
        Self { numbers: STANDARD_NO_PAD.encode(bytes), words: ids.words }
    }
}

impl TryFrom<Written> for Remembered {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const BROKEN: &str = "the remembered ids cannot be read";
        let bytes = STANDARD_NO_PAD.decode(written.numbers).map_err(|_| BROKEN)?;
        let (mut rest, mut next) = (bytes.as_slice(), 0_u64);
        let mut ids = Self { count: written.words.len() as u64, words: written.words, ..Self::default() };
        while !rest.is_empty() {
            let first = next.checked_add(take(&mut rest).ok_or(BROKEN)?).ok_or(BROKEN)?;
            let last = first.checked_add(take(&mut rest).ok_or(BROKEN)?).ok_or(BROKEN)?;
            next = last.checked_add(1).ok_or(BROKEN)?;
            ids.runs.insert(first, last);
            ids.count = ids.count.checked_add(next - first).ok_or(BROKEN)?;
        }
        Ok(ids)
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return;
        }
    }
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0);
    loop {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        number |= u64::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 64)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_in_it_and_survives_writing() {
        let mut ids = Remembered::default();
        for id in ["5", "7", "6", "20417", "0", "007", "incident-a", "18446744073709551615", "6"] {
            assert_eq!(ids.insert(id), !(id == "6" && ids.len() > 4), "{id}");
        }
        let text = serde_json::to_string(&ids).expect("text");
        let read: Remembered = serde_json::from_str(&text).expect("readable");
        assert_eq!(read, ids);
        assert_eq!(read.len(), 8);
        for (id, there) in [("5", true), ("7", true), ("8", false), ("007", true), ("07", false), ("0", true)]
        {
            assert_eq!(read.contains(id), there, "{id}");
        }
    }

    #[test]
    fn a_hundred_thousand_ids_in_a_row_are_a_few_bytes_and_with_gaps_one_or_two_each() {
        let (mut dense, mut sparse) = (Remembered::default(), Remembered::default());
        for number in 0..100_000_u64 {
            dense.insert(&(20_000 + number).to_string());
            sparse.insert(&(20_000 + number * 3).to_string());
        }
        let size = |ids: &Remembered| serde_json::to_string(ids).expect("text").len();
        assert!(size(&dense) < 40, "{}", size(&dense));
        assert!(size(&sparse) < 300_000, "{}", size(&sparse));
    }

    #[test]
    fn nonsense_is_refused() {
        for numbers in ["!", "gA", "/////////////////////w"] {
            let text = format!("{{\"numbers\":\"{numbers}\"}}");
            assert!(serde_json::from_str::<Remembered>(&text).is_err(), "{numbers}");
        }
    }
}
