//! Many processes, one token request.

use std::time::Duration;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Options, Rotation};

use crate::support::{Ran, Stage, until};

const CROWD: usize = 50;

fn crowd(stage: &Stage) -> Vec<String> {
    let crowd: Vec<_> = (0..CROWD).map(|_| stage.start(&["auth", "token"])).collect();
    crowd.into_iter().map(|one| Ran::new(one.wait_with_output().expect("it ends")).well().stdout).collect()
}

#[test]
fn a_crowd_with_an_empty_cache_asks_once() {
    let stage = Stage::new();
    let mut tokens = crowd(&stage);
    assert_eq!(stage.tenant.control().token_requests(), 1);
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "everybody has the same token");
}

#[test]
fn a_crowd_with_an_ended_token_renews_once_although_the_old_refresh_token_dies() {
    let stage = Stage::of_device_code(
        &AUTOMATION,
        Options {
            rotation: Rotation::RevokeOld,
            access_token_lifetime: Duration::from_secs(8),
            ..Options::default()
        },
    );
    stage.sign_in("dana@aurora-lab.example");
    let first = stage.run(&["auth", "token"]).well().stdout;
    // What status knows comes from the store alone: no token is renewed by looking.
    until("the token has ended", || {
        let status = stage.run(&["auth", "status"]).well().json();
        let ends: jiff::Timestamp = status["expires_at"].as_str()?.parse().ok()?;
        (jiff::Timestamp::now() >= ends).then_some(())
    });
    stage.tenant.control().clear_requests();
    let mut tokens = crowd(&stage);
    assert_eq!(stage.tenant.control().token_requests(), 1);
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "everybody has the same token");
    assert_ne!(tokens[0], first);
}

#[test]
fn a_crowd_with_a_refused_secret_asks_once() {
    let stage = Stage::new();
    let wrong = stage.settings_of("client-credentials", AUTOMATION.id, "client-secret = \"wrong\"\n");
    stage.home.settings(&wrong);
    let crowd: Vec<_> = (0..CROWD).map(|_| stage.start(&["auth", "token"])).collect();
    for one in crowd {
        Ran::new(one.wait_with_output().expect("it ends")).ends(4);
    }
    assert_eq!(stage.tenant.control().token_requests(), 1);
}
