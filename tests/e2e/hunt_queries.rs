//! Queries: limits and spans of time, files and folders of them.

use std::path::Path;

use defender_xdr_emulator::Fault;
use serde_json::{Value, json};

use crate::support::{Home, Run, Stage};

const APIS: [&str; 2] = ["graph", "legacy"];

/// The queries that were sent, in order.
fn sent(stage: &Stage) -> Vec<String> {
    let requests = stage.tenant.control().requests();
    requests.iter().filter_map(|request| Some(request.json.as_ref()?["Query"].as_str()?.to_owned())).collect()
}

#[test]
fn a_limit_replaces_that_of_the_query_or_is_added() {
    let stage = Stage::new();
    for api in APIS {
        let count = |query: &str, limit: &str| {
            stage.run(&["--api", api, "hunt", query, "--limit", limit]).well().records().len()
        };
        assert_eq!(count("AlertInfo | take 50 // all", "3"), 3, "{api}");
        assert_eq!(count("let x = 'a | take 1';\nAlertInfo | where Title != x // note", "4"), 4, "{api}");
        assert_eq!(count("AlertInfo;", "0"), 0, "{api}");
    }
    stage.run(&["hunt", "AlertInfo", "--limit", "-1"]).ends(2);
}

#[test]
fn without_a_limit_a_query_goes_out_as_it_is() {
    let stage = Stage::new();
    let query = "AlertInfo // | take 1\r\n|  take 2 ; ";
    stage.run(&["hunt", query]).well();
    assert_eq!(sent(&stage), [query]);
}

#[test]
fn a_span_of_time_is_for_graph_alone() {
    let stage = Stage::new();
    let rows = |arguments: &[&str]| stage.run(arguments).well().records().len();
    let all = rows(&["hunt", "AlertInfo"]);
    let of_two_days = rows(&["hunt", "AlertInfo", "--timespan", "2 days"]);
    assert!(of_two_days > 0 && of_two_days < all, "{of_two_days} of {all}");
    let spans: Vec<_> = stage.tenant.control().requests().iter().filter_map(|r| r.json.clone()).collect();
    assert_eq!(spans.last(), Some(&json!({ "Query": "AlertInfo", "Timespan": "P2D" })));
    stage.run(&["--api", "legacy", "hunt", "AlertInfo", "--timespan", "2 days"]).ends(2).saying(&[
        "--timespan",
        "where Timestamp > ago(3d)",
        "--api graph",
    ]);
    stage.run(&["hunt", "AlertInfo", "--timespan", "soon"]).ends(2).saying(&["3 days"]);
}

fn folder(stage: &Stage) -> std::path::PathBuf {
    let folder = stage.home.path().join("queries");
    std::fs::create_dir_all(folder.join("more")).expect("a folder");
    let write = |name: &str, text: &str| stage.home.write(&format!("queries/{name}"), text, 0o644);
    write("a.kql", "// first\n\nAlertInfo\n\n| project AlertId\n\n| take 2\n");
    write(
        "b.md",
        "# Two\n\n```kql\nAlertInfo | project Title | take 1\n```\n\n```sh\nls\n```\n\n~~~kusto\nNoSuchTable\n~~~\n",
    );
    write(
        "more/c.yaml",
        "id: 1\nname: Devices\ndescription: |\n  all\nquery: |\n  DeviceInfo\n  | project DeviceName\n  | take 3\n",
    );
    write("README.txt.bak", "nothing");
    write("more/notes.md", "no queries here");
    folder
}

fn names(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["query"].as_str().expect("a name").to_owned()).collect()
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in text").to_owned()
}

#[test]
fn a_folder_is_run_whole_and_one_wrong_query_stops_nothing() {
    let stage = Stage::new();
    let folder = folder(&stage);
    for api in APIS {
        for format in ["ndjson", "json"] {
            let ran = stage.run(&["--api", api, "hunt", "--file", &text(&folder), "-o", format]).ends(9);
            let rows = if format == "json" { ran.records() } else { ran.lines() };
            let a = text(&folder.join("a.kql"));
            let b = format!("{}:4", folder.join("b.md").display());
            assert_eq!(names(&rows), [&a, &a, &b, "Devices", "Devices", "Devices"], "{api} {format}");
            assert!(rows[0]["row"]["AlertId"].is_string());
            let wrong = format!("{}:12", folder.join("b.md").display());
            ran.saying(&[
                &wrong,
                "NoSuchTable",
                "1 of 4 queries failed",
                "no query in",
                "notes.md: left out",
            ]);
        }
    }
    let table = stage.run(&["hunt", "--file", &text(&folder), "-o", "table"]).ends(9).stdout;
    assert!(table.contains("Devices:\nDEVICENAME\n") && table.contains("ALERTID"), "{table}");
    let raw = stage.run(&["hunt", "--file", &text(&folder), "-o", "ndjson", "--raw"]).ends(9).lines();
    assert_eq!(raw.len(), 6);
}

#[test]
fn several_files_are_run_in_their_order_and_each_is_limited() {
    let stage = Stage::new();
    let folder = folder(&stage);
    let (yaml, kql) = (text(&folder.join("more/c.yaml")), text(&folder.join("a.kql")));
    let ran = stage.run(&["hunt", "--file", &yaml, "--file", &kql, "--limit", "1", "-o", "ndjson"]).well();
    assert_eq!(names(&ran.lines()), ["Devices", &kql]);
    let one = stage.run(&["hunt", "-f", &kql, "-o", "ndjson"]).well().lines();
    assert!(one[0]["AlertId"].is_string(), "one query's rows are not wrapped");
    stage.run(&["hunt", "-f", &yaml, "-o", "csv"]).ends(2).saying(&["ndjson"]);
}

#[test]
fn what_holds_no_query_is_told_before_anything_is_sent() {
    let stage = Stage::new();
    let empty = stage.home.write("empty.md", "# nothing\n", 0o644);
    stage.run(&["hunt", "--file", &text(&empty)]).ends(2).saying(&["no query", "empty.md"]);
    let broken = stage.home.write("broken.yaml", "query: [", 0o644);
    stage.run(&["hunt", "--file", &text(&broken)]).ends(2).saying(&["no YAML", "broken.yaml"]);
    assert_eq!(stage.tenant.control().requests().len(), 0);
}

#[test]
fn what_would_fail_for_every_query_is_told_once() {
    let stage = Stage::new();
    let folder = folder(&stage);
    let ran = stage.run(&["--api", "legacy", "hunt", "--file", &text(&folder), "--timespan", "P1D"]).ends(2);
    assert_eq!(ran.stderr.matches("knows no timespan").count(), 1, "{}", ran.stderr);
    assert_eq!(sent(&stage).len(), 0);
}

#[test]
fn if_every_query_fails_the_exit_code_is_that_of_the_first() {
    let stage = Stage::new();
    let file = stage.home.write("wrong.md", "```kql\nA\n```\n```kql\nB\n```\n", 0o644);
    stage.run(&["hunt", "--file", &text(&file)]).ends(2).saying(&["2 of 2 queries failed"]);
}

#[test]
fn what_is_missing_or_too_much_is_told_in_its_own_words() {
    let home = Home::new();
    Run::new(&home, &["hunt"]).go().ends(2).saying(&["--file", "query"]);
    let file = home.write("a.kql", "DeviceInfo | take 1", 0o600);
    let file = file.to_str().expect("a path");
    let ran = Run::new(&home, &["hunt", "--file", file, "--file", file, "-o", "csv"]).go().ends(2);
    assert!(!ran.stderr.contains("different columns"), "{}", ran.stderr);
    ran.saying(&["several queries do not go into one CSV"]);
}

#[test]
fn a_folder_is_given_up_when_nobody_answers_two_queries_in_a_row() {
    let stage = Stage::new();
    let folder = folder(&stage);
    stage.tenant.fault("/v1.0/", 0, 1000, Fault::Reset);
    stage.also("retry-budget = 1");
    let ran = stage.run(&["hunt", "--file", &folder.display().to_string(), "-o", "ndjson"]).ends(8);
    let errors = ran.stderr.lines().filter(|line| line.starts_with("{\"error\"")).count();
    assert_eq!(errors, 2, "{}", ran.stderr);
}
