//! When the metadata service is asked again: a pure decision.
//!
//! Source: "How to use managed identities on an Azure VM to acquire an access token", retry guidance; the pauses are
//! the page's, those of an update are long enough for the 70 seconds it may take.

use std::time::Duration;

use defender_xdr_core::http::{Outcome, RetryDecision};

/// Seconds before each repeat.
const PAUSES: [u64; 5] = [0, 2, 6, 14, 30];

/// The same while the service is being updated (410): 75 seconds in all.
const UPDATING: [u64; 5] = [0, 5, 10, 20, 40];

/// Repeats when nobody is there at all: a metadata service that exists takes the connection at once, and elsewhere
/// nobody should wait for minutes to learn that this is no Azure machine.
const KNOCKS: usize = 2;

/// What to do after this outcome of try number `tries`.
pub(super) fn decide(outcome: Outcome<'_>, tries: u32) -> RetryDecision {
    let repeat = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
    let (schedule, least, stated): (&[u64], u64, _) = match outcome {
        Outcome::Status(410, stated) => (&UPDATING, 0, stated),
        Outcome::Status(404 | 429, stated) => (&PAUSES, 0, stated),
        Outcome::Status(status, stated) if status >= 500 => (&PAUSES, 1, stated),
        Outcome::Failed(error) if error.is_retryable() && error.is_unsent() => (&PAUSES[..KNOCKS], 0, None),
        Outcome::Failed(error) if error.is_retryable() => (&PAUSES, 0, None),
        _ => return RetryDecision::Keep,
    };
    match schedule.get(repeat) {
        Some(seconds) => RetryDecision::After(stated.unwrap_or(Duration::from_secs((*seconds).max(least)))),
        None => RetryDecision::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(status: u16) -> Vec<u64> {
        (1..=9)
            .map_while(|tries| match decide(Outcome::Status(status, None), tries) {
                RetryDecision::After(pause) => Some(pause.as_secs()),
                RetryDecision::Keep => None,
            })
            .collect()
    }

    #[test]
    fn passing_faults_are_waited_out_by_microsofts_table() {
        for status in [404, 429] {
            assert_eq!(pauses(status), [0, 2, 6, 14, 30], "{status}");
        }
        for status in [500, 502, 503, 599] {
            assert_eq!(pauses(status), [1, 2, 6, 14, 30], "{status}");
        }
    }

    #[test]
    fn an_update_of_the_service_is_waited_for_70_seconds_at_least() {
        assert!(pauses(410).iter().sum::<u64>() >= 70);
    }

    #[test]
    fn what_a_person_must_mend_is_not_asked_again() {
        for status in [200, 400, 401, 403, 405] {
            assert!(pauses(status).is_empty(), "{status}");
        }
    }

    #[test]
    fn a_stated_wait_is_kept_to_the_letter() {
        let stated = Outcome::Status(429, Some(Duration::from_secs(9)));
        assert_eq!(decide(stated, 1), RetryDecision::After(Duration::from_secs(9)));
        assert_eq!(decide(stated, 6), RetryDecision::Keep);
    }
}
