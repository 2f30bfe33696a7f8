//! Moments as people write them: `3 days`, `12 hours ago`, a date, or an RFC 3339 time. What names no zone is in UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Reads a moment in the past. Days and weeks are counted in UTC.
pub(crate) fn moment(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let expected = || {
        format!("`{text}` is neither a span such as `3 days` nor a date or time such as 2026-11-01T00:00:00Z")
    };
    // A date alone is its first moment. Jiff reads spans in several forms, but none of these.
    let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
    if let Ok(civil) = civil {
        return civil.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| expected());
    }
    let span: Span = text.strip_suffix("ago").unwrap_or(text).trim().parse().map_err(|_| expected())?;
    let zoned = now.to_zoned(TimeZone::UTC);
    zoned.checked_sub(span.abs()).map(|zoned| zoned.timestamp()).map_err(|_| expected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_times_are_read() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let at = |text: &str| moment(text, now).map(|at| at.to_string());
        assert_eq!(at("3 days").as_deref(), Ok("2026-11-19T10:00:00Z"));
        assert_eq!(at("12 hours ago").as_deref(), Ok("2026-11-21T22:00:00Z"));
        assert_eq!(at("2026-11-01").as_deref(), Ok("2026-11-01T00:00:00Z"));
        assert_eq!(at("2026-11-01 08:30").as_deref(), Ok("2026-11-01T08:30:00Z"));
        for three_days in ["3d", "3 days ago", "-3 days", "3days"] {
            assert_eq!(at(three_days).as_deref(), Ok("2026-11-19T10:00:00Z"), "{three_days}");
        }
        assert_eq!(at("P1W").as_deref(), Ok("2026-11-15T10:00:00Z"));
        assert_eq!(at("2026-11-01T00:00:00+02:00").as_deref(), Ok("2026-10-31T22:00:00Z"));
        assert!(at("yesterday-ish").is_err() && at("10").is_err());
    }
}
