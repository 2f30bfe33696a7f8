//! Numbers and times for people.

use defender_xdr_core::Timestamp;

/// `2026-09-03 07:41`, UTC.
pub(crate) fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-09-03`, UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `40 min`, `3.5 h`, `12 days`.
pub(crate) fn duration(seconds: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (seconds * 10 + unit / 2) / unit;
        if tenths >= 100 || tenths.is_multiple_of(10) {
            ((tenths + 5) / 10).to_string()
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    match seconds {
        0..60 => "< 1 min".to_owned(),
        60..5_400 => format!("{} min", (seconds + 30) / 60),
        5_400..172_800 => format!("{} h", tenths(3_600)),
        _ => format!("{} days", tenths(86_400)),
    }
}

/// `12,345`.
pub(crate) fn count(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 incident`, `2 incidents`.
pub(crate) fn incidents(number: u32) -> String {
    format!("{} {}", count(number), if number == 1 { "incident" } else { "incidents" })
}

/// A part in whole per cent; nothing of nothing is nothing.
pub(crate) fn per_cent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part, whole) = (u64::from(part), u64::from(whole));
    format!("{} %", (part * 100 + whole / 2) / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        for (seconds, text) in
            [(0, "< 1 min"), (150, "3 min"), (5_400, "1.5 h"), (36_000, "10 h"), (187_200, "2.2 days")]
        {
            assert_eq!(duration(seconds), text);
        }
        assert_eq!(
            [count(7), count(999), count(12_345), count(1_000_000)].join(" "),
            "7 999 12,345 1,000,000"
        );
        assert_eq!((per_cent(1, 3), per_cent(0, 0)), ("33 %".to_owned(), "–".to_owned()));
    }
}
