//! Times for people: in their own zone. Machines get what the service gave, in UTC.

use std::sync::OnceLock;

use defender_xdr_core::Timestamp;
use jiff::tz::TimeZone;

/// The zone of `TZ` or of the machine; UTC where neither says one. Looked up only when a time is shown.
fn zone() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::try_system().unwrap_or(TimeZone::UTC))
}

/// A time to the second, with the offset of its zone unless that is UTC.
pub(crate) fn local(at: Timestamp) -> String {
    in_zone(at, zone())
}

fn in_zone(at: Timestamp, zone: &TimeZone) -> String {
    let there = at.to_zoned(zone.clone());
    let form = if there.offset().is_zero() { "%Y-%m-%d %H:%M:%S UTC" } else { "%Y-%m-%d %H:%M:%S %:z" };
    there.strftime(form).to_string()
}

/// A cell that is a time and nothing else, to the minute: columns of a table are narrow.
pub(super) fn to_the_minute(cell: &str) -> Option<String> {
    let at = read(cell)?;
    Some(at.to_zoned(zone().clone()).strftime("%Y-%m-%d %H:%M").to_string())
}

/// A value that begins with a time.
pub(super) fn to_the_second(value: &str) -> Option<String> {
    let (first, rest) =
        value.split_once(' ').map_or((value, ""), |(first, _)| (first, &value[first.len()..]));
    Some(format!("{}{rest}", local(read(first)?)))
}

/// A time as services write it (RFC 3339), not every text that may be read as one.
fn read(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20 && bytes[4] == b'-' && bytes[10] == b'T' && bytes[13] == b':';
    shaped.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_their_own_zone_and_are_told_which() {
        let at: Timestamp = "2026-11-23T23:30:15.1234567Z".parse().expect("a time");
        let east = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(in_zone(at, &east), "2026-11-24 01:30:15 +02:00");
        assert_eq!(in_zone(at, &TimeZone::UTC), "2026-11-23 23:30:15 UTC");
    }

    #[test]
    fn only_whole_times_are_times() {
        assert!(read("2026-11-23T23:30:15Z").is_some() && read("2026-11-23T23:30:15.1234567Z").is_some());
        for text in ["2026-11-23", "20261123T233015Z", "2026-11-23 23:30:15Z", "", "é2026-11-23T23:30:15Z"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
