//! What is left of the documented limits of calls, and when the next call fits.

use defender_xdr_api::quota::LaneUsage;
use defender_xdr_core::Timestamp;
use jiff::SignedDuration;

use super::finding::Finding;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const CHECK: &str = "quota";

/// What was counted for a session.
pub(super) fn check(session: &Session, now: Timestamp) -> Result<Finding, Failure> {
    let budget = session.endpoint().and_then(|endpoint| session.budget(&endpoint));
    let budget = match budget {
        Ok(budget) => budget,
        // Told as what the flow lacks.
        Err(Failure::Reported(_)) => {
            return Ok(Finding::skipped(CHECK, "the address of the API cannot be used"));
        }
        Err(failure) => return Err(failure),
    };
    let patience = session.context.values.seconds("retry-budget", 120).map(|patience| patience.as_secs());
    let patience = SignedDuration::from_secs(i64::try_from(patience.unwrap_or(120)).unwrap_or(i64::MAX));
    Ok(match budget.usage(now) {
        Ok(lanes) => verdict(&lanes, now, patience),
        Err(error) => Finding::warning(
            CHECK,
            format!("calls are not counted: {error}"),
            "make the directory `quota` in the state directory yours",
        ),
    })
}

/// The verdict about lanes of calls. A command waits for its turn up to `patience`.
fn verdict(lanes: &[LaneUsage], now: Timestamp, patience: SignedDuration) -> Finding {
    let wait = |lane: &LaneUsage| lane.next_call_at.map(|at| at.duration_since(now)).unwrap_or_default();
    let longest = lanes.iter().max_by_key(|lane| wait(lane));
    let counted: Vec<_> = lanes
        .iter()
        .flat_map(|lane| {
            lane.windows.iter().filter(|window| window.used > 0).map(|window| {
                let stretch = if window.seconds == 60 { "minute" } else { "hour" };
                format!("{}: {} of {} calls this {stretch}", lane.lane, window.used, window.limit)
            })
        })
        .collect();
    let counted = if counted.is_empty() { "no calls counted".to_owned() } else { counted.join(", ") };
    let Some(lane) = longest.filter(|lane| wait(lane).is_positive()) else {
        return Finding::ok(CHECK, format!("{counted}; the next call fits now"));
    };
    let at = lane.next_call_at.unwrap_or(now);
    let why = if lane.until.is_some() { "the service asked all calls to wait" } else { "a limit is used up" };
    let seconds = wait(lane).as_secs().max(1);
    let seen = format!("{why} ({}): the next call fits at {at:.0}, in {seconds} s; {counted}", lane.lane);
    if wait(lane) > patience {
        let remedy = "wait until then, or allow longer waits with `retry-budget`: commands before end with exit code 7";
        return Finding::problem(CHECK, seen, remedy);
    }
    Finding::warning(CHECK, seen, "commands wait for their turn by themselves")
}

#[cfg(test)]
mod tests {
    use defender_xdr_api::quota::WindowUsage;

    use super::super::finding::Verdict;
    use super::*;

    fn lane(used: usize, wait: Option<i64>, asked: bool) -> (LaneUsage, Timestamp) {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let at = wait.map(|seconds| now + SignedDuration::from_secs(seconds));
        let windows = vec![WindowUsage { limit: 45, seconds: 60, used }];
        let lane =
            LaneUsage { lane: "graph-hunting", windows, until: at.filter(|_| asked), next_call_at: at };
        (lane, now)
    }

    fn judged(used: usize, wait: Option<i64>, asked: bool) -> Finding {
        let (lane, now) = lane(used, wait, asked);
        verdict(&[lane], now, SignedDuration::from_secs(120))
    }

    #[test]
    fn what_is_used_and_left_is_told() {
        let found = judged(12, None, false);
        assert_eq!(found.verdict, Verdict::Ok);
        assert!(found.seen.contains("graph-hunting: 12 of 45 calls this minute"), "{}", found.seen);
        assert!(verdict(&[], Timestamp::UNIX_EPOCH, SignedDuration::ZERO).seen.contains("no calls counted"));
    }

    #[test]
    fn a_wait_is_a_problem_only_when_commands_would_not_wait_that_long() {
        let short = judged(45, Some(30), false);
        assert_eq!(short.verdict, Verdict::Warning);
        assert!(short.seen.contains("used up") && short.seen.contains("in 30 s"), "{}", short.seen);
        let long = judged(45, Some(900), true);
        assert!(long.is_problem() && long.seen.contains("the service asked"), "{}", long.seen);
    }
}
