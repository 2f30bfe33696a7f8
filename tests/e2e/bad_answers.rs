//! Answers that are no answers: pages of gateways, bodies that break off, JSON of a shape nobody promised.

use defender_xdr_emulator::{BodyKind, Fault};

use crate::support::{Ran, Stage, status};

/// Without patience, so that a test does not wait for retries.
fn list(stage: &Stage) -> Ran {
    stage.run(&["--set", "retry-budget=1", "incidents", "list", "-o", "table", "--limit", "5"])
}

fn html(code: u16) -> Fault {
    Fault::Status { status: code, retry_after: None, body: None, body_kind: BodyKind::Html }
}

#[test]
fn a_page_of_a_gateway_instead_of_incidents_is_described() {
    for (code, exit) in [(200, 8), (502, 8), (403, 5)] {
        let stage = Stage::new();
        stage.tenant.fault("/v1.0/", 0, 9, html(code));
        let ran = list(&stage).ends(exit).saying(&["hint:"]);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.lines().count() <= 24, "{}", ran.stderr);
    }
}

#[test]
fn a_page_of_a_gateway_instead_of_a_token_is_described() {
    for code in [200, 503] {
        let stage = Stage::new();
        stage.tenant.fault("/6f2c9a10", 0, 9, html(code));
        list(&stage).ends(8).saying(&["hint:"]);
    }
}

#[test]
fn json_of_another_shape_is_no_empty_list() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, Fault::WrongJson);
    let ran = list(&stage).ends(8);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_body_that_always_breaks_off_is_an_error() {
    for backend in ["graph", "legacy"] {
        let stage = Stage::new();
        stage.also(&format!("api = \"{backend}\""));
        let path = if backend == "graph" { "/v1.0/" } else { "/api/" };
        stage.tenant.fault(path, 0, 9, Fault::CutBody { bytes: 500 });
        list(&stage).ends(8).saying(&["hint:"]);
    }
}

#[test]
fn a_body_that_breaks_off_once_is_asked_for_again() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 1, Fault::CutBody { bytes: 500 });
    stage.run(&["incidents", "list", "--limit", "5"]).well();
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 2);
}

#[test]
fn a_connection_that_is_reset_once_is_tried_again() {
    let stage = Stage::new();
    stage.tenant.fault("/6f2c9a10", 0, 1, Fault::Reset);
    stage.tenant.fault("/v1.0/", 0, 1, Fault::Reset);
    assert_eq!(stage.run(&["incidents", "list", "--limit", "5"]).well().records().len(), 5);
}

#[test]
fn an_api_that_does_not_know_the_path_is_not_an_unknown_incident() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 9, status(404, None));
    list(&stage).ends(8).saying(&["endpoint"]);
}

#[test]
fn a_filter_the_api_does_not_take_is_a_mistake_of_the_caller() {
    let stage = Stage::new();
    for api in ["graph", "legacy"] {
        let filter = ["--filter", "nonsense eq 'x'"];
        stage
            .run(&["--api", api, "incidents", "list", filter[0], filter[1]])
            .ends(2)
            .saying(&["nonsense", "--filter"]);
    }
}

#[test]
fn texts_of_the_server_cannot_steer_the_terminal() {
    let stage = Stage::new();
    let body = serde_json::json!({ "error": { "code": "x", "message": "\u{1b}[2Jgone\r\n\u{7}" } });
    let evil = Fault::Status { status: 400, retry_after: None, body: Some(body), body_kind: BodyKind::Json };
    stage.tenant.fault("/v1.0/", 0, 1, evil);
    let ran = list(&stage).ends(2);
    assert!(!ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\u{7}'), "{:?}", ran.stderr);
}
