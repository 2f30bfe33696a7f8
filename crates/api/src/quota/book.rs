//! The calls of one lane: when the next one fits. Pure: moments in milliseconds since 1970 come in, decisions go out.
//!
//! The service counts a call when it arrives, which is some time between our sending and its answer. A call under way
//! counts as if it arrived at any moment; one that is done, as if it had arrived when its answer came. So a call that fits
//! here fits there, however long the way is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::limits::Limit;
use super::priority::Priority;

/// Clocks of two machines do not run at quite the same speed.
const GUARD: i64 = 20;

/// What lies further in the future than this was written before the clock was set back.
const SET_BACK: i64 = 1000;

/// A call under way for longer belongs to a process that was killed: no answer is waited for that long.
const LONGEST_CALL: i64 = 300_000;

/// No wait that makes sense is longer: an hour's limit is the longest there is. A slip of a gateway must not bar a machine
/// for good.
const LONGEST_BAR: i64 = 3_600_000;

/// A reserved call that is not made that long after its moment belongs to one, too.
const LONGEST_HESITATION: i64 = 5_000;

/// When nobody can say when a place gets free: all calls of a window are under way.
const ASK_AGAIN: i64 = 250;

/// A call that has no answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Call {
    id: u64,
    /// When it is or was sent.
    at: i64,
    sent: bool,
}

/// The service asked all calls to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bar {
    since: i64,
    pub(super) until: i64,
}

/// The calls of one lane.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Book {
    /// When answers came, oldest first.
    #[serde(with = "super::moments", skip_serializing_if = "Vec::is_empty")]
    done: Vec<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open: Vec<Call>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar: Option<Bar>,
}

/// Why a call has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The service said so.
    Asked,
    /// A limit is used up.
    Spent(Limit),
    /// A call in the background leaves room for those that somebody waits for.
    Yields,
}

impl Reason {
    pub(super) fn words(self) -> String {
        match self {
            Self::Asked => "the service asked all calls to wait".to_owned(),
            Self::Spent(limit) => format!("{limit} are allowed, and they are used up"),
            Self::Yields => "calls are spread to leave room for others".to_owned(),
        }
    }
}

/// When a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(i64, Reason),
}

fn milliseconds(limit: &Limit) -> i64 {
    i64::try_from(limit.window.as_millis()).unwrap_or(i64::MAX / 4)
}

/// What calls in the background leave to the others of a limit.
pub(super) fn share(calls: usize, priority: Priority) -> usize {
    match priority {
        Priority::Interactive => calls,
        Priority::Background => calls.saturating_sub((calls / 200).max(1)).max(1),
    }
}

impl Book {
    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.open.is_empty() && self.bar.is_none()
    }

    pub(super) fn bar(&self) -> Option<Bar> {
        self.bar
    }

    /// Forgets what no longer counts, and what a clock that was set back has left in the future.
    pub(super) fn settle(&mut self, now: i64, limits: &[Limit]) {
        let longest = limits.iter().map(milliseconds).max().unwrap_or(0) + GUARD;
        let (lost, kept): (Vec<_>, Vec<_>) =
            self.open.drain(..).partition(|call| call.sent && call.at + LONGEST_CALL < now);
        for call in lost {
            self.note(call.at + LONGEST_CALL);
        }
        self.open = kept;
        self.open.retain(|call| {
            let in_reach = call.at <= now + longest;
            if call.sent {
                call.at <= now + SET_BACK
            } else {
                in_reach && now <= call.at + LONGEST_HESITATION
            }
        });
        self.done.truncate(self.done.partition_point(|at| *at <= now + SET_BACK));
        self.done.drain(..self.done.partition_point(|at| now - *at >= longest));
        self.bar = self.bar.filter(|bar| bar.since <= now + SET_BACK && now < bar.until);
    }

    /// When a call may be made. `own` is the reservation it has; those behind it do not count.
    pub(super) fn turn(&self, now: i64, limits: &[Limit], priority: Priority, own: Option<u64>) -> Turn {
        let place =
            own.and_then(|id| self.open.iter().find(|call| call.id == id)).map(|call| (call.at, call.id));
        let ahead = |call: &&Call| call.sent || place.is_none_or(|place| (call.at, call.id) < place);
        // Calls under way may arrive at any moment: they count as the last.
        let under_way = self.open.iter().filter(|call| call.sent).count();
        let reserved = self.open.iter().filter(ahead).filter(|call| !call.sent).map(|call| call.at);
        let reserved: Vec<_> = reserved.collect();
        let moments = self.done_and(&reserved);
        let mut turn = match self.bar {
            Some(bar) if bar.until > now => Turn::At(bar.until, Reason::Asked),
            _ => Turn::Now,
        };
        let mut later = |at: i64, reason: Reason| {
            if at > now && !matches!(turn, Turn::At(other, _) if other >= at) {
                turn = Turn::At(at, reason);
            }
        };
        for limit in limits {
            let calls = share(limit.calls, priority);
            let window = milliseconds(limit);
            if under_way >= calls {
                later(now + ASK_AGAIN, Reason::Spent(*limit));
            } else if let Some(index) = (moments.len() + under_way).checked_sub(calls) {
                let in_the_way = moments.get(index).copied().unwrap_or(now);
                later(in_the_way + window + GUARD, Reason::Spent(*limit));
            } else if priority == Priority::Background {
                let recent = moments.partition_point(|at| now - *at >= window);
                let used = moments.len() - recent + under_way;
                if let (Some(first), Some(last)) = (moments.get(recent), moments.last())
                    && used * 2 >= calls
                {
                    // What is left is spread over the time until the next place gets free.
                    let left = i64::try_from(calls - used).unwrap_or(1).max(1);
                    later(last + (first + window - last).max(0) / (left + 1), Reason::Yields);
                }
            }
        }
        turn
    }

    fn done_and(&self, reserved: &[i64]) -> Cow<'_, [i64]> {
        if reserved.is_empty() {
            return Cow::Borrowed(&self.done);
        }
        let mut all = [self.done.as_slice(), reserved].concat();
        all.sort_unstable();
        Cow::Owned(all)
    }

    /// Notes that a call is under way.
    pub(super) fn sent(&mut self, id: u64, now: i64) {
        self.open.retain(|call| call.id != id);
        self.open.push(Call { id, at: now, sent: true });
    }

    /// Keeps a place for a call.
    pub(super) fn reserve(&mut self, id: u64, at: i64) {
        self.open.retain(|call| call.id != id);
        self.open.push(Call { id, at, sent: false });
    }

    /// Gives a place back.
    pub(super) fn give_back(&mut self, id: u64) {
        self.open.retain(|call| call.id != id || call.sent);
    }

    /// Notes that an answer came, or that none will.
    pub(super) fn done(&mut self, id: u64, now: i64) {
        if let Some(index) = self.open.iter().position(|call| call.id == id) {
            self.open.swap_remove(index);
            self.note(now);
        }
    }

    fn note(&mut self, at: i64) {
        self.done.insert(self.done.partition_point(|before| *before <= at), at);
    }

    /// The service asked all calls to wait.
    pub(super) fn forbid(&mut self, now: i64, until: i64) {
        let until = until.min(now + LONGEST_BAR);
        if self.bar.is_none_or(|bar| bar.until < until) {
            self.bar = Some(Bar { since: now, until });
        }
    }

    /// How many calls count for a window.
    pub(super) fn used(&self, now: i64, limit: &Limit) -> usize {
        let window = milliseconds(limit);
        self.open.len() + self.done.iter().filter(|at| now - **at < window).count()
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
