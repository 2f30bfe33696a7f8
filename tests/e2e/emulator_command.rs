//! The emulator as a command: what it refuses to start with, and what it says then.

use std::io::{BufRead as _, BufReader};
use std::process::Child;

use serde_json::Value;

use crate::support::{Home, Run};

/// A running emulator and the line it printed.
struct Served(Child, Value);

impl Served {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let all = [&["emulator", "-o", "json", "--incidents", "3"], arguments].concat();
        let mut child = Run::new(home, &all).start();
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        Self(child, serde_json::from_str(&line).expect("JSON"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn more_incidents_than_fit_are_refused_with_the_range() {
    let home = Home::new();
    let run = Run::new(&home, &["emulator", "-o", "table", "--incidents", "99999999999"]).go();
    run.ends(2).saying(&["99999999999", "--incidents", "100000"]);
}

#[test]
fn a_port_that_is_taken_is_said_with_the_way_out() {
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let origin = served.1["origin"].as_str().expect("an origin").to_owned();
    let port = origin.rsplit(':').next().expect("a port");
    let run = Run::new(&home, &["emulator", "-o", "table", "--port", port]).go();
    run.ends(3).saying(&["taken by another program", "flag --port", "free one"]);
}

#[test]
fn a_state_file_is_for_one_emulator_at_a_time() {
    let home = Home::new();
    let _served = Served::start(&home, &["--state-file", "tenant.json"]);
    let run = ["emulator", "-o", "table", "--incidents", "3", "--state-file", "tenant.json"];
    let run = Run::new(&home, &run).go();
    run.ends(3).saying(&["tenant.json", "another emulator is using it"]);
}

#[test]
fn files_that_cannot_be_written_are_called_by_the_names_they_were_given() {
    let home = Home::new();
    for arguments in [
        &["--https", "--certificate-out", "nowhere/emulator.pem"][..],
        &["--state-file", "nowhere/emulator.pem"],
    ] {
        let all = [&["emulator", "-o", "table", "--incidents", "3"], arguments].concat();
        let ran = Run::new(&home, &all).go().ends(3).saying(&["nowhere/emulator.pem", "No such file"]);
        assert!(!ran.stderr.contains("-writing-") && !ran.stderr.contains(".tmp"), "{}", ran.stderr);
    }
}

#[test]
fn a_certificate_is_written_beside_the_caller() {
    let home = Home::new();
    let _served = Served::start(&home, &["--https", "--certificate-out", "emulator.pem"]);
    let pem = std::fs::read_to_string(home.path().join("emulator.pem")).expect("written");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn the_line_names_what_each_way_to_sign_in_needs() {
    let home = Home::new();
    let served = Served::start(&home, &["--https", "--arc-key-directory", "keys"]);
    let line = &served.1;
    let applications = line["applications"].as_array().expect("a list");
    let named = |name: &str| {
        applications.iter().find(|application| application["name"] == name).expect("a seeded application")
    };
    assert_eq!(named("Aurora Desktop")["redirect_uris"][0], "http://localhost");
    assert_eq!(named("Aurora Portal")["redirect_uris"][0], "https://localhost/myapp");
    let arc = line["managed_identity"]["arc"]["IDENTITY_ENDPOINT"].as_str().expect("an endpoint");
    assert!(arc.starts_with("http://127.0.0.1:"), "{arc}");
}

#[test]
fn a_certificate_that_is_none_is_said() {
    let home = Home::new();
    for (name, words) in [("nowhere.pem", "No such file"), ("empty.pem", "holds no X.509 certificate")] {
        if name == "empty.pem" {
            std::fs::File::create(home.path().join(name)).expect("a file");
        }
        let run = Run::new(&home, &["emulator", "-o", "table", "--application-certificate", name]).go();
        run.ends(3).saying(&["flag --application-certificate", words]);
    }
}
