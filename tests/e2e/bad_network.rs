//! A network that does not lead where it should.

use std::net::TcpListener;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Options, Tls};

use crate::support::{Ran, Stage};

/// An address where nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// Without patience, so that a test does not wait for retries.
fn run(stage: &Stage, pairs: &[&str]) -> Ran {
    let mut arguments = vec!["--set", "retry-budget=1"];
    for pair in pairs {
        arguments.extend(["--set", pair]);
    }
    arguments.extend(["incidents", "list", "--limit", "1"]);
    stage.run(&arguments)
}

#[test]
fn a_sign_in_host_where_nobody_listens_is_named() {
    let stage = Stage::new();
    let host = nowhere();
    let address = host.trim_start_matches("http://").to_owned();
    run(&stage, &[&format!("authority-host={host}")]).ends(8).saying(&["127.0.0.1", "proxy"]);
    assert!(!address.is_empty());
}

#[test]
fn an_api_where_nobody_listens_is_named() {
    let stage = Stage::new();
    run(&stage, &[&format!("endpoint={}", nowhere())]).ends(8).saying(&["cannot connect", "127.0.0.1"]);
}

#[test]
fn a_name_that_does_not_exist_is_named() {
    let stage = Stage::new();
    run(&stage, &["endpoint=https://no-such-host.invalid"]).ends(8).saying(&["no-such-host.invalid"]);
}

#[test]
fn a_proxy_where_nobody_listens_is_named_without_its_password() {
    let stage = Stage::new();
    let proxy = nowhere().replace("http://", "http://dana:hush-hush@");
    let outside =
        ["--set", "endpoint=https://graph.invalid", "--set", "authority-host=https://login.invalid"];
    let list = ["--set", "retry-budget=1", "incidents", "list"];
    let ran = stage.command(&[&outside[..], &list].concat()).env("DEFENDER_XDR_PROXY", &proxy).go();
    let ran = ran.ends(8).saying(&["proxy"]);
    assert!(!ran.stderr.contains("hush-hush"), "{}", ran.stderr);
}

#[test]
fn a_proxy_that_is_no_address_is_a_setting_to_correct() {
    let stage = Stage::new();
    let ran = stage.command(&["incidents", "list"]).env("DEFENDER_XDR_PROXY", "dana:hush-hush@").go();
    let ran = ran.ends(3).saying(&["proxy", "http://proxy.example:3128"]);
    assert!(!ran.stderr.contains("hush-hush"));
}

#[test]
fn a_certificate_nobody_vouches_for_is_refused_and_the_way_out_is_named() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    run(&stage, &[]).ends(8).saying(&["certificate", "not trusted", "ca-file"]);
    assert_eq!(stage.tenant.control().requests().len(), 0);
    let path = stage.home.write("authority.pem", stage.tenant.certificate(), 0o644);
    run(&stage, &[&format!("ca-file={}", path.display())]).well();
    run(&stage, &["ca-file=~/authority.pem"]).well();
}

#[test]
fn a_certificate_of_somebody_else_does_not_help() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    let other = Stage::bare(Options { tls: Tls::ThrowAway, ..Options::default() });
    let path = stage.home.write("other.pem", other.tenant.certificate(), 0o644);
    run(&stage, &[&format!("ca-file={}", path.display())]).ends(8).saying(&["not trusted"]);
}

#[test]
fn a_certificate_file_that_cannot_be_used_is_named() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    run(&stage, &["ca-file=/no/such/authority.pem"]).ends(3).saying(&["/no/such/authority.pem"]);
    let path = stage.home.write("junk.pem", "this is no certificate", 0o644);
    run(&stage, &[&format!("ca-file={}", path.display())]).ends(3).saying(&["junk.pem"]);
}

#[test]
fn an_insecure_connection_works_and_is_warned_about() {
    let stage = Stage::with(&AUTOMATION, Options { tls: Tls::ThrowAway, ..Options::default() });
    run(&stage, &["insecure=true"]).well().saying(&["insecure", "anybody on the way"]);
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for_for_ever() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, defender_xdr_emulator::Fault::Slow { milliseconds: 20_000 });
    let started = std::time::Instant::now();
    let ran = run(&stage, &["timeout=1"]).ends(8);
    assert!(ran.stderr.contains("in time"), "{}", ran.stderr);
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
}
