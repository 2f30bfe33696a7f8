//! `migrate scan` and `migrate translate`: what is printed, and how they end.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Home, Ran, Run};

const SCRIPT: &str =
    "API = \"https://api.security.microsoft.com/api/incidents\"\nprint(incident[\"incidentName\"])\n";

fn run(home: &Home, arguments: &[&str]) -> Ran {
    Run::new(home, arguments).go()
}

fn rows(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.stdout).expect("an array")
}

#[test]
fn a_script_is_told_line_by_line_what_to_write() {
    let home = Home::new();
    home.write("work/deep/poll.py", SCRIPT, 0o644);
    home.write("work/.hidden/readme.txt", "nothing here\n", 0o644);
    home.write("work/.git/config", SCRIPT, 0o644);
    let ran = run(&home, &["migrate", "scan", "work", "-o", "json"]).ends(1);
    let found = rows(&ran);
    assert_eq!(found.len(), 2, "{}", ran.stdout);
    assert_eq!(found[0]["file"], "work/deep/poll.py");
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&1.into(), &8.into()));
    assert_eq!(found[0]["kind"], "host");
    assert_eq!(found[0]["replacement"], "https://graph.microsoft.com/v1.0/security/incidents");
    assert_eq!(found[1]["replacement"], "displayName");
    assert!(ran.stderr.contains("2 places in 1 file: 1 host, 1 field; 2 files read"), "{}", ran.stderr);
    let table = run(&home, &["migrate", "scan", "work", "-o", "table"]).ends(1);
    assert!(table.stdout.contains("work/deep/poll.py:1:8"), "{}", table.stdout);
    let some = run(&home, &["migrate", "scan", "work", "--kind", "field,scope", "-o", "json"]).ends(1);
    assert_eq!(rows(&some).len(), 1);
}

#[test]
fn what_is_not_read_is_told_and_is_no_clean_bill() {
    let home = Home::new();
    let script = home.write("elsewhere/poll.py", SCRIPT, 0o644);
    home.write("work/own.txt", "nothing here\n", 0o644);
    let link = |name: &str, to: &std::path::Path| {
        std::os::unix::fs::symlink(to, home.path().join("work").join(name)).expect("a link");
    };
    link("again.txt", &home.path().join("work/own.txt"));
    run(&home, &["migrate", "scan", "work"]).ends(0);
    link("poll.py", &script);
    run(&home, &["migrate", "scan", "work"]).ends(9).saying(&["not read: work/poll.py", "a link"]);
    run(&home, &["migrate", "scan", "work", "elsewhere"]).ends(1);
    run(&home, &["migrate", "scan", "work/poll.py"]).ends(1);
    run(&home, &["migrate", "scan", "/dev/null"]).ends(9).saying(&["not read: /dev/null"]);
}

#[test]
fn a_clean_tree_ends_well_and_an_unreadable_file_is_told() {
    let home = Home::new();
    home.write("clean/graph.py", "API = 'https://graph.microsoft.com/v1.0/security/incidents'\n", 0o644);
    let ran = run(&home, &["migrate", "scan", "clean", "-o", "json"]).ends(0);
    assert_eq!(rows(&ran), Vec::<Value>::new());
    assert!(ran.stderr.contains("nothing of the legacy API was found; 1 file read"), "{}", ran.stderr);
    run(&home, &["migrate", "scan", "nowhere"]).ends(2).saying(&["there is no `nowhere`"]);
    let locked = home.write("clean/locked.py", SCRIPT, 0o000);
    // For the superuser nothing is locked.
    if std::fs::read(&locked).is_err() {
        run(&home, &["migrate", "scan", "clean"]).ends(9).saying(&["not read: ", "locked.py"]);
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o644)).expect("unlocked");
    run(&home, &["migrate", "scan", "clean", "--gitignore"]).ends(1);
    home.write("clean/.ignore", "locked.py\n", 0o644);
    run(&home, &["migrate", "scan", "clean", "--gitignore"]).ends(0);
    run(&home, &["migrate", "scan", "clean"]).ends(1);
}

#[test]
fn text_is_translated_both_ways_and_what_is_lost_is_listed() {
    let home = Home::new();
    let translate = |arguments: &[&str]| run(&home, &[&["migrate", "translate"], arguments].concat());
    let ran = translate(&["filter", "status eq 'Active' and createdTime ge 2026-09-01T00:00:00Z"]).ends(0);
    assert_eq!(rows(&ran)[0]["to"], "status eq 'active' and createdDateTime ge 2026-09-01T00:00:00Z");
    let ran = translate(&["filter", "severity eq 'high' and status eq 'active'", "--to", "legacy"]).ends(1);
    assert_eq!(rows(&ran)[0]["to"], "status eq 'Active'");
    assert_eq!(rows(&ran)[1]["from"], "severity eq 'high'");
    assert_eq!(rows(&ran)[1]["to"], Value::Null);
    let ran = translate(&["field", "alerts[].devices[].mdatpDeviceId"]).ends(0);
    assert_eq!(rows(&ran)[0]["to"], "alerts[].evidence[].mdeDeviceId");
    let ran = translate(&["value", "incident.severity=UnSpecified"]).ends(0);
    assert_eq!(rows(&ran)[0]["to"], "unknown");
    let ran = translate(&["context", "Microsoft365Defender.Hunt.results"]).ends(0);
    assert_eq!(rows(&ran)[0]["to"], "MsGraph.Hunt.results");
    let body = Run::new(&home, &["migrate", "translate", "body", "-"])
        .input("{\"tags\": [\"a\"], \"comment\": \"done\"}\n")
        .go()
        .ends(0);
    assert_eq!(rows(&body)[0]["to"], "{\"customTags\":[\"a\"]}");
    assert_eq!(rows(&body)[1]["what"], "POST /v1.0/security/incidents/{id}/comments");
    translate(&["body", "no object"]).ends(2).saying(&["no JSON object"]);
}

#[test]
fn an_empty_table_has_the_columns_of_a_full_one() {
    let home = Home::new();
    home.write("full/poll.py", SCRIPT, 0o644);
    home.write("empty/poll.py", "print(1)\n", 0o644);
    for format in ["csv", "markdown"] {
        let full = run(&home, &["migrate", "scan", "full", "-o", format]).ends(1);
        let empty = run(&home, &["migrate", "scan", "empty", "-o", format]).well();
        assert_eq!(full.stdout.lines().next(), empty.stdout.lines().next(), "{format}");
    }
}

#[test]
fn a_broken_filter_is_no_translation() {
    let home = Home::new();
    for (filter, words) in [
        ("status eq", "missing at the end"),
        ("status eq 'Active", "never closed"),
        ("status eq 'Active' and", "missing at the end"),
    ] {
        let ran = run(&home, &["migrate", "translate", "filter", filter]).ends(2).saying(&[words]);
        assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    }
}
