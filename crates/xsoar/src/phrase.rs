//! Moments as Cortex reads them: `3 days`, `12 hours ago`, `last week`, dates, times, seconds since 1970. In UTC, unless the
//! text says otherwise.
//!
//! The original gives such texts to Python's `dateparser`; `phrase/table.tsv` is what both make of them. What `dateparser`
//! only guesses at is no moment here: a bare `3` (the third of some month), a time without a day, `2026-13-01`.

use defender_xdr_core::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};

/// Dates with the month's name, or as they are written in the United States.
const OTHER_DATES: [&str; 8] =
    ["%b %d %Y", "%b %d, %Y", "%d %b %Y", "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%m/%d/%Y", "%Y/%m/%d"];

/// Reads a moment; `None` when the text is none.
pub fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    absolute(text).or_else(|| relative(&text.to_lowercase(), now))
}

fn absolute(text: &str) -> Option<Timestamp> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 => Timestamp::from_second(number).ok(),
            13 => Timestamp::from_millisecond(number).ok(),
            16 => Timestamp::from_microsecond(number).ok(),
            _ => None,
        };
    }
    let civil = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    if let Some(at) = OTHER_DATES.iter().find_map(|form| strtime::parse(form, text).ok()?.to_date().ok()) {
        return civil(at.at(0, 0, 0, 0));
    }
    // Digits without hyphens would be read as a date, too.
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let bare = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).unwrap_or(text).trim_end();
    let date_and_time =
        || bare.parse::<DateTime>().ok().or_else(|| Some(bare.parse::<Date>().ok()?.at(0, 0, 0, 0)));
    text.parse().ok().or_else(|| civil(date_and_time()?))
}

fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let back = |words: &str| by(words, now, Way::Back);
    match text {
        "now" | "today" => Some(now),
        "yesterday" => back("1 day"),
        "tomorrow" => by("1 day", now, Way::Ahead),
        "last week" => back("1 week"),
        "last month" => back("1 month"),
        "last year" => back("1 year"),
        _ => {
            if let Some(rest) = text.strip_prefix("in ") {
                return by(rest, now, Way::Ahead);
            }
            if let Some(rest) = text.strip_suffix("from now") {
                return by(rest, now, Way::Ahead);
            }
            let text = text.strip_suffix("ago").unwrap_or(text).trim();
            back(text.strip_prefix('-').unwrap_or(text))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Back,
    Ahead,
}

/// The moment a span before or after another.
fn by(span: &str, now: Timestamp, way: Way) -> Option<Timestamp> {
    let (calendar, exact) = length(span)?;
    let zoned = now.to_zoned(TimeZone::UTC);
    let moved = match way {
        Way::Back => zoned.checked_sub(calendar).ok()?.checked_sub(exact),
        Way::Ahead => zoned.checked_add(calendar).ok()?.checked_add(exact),
    };
    moved.ok().map(|zoned| zoned.timestamp())
}

/// Months, whose length the calendar knows, and the rest. Jiff's own reader has no halves of days and weeks.
fn length(text: &str) -> Option<(Span, SignedDuration)> {
    let (mut months, mut exact, mut found) = (0_i64, SignedDuration::ZERO, false);
    let mut number: Option<f64> = None;
    for word in words(text) {
        if ["and", ","].contains(&word.as_str()) {
            // `1,5 days` is five days to `dateparser`.
            number = None;
        } else if let Some(value) = value(&word) {
            if number.replace(value).is_some() {
                return None;
            }
        } else {
            let count = number.take()?;
            found = true;
            match unit(&word)? {
                Unit::Months(each) => {
                    // A part of a month is no length of time.
                    let whole = if count.fract() == 0.0 && count < 1e5 { count } else { return None };
                    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
                    let whole = whole as i64;
                    months += whole * each;
                }
                Unit::Seconds(each) => {
                    let seconds = SignedDuration::try_from_secs_f64(count * each).ok()?;
                    exact = exact.checked_add(seconds)?;
                }
            }
        }
    }
    let calendar = Span::new().try_months(months).ok()?;
    (found && number.is_none()).then_some((calendar, exact))
}

/// Numbers, words and commas, blanks or none between them.
fn words(text: &str) -> Vec<String> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Number,
        Letters,
        Blank,
        Other,
    }
    let kind = |letter: char| match letter {
        '0'..='9' | '.' => Kind::Number,
        letter if letter.is_alphabetic() => Kind::Letters,
        letter if letter.is_whitespace() => Kind::Blank,
        _ => Kind::Other,
    };
    let mut words: Vec<String> = Vec::new();
    let mut last = Kind::Blank;
    for letter in text.chars() {
        let this = kind(letter);
        match words.last_mut() {
            Some(word) if this == last && this != Kind::Blank => word.push(letter),
            _ if this != Kind::Blank => words.push(letter.to_string()),
            _ => {}
        }
        last = this;
    }
    words
}

fn value(word: &str) -> Option<f64> {
    const WORDS: [&str; 11] =
        ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let counted = |index: usize| u32::try_from(index.max(1)).map(f64::from).ok();
    match word {
        "an" => Some(1.0),
        _ if word.starts_with(|first: char| first.is_ascii_digit()) => word.parse().ok(),
        _ => WORDS.iter().position(|other| *other == word).and_then(counted),
    }
}

enum Unit {
    Months(i64),
    Seconds(f64),
}

fn unit(word: &str) -> Option<Unit> {
    const HOUR: f64 = 3_600.0;
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Seconds(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Seconds(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Seconds(HOUR),
        "d" | "day" | "days" => Unit::Seconds(24.0 * HOUR),
        "w" | "week" | "weeks" => Unit::Seconds(7.0 * 24.0 * HOUR),
        "fortnight" | "fortnights" => Unit::Seconds(14.0 * 24.0 * HOUR),
        "mo" | "month" | "months" => Unit::Months(1),
        "y" | "year" | "years" => Unit::Months(12),
        "decade" | "decades" => Unit::Months(120),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        let now = "2026-03-31T10:00:00Z".parse().expect("a time");
        read(text, now).map(|at| at.to_string())
    }

    #[test]
    fn phrases_mean_what_they_mean_to_cortex() {
        let mut count = 0;
        for line in include_str!("phrase/table.tsv").lines().filter(|line| !line.starts_with('#')) {
            let (phrase, moment) = line.split_once('\t').expect("a phrase and a moment");
            let expected = (moment != "-").then(|| moment.to_owned());
            assert_eq!(at(phrase), expected, "`{phrase}`");
            count += 1;
        }
        assert!(count > 60, "{count} phrases");
    }

    #[test]
    fn what_can_only_be_guessed_is_no_moment() {
        for guess in ["3", "10", "-1", "2026", "2026-01", "2026-13-01", "12:30", "monday", "1700000000.5"] {
            assert_eq!(at(guess), None, "`{guess}`");
        }
    }

    #[test]
    fn odd_texts_are_no_moment() {
        for odd in [
            "3 days 3",
            "days 3",
            "3 3 days",
            "…",
            "3 days ago ago",
            "9999999999999999999 days",
            "in",
            "1e9 years",
        ] {
            assert_eq!(at(odd), None, "`{odd}`");
        }
    }

    #[test]
    fn all_digits_of_a_second_count() {
        assert_eq!(at("2026-01-01T00:00:00.1234567Z").as_deref(), Some("2026-01-01T00:00:00.1234567Z"));
    }
}
