//! What to do after a poll, decided from the answer alone (RFC 8628 section 3.5). An allow-list: only what is
//! known to pass is waited for, anything else ends the sign-in.

use std::time::Duration;

use defender_xdr_core::Timestamp;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};

/// The pause when the service names none, and the least it may be.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// `slow_down` adds this to the interval, for good.
const SLOW_DOWN: Duration = Duration::from_secs(5);
const LONGEST_INTERVAL: Duration = Duration::from_mins(1);

/// What to do now.
#[derive(Debug)]
pub(crate) enum Next {
    /// Ask again after this long; it is the interval from now on.
    Wait(Duration),
    /// It is over.
    Stop(AuthError),
}

/// Decides after a poll that gave no token.
pub(crate) fn next(error: AuthError, interval: Duration, now: Timestamp, expires_at: Timestamp) -> Next {
    let over = now >= expires_at;
    let oauth = error.body().map_or("", |body| body.error.as_str());
    let wait = match (oauth, error.kind()) {
        ("authorization_pending", _) => interval,
        ("slow_down", _) => interval.saturating_add(SLOW_DOWN),
        (_, AuthErrorKind::Throttled) => {
            let asked =
                error.until().map(|until| until.duration_since(now).unsigned_abs()).unwrap_or_default();
            interval.saturating_add(SLOW_DOWN).max(asked)
        }
        // RFC 8628 asks for exponential back-off when the connection fails.
        (_, AuthErrorKind::Unavailable | AuthErrorKind::Unreachable) if error.is_retryable() => {
            interval.saturating_mul(2).min(LONGEST_INTERVAL)
        }
        _ => return Next::Stop(error),
    };
    if over {
        return Next::Stop(expired(&error));
    }
    Next::Wait(wait)
}

fn expired(last: &AuthError) -> AuthError {
    let cause = if last.kind() == AuthErrorKind::Unreachable || last.kind() == AuthErrorKind::Unavailable {
        format!(" ({last})")
    } else {
        String::new()
    };
    AuthError::new(AuthErrorKind::Expired, format!("the code ran out before the sign-in was completed{cause}")).with_hint(
        "start again; if the browser refused with AADSTS53003, Conditional Access blocks device codes: use another flow",
    )
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::entra::{ErrorBody, explain};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("in range")
    }

    fn refused(error: &str) -> AuthError {
        let body = ErrorBody { error: error.into(), ..ErrorBody::default() };
        AuthError::from_entra(body)
    }

    fn waits(error: AuthError, now: i64) -> Option<u64> {
        match next(error, Duration::from_secs(5), at(now), at(900)) {
            Next::Wait(pause) => Some(pause.as_secs()),
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
    fn a_throttled_poll_waits_at_least_as_long_as_asked() {
        let throttled = AuthError::new(AuthErrorKind::Throttled, "busy").with_until(Some(at(70)));
        assert_eq!(waits(throttled, 10), Some(60));
    }

    #[test]
    fn faults_back_off_and_the_deadline_ends_it() {
        let fault = || AuthError::new(AuthErrorKind::Unavailable, "down");
        assert_eq!(waits(fault(), 10), Some(10));
        let Next::Stop(error) = next(fault(), Duration::from_secs(5), at(900), at(900)) else {
            panic!("it is over")
        };
        assert_eq!(error.kind(), AuthErrorKind::Expired);
        assert!(error.to_string().contains("down"));
        assert_eq!(waits(refused("authorization_pending"), 901), None);
    }
}
