//! `walk_incidents`: all of a list.

use std::collections::HashSet;

use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;

use super::changing_world::{ChangingWorld, Habits};

/// Everything a walk brings, in its order.
async fn walk(world: &ChangingWorld, query: &IncidentQuery) -> Vec<(u64, Timestamp)> {
    let mut walk = world.client.walk_incidents(query).expect("possible");
    let mut all = Vec::new();
    while let Some(page) = walk.next().await.expect("a page") {
        let places = page
            .incidents()
            .map(|incident| (incident.id().parse().expect("a number"), incident.created().expect("a time")));
        all.extend(places);
    }
    all
}

fn ids(walked: &[(u64, Timestamp)]) -> HashSet<u64> {
    walked.iter().map(|(id, _)| *id).collect()
}

#[tokio::test]
async fn nothing_visible_throughout_is_missing_and_nothing_comes_twice() {
    for backend in [Backend::Graph, Backend::Legacy] {
        for seed in 0..8 {
            let habits = Habits { changes: true, ..Habits::default() };
            let world = ChangingWorld::start(backend, seed, 900, habits).await;
            let before = world.facts().visible();
            let walked = walk(&world, &IncidentQuery::default()).await;
            let found = ids(&walked);
            assert_eq!(found.len(), walked.len(), "{backend:?} {seed}: something came twice");
            let missing: Vec<_> = before.iter().filter(|id| !found.contains(id)).collect();
            assert!(missing.is_empty(), "{backend:?} {seed}: {missing:?}");
        }
    }
}

#[tokio::test]
async fn all_come_in_the_order_of_creation() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 7, 2_000, Habits::default()).await;
        let walked = walk(&world, &IncidentQuery::default()).await;
        assert_eq!(walked.len(), world.facts().visible().len());
        assert!(walked.is_sorted_by_key(|(_, created)| *created), "{backend:?}");
        assert!(world.facts().largest_skip <= 200, "only inside an instant: {}", world.facts().largest_skip);
        // Twenty bursts, more in one instant than fit on a page, are read twice.
        let (requests, fair) = match backend {
            Backend::Graph => (world.facts().requests, walked.len() / 50 * 2),
            Backend::Legacy => (world.facts().requests, walked.len() / 100 * 5),
        };
        assert!(requests < fair, "{backend:?}: {requests} requests for {} incidents", walked.len());
    }
}

#[tokio::test]
async fn a_large_tenant_of_the_last_weeks_is_found_quickly_by_a_service_that_sends_the_newest_first() {
    let habits = Habits { newest_first: true, ..Habits::default() };
    let world = ChangingWorld::start(Backend::Legacy, 11, 6_000, habits).await;
    let walked = walk(&world, &IncidentQuery::default()).await;
    assert_eq!(walked.len(), world.facts().visible().len());
    let (requests, pages) = (world.facts().requests, walked.len() / 100);
    assert!(requests < pages * 4, "{requests} requests for {pages} pages");
}

#[tokio::test]
async fn a_service_without_order_is_read_in_ranges_and_one_without_ranges_until_two_readings_agree() {
    let stubborn = [
        Habits { ignores_order: true, ..Habits::default() },
        Habits { refuses_order: true, ..Habits::default() },
        Habits { refuses_order: true, refuses_lt: true, ..Habits::default() },
        Habits { ignores_order: true, changes: true, ..Habits::default() },
        Habits { refuses_order: true, refuses_lt: true, changes: true, ..Habits::default() },
    ];
    for backend in [Backend::Graph, Backend::Legacy] {
        for habits in stubborn {
            let world = ChangingWorld::start(backend, 3, 700, habits).await;
            let before = world.facts().visible();
            let walked = walk(&world, &IncidentQuery::default()).await;
            let found = ids(&walked);
            assert_eq!(found.len(), walked.len());
            assert!(before.iter().all(|id| found.contains(id)), "{backend:?} {habits:?}");
        }
    }
}

#[tokio::test]
async fn a_beginning_is_kept_to_the_tick() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 5, 600, Habits::default()).await;
        let all = walk(&world, &IncidentQuery::default()).await;
        let since = all[all.len() / 2].1;
        let query = IncidentQuery { created_since: Some(since), ..IncidentQuery::default() };
        let expected = all.iter().filter(|(_, created)| *created >= since).count();
        assert_eq!(walk(&world, &query).await.len(), expected);
    }
}
