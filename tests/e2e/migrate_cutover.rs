//! From one API to the other and back: one line of the settings, the checkpoints with it, nothing lost and nothing doubled.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{BodyKind, Fault, Options};
use serde_json::{Value, json};

use crate::fetch::happens;
use crate::fetch_kills::rounds;
use crate::support::{Ran, Stage};

const INCIDENTS: usize = 300;
const CUTOVER: &[&str] = &["migrate", "cutover", "--yes"];
const ROLLBACK: &[&str] = &["migrate", "rollback", "--yes"];

/// A tenant whose user speaks the legacy API by the settings file.
fn stage() -> Stage {
    let stage = Stage::with(&AUTOMATION, Options { incidents: INCIDENTS, ..Options::default() });
    stage.also("# until January\napi = \"legacy\" # as ever");
    stage
}

fn settings(stage: &Stage) -> String {
    fs::read_to_string(stage.home.settings_file()).expect("settings")
}

fn fetched(stage: &Stage) -> Ran {
    stage.run(&["fetch", "--since", "4000 days", "--output", "out.ndjson"])
}

fn ids(stage: &Stage) -> Vec<String> {
    let text = fs::read_to_string(stage.home.path().join("out.ndjson")).unwrap_or_default();
    let id = |line: &str| -> String {
        let record: Value = serde_json::from_str(line).expect("a whole line");
        record["id"].as_str().expect("an id").to_owned()
    };
    text.lines().map(id).collect()
}

#[test]
fn one_line_changes_and_the_way_back_leaves_the_file_as_it_was() {
    let stage = stage();
    fetched(&stage).well();
    let before = settings(&stage);
    let done = stage.run(&[CUTOVER, &["-o", "json"]].concat()).well();
    assert_eq!(done.json()["from"], "legacy");
    assert_eq!((&done.json()["to"], &done.json()["checkpoints"]), (&json!("graph"), &json!(1)));
    done.saying(&["- api = \"legacy\"", "+ api = \"graph\"", "config.toml"]);
    assert_eq!(settings(&stage), before.replace("\"legacy\" # as ever", "\"graph\" # as ever"));
    stage.run(CUTOVER).well().saying(&["Microsoft Graph already", "nothing was changed"]);
    happens(&stage);
    fetched(&stage).well();
    assert_eq!(ids(&stage).len(), INCIDENTS + 1);
    stage.run(ROLLBACK).well();
    assert_eq!(settings(&stage), before);
    stage.run(ROLLBACK).ends(1).saying(&["no cutover of this profile is noted"]);
    happens(&stage);
    fetched(&stage).well();
    let ids = ids(&stage);
    assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (INCIDENTS + 2, INCIDENTS + 2));
    stage.run(CUTOVER).well();
    stage.home.settings(&before);
    stage.run(ROLLBACK).well().saying(&["what it was before the cutover", "nothing was changed"]);
    assert_eq!(settings(&stage), before);
}

#[test]
fn nothing_changes_without_a_yes_or_while_something_is_in_the_way() {
    let stage = stage();
    fetched(&stage).well();
    let before = stage.home.snapshot();
    let unchanged = |what: &str| {
        let after = stage.home.snapshot();
        let kept = |path: &&std::path::PathBuf| {
            let path = path.to_string_lossy();
            path.ends_with("config.toml") || path.contains("checkpoints") || path.contains("cutovers")
        };
        let of = |snapshot: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
            snapshot
                .iter()
                .filter(|(path, _)| kept(path))
                .map(|(path, text)| (path.clone(), text.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&after), of(&before), "{what}");
    };
    stage.run(&["migrate", "cutover"]).ends(2).saying(&["nobody is there to be asked", "--dry-run"]);
    unchanged("nobody was asked");
    let dry = stage.run(&["migrate", "cutover", "--dry-run", "-o", "json"]).well();
    assert_eq!(dry.json()["changed"], false);
    unchanged("a dry run");
    stage
        .command(CUTOVER)
        .env("DEFENDER_XDR_API", "legacy")
        .go()
        .ends(3)
        .saying(&["DEFENDER_XDR_API", "outside"]);
    unchanged("the environment decides");
    // Not even --force leaves a profile that cannot work.
    for (name, text) in [
        ("DEFENDER_XDR_SCOPE", "https://api.security.microsoft.com/.default"),
        ("DEFENDER_XDR_ENDPOINT", "https://api-eu.security.microsoft.com"),
    ] {
        stage.command(&[CUTOVER, &["--force"]].concat()).env(name, text).go().ends(3).saying(&[name]);
        unchanged(name);
    }
    stage.run(&[CUTOVER, &["--demo"]].concat()).ends(2).saying(&["--demo"]);
    let mut running = stage.start(&["fetch", "--follow", "--output", "out.ndjson"]);
    let begun = Instant::now();
    let refused = loop {
        let ran = stage.run(&["migrate", "cutover", "--dry-run"]);
        if ran.code != 0 || begun.elapsed() > Duration::from_secs(20) {
            break ran;
        }
    };
    refused.ends(3).saying(&["another `fetch` is at work"]);
    running.kill().expect("ours");
    running.wait().expect("it ends");
    let fault = Fault::Status { status: 403, retry_after: None, body: None, body_kind: BodyKind::Json };
    stage.tenant.fault("/v1.0/", 0, 100, fault);
    stage.run(CUTOVER).ends(5).saying(&["defender-xdr migrate permissions"]);
    assert!(settings(&stage).contains("api = \"legacy\""));
    stage.run(&[CUTOVER, &["--force"]].concat()).well();
    assert!(settings(&stage).contains("api = \"graph\""));
}

#[test]
fn nobody_goes_back_to_an_api_that_has_ended_by_mistake() {
    let stage = stage();
    stage.home.write(
        "retirements.json",
        r#"[{"id":"x","what":"w","api":"legacy","date":"2027-02-01","confidence":"c","source":"s"}]"#,
        0o600,
    );
    let calendar = stage.home.path().join("retirements.json");
    let after = |words: &[&str]| {
        let run =
            stage.command(words).env("DEFENDER_XDR_RETIREMENTS_FILE", calendar.to_str().expect("a path"));
        run.env("DEFENDER_XDR_NOW", "2027-02-01T00:00:00Z").go()
    };
    after(CUTOVER).well();
    after(ROLLBACK).ends(8).saying(&["ended on 2027-02-01", "--force"]);
    assert!(settings(&stage).contains("api = \"graph\""));
    after(&[ROLLBACK, &["--force"]].concat()).well();
    assert!(settings(&stage).contains("api = \"legacy\""));
}

#[test]
fn a_profile_of_its_own_is_changed_alone_and_a_key_that_was_not_there_goes_again() {
    let stage = stage();
    stage.also("[profile.lab]\ntenant-id = \"aurora-lab.example\"\n[profile.other]");
    let before = settings(&stage);
    stage.run(&[&["--profile", "lab"], CUTOVER].concat()).well();
    let text = settings(&stage);
    assert!(
        text.contains("api = \"legacy\" # as ever") && text.contains("example\"\napi = \"graph\""),
        "{text}"
    );
    stage.run(&[&["--profile", "other"], ROLLBACK].concat()).ends(1);
    stage.run(&[&["--profile", "lab"], ROLLBACK].concat()).well();
    assert_eq!(settings(&stage), before);
}

#[test]
fn killed_at_any_point_between_two_apis_nothing_is_lost_or_doubled() {
    let stage = stage();
    let started = Instant::now();
    stage.run(&["fetch", "--since", "4000 days", "--checkpoint", "measure"]).well();
    let whole = started.elapsed();
    let moment = || {
        let nanoseconds = u64::try_from(whole.as_nanos()).expect("short");
        Duration::from_nanos(RandomState::new().hash_one(0) % nanoseconds.max(1))
    };
    let killed = |words: &[&str]| {
        let mut child = stage.start(words);
        std::thread::sleep(moment());
        child.kill().expect("ours");
        child.wait().expect("it ends").signal().is_some()
    };
    let (mut truth, mut kills, mut turns) = (INCIDENTS, 0, 0);
    while kills < rounds() {
        let way = if turns % 2 == 0 { CUTOVER } else { ROLLBACK };
        kills += usize::from(killed(&["fetch", "--since", "4000 days", "--output", "out.ndjson"]));
        kills += usize::from(killed(way));
        happens(&stage);
        truth += 1;
        kills += usize::from(killed(&["fetch", "--since", "4000 days", "--output", "out.ndjson"]));
        // Begun again after a kill, it comes to its end; and what is done is no failure.
        let ended = stage.run(way);
        assert!(ended.code == 0 || ended.stderr.contains("is noted here"), "{}", ended.stderr);
        let to = if turns % 2 == 0 { "api = \"graph\"" } else { "api = \"legacy\"" };
        assert!(settings(&stage).contains(to), "{}", settings(&stage));
        turns += 1;
        if turns % 5 == 0 {
            fetched(&stage).well();
            let ids = ids(&stage);
            assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (truth, truth), "turn {turns}");
        }
    }
    fetched(&stage).well();
    let ids = ids(&stage);
    assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (truth, truth));
    println!("cutover and rollback: {kills} kills in {turns} turns, each incident exactly once");
}
