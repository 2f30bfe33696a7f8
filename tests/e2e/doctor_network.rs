//! `doctor` on a network that does not lead where it should: the step that fails is named, and no other.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Options, Tls};
use serde_json::Value;

use crate::support::{Ran, Stage, until};

fn doctor(stage: &Stage, pairs: &[&str]) -> Ran {
    let mut arguments = vec!["-o", "json"];
    for pair in pairs {
        arguments.extend(["--set", pair]);
    }
    arguments.push("doctor");
    stage.run(&arguments)
}

#[track_caller]
fn problems(ran: &Ran) -> Vec<String> {
    let is_problem = |finding: &Value| finding["verdict"] == "problem";
    let found = ran.records().into_iter().filter(is_problem);
    found.map(|finding| finding["check"].as_str().expect("a name").to_owned()).collect()
}

#[track_caller]
fn seen(ran: &Ran, name: &str) -> String {
    let findings = ran.records();
    let finding = findings.iter().find(|finding| finding["check"] == name).expect(name);
    format!(
        "{} {}",
        finding["seen"].as_str().unwrap_or_default(),
        finding["remedy"].as_str().unwrap_or_default()
    )
}

/// An address where nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

/// Answers everybody with these words, once the head of a request has come; never, if there are none.
fn answering(words: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            if let Some(words) = words {
                let mut head = [0; 1024];
                // Whoever goes away in the middle is not answered.
                stream.read(&mut head).and_then(|_| stream.write_all(words.as_bytes())).ok();
            } else {
                open.push(stream);
            }
        }
    });
    address
}

#[test]
fn a_name_that_does_not_exist_is_a_matter_of_dns() {
    let stage = Stage::new();
    let ran = doctor(&stage, &["endpoint=https://no-such-host.invalid"]).ends(1);
    assert_eq!(problems(&ran), ["dns-graph"]);
    assert!(seen(&ran, "dns-graph").contains("no-such-host.invalid"));
    let ran = doctor(&stage, &["authority-host=https://no-such-host.invalid"]).ends(1);
    assert_eq!(problems(&ran), ["dns-sign-in"]);
    assert!(seen(&ran, "sign-in").contains("cannot be reached"), "signing in is skipped");
}

#[test]
fn a_port_where_nobody_listens_is_a_matter_of_the_connection() {
    let stage = Stage::new();
    let address = nowhere();
    let ran = doctor(&stage, &[&format!("endpoint=http://{address}")]).ends(1);
    assert_eq!(problems(&ran), ["connection-graph"]);
    assert!(seen(&ran, "connection-graph").contains(&address));
    let ran = doctor(&stage, &[&format!("authority-host=http://{address}")]).ends(1);
    assert_eq!(problems(&ran), ["connection-sign-in"]);
}

#[test]
fn a_proxy_that_refuses_is_named_without_its_password() {
    let stage = Stage::new();
    for (words, remedy) in [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "allow the host"),
        ("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "USER:PASSWORD"),
    ] {
        let proxy = format!("http://dana:hush-hush@{}", answering(Some(words)));
        let run = stage.command(&["-o", "json", "--set", "endpoint=https://graph.invalid", "doctor"]);
        let ran = run.env("DEFENDER_XDR_PROXY", &proxy).go().ends(1);
        assert_eq!(problems(&ran), ["proxy"], "{}", ran.stdout);
        assert!(seen(&ran, "proxy").contains(remedy), "{}", seen(&ran, "proxy"));
        assert!(!ran.stdout.contains("hush-hush") && !ran.stderr.contains("hush-hush"));
    }
    let run = stage.command(&["-o", "json", "--set", "endpoint=https://graph.invalid", "doctor"]);
    let ran = run.env("DEFENDER_XDR_PROXY", &format!("http://{}", nowhere())).go().ends(1);
    assert_eq!(problems(&ran), ["proxy"]);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_a_matter_of_tls() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    let ran = doctor(&stage, &[]).ends(1);
    assert_eq!(problems(&ran), ["tls-sign-in", "tls-graph"]);
    assert!(seen(&ran, "tls-graph").contains("ca-file"), "{}", seen(&ran, "tls-graph"));
    let path = stage.home.write("authority.pem", stage.tenant.certificate(), 0o644);
    let trusting = format!("ca-file={}", path.display());
    let ran = doctor(&stage, &[&trusting]).well();
    assert_eq!(problems(&ran), Vec::<String>::new());
    assert!(seen(&ran, "trust").contains("authority.pem"), "{}", seen(&ran, "trust"));
    assert!(seen(&ran, "tls-graph").contains("issued by"), "{}", seen(&ran, "tls-graph"));
    // Not checking is told as what it is.
    let ran = doctor(&stage, &["insecure=true"]).well();
    assert!(
        ran.records()
            .iter()
            .any(|finding| finding["check"] == "tls-graph" && finding["verdict"] == "warning")
    );
}

#[test]
fn a_file_of_authorities_that_is_not_there_is_told_once() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    let ran = doctor(&stage, &["ca-file=/no/such/authority.pem"]).ends(1);
    assert_eq!(problems(&ran), ["trust"]);
}

#[test]
fn a_clock_that_is_far_off_is_found() {
    let stage = Stage::new();
    assert!(stage.tenant.control().advance_clock(jiff::SignedDuration::from_mins(20)));
    let ran = doctor(&stage, &[]).ends(1);
    assert_eq!(problems(&ran), ["clock"]);
    assert!(seen(&ran, "clock").contains("minutes behind"), "{}", seen(&ran, "clock"));
    assert!(stage.tenant.control().advance_clock(jiff::SignedDuration::from_mins(-18)));
    let ran = doctor(&stage, &["api=graph"]).well();
    assert!(
        ran.records().iter().any(|finding| finding["check"] == "clock" && finding["verdict"] == "warning")
    );
}

#[test]
fn an_interrupt_ends_it_although_a_host_never_answers() {
    let stage = Stage::with(&AUTOMATION, Options::default());
    let silent = answering(None);
    let pair = format!("endpoint=http://{silent}");
    let child = stage.start(&["-o", "json", "--set", &pair, "doctor", "--deadline", "100"]);
    until("it has signed in", || {
        let asked = stage.tenant.control().requests().iter().any(|request| request.path.ends_with("/token"));
        asked.then_some(())
    });
    let started = Instant::now();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
