//! Hunting: queries from everywhere, answers from both APIs.

use crate::support::Stage;

const APIS: [&str; 2] = ["graph", "legacy"];
const QUERY: &str = "DeviceInfo | project DeviceName, Timestamp | take 5";

#[test]
fn a_query_comes_from_an_argument_a_file_or_standard_input() {
    let stage = Stage::new();
    let file = stage.home.write("query.kql", &format!("\u{feff}{QUERY}\r\n"), 0o644);
    let file = file.to_str().expect("a path in text");
    for api in APIS {
        let argument = stage.run(&["--api", api, "hunt", QUERY]).well().records();
        assert_eq!(argument.len(), 5, "{api}");
        let names: Vec<_> = argument[0].as_object().expect("a row").keys().collect();
        assert_eq!(names, ["DeviceName", "Timestamp"], "{api}");
        assert_eq!(stage.run(&["--api", api, "hunt", "--file", file]).well().records(), argument, "{api}");
        let input = stage.command(&["--api", api, "hunt", "-"]).input(QUERY).go().well();
        assert_eq!(input.records(), argument, "{api}");
    }
}

#[test]
fn both_apis_give_the_same_rows() {
    let stage = Stage::new();
    let query = "AlertInfo | where Severity == 'High' | take 20";
    let [graph, legacy] = APIS.map(|api| stage.run(&["--api", api, "hunt", query]).well().records());
    assert_eq!(graph, legacy);
    assert_eq!(graph.len(), 20);
}

#[test]
fn rows_are_a_table_for_people_and_lines_for_programs() {
    let stage = Stage::new();
    let table = stage.run(&["hunt", QUERY, "-o", "table"]).well().stdout;
    assert!(table.lines().next().is_some_and(|header| header.contains("DEVICENAME")), "{table}");
    let lines = stage.run(&["hunt", QUERY, "-o", "ndjson"]).well().stdout;
    assert_eq!(lines.lines().count(), 5);
}

#[test]
fn raw_prints_the_whole_answer() {
    let stage = Stage::new();
    let graph = stage.run(&["hunt", QUERY, "--raw"]).well().json();
    assert!(graph["schema"].is_array() && graph["results"].is_array(), "{graph}");
    let legacy = stage.run(&["--api", "legacy", "hunt", QUERY, "--raw"]).well().json();
    assert!(legacy["Schema"].is_array() && legacy["Results"].is_array(), "{legacy}");
}

#[test]
fn no_rows_are_a_list_and_a_word_of_caution() {
    let stage = Stage::new();
    let query = "DeviceInfo | where DeviceName == 'no such device'";
    for api in APIS {
        let none = stage.run(&["--api", api, "hunt", query]).well().saying(&["no rows"]);
        assert_eq!(none.records().len(), 0, "{api}");
    }
}

#[test]
fn a_mistake_in_the_query_is_told_in_the_engines_words() {
    let stage = Stage::new();
    for api in APIS {
        stage.run(&["--api", api, "hunt", "DeviceInfo | where Nonsense == 1"]).ends(2).saying(&[
            "Failed to resolve",
            "Nonsense",
            "correct the query",
        ]);
        stage.run(&["--api", api, "hunt", "DeviceInfo | whre"]).ends(2).saying(&["Fix syntax errors"]);
    }
}

#[test]
fn a_query_file_that_is_not_there_is_named() {
    let stage = Stage::new();
    stage.run(&["hunt", "--file", "/no/such/query.kql"]).ends(2).saying(&["/no/such/query.kql"]);
    assert_eq!(stage.tenant.control().requests().len(), 0);
}

#[test]
fn a_query_from_nowhere_is_refused() {
    let stage = Stage::new();
    stage.run(&["hunt"]).ends(2);
}
