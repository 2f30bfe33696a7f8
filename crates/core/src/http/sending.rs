//! The loop that sends until an outcome stands, and the turnstile that every try goes through where calls are counted.

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::arriving::Received;
use super::client::HttpClient;
use super::error::HttpError;
use super::exchange::{Answer, Call};
use super::retry::{Exhausted, Outcome, Repeatable, RetryBudget, RetryDecision, RetryPolicy, jitter};
use super::wait::stated_wait;
use crate::Clock;

/// A pause that long is told.
const LONG_PAUSE: Duration = Duration::from_secs(5);

/// What every try of a request goes through: it counts calls, and lets each in when there is room.
#[async_trait]
pub trait Turnstile: Send + Sync {
    /// Waits until a call may be made. What it waits is taken out of `budget` where somebody waits for the result.
    ///
    /// # Errors
    /// When that is later than the budget allows: nothing was sent.
    async fn enter(&self, budget: &RetryBudget) -> Result<(), Exhausted>;

    /// A try ended. `status` is that of its answer, `pause` what it asked all calls to wait, when it did.
    fn leave(&self, status: Option<u16>, pause: Option<Duration>);
}

/// No counting.
struct Open;

#[async_trait]
impl Turnstile for Open {
    async fn enter(&self, _budget: &RetryBudget) -> Result<(), Exhausted> {
        Ok(())
    }

    fn leave(&self, _status: Option<u16>, _pause: Option<Duration>) {}
}

/// Sends until the outcome stands. An answer that still says 429 or 503 is returned as it is; when the
/// server's wait did not fit into the budget, the second value says so.
pub async fn send(
    http: &HttpClient,
    clock: &dyn Clock,
    policy: &RetryPolicy,
    repeatable: Repeatable,
    call: Call,
) -> (Result<Answer, HttpError>, Option<Exhausted>) {
    let decide = |outcome: Outcome<'_>, tries| policy.decide(outcome, repeatable, tries, jitter());
    send_by(http, clock, &policy.budget, call, decide).await
}

/// [`send`] by another rule than [`RetryPolicy::decide`]: from an outcome and the tries made, what to do.
pub async fn send_by(
    http: &HttpClient,
    clock: &dyn Clock,
    budget: &RetryBudget,
    call: Call,
    decide: impl Fn(Outcome<'_>, u32) -> RetryDecision,
) -> (Result<Answer, HttpError>, Option<Exhausted>) {
    loop {
        // An open turnstile lets everybody in.
        if let Ok(sent) = run(http, clock, budget, &call, &decide, &Open).await {
            return sent;
        }
    }
}

/// [`send`] where calls are counted: every try goes through `turnstile`.
///
/// # Errors
/// When the turnstile would not let the first try in within the budget: nothing was sent.
pub async fn send_through(
    turnstile: &dyn Turnstile,
    http: &HttpClient,
    clock: &dyn Clock,
    policy: &RetryPolicy,
    repeatable: Repeatable,
    call: Call,
) -> Result<(Result<Answer, HttpError>, Option<Exhausted>), Exhausted> {
    let decide = |outcome: Outcome<'_>, tries| policy.decide(outcome, repeatable, tries, jitter());
    run(http, clock, &policy.budget, &call, &decide, turnstile).await
}

/// [`send_through`] for an answer that its caller reads piece by piece; without a turnstile calls are not counted. A body
/// that breaks off is not asked for again: its beginning has been used.
///
/// # Errors
/// As [`send_through`].
pub async fn send_streamed(
    turnstile: Option<&dyn Turnstile>,
    http: &HttpClient,
    clock: &dyn Clock,
    policy: &RetryPolicy,
    repeatable: Repeatable,
    call: Call,
) -> Result<(Result<Received, HttpError>, Option<Exhausted>), Exhausted> {
    let decide = |outcome: Outcome<'_>, tries| policy.decide(outcome, repeatable, tries, jitter());
    run(http, clock, &policy.budget, &call, &decide, turnstile.unwrap_or(&Open)).await
}

/// What one try may bring.
trait Reply: Sized {
    fn attempt(http: &HttpClient, call: Call) -> impl Future<Output = Result<Self, HttpError>> + Send;

    /// The status and the wait that is stated.
    fn view(&self, now: Timestamp) -> (u16, Option<Duration>);
}

impl Reply for Answer {
    fn attempt(http: &HttpClient, call: Call) -> impl Future<Output = Result<Self, HttpError>> + Send {
        http.send(call)
    }

    fn view(&self, now: Timestamp) -> (u16, Option<Duration>) {
        (self.status, stated_wait(self, now))
    }
}

impl Reply for Received {
    fn attempt(http: &HttpClient, call: Call) -> impl Future<Output = Result<Self, HttpError>> + Send {
        http.receive(call)
    }

    fn view(&self, now: Timestamp) -> (u16, Option<Duration>) {
        match self {
            Self::Arriving(arriving) => (arriving.status, None),
            Self::Whole(answer) => answer.view(now),
        }
    }
}

async fn run<R: Reply>(
    http: &HttpClient,
    clock: &dyn Clock,
    budget: &RetryBudget,
    call: &Call,
    decide: &impl Fn(Outcome<'_>, u32) -> RetryDecision,
    turnstile: &dyn Turnstile,
) -> Result<(Result<R, HttpError>, Option<Exhausted>), Exhausted> {
    let mut tries = 0;
    let mut before = None;
    loop {
        if let Err(exhausted) = turnstile.enter(budget).await {
            return before.map(|result| (result, Some(exhausted))).ok_or(exhausted);
        }
        tries += 1;
        let asked_at = clock.now();
        let result = R::attempt(http, call.clone()).await;
        let (status, outcome) = match &result {
            Ok(answer) => {
                let (status, wait) = answer.view(clock.now());
                (Some(status), Outcome::Status(status, wait))
            }
            Err(error) => (None, Outcome::Failed(error)),
        };
        // A try that brought nothing counts as well: a service that hangs would use up many times the budget.
        let lost = match &result {
            Ok(_) => Duration::ZERO,
            Err(_) => clock.now().duration_since(asked_at).try_into().unwrap_or(Duration::ZERO),
        };
        let (decision, stated) = (decide(outcome, tries), stated(outcome, clock.now()));
        turnstile.leave(status, for_all(outcome, decision));
        match decision {
            RetryDecision::After(pause) if budget.spend(pause.saturating_add(lost)) => {
                // A person would think that the program hangs.
                if pause >= LONG_PAUSE {
                    tracing::warn!("{} asks to wait: going on in {} s", host(call), pause.as_secs());
                } else {
                    let why = match outcome {
                        Outcome::Status(status, _) => format!("HTTP {status}"),
                        Outcome::Failed(error) => error.to_string(),
                    };
                    tracing::info!(seconds = pause.as_secs_f32(), tries, why, "waiting before the next try");
                }
                clock.sleep(pause).await;
                before = Some(result);
            }
            // Only a wait the server stated is told; our own back-off is no promise of anybody's.
            RetryDecision::After(_) => return Ok((result, stated)),
            // A server that stays broken is no throttle, however long it asked to wait in between.
            RetryDecision::Keep => {
                return Ok((result, stated.filter(|_| status == Some(429))));
            }
        }
    }
}

/// A 429 is about all calls: also one without a stated wait, for the pause that we take ourselves.
fn for_all(outcome: Outcome<'_>, decision: RetryDecision) -> Option<Duration> {
    match (outcome, decision) {
        (Outcome::Status(429, Some(stated)), _) => Some(stated),
        (Outcome::Status(429, None), RetryDecision::After(pause)) => Some(pause),
        _ => None,
    }
}

fn stated(outcome: Outcome<'_>, now: Timestamp) -> Option<Exhausted> {
    let Outcome::Status(_, Some(wait)) = outcome else { return None };
    if wait.is_zero() {
        return None;
    }
    let until = now.saturating_add(SignedDuration::try_from(wait).ok()?).ok()?;
    Some(Exhausted { until })
}

fn host(call: &Call) -> &str {
    call.url.host_str().unwrap_or_default()
}
