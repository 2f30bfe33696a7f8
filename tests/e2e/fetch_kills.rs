//! kill -9 at random moments of a fetch: exactly once with a file and with a reader who answers; on a pipe nothing is
//! lost, and only what was not kept in mind comes again.
//!
//! `DEFENDER_XDR_TEST_ROUNDS` is how many kills each test does; `cargo xtask prove kill` sets it to a thousand.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use serde_json::Value;

use crate::fetch::happens;
use crate::support::Stage;

const INCIDENTS: usize = 600;

#[expect(clippy::disallowed_methods, reason = "the one question of a test to whoever runs it")]
pub(crate) fn rounds() -> usize {
    let asked = std::env::var("DEFENDER_XDR_TEST_ROUNDS").ok();
    asked.map_or(20, |text| text.parse().expect("a number of rounds"))
}

fn stage() -> (Stage, Duration) {
    let stage = Stage::with(&AUTOMATION, Options { incidents: INCIDENTS, ..Options::default() });
    // A process that starts a thousand times is in a hurry, and this tenant has no limits.
    let started = Instant::now();
    stage.run(&["fetch", "--since", "4000 days", "--checkpoint", "measure"]).well();
    (stage, started.elapsed())
}

fn moment(whole: Duration) -> Duration {
    let nanoseconds = u64::try_from(whole.as_nanos()).expect("short") * 11 / 10;
    Duration::from_nanos(RandomState::new().hash_one(0) % nanoseconds.max(1))
}

fn id(line: &str) -> Option<String> {
    serde_json::from_str::<Value>(line).ok()?["id"].as_str().map(str::to_owned)
}

/// Kills runs of one checkpoint after the other until there were enough kills; `check` sees each that came to its end.
fn kill_many(mut run: impl FnMut(&str) -> bool, mut check: impl FnMut(&str)) -> (usize, usize) {
    let (mut kills, mut ended) = (0, 0);
    while kills < rounds() {
        let name = format!("round-{ended}");
        while !run(&name) {
            kills += 1;
        }
        check(&name);
        ended += 1;
    }
    (kills, ended)
}

#[test]
fn a_file_has_each_incident_exactly_once() {
    let (stage, whole) = stage();
    let mut truth = INCIDENTS;
    let file = |name: &str| format!("{name}.ndjson");
    let run = |name: &str| {
        let output = file(name);
        let mut child =
            stage.start(&["fetch", "--since", "4000 days", "--checkpoint", name, "--output", &output]);
        std::thread::sleep(moment(whole));
        child.kill().expect("ours");
        child.wait().expect("it ends").signal().is_none()
    };
    let check = |name: &str| {
        // The run that ended may have ended before what came in the meantime.
        stage.run(&["fetch", "--checkpoint", name, "--output", &file(name)]).well();
        let text = fs::read_to_string(stage.home.path().join(file(name))).expect("a file");
        let ids: Vec<String> = text.lines().map(|line| id(line).expect("a whole line")).collect();
        let distinct: HashSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (truth, truth), "{name}");
        happens(&stage);
        truth += 1;
    };
    let (kills, ended) = kill_many(run, check);
    println!("fetch --output: {kills} kills, {ended} files checked, each incident exactly once");
}

#[test]
fn a_pipe_misses_nothing_and_repeats_only_what_was_not_kept() {
    let (stage, whole) = stage();
    let (mut kills, mut lists, mut repeated) = (0, 0, 0);
    while kills < rounds() {
        let checkpoint = format!("round-{lists}");
        let (mut seen, mut last_run) = (HashSet::new(), Vec::new());
        let mut ended = false;
        while !ended {
            let mut child = stage.start(&["fetch", "--since", "4000 days", "--checkpoint", &checkpoint]);
            std::thread::sleep(moment(whole));
            child.kill().expect("ours");
            let output = child.wait_with_output().expect("it ends");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            // Half a line is none.
            let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            let run: Vec<String> = lines.filter_map(id).collect();
            for one in run.iter().filter(|one| !seen.insert((*one).clone())) {
                repeated += 1;
                // A page, and no more than the last one.
                assert!(
                    last_run.iter().rev().take(50).any(|earlier| earlier == one),
                    "an old one came again"
                );
            }
            if !run.is_empty() {
                last_run = run;
            }
            ended = output.status.signal().is_none();
            kills += usize::from(!ended);
        }
        assert_eq!(seen.len(), INCIDENTS, "{checkpoint}");
        lists += 1;
    }
    println!(
        "fetch on a pipe: {kills} kills, {lists} lists checked, nothing missing, {repeated} lines repeated"
    );
}

#[test]
fn a_reader_who_answers_has_each_incident_exactly_once() {
    let (stage, whole) = stage();
    let mut stored: Vec<String> = Vec::new();
    let mut kills = 0;
    let mut name = 0;
    while kills < rounds() {
        let checkpoint = format!("round-{name}");
        let arguments = ["fetch", "--since", "4000 days", "--checkpoint", &checkpoint, "--ack"];
        let mut child = stage.command(&arguments).start_with_keyboard();
        let (mut keyboard, stdout) =
            (child.stdin.take().expect("stdin"), child.stdout.take().expect("stdout"));
        let last = stored.last().cloned().unwrap_or_default();
        let reader = std::thread::spawn(move || {
            let mut got = Vec::new();
            // A pipe whose other end was killed is the end.
            let mut alive = writeln!(keyboard, "{last}").is_ok();
            let mut lines = BufReader::new(stdout);
            let mut line = String::new();
            while alive && lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                if let (true, Some(id)) = (line.ends_with('\n'), id(&line)) {
                    // Stored first, then answered.
                    got.push(id.clone());
                    alive = writeln!(keyboard, "{id}").is_ok();
                }
                line.clear();
            }
            got
        });
        std::thread::sleep(moment(whole));
        child.kill().expect("ours");
        let ended = child.wait().expect("it ends").signal().is_none();
        stored.extend(reader.join().expect("it reads"));
        kills += usize::from(!ended);
        if ended {
            let distinct: HashSet<&String> = stored.iter().collect();
            assert_eq!((stored.len(), distinct.len()), (INCIDENTS, INCIDENTS), "{checkpoint}");
            stored.clear();
            name += 1;
        }
    }
    println!("fetch --ack: {kills} kills, {name} readers checked, each incident exactly once");
}
