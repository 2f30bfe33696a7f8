//! The API demands more of a token than the last one has: what a renewal can bring, and what only a person can.

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Choice, Moment, Options, SignInRefusal};
use serde_json::{Value, json};

use crate::support::Stage;

const DANA: &str = "dana@aurora-lab.example";

fn second_factor() -> Value {
    json!({ "access_token": { "acrs": { "essential": true, "value": "c1" } } })
}

/// Signs in on the page; answers the page's address.
fn sign_in(stage: &Stage) -> String {
    let started = stage.run(&["auth", "start"]).well().json();
    let page = started["authorize_url"].as_str().expect("an address").to_owned();
    let told = stage.tenant.control().authorize(&page, DANA, Choice::Accept).expect("the person agrees");
    let location = told["location"].as_str().expect("a location").to_owned();
    stage.command(&["auth", "complete"]).input(&location).go().well();
    page
}

#[test]
fn what_a_new_token_can_bring_is_brought_without_a_word() {
    let stage = Stage::new();
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    stage.tenant.control().challenge_claims("/v1.0", Some(second_factor()));
    let before = stage.tenant.control().token_requests();
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    assert_eq!(stage.tenant.control().token_requests() - before, 1);
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    assert_eq!(stage.tenant.control().token_requests() - before, 1, "the new token is kept");
}

#[test]
fn what_only_a_person_can_bring_ends_with_exit_4_and_the_next_sign_in_brings_it() {
    let stage = Stage::bare(Options::default());
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let line = format!("client-secret = \"{secret}\"\n");
    stage.home.settings(&stage.settings_of("auth-code", AUTOMATION.id, &line));
    sign_in(&stage);
    stage.run(&["incidents", "list", "--limit", "1"]).well();

    stage.tenant.control().challenge_claims("/v1.0", Some(second_factor()));
    stage.tenant.control().refuse_sign_ins(SignInRefusal {
        grant: Moment::RefreshToken,
        code: 50076,
        error: None,
        suberror: None,
        claims: Some(second_factor().to_string()),
        application: None,
        user: None,
        times: 9,
    });
    stage
        .run(&["incidents", "list", "--limit", "1"])
        .ends(4)
        .saying(&["AADSTS50076", "defender-xdr auth login"]);

    stage.tenant.control().clear_requests();
    let page = sign_in(&stage);
    assert!(page.contains("acrs"), "the page is told what is demanded: {page}");
    let requests = stage.tenant.control().requests();
    let redemption = requests.iter().find(|request| request.field("code").is_some()).expect("a redemption");
    assert!(redemption.field("claims").is_some_and(|claims| claims.contains("acrs")), "{redemption:?}");
    stage.run(&["incidents", "list", "--limit", "1"]).well();
}
