//! `--timespan`: how far back a query looks, as Graph writes it (ISO 8601).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// `P7D`, `start/end`, `P7D/end`, `start/P7D` or a start, from these and from what people write: `3 days`, a date.
pub(super) fn iso(text: &str) -> Result<String, String> {
    let expected = || {
        format!(
            "`{text}` is neither a span such as `3 days` or P7D, nor a start such as 2026-11-01, nor two of them with a / between"
        )
    };
    let (start, end) = match text.split_once('/') {
        None => return span(text).or_else(|| moment(text).map(|at| at.to_string())).ok_or_else(expected),
        Some((start, end)) => (start, end),
    };
    match (span(start), moment(start), span(end), moment(end)) {
        (Some(span), _, _, Some(end)) => Ok(format!("{span}/{end}")),
        (_, Some(start), Some(span), _) => Ok(format!("{start}/{span}")),
        (_, Some(start), _, Some(end)) if start < end => Ok(format!("{start}/{end}")),
        (_, Some(_), _, Some(_)) => Err("the end is not after the start".to_owned()),
        _ => Err(expected()),
    }
}

/// A length of time in days and less. Months have none.
fn span(text: &str) -> Option<String> {
    let text = text.trim();
    let span: Span = text.strip_suffix("ago").unwrap_or(text).trim().parse().ok()?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    let length: SignedDuration = span.abs().to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    let seconds = length.as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let mut iso = "P".to_owned();
    if days > 0 {
        iso += &days.to_string();
        iso.push('D');
    }
    if rest > 0 {
        iso.push('T');
        for (amount, unit) in [(rest / 3600, 'H'), (rest / 60 % 60, 'M'), (rest % 60, 'S')] {
            if amount > 0 {
                iso += &amount.to_string();
                iso.push(unit);
            }
        }
    }
    (iso.len() > 1).then_some(iso)
}

fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let civil =
        text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0))).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn spans_starts_and_intervals_are_read() {
        for (text, expected) in [
            ("3 days", "P3D"),
            ("12h", "PT12H"),
            ("1 day 90 minutes ago", "P1DT1H30M"),
            ("P1W", "P7D"),
            ("PT36H", "P1DT12H"),
            ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z"),
            ("2026-11-01/2026-11-03", "2026-11-01T00:00:00Z/2026-11-03T00:00:00Z"),
            ("P7D/2026-11-03", "P7D/2026-11-03T00:00:00Z"),
            ("2026-11-01/2 days", "2026-11-01T00:00:00Z/P2D"),
        ] {
            assert_eq!(iso(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_span_is_refused() {
        for text in ["", "soon", "P1M", "0 days", "P7D/P7D", "2026-11-03/2026-11-01", "2026-11-01/", "7"] {
            assert!(iso(text).is_err(), "{text}");
        }
    }
}
