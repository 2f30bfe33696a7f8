//! The exit codes, each reached once: a contract with scripts.

use std::process::Command;

use defender_xdr_emulator::directory::applications::{AUTOMATION, UNCONSENTED};
use defender_xdr_emulator::{Fault, Options};

use crate::support::{Ran, Stage, status, until};

const LIST: &[&str] = &["--set", "retry-budget=1", "incidents", "list", "--all"];

/// A tenant whose API answers like this after some requests.
fn faulty(after: u32, fault: Fault) -> Stage {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", after, 99, fault);
    stage
}

#[test]
fn each_documented_code_can_be_reached() {
    let good = Stage::new();
    good.run(LIST).ends(0);
    let signed_out = Stage::of_device_code(&AUTOMATION, Options::default());
    signed_out.run(&["auth", "status"]).ends(1);
    good.run(&["incidents", "update", "20250"]).ends(2);
    good.run(&["--flow", "telepathy", "auth", "test"]).ends(3);
    signed_out.run(LIST).ends(4);
    Stage::of(&UNCONSENTED).run(LIST).ends(5);
    good.run(&["incidents", "get", "99999999"]).ends(6);
    faulty(0, status(429, Some(600))).run(LIST).ends(7);
    faulty(0, status(500, Some(0))).run(LIST).ends(8);
    faulty(1, status(500, Some(0))).run(LIST).ends(9);

    let slow = faulty(0, Fault::Slow { milliseconds: 15_000 });
    let child = slow.start(LIST);
    until("the request came", || (slow.tenant.requests_to("/v1.0/") > 0).then_some(()));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
}

#[test]
fn the_error_object_repeats_the_code() {
    for (stage, code) in [(faulty(0, status(429, Some(600))), 7), (faulty(1, status(500, Some(0))), 9)] {
        let as_object = [&["-o", "json"], LIST].concat();
        assert_eq!(stage.run(&as_object).ends(code).error()["exit"], code);
    }
}
