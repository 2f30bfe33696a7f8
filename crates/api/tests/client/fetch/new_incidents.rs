//! `fetch`: each new incident once, over polls, restarts and late publication.

use std::collections::HashSet;
use std::time::Duration;

use defender_xdr_api::fetch::{Checkpoint, FetchOptions};
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;

use super::changing_world::{ChangingWorld, Habits, Random};
use crate::service::start;

fn a_year_ago() -> defender_xdr_core::Timestamp {
    start().saturating_sub(SignedDuration::from_hours(24 * 365)).expect("in range")
}

/// One poll to its end, in batches of a random size, with restarts from the written checkpoint.
async fn poll(world: &ChangingWorld, kept: &mut String, random: &mut Random, delivered: &mut Vec<u64>) {
    let read = |text: &str| serde_json::from_str::<Checkpoint>(text).expect("a checkpoint");
    let mut fetch = world.client.fetch(read(kept), FetchOptions::default());
    loop {
        let most = usize::try_from(1 + random.below(120)).expect("small");
        let Some(batch) = fetch.next(most).await.expect("a batch") else { break };
        assert!(batch.incidents.len() <= most);
        if random.chance(5) {
            // Killed before it was kept: the batch counts for nothing and comes again.
            fetch = world.client.fetch(read(kept), FetchOptions::default());
            continue;
        }
        delivered.extend(batch.incidents.iter().map(|new| new.id.parse::<u64>().expect("a number")));
        *kept = serde_json::to_string(&batch.checkpoint).expect("text");
    }
    *kept = serde_json::to_string(fetch.checkpoint()).expect("text");
}

async fn each_comes_once(backend: Backend, seed: u64, incidents: usize, habits: Habits) {
    let world = ChangingWorld::start(backend, seed, incidents, habits).await;
    let mut random = Random::new(seed ^ 0xfeed);
    let mut kept = serde_json::to_string(&Checkpoint::new(a_year_ago())).expect("text");
    let mut delivered = Vec::new();
    for round in 0..6 {
        let before = world.facts().visible();
        poll(&world, &mut kept, &mut random, &mut delivered).await;
        let found: HashSet<u64> = delivered.iter().copied().collect();
        let missing: Vec<_> = before.iter().filter(|id| !found.contains(id)).collect();
        assert!(missing.is_empty(), "{backend:?}, seed {seed}, round {round}: {missing:?} of {before:?}");
    }
    world.facts().habits.changes = false;
    poll(&world, &mut kept, &mut random, &mut delivered).await;
    let found: HashSet<u64> = delivered.iter().copied().collect();
    let truth: HashSet<u64> = world.facts().visible().into_iter().collect();
    assert_eq!(found, truth, "{backend:?}, seed {seed}");
    assert_eq!(delivered.len(), truth.len(), "{backend:?}, seed {seed}: something came twice");
}

#[tokio::test]
async fn once_changes_stop_what_was_delivered_is_the_truth_and_nothing_came_twice() {
    let changes = Habits { changes: true, ..Habits::default() };
    for backend in [Backend::Graph, Backend::Legacy] {
        for seed in 0..12 {
            each_comes_once(backend, seed, 400, changes).await;
        }
        for habits in [
            Habits { ignores_order: true, ..changes },
            // Every poll reads all of it several times: nothing for a busy tenant.
            Habits { refuses_order: true, refuses_lt: true, calm: true, ..changes },
        ] {
            each_comes_once(backend, 99, 400, habits).await;
        }
    }
}

/// The long form is `cargo xtask prove fetch`.
#[tokio::test]
async fn it_holds_for_as_many_as_are_asked_for() {
    #[expect(clippy::disallowed_methods, reason = "a test that is told its size")]
    let asked =
        |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (size, seeds) = (asked("PROVE_INCIDENTS", 3_000), asked("PROVE_SEEDS", 1));
    for seed in 0..seeds {
        for backend in [Backend::Graph, Backend::Legacy] {
            let habits = Habits { changes: true, ..Habits::default() };
            each_comes_once(backend, 1_000 + seed, usize::try_from(size).expect("small"), habits).await;
            println!("{size} incidents, seed {seed}, {backend:?}: nothing missing, nothing twice");
        }
    }
}

#[tokio::test]
async fn an_idle_tenant_costs_two_requests_a_poll() {
    let world = ChangingWorld::start(Backend::Graph, 1, 300, Habits::default()).await;
    let mut fetch = world.client.fetch(Checkpoint::new(a_year_ago()), FetchOptions::default());
    while fetch.next(1_000).await.expect("a batch").is_some() {}
    let before = world.facts().requests;
    assert!(fetch.next(1_000).await.expect("a poll").is_none_or(|batch| batch.incidents.is_empty()));
    while fetch.next(1_000).await.expect("a batch").is_some() {}
    assert!(world.facts().requests - before <= 4, "{}", world.facts().requests - before);
}

#[tokio::test]
async fn what_was_created_before_the_beginning_never_comes() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let habits = Habits { changes: true, ..Habits::default() };
        let world = ChangingWorld::start(backend, 4, 500, habits).await;
        let begin = start();
        let options = FetchOptions { look_back: Duration::from_hours(24 * 400), ..FetchOptions::default() };
        let mut fetch = world.client.fetch(Checkpoint::new(begin), options);
        for _ in 0..3 {
            while let Some(batch) = fetch.next(50).await.expect("a batch") {
                for new in batch.incidents {
                    assert!(new.raw.contains("2026-11-22") || new.raw.contains("2026-11-2"), "{}", new.raw);
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_published_behind_a_first_poll_that_was_stopped_comes_too() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 3, 300, Habits::default()).await;
        let mut fetch = world.client.fetch(Checkpoint::new(a_year_ago()), FetchOptions::default());
        let mut found = HashSet::new();
        let kept = loop {
            let batch = fetch.next(50).await.expect("a batch").expect("not the end");
            found.extend(batch.incidents.iter().map(|new| new.id.clone()));
            if found.len() > 150 {
                break batch.checkpoint;
            }
        };
        let late = world.facts().publish_behind();
        // Somebody far ahead of everybody's clock hides nobody.
        world.facts().touch_in_the_future();
        for _ in 0..2 {
            let mut fetch = world.client.fetch(kept.clone(), FetchOptions::default());
            while let Some(batch) = fetch.next(50).await.expect("a batch") {
                found.extend(batch.incidents.iter().map(|new| new.id.clone()));
            }
        }
        assert!(found.contains(&late.to_string()), "{backend:?}");
        assert_eq!(found.len(), world.facts().visible().len());
    }
}

#[tokio::test]
async fn a_time_of_change_in_the_future_hides_nothing_that_is_published_late() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 3, 300, Habits::default()).await;
        world.facts().touch_in_the_future();
        let mut fetch = world.client.fetch(Checkpoint::new(a_year_ago()), FetchOptions::default());
        while fetch.next(1_000).await.expect("a batch").is_some() {}
        let late = world.facts().publish_behind();
        let mut found = HashSet::new();
        while let Some(batch) = fetch.next(1_000).await.expect("a batch") {
            found.extend(batch.incidents.iter().map(|new| new.id.clone()));
        }
        assert_eq!(found, HashSet::from([late.to_string()]), "{backend:?}");
    }
}
