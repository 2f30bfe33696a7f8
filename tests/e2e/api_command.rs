//! `api`: any call, signed in, and never to another place.

use defender_xdr_emulator::Fault;
use serde_json::json;

use crate::support::{Rogue, Stage, Told, status};

const GRAPH: &str = "/v1.0/";

fn some_id(stage: &Stage) -> String {
    stage
        .run(&["incidents", "list", "--status", "active", "--limit", "1", "--jq", ".[0].id"])
        .well()
        .stdout
        .trim()
        .to_owned()
}

#[test]
fn a_path_is_enough_for_reading_on_both_apis() {
    let stage = Stage::new();
    let id = some_id(&stage);
    for path in [
        format!("incidents/{id}"),
        format!("/v1.0/security/incidents/{id}"),
        format!("{}/v1.0/security/incidents/{id}", stage.tenant.origin()),
    ] {
        assert_eq!(stage.run(&["api", &path, "--jq", ".id"]).well().stdout.trim(), id, "{path}");
    }
    let got = stage.run(&["--api", "legacy", "api", "GET", &format!("incidents/{id}")]).well();
    assert_eq!(got.json()["incidentId"].to_string(), id);
}

#[test]
fn fields_are_the_query_of_a_get_and_the_body_of_everything_else() {
    let stage = Stage::new();
    let filtered =
        ["api", "incidents", "-f", "$filter=severity eq 'high' and status eq 'active'", "-F", "$top=2"];
    let page = stage.run(&filtered).well().json();
    let found = page["value"].as_array().expect("a list");
    assert!(found.len() <= 2 && found.iter().all(|incident| incident["severity"] == "high"), "{page}");
    let id = some_id(&stage);
    let changed = stage.run(&[
        "api",
        "patch",
        &format!("incidents/{id}"),
        "-f",
        "status=inProgress",
        "-F",
        "customTags=[\"a\"]",
    ]);
    let changed = changed.well().json();
    assert_eq!((&changed["status"], &changed["customTags"]), (&json!("inProgress"), &json!(["a"])));
    let sent = stage
        .tenant
        .control()
        .requests()
        .into_iter()
        .find(|request| request.method == "PATCH")
        .expect("a change");
    assert_eq!(sent.json, Some(json!({ "status": "inProgress", "customTags": ["a"] })));
    assert_eq!(sent.headers["prefer"], "include-unknown-enum-members");
}

#[test]
fn a_body_comes_from_a_file_or_from_a_pipe() {
    let stage = Stage::new();
    let query = stage.home.write("query.json", "\u{feff}{\"Query\": \"DeviceInfo | take 1\"}", 0o600);
    let query = query.to_str().expect("a path in text");
    let rows = stage.run(&["api", "POST", "runHuntingQuery", "--input", query, "--jq", ".results | length"]);
    assert_eq!(rows.well().stdout, "1\n");
    let piped = stage.command(&[
        "--api",
        "legacy",
        "api",
        "POST",
        "/api/advancedhunting/run",
        "--input",
        "-",
        "--jq",
        ".Results | length",
    ]);
    assert_eq!(piped.input("{\"Query\": \"DeviceInfo | take 2\"}").go().well().stdout, "2\n");
    stage.command(&["api", "POST", "x", "--input", "-"]).input("{").go().ends(2).saying(&["no JSON"]);
    stage.run(&["api", "incidents", "--input", query]).ends(2).saying(&["a GET carries no body"]);
}

#[test]
fn all_pages_are_followed_and_their_records_printed() {
    let stage = Stage::new();
    let all = stage.run(&["incidents", "list", "--all"]).well().ids();
    let pages = stage.run(&["api", "incidents", "--paginate"]).well();
    assert_eq!(pages.ids(), all);
    let lines =
        stage.run(&["api", "incidents", "-f", "$top=30", "--paginate", "-o", "ndjson", "--jq", ".id"]).well();
    assert_eq!(lines.stdout.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>(), all);
    let count = stage.run(&["--api", "legacy", "api", "incidents", "--paginate", "--jq", "length"]).well();
    assert_eq!(count.stdout.trim(), all.len().to_string());
}

#[test]
fn pages_that_go_round_in_a_circle_end() {
    let stage = Stage::new();
    stage.tenant.switch(&json!({ "looping_next_link": true }));
    let ran = stage.run(&["api", "incidents", "--paginate", "-o", "ndjson"]).ends(9);
    assert!(!ran.stdout.is_empty());
    assert!(ran.error()["message"].as_str().expect("a text").contains("circle"));
    assert!(stage.tenant.requests_to(GRAPH) < 5);
}

#[test]
fn no_other_host_gets_a_call() {
    let stage = Stage::new();
    let rogue = Rogue::start(|_| Told::Json("{}".to_owned()));
    let host = rogue.origin().strip_prefix("http://").expect("plain").to_owned();
    for path in [
        format!("{}/v1.0/me", rogue.origin()),
        format!("http://{host}@{host}/"),
        "https://graph.microsoft.com/v1.0/me".to_owned(),
    ] {
        stage.run(&["api", &path]).ends(2).saying(&["gets no token"]);
    }
    for path in [format!("//{host}/x"), format!("/\\{host}/x"), format!("@{host}/x")] {
        stage.run(&["api", &path]).ends(2).saying(&["Resource not found for the segment"]);
    }
    assert!(rogue.heard().is_empty());
}

#[test]
fn a_link_to_another_host_ends_the_list_after_what_was_good() {
    let stage = Stage::new();
    let rogue = Rogue::start(|_| Told::Json("{}".to_owned()));
    let page = json!({ "value": [{ "id": "1" }], "@odata.nextLink": format!("{}/v1.0/x", rogue.origin()) });
    let fault = Fault::Status {
        status: 200,
        retry_after: None,
        body: Some(page),
        body_kind: defender_xdr_emulator::BodyKind::Json,
    };
    stage.tenant.fault(GRAPH, 0, 1, fault);
    let ran = stage.run(&["api", "incidents", "--paginate", "-o", "ndjson"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (9, "{\"id\":\"1\"}\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("another host"), "{}", ran.stderr);
    assert!(rogue.heard().is_empty());
}

#[test]
fn what_the_service_says_is_told_with_its_code() {
    let stage = Stage::new();
    let error = stage.run(&["-o", "json", "api", "security/nothing"]).ends(2).error();
    assert_eq!(error["code"], "BadRequest");
    assert!(
        error["message"].as_str().expect("a text").contains("Resource not found for the segment 'nothing'"),
        "{error}"
    );
    assert!(error["request_id"].is_string(), "{error}");
    stage.run(&["api", "incidents/99999999"]).ends(6);
    stage.run(&["--api", "legacy", "api", "nothing"]).ends(6);
    stage.run(&["api", "DELETE", "incidents"]).ends(2);
}

#[test]
fn a_call_without_the_permission_says_so() {
    let stage = Stage::of(&defender_xdr_emulator::directory::applications::READER);
    let id = some_id(&stage);
    stage
        .run(&["api", "PATCH", &format!("incidents/{id}"), "-f", "status=resolved"])
        .ends(5)
        .saying(&["API required roles", "admin consent"]);
}

#[test]
fn reading_is_repeated_and_writing_is_not() {
    let stage = Stage::new();
    let id = some_id(&stage);
    let before = stage.tenant.requests_to(GRAPH);
    stage.tenant.fault(GRAPH, 0, 2, status(503, Some(0)));
    stage.run(&["api", "incidents"]).well();
    assert_eq!(stage.tenant.requests_to(GRAPH), before + 3);
    stage.tenant.fault(GRAPH, 0, 1, status(503, Some(0)));
    let path = format!("incidents/{id}/comments");
    let comment = ["-o", "json", "api", "POST", &path, "-f", "comment=hello"];
    let error = stage.run(&comment).ends(8).error();
    assert_eq!(error["kind"], "outcome-unknown");
    assert_eq!(stage.tenant.requests_to(GRAPH), before + 4);
    stage.tenant.fault(GRAPH, 0, 1, status(429, Some(0)));
    stage.run(&["api", "PATCH", &format!("incidents/{id}"), "-f", "status=active"]).well();
}

#[test]
fn headers_are_sent_and_shown_but_not_those_of_the_token() {
    let stage = Stage::new();
    let ran = stage
        .run(&[
            "api",
            "incidents",
            "-f",
            "$top=1",
            "-H",
            "Prefer: odata.maxpagesize=1",
            "-H",
            "X-Note: a",
            "--include",
        ])
        .well();
    assert!(ran.stdout.starts_with("HTTP/1.1 200\n"), "{}", ran.stdout);
    let (head, body) = ran.stdout.split_once("\n\n").expect("a blank line");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(serde_json::from_str::<serde_json::Value>(body).is_ok(), "{body}");
    let sent = stage.tenant.control().requests().pop().expect("a call");
    assert_eq!(
        (sent.headers["prefer"].as_str(), sent.headers["x-note"].as_str()),
        ("odata.maxpagesize=1", "a")
    );
    for header in ["Authorization: Bearer x", "Host: elsewhere.example", "no colon", "Bad Name: x"] {
        stage.run(&["api", "incidents", "-H", header]).ends(2).saying(&["flag --header"]);
    }
}
