//! How long a sign-in will last, told before it ends; and what the API wants of the next one.

use std::time::Duration;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault, Options};
use serde_json::json;

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";
const TOKEN: &str = "/6f2c9a10";
const DAY: u64 = 24 * 3600;

/// Somebody signed in, with a refresh token that the service lets live so long, and an access token that is over.
fn signed_in_for(seconds: u64) -> Stage {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.run(&["auth", "start"]).well();
    stage.tenant.fault(TOKEN, 0, 1, tokens(seconds));
    stage.run(&["auth", "complete"]).well();
    stage
}

fn tokens(refresh_token_life: u64) -> Fault {
    Fault::Status {
        status: 200,
        retry_after: None,
        body: Some(json!({
            "token_type": "Bearer", "expires_in": 1, "access_token": "a", "refresh_token": "r",
            "refresh_token_expires_in": refresh_token_life,
        })),
        body_kind: BodyKind::Json,
    }
}

#[test]
fn an_ordinary_sign_in_lasts_ninety_days_and_needs_no_warning() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in(DANA);
    let ran = stage.run(&["auth", "status"]).well();
    let status = ran.json();
    assert_eq!((status["refresh_token_days_left"].as_i64(), &status["warning"]), (Some(89), &json!(null)));
    assert!(status["refresh_token_expires_at"].is_string() && status["claims_wanted"].is_null());
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let table = stage.run(&["auth", "status", "-o", "table"]).well().stdout;
    assert!(table.contains("89 days left"), "{table}");
}

#[test]
fn a_sign_in_that_ends_within_two_weeks_is_warned_about() {
    let stage = signed_in_for(10 * DAY);
    let ran = stage.run(&["auth", "status"]).well().saying(&["ends in 9 days", "defender-xdr auth login"]);
    let status = ran.json();
    assert_eq!(status["refresh_token_days_left"], 9);
    assert!(status["warning"].to_string().contains("ends in 9 days"), "{status}");
}

#[test]
fn a_sign_in_that_has_ended_is_told() {
    let stage = signed_in_for(1);
    std::thread::sleep(Duration::from_millis(1100));
    let ran = stage.run(&["auth", "status"]).saying(&["is over since", "defender-xdr auth login"]);
    assert_eq!(ran.json()["refresh_token_days_left"], -1);
}

#[test]
fn using_a_sign_in_of_a_fixed_life_warns_once_in_its_last_three_days() {
    for (life, warned) in [(DAY, 1), (10 * DAY, 0)] {
        let stage = signed_in_for(life);
        stage.tenant.fault(TOKEN, 0, 1, tokens(life));
        // The access token lives for a second.
        std::thread::sleep(Duration::from_millis(1100));
        let ran = stage.run(&["auth", "token"]).well();
        assert_eq!(ran.stderr.matches("however often it is used").count(), warned, "{}", ran.stderr);
    }
}

#[test]
fn a_challenge_that_waits_for_a_person_is_in_the_status() {
    let stage = signed_in_for(90 * DAY);
    let wanted = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let refusal = Fault::Status {
        status: 400,
        retry_after: None,
        body: Some(json!({
            "error": "interaction_required", "error_codes": [50076], "suberror": "basic_action",
            "error_description": "AADSTS50076: a second factor is needed.", "claims": wanted,
        })),
        body_kind: BodyKind::Json,
    };
    stage.tenant.fault(TOKEN, 0, 1, refusal);
    let refused = stage.run(&["incidents", "list"]).ends(4);
    refused.saying(&["AADSTS50076", "multi-factor", "defender-xdr auth login"]);
    let ran = stage.run(&["auth", "status"]).saying(&["stronger sign-in", "defender-xdr auth login"]);
    assert_eq!(ran.json()["claims_wanted"], wanted);
}
