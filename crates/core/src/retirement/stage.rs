//! How near an end is. Pure: the present comes in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How near an end is, and with it how loud to be about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// More than 180 days: nothing to say.
    Quiet,
    /// 180 days or fewer: once a day.
    Daily,
    /// 60 days or fewer: every time.
    EachRun,
    /// 14 days or fewer: every time, and whoever asked for it is stopped.
    Last,
    /// The day has come.
    Over,
}

impl Stage {
    /// The stage at a moment; the day begins at midnight UTC.
    pub fn at(date: Date, now: Timestamp) -> Self {
        match days_left(date, now) {
            ..=0 => Self::Over,
            1..=14 => Self::Last,
            15..=60 => Self::EachRun,
            61..=180 => Self::Daily,
            _ => Self::Quiet,
        }
    }
}

/// Days until midnight UTC of a date, begun ones counted; zero or less once it has come.
pub fn days_left(date: Date, now: Timestamp) -> i64 {
    let Ok(end) = date.to_zoned(TimeZone::UTC) else { return i64::MAX };
    let seconds = end.timestamp().duration_since(now).as_secs();
    seconds.div_euclid(86_400) + i64::from(seconds.rem_euclid(86_400) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now: &str) -> (i64, Stage) {
        let (date, now) = ("2027-02-01".parse().expect("a date"), now.parse().expect("a time"));
        (days_left(date, now), Stage::at(date, now))
    }

    #[test]
    fn each_stage_begins_on_its_day() {
        for (now, days, stage) in [
            ("2026-08-04T23:59:59Z", 181, Stage::Quiet),
            ("2026-08-05T00:00:00Z", 180, Stage::Daily),
            ("2026-12-02T23:59:59Z", 61, Stage::Daily),
            ("2026-12-03T00:00:00Z", 60, Stage::EachRun),
            ("2027-01-17T23:59:59Z", 15, Stage::EachRun),
            ("2027-01-18T00:00:00Z", 14, Stage::Last),
            ("2027-01-31T23:59:59Z", 1, Stage::Last),
            ("2027-02-01T00:00:00Z", 0, Stage::Over),
            ("2027-02-02T00:00:01Z", -1, Stage::Over),
        ] {
            assert_eq!(at(now), (days, stage), "{now}");
        }
    }
}
