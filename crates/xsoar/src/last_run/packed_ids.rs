//! Ids of incidents, packed: runs of numbers by their gaps and lengths, in as many bits as they need, in base64.
//!
//! Thirty thousand ids that lie some hundreds apart take less than 64 KiB; those that follow each other next to nothing.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use defender_xdr_api::fetch::Remembered;
use serde::{Deserialize, Serialize};

use super::bits::{Reader, Writer};

/// More ones than this begin a number that is written out.
const ESCAPE: u64 = 32;

/// Ids as text of the state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PackedIds {
    /// How far gaps are shifted.
    #[serde(rename = "k")]
    shift: u8,
    /// Runs.
    #[serde(rename = "n")]
    count: usize,
    #[serde(rename = "ids")]
    bits: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    words: BTreeSet<String>,
}

/// Runs of numbers, each with the gap to the last one and its length, less one each; and words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Runs {
    numbers: Vec<(u64, u64)>,
    words: BTreeSet<String>,
}

/// The form in which a set of ids is kept by its own crate: the same runs as LEB128 in base64.
#[derive(Serialize, Deserialize)]
struct Kept {
    numbers: String,
    #[serde(default)]
    words: BTreeSet<String>,
}

/// What is no packed text of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ids in the last run cannot be read")]
pub(super) struct Broken;

impl PackedIds {
    pub(super) fn pack(ids: &Remembered) -> Result<Self, Broken> {
        let runs = Runs::of(ids)?;
        let cost = |shift: u8| -> u64 {
            runs.numbers
                .iter()
                .map(|(gap, _)| {
                    let ones = gap >> shift;
                    if ones >= ESCAPE { ESCAPE + 64 } else { ones + 1 + u64::from(shift) }
                })
                .sum()
        };
        let shift = (0..40).min_by_key(|shift| cost(*shift)).unwrap_or_default();
        let mut bits = Writer::default();
        for (gap, length) in &runs.numbers {
            let ones = gap >> shift;
            if ones >= ESCAPE {
                bits.ones(ESCAPE);
                bits.number(*gap, 64);
            } else {
                bits.ones(ones);
                bits.number(0, 1);
                bits.number(*gap, shift);
            }
            // Elias gamma: as many ones as there are digits after the first.
            let value = length.saturating_add(1);
            let digits = u8::try_from(value.ilog2()).unwrap_or_default();
            bits.ones(u64::from(digits));
            bits.number(0, 1);
            bits.number(value, digits);
        }
        let bits = STANDARD_NO_PAD.encode(bits.into_bytes());
        Ok(Self { shift, count: runs.numbers.len(), bits, words: runs.words })
    }

    pub(super) fn unpack(&self) -> Result<Remembered, Broken> {
        self.runs()?.remembered()
    }

    fn runs(&self) -> Result<Runs, Broken> {
        let bytes = STANDARD_NO_PAD.decode(&self.bits).map_err(|_| Broken)?;
        let mut bits = Reader::new(&bytes);
        let mut numbers = Vec::new();
        // A run takes two bits at least.
        if self.count > bytes.len() * 4 || self.shift > 40 {
            return Err(Broken);
        }
        for _ in 0..self.count {
            let ones = bits.ones(ESCAPE).ok_or(Broken)?;
            let gap = if ones == ESCAPE {
                bits.number(64).ok_or(Broken)?
            } else {
                (ones << self.shift) | bits.number(self.shift).ok_or(Broken)?
            };
            let digits = bits.ones(63).ok_or(Broken)?;
            if digits == 63 {
                return Err(Broken);
            }
            let rest = bits.number(u8::try_from(digits).map_err(|_| Broken)?).ok_or(Broken)?;
            numbers.push((gap, ((1 << digits) | rest) - 1));
        }
        Ok(Runs { numbers, words: self.words.clone() })
    }
}

impl Runs {
    fn of(ids: &Remembered) -> Result<Self, Broken> {
        let kept = serde_json::to_value(ids).map_err(|_| Broken)?;
        let kept: Kept = serde_json::from_value(kept).map_err(|_| Broken)?;
        let bytes = STANDARD_NO_PAD.decode(kept.numbers).map_err(|_| Broken)?;
        let (mut rest, mut numbers) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            numbers.push((take(&mut rest)?, take(&mut rest)?));
        }
        Ok(Self { numbers, words: kept.words })
    }

    fn remembered(&self) -> Result<Remembered, Broken> {
        let mut bytes = Vec::new();
        for (gap, length) in &self.numbers {
            put(&mut bytes, *gap);
            put(&mut bytes, *length);
        }
        let kept = Kept { numbers: STANDARD_NO_PAD.encode(bytes), words: self.words.clone() };
        let kept = serde_json::to_value(kept).map_err(|_| Broken)?;
        serde_json::from_value(kept).map_err(|_| Broken)
    }

    /// First to last number of each run.
    fn ranges(&self) -> Result<Vec<(u64, u64)>, Broken> {
        let mut next = 0_u64;
        let mut ranges = Vec::new();
        for (gap, length) in &self.numbers {
            let first = next.checked_add(*gap).ok_or(Broken)?;
            let last = first.checked_add(*length).ok_or(Broken)?;
            ranges.push((first, last));
            next = last.checked_add(1).ok_or(Broken)?;
        }
        Ok(ranges)
    }
}

/// The ids of several sets in one.
pub(super) fn union<'a>(sets: impl IntoIterator<Item = &'a Remembered>) -> Result<Remembered, Broken> {
    let (mut ranges, mut words) = (Vec::new(), BTreeSet::new());
    for set in sets {
        let runs = Runs::of(set)?;
        ranges.extend(runs.ranges()?);
        words.extend(runs.words);
    }
    ranges.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    let mut next = 0;
    let numbers = joined.into_iter().map(|(first, last)| {
        let run = (first - next, last - first);
        next = last + 1;
        run
    });
    Runs { numbers: numbers.collect(), words }.remembered()
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
}

fn take(rest: &mut &[u8]) -> Result<u64, Broken> {
    let (mut number, mut shift) = (0_u64, 0_u32);
    loop {
        let (byte, tail) = rest.split_first().ok_or(Broken)?;
        *rest = tail;
        if shift > 63 {
            return Err(Broken);
        }
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: impl IntoIterator<Item = u64>) -> Remembered {
        let mut set = Remembered::default();
        for id in ids {
            set.insert(&id.to_string());
        }
        set
    }

    #[test]
    fn ids_are_packed_and_unpacked() {
        let mut with_words = set([7, 8, 9, 20_000, 1 << 50]);
        with_words.insert("a-word");
        for ids in [
            Remembered::default(),
            set([0]),
            set([u64::MAX - 1]),
            set(0..1_000),
            set((0..5_000).map(|id| id * id)),
            set([1, 1 << 60, (1 << 60) + 2]),
            with_words,
        ] {
            let packed = PackedIds::pack(&ids).expect("packed");
            assert_eq!(packed.unpack(), Ok(ids));
        }
    }

    #[test]
    fn thirty_thousand_ids_that_lie_hundreds_apart_fit() {
        let mut mixed = 1_u64;
        let mut id = 0;
        let ids = set(std::iter::repeat_with(|| {
            mixed = mixed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            id += 1 + (mixed >> 33) % 600;
            id
        })
        .take(30_000));
        assert_eq!(ids.len(), 30_000);
        let length = serde_json::to_string(&PackedIds::pack(&ids).expect("packed")).expect("JSON").len();
        assert!(length < 57_000, "{length}");
        let dense =
            serde_json::to_string(&PackedIds::pack(&set(0..1_000_000)).expect("packed")).expect("JSON");
        assert!(dense.len() < 60, "{dense}");
    }

    #[test]
    fn sets_are_joined() {
        let (odd, even) = (set((0..50).map(|id| id * 2 + 1)), set((0..50).map(|id| id * 2)));
        assert_eq!(union([&odd, &even, &set([40, 200])]), Ok(set((0..100).chain([200]))));
        assert_eq!(union([]), Ok(Remembered::default()));
    }

    #[test]
    fn what_is_no_packed_text_is_told() {
        let packed = PackedIds::pack(&set([5, 9, 400])).expect("packed");
        for broken in [
            PackedIds { bits: "!".into(), ..packed.clone() },
            PackedIds { count: 1_000, ..packed.clone() },
            PackedIds { shift: 255, ..packed.clone() },
            PackedIds { bits: String::new(), ..packed.clone() },
        ] {
            assert_eq!(broken.unpack(), Err(Broken));
        }
    }
}
