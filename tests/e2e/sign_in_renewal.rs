//! What happens when the access token has ended: the refresh token, in every way services treat it.

use std::time::Duration;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;
use defender_xdr_emulator::{Options, Rotation};
use serde_json::Value;

use crate::support::{Reply, Stage, post_form, until};

const DANA: &str = "dana@aurora-lab.example";

fn short_lived(rotation: Rotation) -> Stage {
    let options = Options { rotation, access_token_lifetime: Duration::from_secs(2), ..Options::default() };
    Stage::of_device_code(&AUTOMATION, options)
}

/// Lists until that took a new token, and answers how many were redeemed.
fn outlive_the_token(stage: &Stage) -> usize {
    let before = stage.tenant.control().token_requests();
    until("the access token has ended", || {
        stage.run(&["incidents", "list", "--limit", "1"]).well();
        let now = stage.tenant.control().token_requests();
        (now > before).then_some(now - before)
    })
}

fn renews_twice(rotation: Rotation) {
    let stage = short_lived(rotation);
    stage.sign_in(DANA);
    for _ in 0..2 {
        assert_eq!(outlive_the_token(&stage), 1);
    }
    let requests = stage.tenant.control().requests();
    let redeemed = requests.iter().filter(|request| request.field("grant_type") == Some("refresh_token"));
    assert_eq!(redeemed.filter(|request| request.status == Some(200)).count(), 2);
}

#[test]
fn a_refresh_token_that_stays_valid_renews() {
    renews_twice(Rotation::KeepOld);
}

#[test]
fn a_refresh_token_that_dies_when_used_is_replaced_by_the_new_one() {
    renews_twice(Rotation::RevokeOld);
}

#[test]
fn a_refresh_token_that_is_never_replaced_is_kept() {
    renews_twice(Rotation::OmitNew);
}

#[test]
fn a_revoked_session_asks_for_a_new_sign_in() {
    let stage = short_lived(Rotation::KeepOld);
    stage.sign_in(DANA);
    assert!(stage.tenant.control().revoke_sessions() > 0);
    let refused = until("the access token has ended", || {
        let ran = stage.run(&["incidents", "list", "--limit", "1"]);
        (ran.code != 0).then_some(ran)
    });
    refused.ends(4).saying(&["sign in again"]);
    let asked = stage.tenant.control().token_requests();
    stage.run(&["incidents", "list", "--limit", "1"]).ends(4).saying(&["--retry-now"]);
    assert_eq!(stage.tenant.control().token_requests(), asked, "a refused credential is not offered again");
    stage.sign_in(DANA);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}

#[test]
fn a_refresh_token_beside_the_application_id_works_and_the_rotated_one_wins() {
    let stage = Stage::bare(Options {
        rotation: Rotation::RevokeOld,
        access_token_lifetime: Duration::from_secs(2),
        ..Options::default()
    });
    stage.home.settings(&stage.settings_of("device-code", "", ""));
    let token = foreign_refresh_token(&stage);
    let list = || {
        stage
            .command(&["incidents", "list", "--limit", "1"])
            .env("DEFENDER_XDR_APPLICATION_ID", &format!("{}@{token}", AUTOMATION.id))
            .go()
    };
    list().well();
    let before = stage.tenant.control().token_requests();
    until("the access token has ended", || {
        let ran = list().well();
        assert!(!ran.stderr.contains(&token));
        (stage.tenant.control().token_requests() > before).then_some(())
    });
    let refused = stage.tenant.control().requests().into_iter().filter(|request| request.status == Some(400));
    assert_eq!(refused.count(), 0, "the configured token, dead since its first use, was offered again");
}

/// A refresh token as somebody else's program would get it.
fn foreign_refresh_token(stage: &Stage) -> String {
    let endpoint = |name: &str| format!("{}/{}/oauth2/v2.0/{name}", stage.tenant.origin(), AURORA.id);
    let scope = "https%3A%2F%2Fgraph.microsoft.com%2F.default+offline_access";
    let client = ("client_id", AUTOMATION.id);
    let ok = |reply: Reply| {
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let started = ok(post_form(&endpoint("devicecode"), &[client, ("scope", scope)]));
    stage.tenant.control().approve(&text(&started["user_code"]), DANA).expect("approved");
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
    let fields = [("grant_type", grant), client, ("device_code", &text(&started["device_code"]))];
    text(&ok(post_form(&endpoint("token"), &fields))["refresh_token"])
}
