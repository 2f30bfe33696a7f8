//! Whether this machine's clock agrees with the service's. Pure: two moments come in.

use defender_xdr_core::http::Answer;
use defender_xdr_core::{Clock, Timestamp};
use jiff::SignedDuration;

use super::finding::Finding;

pub(super) const CHECK: &str = "clock";

/// A `Date` has whole seconds, and a slow answer is older than it seems: less than this says nothing.
const UNREMARKABLE: SignedDuration = SignedDuration::from_secs(30);

/// Signed assertions are good for ten minutes, and the service is some five minutes lenient: a clock that is further off
/// gets its assertions refused, and takes tokens for alive that are not.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);

/// How far the clock of whoever answered is ahead of ours: its `Date` (RFC 9110 section 6.6.1) against the middle of the
/// time that the exchange took.
pub(super) fn ahead(answer: &Answer, sent: Timestamp, came: Timestamp) -> Option<SignedDuration> {
    let date = date(answer.header("date")?)?;
    let middle = sent.checked_add(came.duration_since(sent) / 2).ok()?;
    // The second had begun: half of it is the best guess.
    Some(date.duration_since(middle) + SignedDuration::from_millis(500))
}

fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// The verdict about a difference; `whose` is the host that told its time.
pub(super) fn verdict(ahead: SignedDuration, whose: &str) -> Finding {
    let seconds = ahead.as_secs().abs();
    let far = if seconds >= 600 { format!("{} minutes", seconds / 60) } else { format!("{seconds} seconds") };
    let direction = if ahead.is_positive() { "behind" } else { "ahead of" };
    let seen = format!("this machine's clock is {far} {direction} that of {whose}");
    if ahead.abs() <= UNREMARKABLE {
        let seconds = seconds.max(1);
        return Finding::ok(
            CHECK,
            format!("this machine's clock agrees with that of {whose} within {seconds} s"),
        );
    }
    let remedy = "set the clock, best by a time service: `timedatectl set-ntp true`";
    if ahead.abs() <= TOLERATED {
        return Finding::warning(CHECK, format!("{seen}; up to 5 minutes are tolerated"), remedy);
    }
    let why = "signed assertions and times of tokens are wrong by more than the 5 minutes tolerated";
    Finding::problem(CHECK, format!("{seen}: {why}"), remedy)
}

/// The present, by the clock that checks use.
pub(super) fn now() -> Timestamp {
    defender_xdr_core::SystemClock.now()
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::http::{HeaderMap, HeaderValue};

    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn small_differences_are_fine_and_large_ones_are_told_with_their_direction() {
        for (seconds, expected) in [
            (0, Verdict::Ok),
            (-30, Verdict::Ok),
            (31, Verdict::Warning),
            (-300, Verdict::Warning),
            (301, Verdict::Problem),
            (-86_400, Verdict::Problem),
        ] {
            let found = verdict(SignedDuration::from_secs(seconds), "login.example");
            assert_eq!(found.verdict, expected, "{seconds}: {found:?}");
        }
        let behind = verdict(SignedDuration::from_secs(3600), "login.example");
        assert!(behind.seen.contains("60 minutes behind that of login.example"), "{}", behind.seen);
        let ahead = verdict(SignedDuration::from_secs(-120), "login.example");
        assert!(ahead.seen.contains("120 seconds ahead of that of login.example"), "{}", ahead.seen);
    }

    #[test]
    fn the_difference_is_taken_from_the_middle_of_the_exchange() {
        let mut headers = HeaderMap::new();
        headers.insert("date", HeaderValue::from_static("Sun, 22 Nov 2026 10:00:10 GMT"));
        let answer = Answer { status: 302, headers, body: Vec::new(), origin: String::new() };
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let found = ahead(&answer, at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:02Z"));
        assert_eq!(found, Some(SignedDuration::from_millis(9500)));
        let silent = Answer { headers: HeaderMap::new(), ..answer };
        assert_eq!(ahead(&silent, at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:02Z")), None);
    }
}
