//! How long a server asks us to wait: the `Retry-After` header, or the sentence the Defender gateways put
//! into the body of a 429 instead.

use std::time::Duration;

use jiff::Timestamp;

use super::exchange::Answer;
use super::spoken_wait::spoken_wait;

/// Nobody waits that long, and the budget for waiting is far smaller; the cap only keeps arithmetic sane. What is below
/// it is told as the server said it.
const LONGEST: Duration = Duration::from_hours(24 * 366 * 100);

/// The wait an answer asks for. `Retry-After` (RFC 9110 section 10.2.3) as seconds or a date; else the
/// sentence that the Defender gateways put into the body of a 429.
pub fn stated_wait(answer: &Answer, now: Timestamp) -> Option<Duration> {
    if let Some(wait) = answer.header("retry-after").and_then(|value| from_header(value.trim(), now)) {
        return Some(wait);
    }
    (answer.status == 429)
        .then(|| spoken_wait(&String::from_utf8_lossy(&answer.body)))
        .flatten()
        .map(|wait| wait.min(LONGEST))
}

fn from_header(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let at = Timestamp::try_from(httpdate::parse_http_date(value).ok()?).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO).min(LONGEST))
}

/// Reads a wait from a header (the first line) and a body (the rest), for fuzzing: never longer than the cap.
#[cfg(fuzzing)]
#[expect(clippy::expect_used, reason = "a fault has to be found")]
pub fn fuzz_stated_wait(text: &str) {
    let (header, body) = text.split_once('\n').unwrap_or((text, ""));
    let now = Timestamp::UNIX_EPOCH;
    let mut answer = Answer {
        status: 429,
        headers: reqwest::header::HeaderMap::new(),
        body: body.into(),
        origin: String::new(),
    };
    let spoken = stated_wait(&answer, now);
    if let Ok(value) = reqwest::header::HeaderValue::from_str(header) {
        answer.headers.insert("retry-after", value);
    }
    for wait in [spoken, stated_wait(&answer, now)].into_iter().flatten() {
        assert!(wait <= LONGEST);
        assert!(now.checked_add(jiff::SignedDuration::try_from(wait).expect("in range")).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderMap, HeaderValue};

    fn answer(header: Option<&str>, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert("retry-after", HeaderValue::from_str(value).expect("header text"));
        }
        Answer { status: 429, headers, body: body.into(), origin: "https://example.com".into() }
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().expect("a time")
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(stated_wait(&answer(Some("17"), ""), now()), Some(Duration::from_secs(17)));
        let date = "Sun, 22 Nov 2026 10:00:30 GMT";
        assert_eq!(stated_wait(&answer(Some(date), ""), now()), Some(Duration::from_secs(30)));
        let past = "Sun, 22 Nov 2026 09:00:30 GMT";
        assert_eq!(stated_wait(&answer(Some(past), ""), now()), Some(Duration::ZERO));
        assert_eq!(stated_wait(&answer(Some("soon"), ""), now()), None);
    }

    #[test]
    fn the_gateway_says_it_in_the_body() {
        let body = r#"{"error":{"code":"429","message":"API calls quota exceeded! Maximum allowed 50 per 00:01:00 for the key Destination+TenantID+AppID. You can send requests again in 17 seconds.","target":"x"}}"#;
        assert_eq!(stated_wait(&answer(None, body), now()), Some(Duration::from_secs(17)));
        assert_eq!(stated_wait(&answer(None, "again in a while"), now()), None);
    }

    #[test]
    fn absurd_numbers_are_capped() {
        assert_eq!(stated_wait(&answer(Some("18446744073709551615"), ""), now()), Some(LONGEST));
        assert_eq!(stated_wait(&answer(None, "again in 99999999999999999999 seconds"), now()), None);
    }
}
