//! What every try of one request goes through.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_core::http::{Exhausted, RetryBudget, Turnstile};
use defender_xdr_core::{Clock, Timestamp};
use uuid::Uuid;

use super::book::{Reason, Turn};
use super::budget::Budget;
use super::limits::Lane;
use super::priority::{Pacing, Priority};

/// A wait that long is told.
const LONG_WAIT: Duration = Duration::from_secs(5);

/// A job in the background looks again after this long: somebody may have come in between.
const LOOK_AGAIN: i64 = 30_000;

/// The turnstile of one request.
#[derive(Debug)]
pub(crate) struct Gate<'a> {
    budget: &'a Budget,
    clock: &'a dyn Clock,
    lane: Lane,
    id: AtomicU64,
    why: Mutex<Option<Reason>>,
}

impl<'a> Gate<'a> {
    pub(crate) fn new(budget: &'a Budget, clock: &'a dyn Clock, lane: Lane) -> Self {
        Self { budget, clock, lane, id: AtomicU64::new(0), why: Mutex::default() }
    }

    /// Why the gate stayed shut.
    pub(crate) fn why(&self) -> Option<Reason> {
        *self.why.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// When the call may be made. If that is now, it is noted as under way; if later, and somebody waits for it, its place
    /// is kept.
    fn ask(&self, id: u64) -> Turn {
        let (limits, priority) = (self.lane.limits(), self.budget.priority);
        if self.budget.pacing == Pacing::Observed {
            let now = self.now();
            let mut book = self.budget.look(self.lane);
            book.settle(now, &[]);
            return book.turn(now, &[], priority, None);
        }
        let asked = self.budget.change(self.lane, |book| {
            // Not before it is our turn with the ledger: what others wrote meanwhile would seem to lie in the future.
            let now = self.now();
            book.settle(now, limits);
            let turn = book.turn(now, limits, priority, Some(id));
            match turn {
                Turn::Now => book.sent(id, now),
                Turn::At(at, _) if priority == Priority::Interactive => book.reserve(id, at),
                Turn::At(..) => {}
            }
            turn
        });
        asked.unwrap_or(Turn::Now)
    }

    fn give_back(&self, id: u64) {
        if self.budget.pacing == Pacing::Documented && self.budget.priority == Priority::Interactive {
            self.budget.change(self.lane, |book| book.give_back(id));
        }
    }
}

#[async_trait]
impl Turnstile for Gate<'_> {
    async fn enter(&self, budget: &RetryBudget) -> Result<(), Exhausted> {
        // Ids are drawn anew for each try: the one before may still count.
        let id = Uuid::new_v4().as_u64_pair().0;
        self.id.store(id, Ordering::Relaxed);
        let mut told = false;
        loop {
            let Turn::At(at, reason) = self.ask(id) else { return Ok(()) };
            let now = self.now();
            let wait = Duration::from_millis(u64::try_from(at - now).unwrap_or(0));
            // A job in the background has time for its own pace, but not for a service that asks to go away.
            let has_time = self.budget.priority == Priority::Background && reason != Reason::Asked;
            if !has_time && !budget.spend(wait) {
                self.give_back(id);
                *self.why.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
                let until = Timestamp::from_millisecond(at).unwrap_or_else(|_| self.clock.now());
                return Err(Exhausted { until });
            }
            if wait >= LONG_WAIT && !told && reason != Reason::Yields {
                tracing::warn!("{}: going on in {} s", reason.words(), wait.as_secs());
                told = true;
            } else {
                tracing::debug!(milliseconds = wait.as_millis(), why = reason.words(), "waiting for a turn");
            }
            let pause =
                if has_time { wait.min(Duration::from_millis(LOOK_AGAIN.unsigned_abs())) } else { wait };
            self.clock.sleep(pause.max(Duration::from_millis(1))).await;
        }
    }

    fn leave(&self, status: Option<u16>, pause: Option<Duration>) {
        let (id, limits) = (self.id.load(Ordering::Relaxed), self.lane.limits());
        // The answer may have come at any moment of this millisecond.
        let came = self.now() + 1;
        let until = pause
            .filter(|_| status == Some(429))
            .and_then(|pause| came.checked_add(i64::try_from(pause.as_millis()).ok()?));
        if self.budget.pacing == Pacing::Observed && until.is_none() {
            return;
        }
        self.budget.change(self.lane, |book| {
            book.settle(self.now() + 1, limits);
            book.done(id, came);
            if let Some(until) = until {
                book.forbid(came, until);
            }
        });
    }
}
