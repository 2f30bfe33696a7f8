//! How long things took: a histogram for people, and quantiles that are right within three per cent.

use std::collections::BTreeMap;

use crate::findings::{Share, Spread};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Steps that people think in; what is longer than the last goes into one more.
const STEPS: [(u64, &str); 7] = [
    (15 * MINUTE, "< 15 min"),
    (HOUR, "< 1 h"),
    (4 * HOUR, "< 4 h"),
    (DAY, "< 1 d"),
    (3 * DAY, "< 3 d"),
    (7 * DAY, "< 7 d"),
    (30 * DAY, "< 30 d"),
];
const LONGER: &str = "longer";

/// Durations being counted. Memory depends on the range, not on the number.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    /// By power of two and sixteenth of it.
    fine: BTreeMap<(u32, u64), u32>,
    coarse: [u32; STEPS.len() + 1],
    count: u32,
}

impl Durations {
    /// Counts one. What seems to end before it begins took no time: clocks differ.
    pub(crate) fn add(&mut self, seconds: i64) {
        let seconds = u64::try_from(seconds).unwrap_or(0);
        let step = STEPS.iter().position(|(limit, _)| seconds < *limit).unwrap_or(STEPS.len());
        self.coarse[step] = self.coarse[step].saturating_add(1);
        let fine = self.fine.entry(cell(seconds)).or_default();
        *fine = fine.saturating_add(1);
        self.count = self.count.saturating_add(1);
    }

    /// What was found.
    pub(crate) fn finish(&self) -> Spread {
        let labels = STEPS.iter().map(|(_, label)| *label).chain([LONGER]);
        Spread {
            count: self.count,
            median_seconds: self.quantile(1, 2),
            ninetieth_seconds: self.quantile(9, 10),
            shares: labels
                .zip(self.coarse)
                .map(|(label, incidents)| Share { label: label.to_owned(), incidents })
                .collect(),
        }
    }

    /// The duration that `part` of `whole` do not exceed, in seconds.
    fn quantile(&self, part: u64, whole: u64) -> Option<u64> {
        let rank = (u64::from(self.count) * part).div_ceil(whole);
        let mut passed = 0;
        self.fine.iter().find_map(|(cell, count)| {
            passed += u64::from(*count);
            (passed >= rank).then(|| middle(*cell))
        })
    }
}

/// The power of two below, and how many sixteenths of it beyond.
fn cell(seconds: u64) -> (u32, u64) {
    let Some(power) = seconds.checked_ilog2() else { return (0, 0) };
    let sixteenths = if power >= 4 { seconds >> (power - 4) } else { seconds << (4 - power) };
    (power, sixteenths & 15)
}

fn middle((power, sixteenths): (u32, u64)) -> u64 {
    let low = ((16 + sixteenths) << power) >> 4;
    low + ((1 << power) >> 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_within_three_per_cent() {
        let mut durations = Durations::default();
        for second in 1..=20_000 {
            durations.add(second);
        }
        let found = durations.finish();
        let (median, ninetieth) = (found.median_seconds.unwrap(), found.ninetieth_seconds.unwrap());
        assert!((9_700..=10_300).contains(&median) && (17_460..=18_540).contains(&ninetieth), "{found:?}");
        assert_eq!(found.shares[0].incidents, 899);
        assert_eq!(found.shares.iter().map(|share| share.incidents).sum::<u32>(), found.count);
    }

    #[test]
    fn nothing_has_no_median_and_no_time_is_no_time() {
        assert_eq!(Durations::default().finish().median_seconds, None);
        let mut durations = Durations::default();
        durations.add(-5);
        durations.add(i64::MAX);
        assert_eq!(durations.finish().shares.last().map(|share| share.incidents), Some(1));
    }
}
