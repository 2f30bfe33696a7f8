//! `--jq`: what an expression makes of the output, for every command and both APIs.

use crate::support::Stage;

const GRAPH: &str = "/v1.0/";

#[test]
fn an_expression_sees_the_whole_list_with_json_and_each_record_with_ndjson() {
    let stage = Stage::new();
    let list = ["incidents", "list", "--limit", "3"];
    let ids = stage.run(&list).well().ids();
    let count = stage.run(&[&list[..], &["--jq", "length"]].concat()).well();
    assert_eq!(count.stdout, "3\n");
    let whole = stage.run(&[&list[..], &["--jq", ".[].id"]].concat()).well();
    let each = stage.run(&[&list[..], &["-o", "ndjson", "--jq", ".id"]].concat()).well();
    assert_eq!(whole.stdout, each.stdout);
    assert_eq!(whole.stdout.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>(), ids);
}

#[test]
fn an_expression_over_an_empty_list_sees_an_empty_array() {
    let stage = Stage::new();
    let none = ["incidents", "list", "--filter", "assignedTo eq 'nobody@nowhere.example'", "--jq", "length"];
    assert_eq!(stage.run(&none).well().stdout, "0\n");
}

#[test]
fn a_table_gives_way_to_the_expression() {
    let stage = Stage::new();
    let ran = stage
        .run(&["-o", "table", "incidents", "list", "--limit", "2", "--jq", "map(.severity | type)"])
        .well();
    assert_eq!(ran.stdout, "[\"string\",\"string\"]\n");
}

#[test]
fn both_apis_and_the_servers_own_objects_are_seen() {
    let stage = Stage::new();
    let ran = stage.run(&[
        "--api",
        "legacy",
        "--raw",
        "incidents",
        "list",
        "--limit",
        "2",
        "--jq",
        ".[].incidentId",
    ]);
    assert!(ran.well().stdout.lines().all(|line| line.parse::<u64>().is_ok()));
    let id = stage.run(&["incidents", "list", "--limit", "1", "--jq", ".[0].id"]).well().stdout;
    let got = stage.run(&["incidents", "get", id.trim(), "--jq", ".id"]).well();
    assert_eq!(got.stdout, id);
    let raw = stage
        .run(&["--raw", "incidents", "get", id.trim(), "--jq", "\"\\(.id) \\(.\"@odata.context\" | type)\""])
        .well();
    assert_eq!(raw.stdout.trim(), format!("{} string", id.trim()));
}

#[test]
fn hunting_rows_and_other_answers_are_seen() {
    let stage = Stage::new();
    let rows = stage.run(&["hunt", "DeviceInfo | take 2", "--jq", "length"]).well();
    assert_eq!(rows.stdout, "2\n");
    let expires = stage.run(&["auth", "token", "--jq", ".token_type"]).well();
    assert_eq!(expires.stdout, "Bearer\n");
    let flows =
        stage.run(&["auth", "flows", "--jq", "map(.id) | index(\"client-credentials\") | type"]).well();
    assert_eq!(flows.stdout, "number\n");
}

#[test]
fn a_mistake_costs_no_call_and_names_its_place() {
    let stage = Stage::new();
    let ran = stage.run(&["incidents", "list", "-o", "json", "--jq", ".[] | lenght"]).ends(2);
    let error = ran.error();
    assert_eq!(error["source"], "flag --jq");
    assert!(error["message"].as_str().expect("a text").contains("`lenght` at character 7"), "{error}");
    assert_eq!(stage.tenant.requests_to("/"), 0);
}

#[test]
fn an_expression_that_does_not_fit_ends_as_a_mistake_after_what_fitted() {
    let stage = Stage::new();
    let ran = stage.run(&["incidents", "list", "--limit", "2", "--jq", "1, (.[].id | keys)"]).ends(2);
    assert_eq!(ran.stdout, "1\n");
    assert!(ran.stderr.contains("does not fit"), "{}", ran.stderr);
}

#[test]
fn a_change_whose_result_does_not_fit_says_that_it_was_made() {
    let stage = Stage::new();
    let id = stage
        .run(&["incidents", "list", "--status", "active", "--limit", "1", "--jq", ".[0].id"])
        .well()
        .stdout;
    let update = ["incidents", "update", id.trim(), "--status", "inProgress", "--jq", ".id | keys"];
    stage.run(&update).ends(9).saying(&["the change was made"]);
}

#[test]
fn records_are_printed_before_a_later_page_fails() {
    let stage = Stage::new();
    let fault = crate::support::status(503, Some(0));
    stage.tenant.fault(GRAPH, 1, 9999, fault);
    let ran = stage.run(&["incidents", "list", "--all", "-o", "ndjson", "--jq", ".id"]).ends(9);
    assert_eq!(ran.stdout.lines().count(), 50);
}

#[test]
fn new_incidents_are_seen_one_by_one_but_never_where_each_has_to_be_one_line() {
    let stage = Stage::new();
    let fetched = stage.run(&["fetch", "--since", "300 days", "--max", "3", "--jq", ".id, .severity"]).well();
    assert_eq!(fetched.stdout.lines().count(), 6, "{}", fetched.stdout);
    stage.run(&["fetch", "--ack", "--jq", ".id"]).ends(2).saying(&["flag --jq"]);
}

#[test]
fn a_filter_without_end_can_be_interrupted() {
    let stage = Stage::new();
    let child = stage.start(&["incidents", "list", "--limit", "1", "--jq", "last(range(0; infinite))"]);
    crate::support::until("the list was asked for", || (stage.tenant.requests_to(GRAPH) > 0).then_some(()));
    std::thread::sleep(std::time::Duration::from_secs(1));
    let process = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &process]).status().expect("kill runs");
    assert_eq!(child.wait_with_output().expect("it ends").status.code(), Some(130));
}
