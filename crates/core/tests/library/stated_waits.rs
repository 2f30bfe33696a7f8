//! How long a server asks to wait, for many numbers and in many words.

use std::time::Duration;

use defender_xdr_core::Timestamp;
use defender_xdr_core::http::{Answer, HeaderMap, HeaderValue, stated_wait};

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

fn wait(status: u16, header: Option<&str>, body: &str) -> Option<u64> {
    let mut headers = HeaderMap::new();
    if let Some(value) = header {
        headers.insert("retry-after", HeaderValue::from_str(value).expect("header text"));
    }
    let answer = Answer { status, headers, body: body.into(), origin: "https://api.example".into() };
    stated_wait(&answer, now()).map(|wait| Duration::as_secs(&wait))
}

#[test]
fn every_number_of_seconds_is_read_from_header_and_text_alike() {
    for seconds in (0..4000).chain([86_399, 86_400]) {
        let text = format!("You can send requests again in {seconds} seconds.");
        assert_eq!(wait(429, Some(&format!(" {seconds} ")), ""), Some(seconds));
        assert_eq!(wait(429, None, &text), Some(seconds));
    }
}

#[test]
fn long_waits_are_told_as_the_server_said_them() {
    assert_eq!(wait(503, Some("86401"), ""), Some(86_401));
    assert_eq!(wait(429, Some("Sun, 22 Nov 2099 10:00:00 GMT"), ""), Some(26_663 * 86_400));
}

#[test]
fn no_wait_is_longer_than_a_century() {
    for header in ["9999999999", "18446744073709551615"] {
        assert_eq!(wait(503, Some(header), ""), Some(100 * 366 * 86_400), "{header}");
    }
}

#[test]
fn dates_count_from_the_clock_and_the_past_is_now() {
    for (date, seconds) in [
        ("Sun, 22 Nov 2026 10:00:01 GMT", 1),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 3600),
        ("Sunday, 22-Nov-26 10:00:09 GMT", 9),
        ("Sun Nov 22 10:00:09 2026", 9),
        ("Sun, 22 Nov 2026 10:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ] {
        assert_eq!(wait(429, Some(date), ""), Some(seconds), "{date}");
    }
}

#[test]
fn words_that_name_no_wait_are_no_wait() {
    for header in ["", "soon", "-1", "1.5", "0x10", "1 2", "Sun, 99 Nov 2026 10:00:00 GMT"] {
        assert_eq!(wait(429, Some(header), ""), None, "{header}");
    }
    for text in
        ["", "again", "again in", "again in seconds", "again in 5", "again in 5 parsecs", "in 5 seconds"]
    {
        assert_eq!(wait(429, None, text), None, "{text}");
    }
}

#[test]
fn minutes_and_letter_case_are_understood_and_only_a_429_speaks_in_its_body() {
    assert_eq!(wait(429, None, "Again IN 2 minutes"), Some(120));
    assert_eq!(wait(429, None, "again in 1 second"), Some(1));
    assert_eq!(wait(503, None, "You can send requests again in 5 seconds"), None);
    assert_eq!(wait(503, Some("5"), ""), Some(5));
}
