//! What goes wrong is an entry in the words of the original, and exit code 0.

use defender_xdr_emulator::{BodyKind, Fault, ScriptedFailure};
use serde_json::json;

use crate::support::Cortex;

const LIST: &str = "microsoft-365-defender-incidents-list";

fn failed(command: &str, message: &str) -> String {
    format!("Failed to execute {command} command.\nError:\n{message}")
}

#[test]
fn a_refusal_of_the_api_has_status_reason_and_body() {
    let mut cortex = Cortex::new("Legacy");
    let body = json!({ "error": { "code": "BadRequest", "message": "é no" } });
    let fault = |status, body| Fault::Status {
        status,
        retry_after: None,
        body: Some(body),
        body_kind: BodyKind::Json,
    };
    cortex.stage.tenant.fault("/api/incidents", 0, 1, fault(400, body));
    let text = cortex.error(LIST, json!({}));
    assert_eq!(
        text,
        failed(
            LIST,
            "Error in API call [400] - Bad Request\n{\"error\": {\"code\": \"BadRequest\", \"message\": \"\\u00e9 no\"}}"
        )
    );
    cortex.stage.tenant.fault("/api/incidents", 0, 1, fault(403, json!("<html>no</html>")));
    assert_eq!(
        cortex.error(LIST, json!({})),
        failed(LIST, "Error in API call [403] - Forbidden\n<html>no</html>")
    );
}

#[test]
fn an_incident_that_is_not_there_is_a_404() {
    for api in ["Legacy", "Graph"] {
        let text = Cortex::new(api).error("microsoft-365-defender-incident-get", json!({ "id": "99999999" }));
        let start = failed(
            "microsoft-365-defender-incident-get",
            "Error in API call [404] - Not Found\n{\"error\": ",
        );
        assert!(text.starts_with(&start), "{text}");
    }
}

#[test]
fn arguments_that_cannot_be_read_are_told() {
    let mut cortex = Cortex::new("Legacy");
    for (args, message) in [
        (json!({ "limit": "" }), "Missing \"limit\""),
        (json!({ "limit": "x" }), "Invalid number: \"limit\"=\"x\""),
    ] {
        assert_eq!(cortex.error(LIST, args), failed(LIST, message));
    }
    let text = cortex.error(LIST, json!({ "odata": "{x" }));
    assert_eq!(text, "Can't parse odata argument as JSON array.\nvalue: {x");
    let update = "microsoft-365-defender-incident-update";
    let text = cortex.error(update, json!({ "id": "1", "determination": "Malware" }));
    assert_eq!(text, failed(update, "get_determination_value - Please provide a valid classification"));
    let text = cortex
        .error(update, json!({ "id": "1", "classification": "FalsePositive", "determination": "Malware" }));
    assert!(
        text.ends_with("one of the following: ['NotMalicious', 'NoEnoughDataToValidate', 'Other']"),
        "{text}"
    );
    assert!(cortex.error(LIST, json!({ "limit": "0" })).contains("at least 1"));
    assert_eq!(cortex.stage.tenant.requests_to("/api/"), 0);
}

#[test]
fn a_secret_that_was_refused_is_told_in_the_originals_form() {
    let mut cortex = Cortex::new("Legacy");
    cortex.params["credentials"]["password"] = json!("planted-secret");
    let answer = cortex.ask(LIST, json!({}));
    assert!(!answer.to_string().contains("planted-secret"), "{answer}");
    cortex.context = json!({});
    let text = cortex.error(LIST, json!({}));
    let start = failed(LIST, "Error in Microsoft authorization. Status: 401, body: invalid_client. \n");
    assert!(text.starts_with(&start) && !text.contains("Trace ID"), "{text}");
}

#[test]
fn a_sign_in_that_is_over_names_the_command_that_helps() {
    let mut cortex = Cortex::new("Legacy");
    let over = ScriptedFailure {
        error: "invalid_grant".to_owned(),
        code: Some(700_082),
        suberror: None,
        claims: None,
    };
    cortex.stage.tenant.fault("/", 0, 1, Fault::TokenError(over));
    let text = cortex.error(LIST, json!({}));
    assert!(
        text.ends_with("\nYou can run the ***microsoft-365-defender-auth-reset*** command to reset the authentication process."),
        "{text}"
    );
}

#[test]
fn an_unknown_command_and_an_empty_form_are_answers() {
    let mut cortex = Cortex::new("Legacy");
    assert_eq!(
        cortex.error("microsoft-365-defender-nope", json!({})),
        failed("microsoft-365-defender-nope", "")
    );
    cortex.params = json!({ "base_url": "https://api.security.microsoft.com" });
    assert_eq!(cortex.error(LIST, json!({})), failed(LIST, "Application ID must be provided."));
}

#[test]
fn nobody_there_is_told_in_the_platforms_words() {
    let mut cortex = Cortex::new("Legacy");
    cortex.entry("incidents-list", json!({ "limit": "1" }));
    cortex.params["base_url"] = json!("http://127.0.0.1:9");
    let run = cortex.run().env("DEFENDER_XDR_RETRY_BUDGET", "1");
    let request = json!({ "command": LIST, "params": cortex.params, "integrationContext": cortex.context });
    let answer = Cortex::answer(run.input(&request.to_string()).go());
    let text = answer["results"][0]["Contents"].as_str().expect("a text");
    assert!(text.contains("Verify that the server URL parameter is correct and that you have access to the server from your host.\nError Type: "), "{text}");
    cortex.params["base_url"] = json!("http://api.example");
    let text = cortex.error(LIST, json!({}));
    assert!(text.contains("https"), "plain http leaves this machine never: {text}");
    assert!(text.contains("parameter base_url"), "the field of the form is named: {text}");
}

#[test]
fn an_empty_answer_is_told_as_the_original_tells_it() {
    for (api, path) in [("Legacy", "/api/incidents"), ("Graph", "/v1.0/security/incidents")] {
        let mut cortex = Cortex::new(api);
        let empty = Fault::Status {
            status: 200,
            retry_after: None,
            body: Some(json!("")),
            body_kind: BodyKind::Json,
        };
        cortex.stage.tenant.fault(path, 0, 1, empty);
        let get = "microsoft-365-defender-incident-get";
        let text = cortex.error(get, json!({ "id": "7" }));
        assert_eq!(text, failed(get, "Failed to parse json object from response: b''"), "{api}");
    }
}

#[test]
fn an_answer_that_takes_too_long_is_told_in_the_platforms_words() {
    let cortex = Cortex::new("Legacy");
    cortex.stage.tenant.fault("/api/incidents", 0, 9, Fault::Slow { milliseconds: 2500 });
    let request = json!({ "command": LIST, "args": { "timeout": "1" }, "params": cortex.params });
    let run = cortex.run().env("DEFENDER_XDR_RETRY_BUDGET", "1").input(&request.to_string());
    let answer = Cortex::answer(run.go());
    let text = "Connection Timeout Error - potential reasons might be that the Server URL parameter is incorrect or that the Server is not accessible from your host.";
    assert_eq!(answer["results"][0]["Contents"], failed(LIST, text));
}

#[test]
fn mirroring_that_fails_says_that_nothing_was_looked_at() {
    let mut cortex = Cortex::new("Legacy");
    cortex.params = json!({ "base_url": "https://api.security.microsoft.com" });
    let text = cortex.error("get-modified-remote-data", json!({ "lastUpdate": "2026-11-01T00:00:00Z" }));
    assert!(
        text.starts_with("skip update. error: Failed to execute get-modified-remote-data command.\nError:\n"),
        "{text}"
    );
}

#[test]
fn a_limit_beyond_the_apis_is_cut_and_told() {
    let mut cortex = Cortex::new("Legacy");
    let answer = cortex.ask(LIST, json!({ "limit": "500" }));
    assert_eq!(answer["results"][0]["Contents"].as_array().map(Vec::len), Some(100));
    assert_eq!(answer["logs"][0]["level"], "warning");
    let requests = cortex.stage.tenant.control().requests();
    let tops = requests.iter().flat_map(|request| &request.query).filter(|(name, _)| name == "$top");
    assert_eq!(tops.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["100"]);
}

#[test]
fn a_clock_that_cannot_be_read_is_a_mistake_of_the_settings() {
    let cortex = Cortex::new("Legacy");
    let ran = cortex.run().env("DEFENDER_XDR_NOW", "soon").input(r#"{"command":"test-module"}"#).go().ends(3);
    assert_eq!(ran.saying(&["DEFENDER_XDR_NOW"]).stdout, "");
}

#[test]
fn what_is_no_request_ends_with_2_and_prints_nothing() {
    let cortex = Cortex::new("Legacy");
    for text in ["", "[]", "{", r#"{"args":{}}"#] {
        let ran = cortex.run().input(text).go().ends(2).saying(&["request"]);
        assert_eq!(ran.stdout, "", "{text}");
    }
}

#[test]
fn flags_that_would_not_count_are_refused() {
    let stage = crate::support::Stage::new();
    for flags in [["--demo", "--quiet"], ["--api", "graph"], ["--set", "timeout=5"]] {
        let [one, two] = flags;
        let ran =
            stage.command(&[one, two, "xsoar", "run"]).input(r#"{"command":"test-module"}"#).go().ends(2);
        assert_eq!(ran.saying(&["`params`"]).stdout, "");
    }
}
