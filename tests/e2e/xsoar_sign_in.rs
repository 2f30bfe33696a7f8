//! Signing in through the platform: all state in the integration context, nothing on the disk.

use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::directory::applications::{AUTOMATION, CORTEX_APP};
use defender_xdr_emulator::{Bearer, Options};
use serde_json::json;

use crate::support::{Cortex, Rogue, Stage, Told, post_json};

const DANA: &str = "dana@aurora-lab.example";
const GATE: &str = "This integration does not have a test module. Please run !microsoft-365-defender-auth-start and !microsoft-365-defender-auth-complete and check the connection using !microsoft-365-defender-auth-test";

/// An instance by device code, on a home without settings.
fn by_device_code(api: &str) -> Cortex {
    let mut options = Options::default();
    options.device_code.interval = std::time::Duration::from_secs(1);
    Cortex::of(Stage::bare(options), &AUTOMATION, api)
}

fn signed_in(api: &str) -> Cortex {
    let mut cortex = by_device_code(api);
    cortex.entry("auth-start", json!({}));
    cortex.stage.tenant.control().approve(&cortex.stage.user_code(), DANA).expect("approved");
    let entry = cortex.entry("auth-complete", json!({}));
    assert_eq!(entry["HumanReadable"], "✅ Authorization completed successfully.");
    cortex
}

#[test]
fn a_person_signs_in_in_two_steps_and_nothing_is_written() {
    for api in ["Legacy", "Graph"] {
        let mut cortex = by_device_code(api);
        let entry = cortex.entry("auth-start", json!({}));
        let code = cortex.stage.user_code();
        let text = entry["HumanReadable"].as_str().expect("a text");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "### Authorization instructions");
        assert!(lines[1].starts_with("1. To sign in, use a web browser to open the page [http"), "{text}");
        assert_eq!(lines[2], format!("and enter the code **{code}** to authenticate."));
        assert_eq!(lines[3], "2. Run the **!microsoft-365-defender-auth-complete** command in the War Room.");
        assert_eq!(cortex.plain_context().keys().collect::<Vec<_>>(), ["device_code"]);
        cortex.stage.tenant.control().approve(&code, DANA).expect("approved");
        cortex.entry("auth-complete", json!({}));
        let context = cortex.plain_context();
        assert_eq!(
            context.keys().collect::<Vec<_>>(),
            ["access_token", "valid_until", "current_refresh_token"]
        );
        assert!(context["valid_until"].as_i64().is_some_and(|until| until > 1_700_000_000));
        assert_eq!(cortex.entry("auth-test", json!({}))["HumanReadable"], "✅ Success!");
        assert_eq!(cortex.ask("test-module", json!({}))["results"], json!(["ok"]));
        let listed = cortex.entry("incidents-list", json!({ "limit": "1" }));
        assert_eq!(listed["Contents"].as_array().map(Vec::len), Some(1));
        assert!(cortex.stage.home.snapshot().is_empty(), "{:?}", cortex.stage.home.snapshot().keys());
    }
}

/// Where the page that a start shows leads after the person has agreed.
fn agreed(cortex: &mut Cortex) -> String {
    let entry = cortex.entry("auth-start", json!({}));
    let text = entry["HumanReadable"].as_str().expect("a text");
    let url = text.split_once("](").and_then(|(_, rest)| rest.split_once(')')).expect("an address").0;
    let body = json!({ "url": url, "user": DANA, "decision": "accept" }).to_string();
    let page = post_json(&format!("{}/_control/entra/authorize", cortex.stage.tenant.origin()), None, &body);
    page.json()["location"].as_str().expect("a location").to_owned()
}

#[test]
fn a_page_and_the_code_it_leads_to_sign_in() {
    for api in ["Legacy", "Graph"] {
        let mut cortex = Cortex::new(api);
        let home = cortex.stage.home.snapshot();
        cortex.params["client_credentials"] = json!(false);
        cortex.params["authentication_type"] = json!("Authorization Code Flow");
        cortex.params["redirect_uri"] = json!("https://localhost/myapp");
        let address = agreed(&mut cortex);
        let text = cortex.error("microsoft-365-defender-auth-complete", json!({}));
        assert!(text.contains("the code of the page is not in the settings"), "{text}");
        assert!(address.starts_with("https://localhost/myapp?"), "{address}");
        // The whole address is as good as the code in it.
        cortex.params["auth_code"] = json!({ "identifier": "", "password": address });
        cortex.entry("auth-complete", json!({}));
        let before = cortex.stage.tenant.control().requests().len();
        assert_eq!(cortex.entry("auth-test", json!({}))["HumanReadable"], "✅ Success!");
        let listed = cortex.entry("incidents-list", json!({ "limit": "1" }));
        assert_eq!(listed["Contents"].as_array().map(Vec::len), Some(1));
        let again = cortex.stage.tenant.control().requests().split_off(before);
        let code = |(name, value): &(String, String)| name == "grant_type" && value == "authorization_code";
        assert!(!again.iter().any(|request| request.form.iter().flatten().any(code)), "redeemed twice");
        assert_eq!(cortex.stage.home.snapshot(), home);
    }
}

#[test]
fn commands_before_the_sign_in_name_the_way_to_it() {
    let mut cortex = by_device_code("Legacy");
    for command in
        ["microsoft-365-defender-incidents-list", "microsoft-365-defender-auth-test", "test-module"]
    {
        let text = cortex.error(command, json!({}));
        assert_eq!(text, format!("Failed to execute {command} command.\nError:\n{GATE}"));
    }
    assert_eq!(cortex.stage.tenant.control().requests().len(), 0);
}

#[test]
fn completing_too_early_says_so_and_can_be_repeated() {
    let mut cortex = by_device_code("Legacy");
    cortex.entry("auth-start", json!({}));
    let text = cortex.error("microsoft-365-defender-auth-complete", json!({}));
    assert!(
        text.contains("Error in Microsoft authorization. Status: 400, body: authorization_pending. \n"),
        "{text}"
    );
    cortex.stage.tenant.control().approve(&cortex.stage.user_code(), DANA).expect("approved");
    cortex.entry("auth-complete", json!({}));
}

#[test]
fn a_sign_in_of_the_original_goes_on_without_a_person() {
    let mut cortex = signed_in("Legacy");
    let plain = cortex.plain_context();
    // What the original leaves: its own keys alone, and a token that ended.
    cortex.context = json!({ "current_refresh_token": plain["current_refresh_token"], "access_token": "old", "valid_until": 1_700_000_000 });
    cortex.entry("incidents-list", json!({ "limit": "1" }));
    assert_ne!(cortex.context["access_token"], "old");
    // And it goes on from what is left here.
    assert_eq!(cortex.plain_context().len(), 3);
}

#[test]
fn a_token_of_the_original_is_used_while_it_lives() {
    let mut cortex = signed_in("Legacy");
    cortex.context = json!(cortex.plain_context());
    let before = cortex.stage.tenant.control().token_requests();
    let answer = cortex.ask("microsoft-365-defender-incidents-list", json!({ "limit": "1" }));
    assert_eq!((&answer["results"][0]["Type"], &answer["integrationContext"]), (&json!(1), &json!(null)));
    assert_eq!(cortex.stage.tenant.control().token_requests(), before);
}

#[test]
fn a_code_that_the_original_started_is_completed() {
    let mut cortex = by_device_code("Legacy");
    cortex.entry("auth-start", json!({}));
    cortex.context = json!({ "device_code": cortex.context["device_code"] });
    cortex.stage.tenant.control().approve(&cortex.stage.user_code(), DANA).expect("approved");
    cortex.entry("auth-complete", json!({}));
    assert!(!cortex.plain_context().contains_key("device_code"));
}

#[test]
fn moving_to_graph_needs_no_new_sign_in() {
    let mut cortex = signed_in("Legacy");
    let before = cortex.context["access_token"].clone();
    cortex.params["api"] = json!("Graph");
    let listed = cortex.entry("incidents-list", json!({ "limit": "1" }));
    assert_eq!(listed["Contents"].as_array().map(Vec::len), Some(1));
    assert_ne!(cortex.context["access_token"], before);
}

#[test]
fn starting_anew_forgets_the_tokens_and_resetting_everything() {
    let mut cortex = signed_in("Legacy");
    cortex.entry("auth-start", json!({}));
    assert_eq!(cortex.plain_context().keys().collect::<Vec<_>>(), ["device_code"]);
    let entry = cortex.entry("auth-reset", json!({}));
    assert_eq!(
        entry["HumanReadable"],
        "Authorization was reset successfully. Please regenerate the credentials, and then click **Test** to validate the credentials and connection."
    );
    assert_eq!((&entry["Contents"], &entry["EntryContext"]), (&json!(null), &json!({})));
    assert_eq!(cortex.context, json!({}));
}

#[test]
fn a_refresh_token_behind_the_application_signs_in() {
    let mut cortex = signed_in("Legacy");
    let token = cortex.plain_context()["current_refresh_token"].as_str().expect("a text").to_owned();
    cortex.context = json!({});
    cortex.params["creds_client_id"]["password"] = json!(format!("{}@{token}", AUTOMATION.id));
    cortex.entry("incidents-list", json!({ "limit": "1" }));
    assert_ne!(cortex.plain_context()["current_refresh_token"], json!(token));
    cortex.entry("incidents-list", json!({ "limit": "1" }));
}

#[test]
fn the_application_of_cortex_needs_nothing_but_a_person() {
    let mut options = Options::default();
    options.device_code.interval = std::time::Duration::from_secs(1);
    let mut cortex = Cortex::of(Stage::bare(options), &CORTEX_APP, "Auto");
    cortex.params["creds_client_id"] = json!({ "identifier": "", "password": "" });
    cortex.params["creds_tenant_id"] = json!({ "identifier": "", "password": "" });
    cortex.params["_app_id"] = json!(CORTEX_APP.id);
    cortex.entry("auth-start", json!({}));
    cortex.stage.tenant.control().approve(&cortex.stage.user_code(), DANA).expect("approved");
    cortex.entry("auth-complete", json!({}));
    cortex.entry("incidents-list", json!({ "limit": "1" }));
}

#[test]
fn a_token_of_the_application_is_kept_between_requests() {
    let mut cortex = Cortex::new("Legacy");
    assert_eq!(cortex.ask("test-module", json!({}))["results"], json!(["ok"]));
    assert_eq!(cortex.stage.tenant.requests_to("/api/incidents"), 1);
    for _ in 0..3 {
        cortex.entry("incidents-list", json!({ "limit": "1" }));
    }
    assert_eq!(cortex.stage.tenant.control().token_requests(), 1);
    let answer = cortex.ask("microsoft-365-defender-incidents-list", json!({ "limit": "1" }));
    assert!(answer["integrationContext"].is_null(), "unchanged");
}

#[test]
fn an_instance_of_the_older_form_works_as_it_is() {
    let mut cortex = Cortex::new("Auto");
    let secret = cortex.params["credentials"]["password"].clone();
    cortex.params = json!({
        "base_url": cortex.stage.tenant.origin(), "app_id": AUTOMATION.id, "tenant_id": cortex.params["creds_tenant_id"]["password"],
        "enc_key": secret, "client_credentials": "true", "creds_client_id": null, "credentials": { "password": "" }
    });
    cortex.entry("incidents-list", json!({ "limit": "1" }));
}

#[test]
fn a_managed_identity_needs_nothing_but_its_machine() {
    let stage = Stage::bare(Options::default());
    let minted = stage.tenant.control().access_token(AUTOMATION.id, &Audience::Graph, Bearer::Application);
    let token = minted.expect("a token");
    let machine = Rogue::start(move |_| {
        Told::Json(format!(
            "{{\"access_token\":\"{token}\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\",\"resource\":\"x\"}}"
        ))
    });
    let origin = stage.tenant.origin().to_owned();
    let cortex = Cortex::of(stage, &AUTOMATION, "Graph");
    for params in [
        json!({ "base_url": origin, "api": "Graph", "use_managed_identities": true }),
        json!({ "base_url": origin, "api": "Graph", "authentication_type": "Azure Managed Identities" }),
    ] {
        let request = json!({ "command": "test-module", "params": params });
        let run = cortex.run().env("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.origin());
        let answer = Cortex::answer(run.input(&request.to_string()).go());
        assert_eq!(answer["results"], json!(["ok"]), "{answer}");
        assert!(answer["integrationContext"]["access_token"].is_string());
    }
}

#[test]
fn completing_what_was_never_started_says_what_to_run() {
    let text = by_device_code("Legacy").error("microsoft-365-defender-auth-complete", json!({}));
    assert!(
        text.ends_with("No sign-in has been started. Please run !microsoft-365-defender-auth-start first"),
        "{text}"
    );
}
