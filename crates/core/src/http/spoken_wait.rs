//! A wait that stands in a sentence: the Defender gateways put it into the body of a 429 in place of a header.
//!
//! Seen or documented: "You can send requests again in 17 seconds.", "You can run queries again in 00:15:00." and
//! "... again in 15 minutes."

use std::time::Duration;

/// What stands before the duration.
const MARKERS: [&str; 6] = ["again in ", "again after ", "retry in ", "retry after ", "wait for ", "wait "];

/// The first duration that a sentence asks to wait, rounded up to whole milliseconds.
pub(super) fn spoken_wait(text: &str) -> Option<Duration> {
    let text = text.to_ascii_lowercase();
    let after = |marker: &&str| text.find(marker).map(|at| &text[at + marker.len()..]);
    MARKERS.iter().filter_map(after).find_map(|after| clock(after).or_else(|| counted(after)))
}

/// `hh:mm:ss`, `d.hh:mm:ss`, each with a fraction, as .NET writes a time span.
fn clock(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let mut parts = text[..end].trim_end_matches('.').split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let whole = |text: &str| text.parse::<u64>().ok();
    let seconds_before = whole(days)?
        .checked_mul(24)?
        .checked_add(whole(hours)?)?
        .checked_mul(60)?
        .checked_add(whole(minutes)?)?
        .checked_mul(60)?;
    Duration::from_secs(seconds_before).checked_add(fraction(seconds)?)
}

/// `17 seconds`, `1 minute and 30 seconds`, `90s`.
fn counted(text: &str) -> Option<Duration> {
    let mut total: Option<Duration> = None;
    let mut rest = text;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let Some(part) = fraction(number).zip(unit(&after[..end])) else { return total };
        let part = part.0.checked_mul(part.1)?;
        total = Some(total.unwrap_or_default().checked_add(part)?);
        rest = after[end..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
}

/// A number of seconds, perhaps with a fraction.
fn fraction(text: &str) -> Option<Duration> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.parse::<u64>().ok()?;
    if !part.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let finer = part.chars().skip(3).any(|c| c != '0');
    let milliseconds = digits.parse::<u64>().ok()? + u64::from(finer);
    Duration::from_secs(whole).checked_add(Duration::from_millis(milliseconds))
}

fn unit(word: &str) -> Option<u32> {
    match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(text: &str) -> Option<u128> {
        spoken_wait(text).map(|wait| wait.as_millis())
    }

    #[test]
    fn seconds_minutes_and_hours_are_read() {
        assert_eq!(milliseconds("You can send requests again in 17 seconds."), Some(17_000));
        assert_eq!(milliseconds("AGAIN IN 1 Second"), Some(1000));
        assert_eq!(milliseconds("You can run queries again in 15 minutes."), Some(900_000));
        assert_eq!(milliseconds("again in 1 minute and 30 seconds, please"), Some(90_000));
        assert_eq!(milliseconds("Please retry after 2h, 5 min."), Some(7_500_000));
        assert_eq!(milliseconds("wait for 1.2345 s"), Some(1235));
    }

    #[test]
    fn time_spans_are_read() {
        assert_eq!(milliseconds("again in 00:15:00."), Some(900_000));
        assert_eq!(milliseconds("again in 00:00:07.5000001\""), Some(7501));
        assert_eq!(milliseconds("again in 1.02:00:00"), Some(93_600_000));
        assert_eq!(
            milliseconds("Maximum allowed 50 per 00:01:00 for the key. Again in 9 seconds"),
            Some(9000)
        );
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "",
            "again in ",
            "again in a while",
            "again in 17",
            "again in 1:30",
            "again in 1:2:3:4 s",
            "again in ::",
            "again in 99999999999999999999 seconds",
            "again in 18446744073709551615 hours",
            "again in 5 metres",
            "again in 18446744073709551615:00:00",
            "again in .5 seconds",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
