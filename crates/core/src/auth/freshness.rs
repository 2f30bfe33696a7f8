//! Two questions about an access token: is it fresh, and is it still usable?

use jiff::{SignedDuration, Timestamp};

/// The answer to both questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Use it.
    Fresh,
    /// Renew it, but it works if renewal fails for a passing reason.
    Stale,
    /// It no longer works.
    Dead,
}

/// A token this close to its end is not sent: it might end on the way.
const HARD_MARGIN: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Judges a token by its life. It stops being fresh at the smaller of five minutes and a tenth of its life
/// before the end. A token "from the future" (the clock was set back) is not trusted.
pub fn freshness(acquired_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> Freshness {
    let life = expires_at.duration_since(acquired_at);
    let left = expires_at.duration_since(now);
    let ahead = acquired_at.duration_since(now);
    if left <= HARD_MARGIN.min(life / 10) || ahead > LONGEST_MARGIN {
        Freshness::Dead
    } else if left <= LONGEST_MARGIN.min(life / 10) {
        Freshness::Stale
    } else {
        Freshness::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("in range")
    }

    #[test]
    fn margins_follow_the_tokens_life() {
        assert_eq!(freshness(at(0), at(3600), at(3299)), Freshness::Fresh);
        assert_eq!(freshness(at(0), at(3600), at(3300)), Freshness::Stale);
        assert_eq!(freshness(at(0), at(3600), at(3595)), Freshness::Dead);
        assert_eq!(freshness(at(0), at(3600), at(3600)), Freshness::Dead);
        // A token of one minute is fresh for 54 seconds, not dead on arrival.
        assert_eq!(freshness(at(0), at(60), at(53)), Freshness::Fresh);
        assert_eq!(freshness(at(0), at(60), at(54)), Freshness::Dead);
        assert_eq!(freshness(at(0), at(600), at(545)), Freshness::Stale);
    }

    #[test]
    fn a_token_from_the_future_is_not_trusted() {
        assert_eq!(freshness(at(3600), at(7200), at(0)), Freshness::Dead);
    }
}
