//! What a budget looks like at a moment, for people and for programs.

use std::io;

use defender_xdr_core::Timestamp;
use serde::Serialize;

use super::book::Turn;
use super::budget::Budget;
use super::limits::Lane;
use super::priority::{Pacing, Priority};

/// One lane of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaneUsage {
    /// Its name, such as `graph-security`.
    pub lane: &'static str,
    /// What was used of each documented limit.
    pub windows: Vec<WindowUsage>,
    /// The service asked all calls to wait until then.
    pub until: Option<Timestamp>,
    /// When the next call fits, if that is not now.
    pub next_call_at: Option<Timestamp>,
}

/// What was used of a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WindowUsage {
    /// Calls allowed.
    pub limit: usize,
    /// In any stretch of so many seconds.
    pub seconds: u64,
    /// Calls that count now.
    pub used: usize,
}

impl Budget {
    /// The lanes that were used within their longest window, or that have to wait.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn usage(&self, now: Timestamp) -> io::Result<Vec<LaneUsage>> {
        let mut books = self.look_at_all()?;
        let now = now.as_millisecond();
        let used = Lane::ALL.into_iter().filter_map(|lane| {
            let mut book = books.remove(lane.id())?;
            book.settle(now, lane.limits());
            let windows = lane.limits().iter().map(|limit| WindowUsage {
                limit: limit.calls,
                seconds: limit.window.as_secs(),
                used: book.used(now, limit),
            });
            let until = book.bar().and_then(|bar| Timestamp::from_millisecond(bar.until).ok());
            let limits = if self.pacing == Pacing::Documented { lane.limits() } else { &[] };
            let next_call_at = match book.turn(now, limits, Priority::Interactive, None) {
                Turn::Now => None,
                Turn::At(at, _) => Timestamp::from_millisecond(at).ok(),
            };
            let usage = LaneUsage { lane: lane.id(), windows: windows.collect(), until, next_call_at };
            (!book.is_empty()).then_some(usage)
        });
        Ok(used.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use defender_xdr_core::store::MemoryLedger;
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_limit_that_is_used_up_says_when_the_next_call_fits() {
        let ledger = Arc::new(MemoryLedger::default());
        let budget = Budget::new(Arc::clone(&ledger) as _, "x", Pacing::Documented);
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let call = |id| {
            budget.change(Lane::GraphHunting, |book| {
                book.sent(id, now.as_millisecond());
                book.done(id, now.as_millisecond());
            });
        };
        (0..44).for_each(call);
        assert_eq!(budget.usage(now).expect("a ledger")[0].next_call_at, None);
        call(44);
        let usage = budget.usage(now).expect("a ledger");
        assert_eq!((usage[0].lane, usage[0].windows[0].used), ("graph-hunting", 45));
        assert_eq!(usage[0].next_call_at, Some(now + SignedDuration::from_millis(60_020)));
        // Who waits only when the service says so may call now.
        let observed = Budget::new(ledger, "x", Pacing::Observed);
        assert_eq!(observed.usage(now).expect("a ledger")[0].next_call_at, None);
    }
}
