//! Moments as people write them: `3 days`, `12 hours ago`, or an RFC 3339 time.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Reads a moment in the past. Days and weeks are counted in UTC.
pub(crate) fn moment(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let expected =
        || format!("`{text}` is neither a span such as `3 days` nor a time such as 2026-11-01T00:00:00Z");
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
        assert_eq!(at("P1W").as_deref(), Ok("2026-11-15T10:00:00Z"));
        assert_eq!(at("2026-11-01T00:00:00+02:00").as_deref(), Ok("2026-10-31T22:00:00Z"));
        assert!(at("yesterday-ish").is_err() && at("10").is_err());
    }
}
