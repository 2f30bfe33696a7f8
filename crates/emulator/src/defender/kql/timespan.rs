//! The `Timespan` of a Graph hunting call.
//!
//! Source: Microsoft Graph v1.0, "security: runHuntingQuery": `start/end`, `P7D/end`, `start/P7D`, `P7D` or a start.

use jiff::{Span, SpanRelativeTo};

use crate::defender::world::ticks::Ticks;

/// Start and end of the window a text names; `None` when it names none.
pub(crate) fn window(text: &str, now: Ticks) -> Option<(Ticks, Ticks)> {
    match text.split_once('/') {
        None => match duration(text) {
            Some(length) => Some((now.plus(-length), now)),
            None => Some((instant(text)?, now)),
        },
        Some((start, end)) => match (duration(start), duration(end)) {
            (Some(length), None) => {
                let end = instant(end)?;
                Some((end.plus(-length), end))
            }
            (None, Some(length)) => {
                let start = instant(start)?;
                Some((start, start.plus(length)))
            }
            (None, None) => Some((instant(start)?, instant(end)?)),
            (Some(_), Some(_)) => None,
        },
    }
}

/// An ISO 8601 duration of days or less, in ticks.
fn duration(text: &str) -> Option<i64> {
    if !text.starts_with('P') {
        return None;
    }
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    i64::try_from(length.as_nanos() / 100).ok().filter(|ticks| *ticks > 0)
}

fn instant(text: &str) -> Option<Ticks> {
    if text.len() == 10 { Ticks::parse(&format!("{text}T00:00:00Z")) } else { Ticks::parse(text) }
}

#[cfg(test)]
mod tests {
    use super::window;
    use crate::defender::world::ticks::Ticks;

    #[test]
    fn every_documented_form_is_understood() {
        let at = |text: &str| Ticks::parse(text).unwrap();
        let now = at("2026-09-14T08:00:00Z");
        let week_ago = at("2026-09-07T08:00:00Z");
        assert_eq!(window("P7D", now), Some((week_ago, now)));
        assert_eq!(window("2026-09-07T08:00:00Z", now), Some((week_ago, now)));
        assert_eq!(window("2026-09-07T08:00:00Z/2026-09-14T08:00:00Z", now), Some((week_ago, now)));
        assert_eq!(window("P7D/2026-09-14T08:00:00Z", now), Some((week_ago, now)));
        assert_eq!(window("2026-09-07T08:00:00Z/P7D", now), Some((week_ago, now)));
        assert_eq!(window("2026-09-01", now), Some((at("2026-09-01T00:00:00Z"), now)));
    }

    #[test]
    fn nonsense_names_no_window() {
        let now = Ticks(0);
        for text in ["", "yesterday", "P7D/P7D", "7d", "P1M", "2026-09-01/"] {
            assert_eq!(window(text, now), None, "{text}");
        }
    }
}
