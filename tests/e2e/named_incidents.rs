//! How the incidents of a change are named: words that are mistaken for a comment, and input with mistakes in it.

use serde_json::{Value, json};

use crate::support::{Ran, Stage};

fn update(stage: &Stage, input: &str) -> Ran {
    stage.command(&["-o", "ndjson", "incidents", "update", "-", "--add-tag", "x"]).input(input).go()
}

/// The sources of the errors, by id.
fn sources(ran: &Ran) -> Vec<(Value, Value)> {
    let failed = ran.lines().into_iter().filter(|one| one["outcome"] == "failed");
    let mut told: Vec<_> = failed.map(|one| (one["id"].clone(), one["error"]["source"].clone())).collect();
    told.sort_by_key(|(id, _)| id.to_string());
    told
}

#[test]
fn an_id_or_a_dash_is_no_comment() {
    let stage = Stage::new();
    for words in [["20100", "-"], ["20100", "20101"]] {
        let ran = stage.command(&[&["incidents", "comment"], &words[..]].concat()).input("20102\n").go();
        ran.ends(2).saying(&["--text"]);
    }
    stage.run(&["alerts", "comment", "da1", "-"]).ends(2).saying(&["`-`"]);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
    stage.run(&["incidents", "comment", "20100", "--text", "20101"]).well();
}

#[test]
fn an_id_that_fails_is_found_again_in_the_input() {
    let stage = Stage::new();
    let line = |number: u64| json!(format!("standard input, line {number}"));
    let bare = update(&stage, "\n20100\nno id\n\n99999\n").ends(9);
    assert_eq!(sources(&bare), [(json!("99999"), line(5)), (json!("no id"), line(3))]);
    let objects = update(&stage, "{\"id\":\"20100\"}\n\n{\"id\":\"99999\"}\n7777\n\"no id\"\n").ends(9);
    let told = [(json!("7777"), line(4)), (json!("99999"), line(3)), (json!("no id"), line(5))];
    assert_eq!(sources(&objects), told);
    let array = update(&stage, "[20100,\n {\"id\":99999}]").ends(9);
    assert_eq!(sources(&array), [(json!("99999"), json!("standard input, element 2"))]);
}

#[test]
fn input_that_cannot_be_read_names_its_place() {
    let stage = Stage::new();
    let ran = update(&stage, "[\"20100\", {\"id\": 7}, {\"name\": \"x\"}]").ends(2);
    assert!(ran.error()["message"].to_string().contains("element 3"), "{}", ran.stderr);
    assert_eq!(stage.tenant.requests_to("/v1.0/"), 0);
}

#[test]
fn input_may_begin_with_a_byte_order_mark() {
    let stage = Stage::new();
    for input in ["\u{feff}20100\n20101\n", "\u{feff}[\"20100\",20101]", "\u{feff}{\"id\":20100}\n20101"] {
        assert_eq!(update(&stage, input).well().lines().len(), 2, "{input}");
    }
}
