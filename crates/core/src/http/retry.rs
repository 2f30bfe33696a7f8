//! When to send again: a pure decision. `sending` has the loop that obeys it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::error::{HttpError, HttpErrorKind};

/// Whether sending a request twice does harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// Reading, or a token request: repeat after any passing fault.
    Yes,
    /// Harmless but dear: repeat once, and not after a timeout, since the service may still be at it.
    Dear,
    /// Writing: repeat only when the server certainly did nothing (429, or the request never left).
    WhenUntouched,
}

/// How often and how long a command may retry.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// Repeats after the first try.
    pub attempts: u32,
    /// The first pause when the server names none; it doubles each time.
    pub first_pause: Duration,
    /// All the waiting one command may do, shared by its requests.
    pub budget: RetryBudget,
}

impl RetryPolicy {
    /// At most four repeats within `budget`, starting at half a second.
    pub fn new(budget: Duration) -> Self {
        Self { attempts: 4, first_pause: Duration::from_millis(500), budget: RetryBudget::new(budget) }
    }
}

/// Time left for waiting, shared between clones.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    total: Duration,
    left: Arc<Mutex<Duration>>,
}

impl RetryBudget {
    /// A budget of `total`.
    pub fn new(total: Duration) -> Self {
        Self { total, left: Arc::new(Mutex::new(total)) }
    }

    /// All of it is there again: for a command that goes on for days, and begins anew again and again.
    pub fn refill(&self) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = self.total;
    }

    /// Takes `amount` if there is that much left.
    pub fn spend(&self, amount: Duration) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(amount) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }
}

/// What came of one try.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// An answer with this status; the wait the server asked for, if it did.
    Status(u16, Option<Duration>),
    /// No answer.
    Failed(&'a HttpError),
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// The outcome stands.
    Keep,
    /// Try again after this long.
    After(Duration),
}

impl RetryPolicy {
    /// Decides from what happened alone. `tries` counts those made; `jitter` is between 0 and 1.
    pub fn decide(
        &self,
        outcome: Outcome<'_>,
        repeatable: Repeatable,
        tries: u32,
        jitter: f64,
    ) -> RetryDecision {
        let (passing, asked) = match outcome {
            Outcome::Status(429, asked) => (true, asked),
            Outcome::Status(500 | 502 | 503 | 504, asked) => {
                (repeatable == Repeatable::Yes || (repeatable == Repeatable::Dear && tries == 1), asked)
            }
            Outcome::Status(..) => (false, None),
            Outcome::Failed(error) => {
                let harmless = match repeatable {
                    Repeatable::Yes => true,
                    Repeatable::Dear => tries == 1 && error.kind() != HttpErrorKind::Timeout,
                    Repeatable::WhenUntouched => error.is_unsent(),
                };
                (error.is_retryable() && harmless, None)
            }
        };
        if !passing || tries > self.attempts {
            return RetryDecision::Keep;
        }
        // A stated wait is kept to the letter; calling earlier keeps the server's counter high.
        let pause = asked.unwrap_or_else(|| {
            let doubled = self.first_pause.saturating_mul(1 << (tries - 1).min(10));
            doubled.mul_f64(0.75 + 0.5 * jitter)
        });
        RetryDecision::After(pause)
    }
}

/// A command ran out of patience while the server still asked it to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// The moment the server named.
    pub until: Timestamp,
}

/// Spreads simultaneous clients. Not a secret, so a counter mixed by a multiplication is random enough.
pub(super) fn jitter() -> f64 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let mixed =
        CALLS.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id()).wrapping_mul(0x9E37_79B9);
    f64::from(mixed) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> RetryPolicy {
        RetryPolicy::new(Duration::from_mins(2))
    }

    fn after(seconds: u64) -> RetryDecision {
        RetryDecision::After(Duration::from_secs(seconds))
    }

    #[test]
    fn a_stated_wait_is_kept_to_the_letter() {
        let throttled = Outcome::Status(429, Some(Duration::from_secs(17)));
        assert_eq!(policy().decide(throttled, Repeatable::WhenUntouched, 1, 0.9), after(17));
    }

    #[test]
    fn writing_is_not_repeated_after_a_server_error() {
        let broken = Outcome::Status(503, None);
        assert_eq!(policy().decide(broken, Repeatable::WhenUntouched, 1, 0.5), RetryDecision::Keep);
        assert_ne!(policy().decide(broken, Repeatable::Yes, 1, 0.5), RetryDecision::Keep);
        let cut = HttpError::new(HttpErrorKind::Interrupted, "cut");
        assert_eq!(
            policy().decide(Outcome::Failed(&cut), Repeatable::WhenUntouched, 1, 0.5),
            RetryDecision::Keep
        );
        let refused = HttpError::new(HttpErrorKind::Connect, "refused");
        assert_ne!(
            policy().decide(Outcome::Failed(&refused), Repeatable::WhenUntouched, 1, 0.5),
            RetryDecision::Keep
        );
    }

    #[test]
    fn what_is_dear_is_repeated_once_and_not_after_a_timeout() {
        let decide = |outcome, tries| policy().decide(outcome, Repeatable::Dear, tries, 0.5);
        assert_ne!(decide(Outcome::Status(504, None), 1), RetryDecision::Keep);
        assert_eq!(decide(Outcome::Status(504, None), 2), RetryDecision::Keep);
        let slow = HttpError::new(HttpErrorKind::Timeout, "slow");
        assert_eq!(decide(Outcome::Failed(&slow), 1), RetryDecision::Keep);
        assert_ne!(decide(Outcome::Status(429, None), 3), RetryDecision::Keep);
    }

    #[test]
    fn pauses_double_and_tries_end() {
        let broken = Outcome::Status(500, None);
        let pauses: Vec<_> =
            (1..=5).map(|tries| policy().decide(broken, Repeatable::Yes, tries, 0.5)).collect();
        assert_eq!(
            pauses,
            [
                RetryDecision::After(Duration::from_millis(500)),
                after(1),
                after(2),
                after(4),
                RetryDecision::Keep
            ]
        );
    }

    #[test]
    fn what_a_person_must_mend_is_not_retried() {
        for status in [200, 400, 401, 403, 404] {
            let outcome = Outcome::Status(status, None);
            assert_eq!(policy().decide(outcome, Repeatable::Yes, 1, 0.0), RetryDecision::Keep, "{status}");
        }
        let untrusted = HttpError::new(HttpErrorKind::UntrustedCertificate, "who?");
        let decision = policy().decide(Outcome::Failed(&untrusted), Repeatable::Yes, 1, 0.0);
        assert_eq!(decision, RetryDecision::Keep);
    }

    #[test]
    fn a_budget_is_spent_once() {
        let budget = RetryBudget::new(Duration::from_secs(10));
        assert!(budget.spend(Duration::from_secs(7)));
        assert!(!budget.clone().spend(Duration::from_secs(4)));
        assert!(budget.spend(Duration::from_secs(3)));
    }
}
