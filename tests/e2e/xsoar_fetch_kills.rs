//! kill -9 at random moments of `xsoar run` with `fetch-incidents`, and platforms that die before they keep an answer: each
//! incident once, in order, on both APIs, while new ones happen.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fetch::happens;
use crate::fetch_kills::rounds;
use crate::support::Cortex;

/// The incidents of a tenant that nobody asked to be larger.
const INCIDENTS: usize = 260;

fn draw(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below.max(1)
}

/// One fetch that is killed at a random moment; its answer, if there was one.
fn fetch(cortex: &Cortex, whole: Duration) -> Option<Value> {
    let request = json!({
        "command": "fetch-incidents", "params": cortex.params, "integrationContext": cortex.context,
        "lastRun": cortex.last_run, "instance": "one",
    });
    let mut child = cortex.run().input(&request.to_string()).start();
    let moment = u64::try_from(whole.as_nanos()).expect("short") * 2;
    // An answer is larger than a pipe.
    let stdout = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(|| std::io::read_to_string(stdout));
    std::thread::sleep(Duration::from_nanos(draw(moment)));
    child.kill().expect("ours");
    let has_ended = child.wait().expect("it ends").signal().is_none();
    let text = reader.join().expect("no panic").unwrap_or_default();
    has_ended.then(|| serde_json::from_str(&text).expect("an answer"))
}

#[test]
fn each_incident_comes_once_whatever_is_killed_when() {
    let (mut kills, mut forgotten, mut ended) = (0, 0, 0);
    while kills + forgotten < rounds() {
        let mut cortex = Cortex::new(if ended % 2 == 0 { "Graph" } else { "Legacy" });
        cortex.params["first_fetch"] = json!("10 years");
        cortex.params["max_fetch"] = json!("40");
        let started = Instant::now();
        cortex.ask("fetch-incidents", json!({}));
        let whole = started.elapsed();
        cortex.last_run = json!({});
        let (mut ids, mut happened, mut idle) = (Vec::new(), 0, 0);
        while idle < 2 {
            let Some(answer) = fetch(&cortex, whole) else {
                kills += 1;
                continue;
            };
            // The platform keeps all of an answer, or dies and has nothing of it.
            if draw(4) == 0 {
                forgotten += 1;
                continue;
            }
            let new = answer["incidents"].as_array().expect("incidents");
            assert!(new.iter().map(|incident| incident["occurred"].as_str()).is_sorted());
            ids.extend(new.iter().map(|incident| incident["name"].as_str().expect("a name").to_owned()));
            cortex.last_run = answer["lastRun"].clone();
            idle = if new.is_empty() { idle + 1 } else { 0 };
            if happened < 10 && idle == 0 {
                happens(&cortex.stage);
                happened += 1;
            }
        }
        let distinct: HashSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (INCIDENTS + happened, INCIDENTS + happened));
        ended += 1;
    }
    println!("xsoar run: {kills} kills, {forgotten} answers forgotten, {ended} backlogs, each incident once");
}
