//! How long a sign-in will last: days left of the refresh token, and when that is worth a warning.

use defender_xdr_core::Timestamp;
use jiff::SignedDuration;

/// A sign-in that ends sooner is warned about.
const NOTICE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What is left of a refresh token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outlook {
    /// Whole days; less than none when it is over.
    pub(super) days_left: i64,
    /// What to tell the person, if anything.
    pub(super) warning: Option<String>,
}

impl Outlook {
    pub(super) fn new(ends_at: Timestamp, now: Timestamp) -> Self {
        let left = ends_at.duration_since(now);
        let days_left = left.as_hours().div_euclid(24);
        let warning = if !left.is_positive() {
            Some(format!("the sign-in is over since {ends_at:.0}: run `defender-xdr auth login`"))
        } else if left < NOTICE {
            Some(format!(
                "the sign-in ends in {}, at {ends_at:.0}: run `defender-xdr auth login` before",
                words(left)
            ))
        } else {
            None
        };
        Self { days_left: if left.is_positive() { days_left } else { days_left.min(-1) }, warning }
    }
}

/// The largest whole unit that is left.
pub(super) fn words(left: SignedDuration) -> String {
    let (count, unit) = match (left.as_hours() / 24, left.as_hours(), left.as_mins()) {
        (days @ 2.., _, _) => (days, "days"),
        (_, hours @ 2.., _) => (hours, "hours"),
        (_, _, minutes) => (minutes, "minutes"),
    };
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left: SignedDuration) -> Outlook {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        Outlook::new(now.checked_add(left).expect("in range"), now)
    }

    #[test]
    fn a_warning_comes_when_fewer_than_fourteen_days_are_left() {
        assert_eq!(at(SignedDuration::from_hours(90 * 24)), Outlook { days_left: 90, warning: None });
        assert_eq!(at(SignedDuration::from_hours(14 * 24)), Outlook { days_left: 14, warning: None });
        let soon = at(SignedDuration::from_hours(14 * 24 - 1));
        assert_eq!(soon.days_left, 13);
        assert!(soon.warning.expect("a warning").contains("ends in 13 days, at 2026-12-06T09:00:00Z"));
        let today = at(SignedDuration::from_mins(90));
        assert_eq!(today.days_left, 0);
        assert!(today.warning.expect("a warning").contains("in 90 minutes"));
    }

    #[test]
    fn an_end_in_the_past_is_told_as_such() {
        for left in [SignedDuration::ZERO, SignedDuration::from_secs(-5), SignedDuration::from_hours(-23)] {
            let over = at(left);
            assert_eq!(over.days_left, -1);
            assert!(over.warning.expect("a warning").contains("over since"), "{left}");
        }
        assert_eq!(at(SignedDuration::from_hours(-25)).days_left, -2);
    }
}
