//! Periods of the time axis: days, weeks, months or years, so that a page can show them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use serde::Serialize;

use crate::findings::Period;
use crate::severity::BySeverity;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// A day.
    Day,
    /// Seven days from a Monday on.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

impl Step {
    /// The longest span in days of which a page can show every period of this length.
    const LONGEST: [(Self, i32); 3] = [(Self::Day, 62), (Self::Week, 427), (Self::Month, 1_860)];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn over(first: Date, last: Date) -> Self {
        let days = last.since((Unit::Day, first)).map_or(i32::MAX, |span| span.get_days());
        Self::LONGEST.iter().find(|(_, most)| days <= *most).map_or(Self::Year, |(step, _)| *step)
    }

    fn begin(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let past = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(past.days()).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        }
    }

    fn next(self, day: Date) -> Option<Date> {
        let span = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        };
        day.checked_add(span).ok()
    }
}

/// Periods without a gap, from counts by day.
pub(crate) fn periods(days: &BTreeMap<Date, BySeverity>) -> (Step, Vec<Period>) {
    let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
        return (Step::Day, Vec::new());
    };
    let step = Step::over(*first, *last);
    let mut counts: BTreeMap<Date, BySeverity> = BTreeMap::new();
    let mut at = Some(step.begin(*first));
    while let Some(begin) = at.filter(|begin| begin <= last) {
        counts.entry(begin).or_default();
        at = step.next(begin);
    }
    for (day, count) in days {
        counts.entry(step.begin(*day)).or_default().absorb(count);
    }
    (step, counts.into_iter().map(|(from, incidents)| Period { from: from.to_string(), incidents }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::severity::Severity;

    fn of(days: &[&str]) -> (Step, Vec<(String, u32)>) {
        let mut counts = BTreeMap::new();
        for day in days {
            let count: &mut BySeverity = counts.entry(day.parse().unwrap()).or_default();
            count.add(Severity::Low);
        }
        let (step, periods) = periods(&counts);
        (step, periods.into_iter().map(|period| (period.from, period.incidents.total())).collect())
    }

    #[test]
    fn a_quiet_day_is_shown() {
        let (step, days) = of(&["2026-02-27", "2026-03-01", "2026-03-01"]);
        let expected = [("2026-02-27", 1), ("2026-02-28", 0), ("2026-03-01", 2)];
        assert_eq!((step, days), (Step::Day, expected.map(|(day, count)| (day.to_owned(), count)).to_vec()));
        assert_eq!(of(&[]), (Step::Day, Vec::new()));
    }

    #[test]
    fn longer_spans_have_longer_periods() {
        let (step, weeks) = of(&["2026-01-01", "2026-06-30"]);
        assert_eq!((step, weeks[0].0.as_str(), weeks.len()), (Step::Week, "2025-12-29", 27));
        let (step, months) = of(&["2024-01-31", "2026-06-30"]);
        assert_eq!((step, months.len()), (Step::Month, 30));
        let (step, years) = of(&["0001-01-01", "9999-12-31"]);
        assert_eq!((step, years.len()), (Step::Year, 9_999));
    }
}
