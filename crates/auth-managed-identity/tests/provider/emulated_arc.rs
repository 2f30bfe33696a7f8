//! The Azure Arc agent of the emulator, which was written without a look at this crate: with good keys, and with every
//! kind of bad one.

use defender_xdr_core::http::{Body, Call, HttpClient, HttpSettings, Method, Url};
use defender_xdr_emulator::directory::managed_identities::TRIAGE;
use defender_xdr_emulator::{Emulator, Options};

use crate::stage::Stage;

/// An agent, and a program on its machine.
async fn stage() -> (Emulator, Stage) {
    let stage = Stage::start().await;
    let options = Options { arc_key_directory: Some(stage.keys.path().to_owned()), ..Options::default() };
    let emulator = Emulator::start(options).await.expect("the emulator starts");
    let hosts = emulator.control().managed_identity();
    let address = |name: &str| hosts["hosts"]["arc"][name].as_str().expect("an address").to_owned();
    let stage = stage
        .with_variable("IDENTITY_ENDPOINT", address("IDENTITY_ENDPOINT"))
        .with_variable("IMDS_ENDPOINT", address("IMDS_ENDPOINT"));
    (emulator, stage)
}

/// Turns a switch of the machine.
async fn switch(emulator: &Emulator, switches: &str) {
    let url = Url::parse(&format!("{}/_control/managed-identity", emulator.origin())).expect("an address");
    let call =
        Call { method: Method::POST, body: Body::Json(switches.as_bytes().to_vec()), ..Call::get(url) };
    let client = HttpClient::new(HttpSettings { system_roots: false, ..HttpSettings::default() });
    assert_eq!(client.send(call).await.expect("an answer").status, 200, "{switches}");
}

#[tokio::test]
async fn the_agents_key_brings_a_token_each_time() {
    let (_emulator, stage) = stage().await;
    for _ in 0..2 {
        assert!(!stage.token().await.is_empty());
    }
}

#[tokio::test]
async fn an_agent_that_knows_user_assigned_identities_says_whose_token_it_gave() {
    for (knows, given) in [("true", true), ("false", false)] {
        let (emulator, stage) = stage().await;
        switch(&emulator, &format!("{{\"arc_user_assigned\":{knows}}}")).await;
        let stage = stage.with("managed-identity-client-id", TRIAGE.application.id);
        assert_eq!(stage.acquire().await.is_ok(), given, "{knows}");
    }
}

#[tokio::test]
async fn every_kind_of_bad_key_file_ends_without_a_proof() {
    for kind in ["missing", "oversize", "wrong_suffix", "outside", "dots", "link", "no_header"] {
        let (emulator, stage) = stage().await;
        switch(&emulator, &format!("{{\"arc_key_file\":\"{kind}\"}}")).await;
        let error = stage.refusal().await;
        assert_eq!(error.setting(), Some("managed-identity-source"), "{kind}: {error}");
        let asked = emulator.control().requests();
        assert_eq!(asked.iter().filter(|request| request.path.contains("/arc/")).count(), 1, "{kind}");
    }
}
