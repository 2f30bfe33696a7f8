//! `fetch`: new incidents, each once.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use serde_json::Value;

use crate::support::{Stage, post_json, status, until};

const ALL: &[&str] = &["fetch", "--since", "400 days"];

fn ids(text: &str) -> Vec<String> {
    let id = |line: &str| {
        serde_json::from_str::<Value>(line).expect("a line")["id"].as_str().expect("an id").to_owned()
    };
    text.lines().map(id).collect()
}

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [ALL, more].concat()
}

/// Something new happens in the tenant; its number.
pub(crate) fn happens(stage: &Stage) -> String {
    let reply = post_json(&format!("{}/_control/defender/incidents", stage.tenant.origin()), None, "{}");
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["id"].to_string()
}

#[test]
fn each_incident_comes_once_in_the_order_of_creation_whichever_api_is_asked() {
    let stage = Stage::new();
    for (api, name, count) in [("graph", "a", 260), ("legacy", "b", 261)] {
        let arguments = [&["--api", api], ALL, &["--checkpoint", name]].concat();
        let first = stage.run(&arguments).well();
        let fetched = ids(&first.stdout);
        assert_eq!(fetched.iter().collect::<HashSet<_>>().len(), count);
        assert_eq!(fetched.len(), count);
        let created: Vec<Value> = first
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a line")["createdDateTime"].clone())
            .collect();
        assert!(
            created.is_sorted_by_key(|at| at.as_str().expect("text").trim_end_matches('Z').to_owned()),
            "{api}"
        );
        stage.run(&arguments).well().saying(&["no new incidents"]);
        let new = happens(&stage);
        assert_eq!(ids(&stage.run(&arguments).well().stdout), [new]);
    }
}

#[test]
fn a_checkpoint_of_one_api_is_good_for_the_other() {
    let stage = Stage::new();
    stage.run(&["--api", "legacy", "fetch", "--since", "400 days", "--max", "100"]).well();
    let rest = stage.run(&["--api", "graph", "fetch"]).well();
    assert_eq!(ids(&rest.stdout).len(), 160);
}

#[test]
fn at_most_as_many_as_asked_for_and_the_next_run_goes_on() {
    let stage = Stage::new();
    let mut all = Vec::new();
    for _ in 0..3 {
        let some = ids(&stage.run(&with(&["--max", "87"])).well().stdout);
        assert!(some.len() <= 87);
        all.extend(some);
    }
    assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (260, 260));
    assert_eq!(ids(&stage.run(&with(&["--restart", "--max", "3"])).well().stdout).len(), 3);
}

#[test]
fn a_file_gets_what_counts_and_loses_what_does_not() {
    let stage = Stage::new();
    let file = stage.home.path().join("out.ndjson");
    stage.run(&with(&["--output", "out.ndjson", "--max", "100"])).well();
    // A killed run wrote more than it could keep in mind.
    let mut text = fs::read_to_string(&file).expect("a file");
    text.push_str("{\"id\":\"half a li");
    stage.home.write("out.ndjson", &text, 0o600);
    // Nobody announced that: somebody else may have written it.
    stage.run(&with(&["--output", "out.ndjson"])).ends(3).saying(&["16 bytes more", "flag --output"]);
    let kept = stage.home.state().join("checkpoints").read_dir().expect("checkpoints");
    let kept = kept
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|e| e == "json"));
    let kept = kept.expect("a checkpoint");
    let announced = fs::read_to_string(&kept).expect("text").replace("\"pending\":0", "\"pending\":4096");
    let name = kept.strip_prefix(stage.home.path()).expect("below");
    stage.home.write(name.to_str().expect("text"), &announced, 0o600);
    stage.run(&with(&["--output", "out.ndjson"])).well();
    let all = ids(&fs::read_to_string(&file).expect("a file"));
    assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (260, 260));

    stage.home.write("out.ndjson", "short\n", 0o600);
    stage.run(&with(&["--output", "out.ndjson"])).ends(3).saying(&["fewer than", "flag --output"]);
    fs::rename(&file, file.with_extension("old")).expect("moved");
    let new = happens(&stage);
    stage.run(&with(&["--output", "out.ndjson"])).well();
    assert_eq!(ids(&fs::read_to_string(&file).expect("a new file")), [new]);
}

#[test]
fn a_file_of_somebody_else_is_neither_cut_nor_mixed() {
    let stage = Stage::new();
    let file = stage.home.path().join("out.ndjson");
    stage.run(&with(&["--output", "out.ndjson", "--max", "2"])).well();
    let length = fs::metadata(&file).expect("a file").len();
    let foreign = "0123456789\n".repeat(usize::try_from(length).expect("small"));
    stage.home.write("out.ndjson", &foreign, 0o600);
    stage.run(&with(&["--output", "out.ndjson"])).ends(3).saying(&["not the file that was written"]);
    assert_eq!(fs::read_to_string(&file).expect("a file"), foreign);
    // Another checkpoint may go on behind what is there, one at a time; the first has to stop then.
    stage.home.write("two.ndjson", "begun by hand", 0o600);
    stage.run(&with(&["--checkpoint", "a", "--output", "two.ndjson", "--max", "2"])).well();
    stage.run(&with(&["--checkpoint", "b", "--output", "two.ndjson", "--max", "2"])).well();
    let both = fs::read_to_string(stage.home.path().join("two.ndjson")).expect("a file");
    assert_eq!((both.lines().next(), both.lines().count()), (Some("begun by hand"), 5));
    let refused = stage.run(&with(&["--checkpoint", "a", "--output", "two.ndjson", "--max", "2"])).ends(3);
    refused.saying(&["more than this checkpoint has written"]);
    let mut holder =
        stage.start(&with(&["--checkpoint", "d", "--output", "three.ndjson", "--follow", "--every", "600"]));
    let three = stage.home.path().join("three.ndjson");
    until("it has written", || fs::read_to_string(&three).ok().filter(|text| text.lines().count() == 260));
    let refused = stage.run(&with(&["--checkpoint", "c", "--output", "three.ndjson"])).ends(3);
    refused.saying(&["another `fetch` writes"]);
    holder.kill().expect("ours");
    holder.wait().expect("it ends");
}

#[test]
fn a_file_that_is_moved_away_or_emptied_under_way_is_begun_anew() {
    let stage = Stage::new();
    let file = stage.home.path().join("out.ndjson");
    let mut child =
        stage.start(&["fetch", "--follow", "--every", "1", "--since", "1m", "--output", "out.ndjson"]);
    let written =
        |id: &str| until("it is written", || fs::read_to_string(&file).ok().filter(|text| text.contains(id)));
    let first = happens(&stage);
    written(&first);
    fs::rename(&file, file.with_extension("1")).expect("moved");
    let second = happens(&stage);
    assert_eq!(ids(&written(&second)), [second]);
    fs::File::create(&file).expect("emptied");
    let third = happens(&stage);
    assert_eq!(ids(&written(&third)), std::slice::from_ref(&third));
    child.kill().expect("ours");
    child.wait().expect("it ends");
    let fourth = happens(&stage);
    stage.run(&["fetch", "--output", "out.ndjson"]).well();
    assert_eq!(ids(&fs::read_to_string(&file).expect("a file")), [third, fourth]);
}

#[test]
fn a_beginning_anew_that_cannot_be_made_forgets_nothing() {
    let stage = Stage::new();
    stage.run(&with(&["--max", "5"])).well();
    stage.run(&with(&["--restart", "--output", "."])).ends(2);
    assert_eq!(ids(&stage.run(&with(&[])).well().stdout).len(), 255);
    stage.run(&with(&["--max", "0"])).ends(2).saying(&["--max"]);
}

#[test]
fn a_checkpoint_is_for_one_tenant_and_one_process() {
    let stage = Stage::new();
    stage.run(&with(&["--max", "1"])).well();
    let mut holder = stage.start(&with(&["--follow", "--every", "600", "--output", "x"]));
    until("it is at work", || fs::metadata(stage.home.path().join("x")).ok());
    stage.run(&["fetch"]).ends(3).saying(&["another `fetch`", "--checkpoint NAME"]);
    stage.run(&["fetch", "--checkpoint", "other", "--max", "1"]).well();
    holder.kill().expect("ours");
    holder.wait().expect("it ends");
    stage
        .run(&["--tenant", "common.example", "fetch"])
        .ends(3)
        .saying(&["belongs to the tenant", "--restart"]);
    stage.run(&["fetch", "--checkpoint", "../x"]).ends(2);
}

#[test]
fn who_follows_hears_of_new_ones_and_ends_well_when_told() {
    let stage = Stage::new();
    let mut child = stage.start(&["fetch", "--follow", "--every", "1", "--since", "1m"]);
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let new = happens(&stage);
    let line = lines.next().expect("a line").expect("text");
    assert_eq!(ids(&line), [new]);
    // An outage passes.
    stage.tenant.fault("/v1.0/", 0, 5, status(503, None));
    let new = happens(&stage);
    let line = lines.next().expect("a line").expect("text");
    assert_eq!(ids(&line), [new]);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("ours");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_reader_who_answers_gets_each_once_and_is_asked_where_it_is() {
    let stage = Stage::new();
    let arguments = with(&["--ack", "--max", "120"]);
    let mut child = stage.command(&arguments).start_with_keyboard();
    let mut keyboard = child.stdin.take().expect("stdin");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    writeln!(keyboard).expect("read");
    // The reader stores sixty and dies with the program.
    let stored: Vec<String> = (0..60)
        .map(|_| {
            let line = lines.next().expect("a line").expect("text");
            let id = ids(&line).remove(0);
            writeln!(keyboard, "{id}").expect("read");
            id
        })
        .collect();
    child.kill().expect("ours");
    child.wait().expect("it ends");

    let mut child = stage.command(&arguments).start_with_keyboard();
    let mut keyboard = child.stdin.take().expect("stdin");
    writeln!(keyboard, "{}", stored[59]).expect("read");
    let next =
        BufReader::new(child.stdout.take().expect("stdout")).lines().next().expect("a line").expect("text");
    assert!(!stored.contains(&ids(&next)[0]), "it goes on behind what was stored");
    child.kill().expect("ours");
    child.wait().expect("it ends");

    let wrong = stage.command(&arguments).input("never-sent\n").go();
    wrong.ends(2).saying(&["never-sent", "standard input"]);
    stage.command(&arguments).input("").go().ends(2).saying(&["ended before", "standard input"]);
}

#[test]
fn a_reader_who_has_lost_something_is_told_and_not_led_past_it() {
    let stage = Stage::new();
    let arguments = with(&["--ack", "--max", "3"]);
    let all = ids(&stage.run(&with(&["--checkpoint", "all", "--max", "6"])).well().stdout);
    let page = |first: &str| format!("{first}\n{}\n", all[2]);
    stage.command(&arguments).input(&page("")).go().well();
    for older in ["", &all[0]] {
        stage.command(&arguments).input(&page(older)).go().ends(2).saying(&[&all[2], "--restart"]);
    }
    let next = stage.command(&arguments).input(&format!("{}\n{}\n", all[2], all[5])).go().well();
    assert_eq!(ids(&next.stdout), all[3..]);
}

#[test]
fn a_page_that_fails_for_its_alerts_is_taken_apart_and_nothing_is_missing() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 120, ..Options::default() });
    stage.tenant.switch(&serde_json::json!({ "expand_fault_above": 40 }));
    let ran = stage.run(&with(&["--with-alerts", "-o", "ndjson"]));
    assert_eq!(ids(&ran.stdout).len(), 120);
    let without: Vec<&str> = ran.stdout.lines().filter(|line| !line.contains("\"alerts\":[")).collect();
    let holes = ran.stderr.lines().filter(|line| line.starts_with("{\"hole\"")).count();
    assert_eq!(holes, without.len(), "{}", ran.stderr);
    assert_eq!(ran.code, if holes == 0 { 0 } else { 9 });
}

#[test]
fn one_object_a_line_is_the_only_form() {
    let stage = Stage::new();
    stage.run(&["-o", "json", "fetch"]).ends(2).saying(&["flag -o", "ndjson"]);
    stage.run(&["fetch", "--output", "x", "--ack"]).ends(2);
    stage.run(&["fetch", "--output", "."]).ends(2).saying(&["is no file"]);
    stage.run(&["fetch", "--since", "soon"]).ends(2).saying(&["flag --since"]);
}

#[test]
fn a_beginning_beside_a_checkpoint_is_told_to_count_for_nothing() {
    let stage = Stage::new();
    let arguments = ["fetch", "--since", "2000-01-01", "--max", "3"];
    let first = stage.run(&arguments).well();
    assert!(!first.stderr.contains("--since"), "{}", first.stderr);
    stage.run(&arguments).well().saying(&["--since", "--restart"]);
}
