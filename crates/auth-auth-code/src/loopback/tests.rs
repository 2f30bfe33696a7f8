//! The listener over plain sockets.

use std::time::Duration;

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, Reception};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::guest::Lobby;
use super::{Limits, Listener};
use crate::redirect::Place;

const LOGIN: &str = "https://login.example";
const GOOD: &str = "code=planted-code&state=s1&session_state=6f2c";

const QUICK: Limits = Limits {
    stay: Duration::from_secs(20),
    request: Duration::from_millis(300),
    farewell: Duration::from_secs(2),
};

fn place(port: Option<u16>, path: &str) -> Place {
    Place { host: "localhost".into(), port, path: path.into() }
}

/// An open listener and its port.
async fn open(limits: Limits, path: &str) -> (Box<Lobby>, u16) {
    let listener = Listener::bind(&place(None, path)).await.expect("a free port");
    let port = port_of(&listener);
    (Box::new(listener.open("s1", LOGIN, limits)), port)
}

fn port_of(listener: &Listener) -> u16 {
    let rest = listener.redirect_uri().strip_prefix("http://localhost:").expect("ours");
    rest.split('/').next().expect("a port").parse().expect("a port")
}

/// Sends it and reads everything until the connection closes.
async fn exchange(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    stream.write_all(request.as_bytes()).await.expect("sent");
    rest_of(&mut stream).await
}

async fn rest_of(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is an end like any other.
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8(answer).expect("text")
}

fn get(port: u16, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")
}

fn post(port: u16, headers: &str, form: &str) -> String {
    let length = form.len();
    format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {length}\r\n{headers}\r\n{form}")
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// A browser that brings this and shows what it gets.
fn browser(port: u16, request: String) -> JoinHandle<String> {
    tokio::spawn(async move { exchange(port, &request).await })
}

/// The listener still waits: a good answer gets in.
async fn still_waits(mut lobby: Box<Lobby>, port: u16) {
    let browser = browser(port, post(port, FORM, GOOD));
    assert_eq!(lobby.receive().await.expect("an answer").expose(), format!("?{GOOD}"));
    lobby.conclude(None).await;
    assert_eq!(status(&browser.await.expect("shown")), 200);
}

#[tokio::test]
async fn a_form_and_a_query_both_bring_the_code_and_the_browser_is_told_the_end() {
    for by_form in [true, false] {
        let (mut lobby, port) = open(QUICK, "").await;
        let request = if by_form {
            post(port, &format!("{FORM}Origin: {LOGIN}\r\n"), GOOD)
        } else {
            get(port, &format!("/?{GOOD}"))
        };
        let browser = browser(port, request);
        assert_eq!(lobby.receive().await.expect("an answer").expose(), format!("?{GOOD}"));
        sleep(Duration::from_millis(50)).await;
        assert!(!browser.is_finished(), "it waits for the outcome");
        lobby.conclude(None).await;
        let answer = browser.await.expect("shown");
        assert_eq!(status(&answer), 200);
        assert!(answer.contains("You are signed in"));
        assert!(!answer.contains("planted") && !answer.contains("6f2c"), "{answer}");
        for header in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none'; style-src 'unsafe-inline'",
            "x-content-type-options: nosniff",
            "content-type: text/html; charset=utf-8",
            "connection: close",
        ] {
            assert!(answer.contains(header), "{header} in {answer}");
        }
    }
}

#[tokio::test]
async fn a_refusal_comes_in_like_a_code_and_is_shown() {
    let (mut lobby, port) = open(QUICK, "").await;
    let browser = browser(port, get(port, "/?error=access_denied&state=s1"));
    assert!(lobby.receive().await.expect("an answer").expose().contains("access_denied"));
    let declined = AuthError::new(AuthErrorKind::Declined, "AADSTS65004: <declined>");
    lobby.conclude(Some(&declined)).await;
    let answer = browser.await.expect("shown");
    assert!(answer.contains("was declined") && answer.contains("AADSTS65004: &lt;declined&gt;"), "{answer}");
}

#[tokio::test]
async fn whoever_does_not_fit_is_turned_away_and_the_listener_waits_on() {
    let (lobby, port) = open(QUICK, "").await;
    let long = format!("code={}&state=s1", "x".repeat(70_000));
    let with_host = |host: &str| format!("GET /?{GOOD} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let other_method = |method: &str| format!("{method} /?{GOOD} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    let cases = [
        ("a favicon", get(port, "/favicon.ico"), 404),
        ("another path", get(port, &format!("/other?{GOOD}")), 404),
        ("a wrong state", get(port, "/?code=planted&state=s2"), 400),
        ("no state", get(port, "/?code=planted"), 400),
        ("nothing", get(port, "/"), 400),
        ("only a state", get(port, "/?state=s1"), 400),
        ("a bare code", get(port, "/?planted&state=s1"), 400),
        ("a wrong state in a form", post(port, FORM, "code=planted&state=s2"), 400),
        ("a form without a type", post(port, "", GOOD), 415),
        ("JSON", post(port, "Content-Type: application/json\r\n", GOOD), 415),
        ("text", post(port, "Content-Type: text/plain\r\n", GOOD), 415),
        ("a foreign origin", post(port, &format!("{FORM}Origin: https://evil.example\r\n"), GOOD), 403),
        ("a longer origin", post(port, &format!("{FORM}Origin: {LOGIN}.evil.example\r\n"), GOOD), 403),
        ("another host", with_host("evil.example"), 421),
        ("another host at our port", with_host(&format!("evil.example:{port}")), 421),
        ("our host at another port", with_host("localhost:1"), 421),
        ("our host without a port", with_host("localhost"), 421),
        ("two hosts", with_host(&format!("localhost:{port}\r\nHost: evil.example")), 421),
        ("HEAD", other_method("HEAD"), 405),
        ("PUT", other_method("PUT"), 405),
        ("OPTIONS", other_method("OPTIONS"), 405),
        ("too large a form", post(port, FORM, &long), 413),
    ];
    for (name, request, expected) in cases {
        let answer = exchange(port, &request).await;
        assert_eq!(status(&answer), expected, "{name}: {answer}");
        assert!(!answer.contains("planted"), "{name}: {answer}");
        assert!(answer.contains("cache-control: no-store"), "{name}: {answer}");
        assert!(expected != 405 || answer.contains("allow: GET, POST"), "{name}: {answer}");
    }
    let huge = format!("GET /?{} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n", "x".repeat(100_000));
    assert!(!exchange(port, &huge).await.starts_with("HTTP/1.1 200"), "too large a head");
    still_waits(lobby, port).await;
}

#[tokio::test]
async fn an_opaque_origin_and_the_other_names_of_this_machine_are_welcome() {
    for host in ["LOCALHOST", "127.0.0.1", "[::1]"] {
        let (mut lobby, port) = open(QUICK, "").await;
        let request = post(port, &format!("{FORM}Origin: null\r\n"), GOOD)
            .replace(&format!("Host: localhost:{port}"), &format!("Host: {host}:{port}"));
        let browser = browser(port, request);
        assert_eq!(lobby.receive().await.expect("an answer").expose(), format!("?{GOOD}"), "{host}");
        lobby.conclude(None).await;
        assert_eq!(status(&browser.await.expect("shown")), 200);
    }
}

#[tokio::test]
async fn a_registered_path_is_the_only_one() {
    let (mut lobby, port) = open(QUICK, "/back").await;
    assert_eq!(status(&exchange(port, &get(port, &format!("/?{GOOD}"))).await), 404);
    let browser = browser(port, get(port, &format!("/back?{GOOD}")));
    lobby.receive().await.expect("an answer");
    lobby.conclude(None).await;
    assert_eq!(status(&browser.await.expect("shown")), 200);
}

#[tokio::test]
async fn a_silent_connection_blocks_nobody_and_is_closed() {
    let (lobby, port) = open(QUICK, "").await;
    let mut silent = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    let mut halting = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    let head = format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 99\r\n{FORM}\r\ncode=");
    halting.write_all(head.as_bytes()).await.expect("sent");
    let began = Instant::now();
    assert_eq!(status(&exchange(port, &get(port, "/x")).await), 404);
    assert!(began.elapsed() < QUICK.request, "nobody waited for the silent ones");
    assert_eq!(status(&rest_of(&mut halting).await), 408);
    assert!(!rest_of(&mut silent).await.contains("200"));
    still_waits(lobby, port).await;
}

#[tokio::test]
async fn only_the_first_gets_in_and_then_the_port_is_closed() {
    let (mut lobby, port) = open(QUICK, "").await;
    let mut second = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    // Its turn to be accepted comes before that of whoever connects later.
    let first = browser(port, get(port, &format!("/?{GOOD}")));
    lobby.receive().await.expect("an answer");
    second.write_all(get(port, &format!("/?{GOOD}")).as_bytes()).await.expect("sent");
    assert_eq!(status(&rest_of(&mut second).await), 409);
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "closed");
    lobby.conclude(None).await;
    assert_eq!(status(&first.await.expect("shown")), 200);
}

#[tokio::test]
async fn a_program_that_gives_up_closes_the_connection() {
    let (mut lobby, port) = open(QUICK, "").await;
    let browser = browser(port, get(port, &format!("/?{GOOD}")));
    lobby.receive().await.expect("an answer");
    drop(lobby);
    assert_eq!(browser.await.expect("closed"), "", "no page says that it went well");
}

#[tokio::test]
async fn a_browser_that_comes_beside_a_pasted_code_is_told_the_end_too() {
    let (lobby, port) = open(QUICK, "").await;
    let browser = browser(port, get(port, &format!("/?{GOOD}")));
    sleep(Duration::from_millis(100)).await;
    lobby.conclude(None).await;
    assert!(browser.await.expect("shown").contains("You are signed in"));
}

#[tokio::test]
async fn nobody_coming_is_an_end_with_advice() {
    let limits = Limits { stay: Duration::from_millis(100), ..QUICK };
    let (mut lobby, port) = open(limits, "").await;
    let error = lobby.receive().await.expect_err("nobody comes");
    assert_eq!(error.kind(), AuthErrorKind::Expired);
    let hint = error.hint().expect("advice");
    assert!(hint.contains("AADSTS") && hint.contains("auth complete"), "{hint}");
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "closed");
}

#[tokio::test]
async fn the_port_is_the_same_for_both_protocols_and_the_settings_may_name_it() {
    let (lobby, port) = open(QUICK, "").await;
    if let Ok(mut stream) = TcpStream::connect(("::1", port)).await {
        stream.write_all(get(port, "/x").as_bytes()).await.expect("sent");
        assert_eq!(status(&rest_of(&mut stream).await), 404);
    }
    let taken = Listener::bind(&place(Some(port), "/back")).await.expect_err("taken");
    assert_eq!((taken.kind(), taken.setting()), (AuthErrorKind::Setup, Some("redirect-uri")));
    drop(lobby);
    sleep(Duration::from_millis(50)).await;
    let named = Listener::bind(&place(Some(port), "/back")).await.expect("free again");
    assert_eq!(named.redirect_uri(), format!("http://localhost:{port}/back"));
}

#[tokio::test]
async fn nothing_of_an_answer_is_in_debug_output() {
    let (mut lobby, port) = open(QUICK, "").await;
    let browser = browser(port, get(port, &format!("/?{GOOD}")));
    let answer: Secret = lobby.receive().await.expect("an answer");
    assert!(!format!("{lobby:?} {answer:?}").contains("planted"));
    lobby.conclude(None).await;
    browser.await.expect("shown");
}
