//! One request of a walk: a range of creation times, and a page of it.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;

/// A page to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Created at or after.
    pub(crate) from: Option<Timestamp>,
    /// Created before.
    pub(crate) until: Option<Timestamp>,
    /// In the order of creation.
    pub(crate) ordered: bool,
    pub(crate) top: usize,
    pub(crate) skip: usize,
}

impl Ask {
    /// The terms of `$filter` for the range.
    pub(crate) fn terms(&self, backend: Backend) -> Vec<String> {
        let created = match backend {
            Backend::Graph => "createdDateTime",
            Backend::Legacy => "createdTime",
        };
        let from = self.from.map(|at| format!("{created} ge {}", exactly(at)));
        let until = self.until.map(|at| format!("{created} lt {}", exactly(at)));
        from.into_iter().chain(until).collect()
    }
}

/// The services' clocks tick every 100 ns. A time between two ticks would be told as the one before it, and what the service
/// answers would lie outside of what was asked for: all times that ranges are made of stand on ticks.
pub(crate) const TICK: SignedDuration = SignedDuration::from_nanos(100);

/// A time with all the digits the services keep.
pub(crate) fn exactly(at: Timestamp) -> String {
    format!("{at:.7}")
}

/// The tick at or before a time.
pub(crate) fn tick_before(at: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(at.as_nanosecond() - at.as_nanosecond().rem_euclid(TICK.as_nanos()))
        .unwrap_or(at)
}

/// The tick at or after a time.
pub(crate) fn tick_after(at: Timestamp) -> Timestamp {
    let before = tick_before(at);
    if before == at { at } else { before.saturating_add(TICK).unwrap_or(at) }
}

/// So many whole ticks, and at least one.
pub(crate) fn ticks(length: SignedDuration) -> SignedDuration {
    let rest = i32::try_from(length.as_nanos().rem_euclid(TICK.as_nanos())).unwrap_or(0);
    (length - SignedDuration::from_nanos(i64::from(rest))).max(TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_told_to_the_tick_in_the_words_of_the_api() {
        let at = |text: &str| Some(text.parse().expect("a time"));
        let ask = Ask {
            from: at("2026-09-01T00:00:00Z"),
            until: at("2026-09-01T00:00:00.0000001Z"),
            ordered: false,
            top: 1,
            skip: 0,
        };
        assert_eq!(
            ask.terms(Backend::Legacy),
            ["createdTime ge 2026-09-01T00:00:00.0000000Z", "createdTime lt 2026-09-01T00:00:00.0000001Z"]
        );
        assert!(Ask { from: None, until: None, ..ask }.terms(Backend::Graph).is_empty());
    }

    #[test]
    fn what_lies_between_two_ticks_is_moved_to_one_of_them() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let between = at("2026-09-01T00:00:00.000000150Z");
        assert_eq!(tick_before(between), at("2026-09-01T00:00:00.0000001Z"));
        assert_eq!(tick_after(between), at("2026-09-01T00:00:00.0000002Z"));
        assert_eq!(tick_after(tick_before(between)), tick_before(between));
        let before_all = at("1969-12-31T23:59:59.999999950Z");
        assert_eq!(tick_before(before_all), at("1969-12-31T23:59:59.9999999Z"));
        for (length, expected) in [(0, 100), (99, 100), (100, 100), (250, 200)] {
            assert_eq!(ticks(SignedDuration::from_nanos(length)), SignedDuration::from_nanos(expected));
        }
    }
}
