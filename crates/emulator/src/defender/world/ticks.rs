//! Instants in the unit the services count in: ticks of 100 nanoseconds, so that a text never loses a digit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One second in ticks.
pub(crate) const SECOND: i64 = 10_000_000;
/// One minute in ticks.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// One hour in ticks.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day in ticks.
pub(crate) const DAY: i64 = 24 * HOUR;
/// The Unix epoch in .NET ticks (since year 1), which alert ids start with.
const UNIX_EPOCH_IN_DOTNET_TICKS: i64 = 621_355_968_000_000_000;

/// An instant: ticks of 100 ns since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Ticks(pub(crate) i64);

impl Ticks {
    /// The tick in which a timestamp lies.
    pub(crate) fn from_timestamp(timestamp: Timestamp) -> Self {
        Self(i64::try_from(timestamp.as_nanosecond() / 100).unwrap_or(0))
    }

    /// Reads RFC 3339 with 0 to 9 fraction digits and any offset.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(Self::from_timestamp)
    }

    /// RFC 3339 in UTC with as many fraction digits as the value needs, 0 to 7: as the services write it.
    pub(crate) fn text(self) -> String {
        Timestamp::from_nanosecond(i128::from(self.0) * 100).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    }

    /// The instant `ticks` later (or earlier, when negative).
    pub(crate) fn plus(self, ticks: i64) -> Self {
        Self(self.0.saturating_add(ticks))
    }

    /// The same instant cut to `digits` fraction digits (0 to 7).
    pub(crate) fn cut_to_digits(self, digits: u64) -> Self {
        let unit = 10_i64.pow(u32::try_from(7_u64.saturating_sub(digits)).unwrap_or(0));
        Self(self.0.div_euclid(unit) * unit)
    }

    /// Ticks since year 1, as .NET counts them.
    pub(crate) fn dotnet(self) -> i64 {
        self.0 + UNIX_EPOCH_IN_DOTNET_TICKS
    }
}

#[cfg(test)]
mod tests {
    use super::Ticks;

    #[test]
    fn a_text_comes_back_with_the_digits_it_had() {
        for text in [
            "2026-09-03T07:41:12.5233333Z",
            "2026-09-03T08:15:00.12Z",
            "2026-09-03T07:30:01Z",
            "2026-09-03T07:40:02.7Z",
        ] {
            assert_eq!(Ticks::parse(text).unwrap().text(), text);
        }
    }

    #[test]
    fn an_offset_names_the_same_instant() {
        assert_eq!(Ticks::parse("2026-09-03T09:00:00+02:00"), Ticks::parse("2026-09-03T07:00:00Z"));
    }

    #[test]
    fn cutting_keeps_the_given_number_of_digits() {
        let full = Ticks::parse("2026-09-03T07:41:12.1234567Z").unwrap();
        assert_eq!(full.cut_to_digits(0).text(), "2026-09-03T07:41:12Z");
        assert_eq!(full.cut_to_digits(3).text(), "2026-09-03T07:41:12.123Z");
        assert_eq!(full.cut_to_digits(7).text(), "2026-09-03T07:41:12.1234567Z");
    }
}
