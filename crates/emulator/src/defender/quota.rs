//! Call quotas as sliding windows per application and route.
//!
//! Sources: Microsoft Learn, "Improve request performance" and the incident pages of the Defender XDR API; Microsoft
//! Graph "Service-specific throttling limits" (security).

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

/// Routes that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    LegacyList,
    LegacyGet,
    LegacyUpdate,
    LegacyHunting,
    GraphSecurity,
    GraphHunting,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl Route {
    /// Calls allowed and the window in milliseconds.
    fn limits(self) -> &'static [(usize, i64)] {
        match self {
            Self::LegacyList | Self::LegacyUpdate => &[(50, MINUTE), (1500, HOUR)],
            Self::LegacyGet => &[(100, MINUTE), (1500, HOUR)],
            Self::LegacyHunting | Self::GraphHunting => &[(45, MINUTE)],
            Self::GraphSecurity => &[(150, MINUTE)],
        }
    }
}

/// A call that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// Calls allowed in the window.
    pub(crate) limit: usize,
    /// The window in seconds.
    pub(crate) window: i64,
    /// Whole seconds after which a call is accepted again.
    pub(crate) wait: i64,
}

/// The calls of the last hour.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    calls: BTreeMap<(String, Route), VecDeque<i64>>,
}

impl Quota {
    /// Counts a call. A refused one counts as well: calling again early keeps the counter high.
    pub(crate) fn admit(&mut self, application: &str, route: Route, now: Timestamp) -> Result<(), Exceeded> {
        let now = now.as_millisecond();
        let calls = self.calls.entry((application.to_owned(), route)).or_default();
        // A clock that is set back must not leave calls of the future behind.
        calls.retain(|call| *call <= now && now - *call < HOUR);
        let refused = route.limits().iter().find_map(|(limit, window)| {
            let within = calls.iter().filter(|call| now - **call < *window).count();
            (within >= *limit).then_some((*limit, *window))
        });
        calls.push_back(now);
        let Some((limit, window)) = refused else { return Ok(()) };
        // A call fits again once fewer than `limit` calls are within the window.
        let oldest_in_the_way = calls.iter().rev().nth(limit - 1).copied().unwrap_or(now);
        let wait = (oldest_in_the_way + window - now + 999) / 1000;
        Err(Exceeded { limit, window: window / 1000, wait: wait.max(1) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Exceeded, Quota, Route};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + seconds)
    }

    #[test]
    fn the_fifty_first_list_within_a_minute_is_refused_and_says_how_long_to_wait() {
        let mut quota = Quota::default();
        for _ in 0..50 {
            quota.admit("app", Route::LegacyList, at(0)).unwrap();
        }
        let refused = quota.admit("app", Route::LegacyList, at(43)).unwrap_err();
        assert_eq!(refused, Exceeded { limit: 50, window: 60, wait: 17 });
        assert!(quota.admit("app", Route::LegacyList, at(60)).is_ok());
    }

    #[test]
    fn calling_again_early_keeps_the_counter_high() {
        let mut quota = Quota::default();
        for second in 0..100 {
            let _admitted_or_not = quota.admit("app", Route::LegacyList, at(second / 2));
        }
        assert!(quota.admit("app", Route::LegacyList, at(60)).is_err());
    }

    #[test]
    fn applications_and_routes_are_counted_apart() {
        let mut quota = Quota::default();
        for _ in 0..45 {
            quota.admit("app", Route::LegacyHunting, at(0)).unwrap();
        }
        assert!(quota.admit("app", Route::LegacyHunting, at(0)).is_err());
        assert!(quota.admit("app", Route::LegacyGet, at(0)).is_ok());
        assert!(quota.admit("other", Route::LegacyHunting, at(0)).is_ok());
    }

    #[test]
    fn the_hourly_limit_holds_for_patient_callers_too() {
        let mut quota = Quota::default();
        let refused =
            (0..1600).find_map(|call| quota.admit("app", Route::LegacyGet, at(call * 2)).err()).unwrap();
        assert_eq!((refused.limit, refused.window), (1500, 3600));
    }

    #[test]
    fn a_clock_set_back_forgets_calls_of_the_future() {
        let mut quota = Quota::default();
        for _ in 0..50 {
            quota.admit("app", Route::LegacyList, at(5000)).unwrap();
        }
        assert!(quota.admit("app", Route::LegacyList, at(0)).is_ok());
    }
}
