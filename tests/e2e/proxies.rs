//! Proxies of the system and of the settings: a bad one is told, never passed by.

use std::net::TcpListener;

use crate::support::{Ran, Stage};

/// A tenant that only a proxy could reach.
fn run(stage: &Stage, variable: &str, value: &str, more: &[&str]) -> Ran {
    let mut arguments = vec!["--set", "proxy=system", "--set", "retry-budget=1"];
    arguments.extend_from_slice(more);
    arguments.extend(["incidents", "list", "--limit", "1"]);
    stage.command(&arguments).env(variable, value).go()
}

const OUTSIDE: [&str; 4] =
    ["--set", "authority-host=https://login.invalid", "--set", "endpoint=https://graph.invalid"];

#[test]
fn a_variable_that_names_no_proxy_is_told_and_not_repeated() {
    let stage = Stage::new();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for (value, word) in [
            ("hush-hush@", "is no address"),
            ("socks5://dana:hush-hush@proxy.example:1080", "SOCKS"),
            ("ftp://hush-hush.example", "neither http"),
        ] {
            let ran = run(&stage, variable, value, &[]).ends(3);
            let place = format!("from: environment variable {variable}");
            let ran = ran.saying(&[word]);
            assert!(ran.stderr.contains(&place) || ran.stderr.contains(variable), "{}", ran.stderr);
            assert!(!ran.stderr.contains("hush-hush"), "{}", ran.stderr);
            // Whoever wants none of it says so.
            run(&stage, variable, value, &["--set", "proxy=none"]).well();
        }
    }
}

#[test]
fn a_socks_proxy_is_refused_as_a_setting_with_what_is_supported() {
    let stage = Stage::new();
    stage
        .run(&["--set", "proxy=socks5://proxy.example:1080", "auth", "test", "-o", "table"])
        .ends(3)
        .saying(&["SOCKS", "http:// and https://", "from: flag --set proxy", "hint: set `proxy`"]);
}

#[test]
fn a_fault_of_the_systems_proxy_names_the_variable() {
    let stage = Stage::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nowhere = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    run(&stage, "HTTPS_PROXY", &nowhere, &OUTSIDE).ends(8).saying(&["HTTPS_PROXY", "login.invalid:443"]);
}

#[test]
fn an_address_that_cannot_be_reached_is_named_with_its_port() {
    let stage = Stage::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let pair = format!("endpoint=http://{address}");
    stage
        .run(&["--set", "retry-budget=1", "--set", &pair, "incidents", "list"])
        .ends(8)
        .saying(&[&format!("cannot connect to {address}")]);
}

#[test]
fn a_quiet_run_still_warns_of_unverified_certificates() {
    let stage = Stage::new();
    let ran = stage.run(&["-q", "--set", "insecure=true", "incidents", "list", "--limit", "1"]).well();
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("anybody on the way"), "{}", ran.stderr);
}
