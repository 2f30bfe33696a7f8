//! What to do after a poll, decided from the answer alone (RFC 8628 section 3.5). An allow-list: only what is
//! known to pass is waited for, anything else ends the sign-in.

use std::time::Duration;

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};

/// The pause when the service names none.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// `slow_down` adds this to the interval, for good.
const SLOW_DOWN: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How often to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rhythm {
    /// Between polls, grown for good by every `slow_down`.
    pub(crate) interval: Duration,
    /// Faults in a row.
    pub(crate) faults: u32,
}

/// What to do now.
#[derive(Debug)]
pub(crate) enum Next {
    /// Ask again after this long, in this rhythm.
    Wait(Duration, Rhythm),
    /// It is over.
    Stop(AuthError),
}

/// Decides after a poll that gave no token.
pub(crate) fn next(error: AuthError, rhythm: Rhythm, now: Timestamp, expires_at: Timestamp) -> Next {
    let over = now >= expires_at;
    let oauth = error.body().map_or("", |body| body.error.as_str());
    let Rhythm { interval, faults } = rhythm;
    let slower = interval.saturating_add(SLOW_DOWN);
    let (pause, rhythm) = match (oauth, error.kind()) {
        ("authorization_pending", _) => (interval, Rhythm { faults: 0, ..rhythm }),
        ("slow_down", _) => (slower, Rhythm { interval: slower, faults: 0 }),
        (_, AuthErrorKind::Throttled) => {
            let asked =
                error.until().map(|until| until.duration_since(now).unsigned_abs()).unwrap_or_default();
            (slower.max(asked), rhythm)
        }
        // RFC 8628 asks for exponential back-off when the connection fails.
        (_, AuthErrorKind::Unavailable | AuthErrorKind::Unreachable) if error.is_retryable() => {
            let faults = faults.saturating_add(1);
            let doubled = interval.saturating_mul(1 << faults.min(8));
            (doubled.min(LONGEST_PAUSE), Rhythm { interval, faults })
        }
        _ => return Next::Stop(error),
    };
    if over { Next::Stop(expired(&error)) } else { Next::Wait(pause, rhythm) }
}

fn expired(last: &AuthError) -> AuthError {
    let cause = if last.kind() == AuthErrorKind::Unreachable || last.kind() == AuthErrorKind::Unavailable {
        format!(" ({last})")
    } else {
        String::new()
    };
    AuthError::new(
        AuthErrorKind::Expired,
        format!("the code ran out before the sign-in was completed{cause}"),
    )
    .with_hint("start again; if the browser refused with AADSTS53003, Conditional Access blocks device codes")
    .with_other_flows(&["auth-code", "client-credentials", "managed-identity"])
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::entra::{ErrorBody, explain};

    use super::*;

    const FIVE: Rhythm = Rhythm { interval: Duration::from_secs(5), faults: 0 };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("in range")
    }

    fn refused(error: &str) -> AuthError {
        let body = ErrorBody { error: error.into(), ..ErrorBody::default() };
        AuthError::from_entra(body)
    }

    fn waits(error: AuthError, now: i64) -> Option<u64> {
        match next(error, FIVE, at(now), at(900)) {
            Next::Wait(pause, _) => Some(pause.as_secs()),
            Next::Stop(_) => None,
        }
    }

    #[test]
    fn pending_waits_the_interval_and_slow_down_adds_five_seconds() {
        assert_eq!(waits(refused("authorization_pending"), 10), Some(5));
        assert_eq!(waits(refused("slow_down"), 10), Some(10));
    }

    #[test]
    fn everything_not_known_to_pass_ends_the_sign_in() {
        for error in [
            "authorization_declined",
            "expired_token",
            "bad_verification_code",
            "invalid_grant",
            "invalid_client",
            "new_error",
        ] {
            assert_eq!(waits(refused(error), 10), None, "{error}");
        }
        assert_eq!(
            explain(&ErrorBody { error: "expired_token".into(), ..ErrorBody::default() }).kind,
            AuthErrorKind::Expired
        );
    }

    #[test]
    fn only_slow_down_changes_the_interval_for_good() {
        let after = |error, rhythm| match next(error, rhythm, at(10), at(900)) {
            Next::Wait(pause, rhythm) => (pause.as_secs(), rhythm),
            Next::Stop(error) => panic!("it goes on: {error}"),
        };
        let fault = || AuthError::new(AuthErrorKind::Unavailable, "down");
        let (first, rhythm) = after(fault(), FIVE);
        let (second, rhythm) = after(fault(), rhythm);
        assert_eq!((first, second), (10, 20));
        assert_eq!(after(refused("authorization_pending"), rhythm), (5, FIVE));
        let (_, slowed) = after(refused("slow_down"), FIVE);
        assert_eq!(after(refused("authorization_pending"), slowed).0, 10);
    }

    #[test]
    fn a_throttled_poll_waits_at_least_as_long_as_asked() {
        let throttled = AuthError::new(AuthErrorKind::Throttled, "busy").with_until(Some(at(70)));
        assert_eq!(waits(throttled, 10), Some(60));
    }

    #[test]
    fn faults_back_off_and_the_deadline_ends_it() {
        let fault = || AuthError::new(AuthErrorKind::Unavailable, "down");
        assert_eq!(waits(fault(), 10), Some(10));
        let Next::Stop(error) = next(fault(), FIVE, at(900), at(900)) else { panic!("it is over") };
        assert_eq!(error.kind(), AuthErrorKind::Expired);
        assert!(error.to_string().contains("down"));
        assert_eq!(waits(refused("authorization_pending"), 901), None);
    }
}
