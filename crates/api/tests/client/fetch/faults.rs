//! A record or a page that the service cannot give: the rest goes on, and the hole is told.

use std::collections::HashSet;

use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::fetch::{Checkpoint, FetchOptions, Hole, MissingPart};
use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use serde_json::Value;

use super::changing_world::{ChangingWorld, Habits};

async fn walk(world: &ChangingWorld, expand_alerts: bool) -> (Vec<Value>, Vec<Hole>) {
    let query = IncidentQuery { expand_alerts, ..IncidentQuery::default() };
    let mut walk = world.client.walk_incidents(&query).expect("possible");
    let mut all = Vec::new();
    while let Some(page) = walk.next().await.expect("a page") {
        all.extend(page.incidents().map(|one| serde_json::from_str::<Value>(one.raw).expect("JSON")));
    }
    (all, walk.holes())
}

fn ids(all: &[Value]) -> HashSet<String> {
    let id = |one: &Value| match (&one["id"], &one["incidentId"]) {
        (Value::String(id), _) => id.clone(),
        (_, number) => number.to_string(),
    };
    all.iter().map(id).collect()
}

#[tokio::test]
async fn one_incident_that_fails_every_page_is_left_out_and_told_once() {
    for backend in [Backend::Graph, Backend::Legacy] {
        for position in [0, 1, 77, 299] {
            let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
            let all = world.facts().visible();
            let bad = all[position.min(all.len() - 1)];
            world.facts().habits.poison = Some(bad);
            let (read, holes) = walk(&world, false).await;
            let found = ids(&read);
            assert_eq!((found.len(), found.len()), (read.len(), all.len() - 1), "{backend:?} {position}");
            assert!(!found.contains(&bad.to_string()));
            let [hole] = holes.as_slice() else { panic!("{backend:?} {position}: {holes:?}") };
            assert_eq!((hole.missing, &hole.id), (MissingPart::Incident, &None));
            assert!(world.facts().requests < 80, "{backend:?}: {} requests", world.facts().requests);
        }
    }
}

#[tokio::test]
async fn alerts_that_are_too_many_for_a_page_are_fetched_apart() {
    let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
    let all = world.facts().visible();
    world.facts().habits.heavy = Some(all[120]);
    let (read, holes) = walk(&world, true).await;
    assert_eq!((read.len(), holes.as_slice()), (all.len(), &[] as &[Hole]));
    let id = all[120].to_string();
    let heavy = read.iter().find(|one| one["id"] == id.as_str()).expect("it is there");
    assert_eq!(heavy["alerts"][0]["id"], format!("alert-of-{}", all[120]));
}

#[tokio::test]
async fn alerts_that_nothing_can_fetch_leave_the_incident_and_a_hole() {
    for refused in [false, true] {
        let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
        let all = world.facts().visible();
        world.facts().habits.heavy = Some(all[120]);
        world.facts().habits.heavy_alone = true;
        world.facts().habits.refuses_single = refused;
        let (read, holes) = walk(&world, true).await;
        assert_eq!(read.len(), all.len());
        let [hole] = holes.as_slice() else { panic!("{holes:?}") };
        let id = all[120].to_string();
        assert_eq!((hole.missing, hole.id.as_deref()), (MissingPart::Alerts, Some(id.as_str())));
    }
}

#[tokio::test]
async fn a_service_that_is_down_is_no_hole_and_the_walk_goes_on_when_it_is_back() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
        let mut walk = world.client.walk_incidents(&IncidentQuery::default()).expect("possible");
        let mut count = walk.next().await.expect("a page").expect("not the end").len();
        world.facts().habits.down = true;
        let error = walk.next().await.expect_err("down");
        assert_eq!(error.kind(), ApiErrorKind::Unavailable);
        world.facts().habits.down = false;
        while let Some(page) = walk.next().await.expect("a page") {
            count += page.len();
        }
        assert_eq!((count, walk.holes().len()), (world.facts().visible().len(), 0), "{backend:?}");
    }
}

#[tokio::test]
async fn one_incident_that_is_no_json_is_left_out_and_told_by_its_id() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
        let all = world.facts().visible();
        world.facts().habits.broken = Some(all[120]);
        let checkpoint = Checkpoint::new(Timestamp::UNIX_EPOCH);
        let mut fetch = world.client.fetch(checkpoint, FetchOptions::default());
        let mut found = HashSet::new();
        while let Some(batch) = fetch.next(50).await.expect("a page") {
            found.extend(batch.incidents.into_iter().map(|new| new.id));
        }
        let bad = all[120].to_string();
        assert!(found.len() == all.len() - 1 && !found.contains(&bad), "{backend:?}");
        let holes = fetch.take_holes();
        let [hole] = holes.as_slice() else { panic!("{holes:?}") };
        assert_eq!((hole.missing, hole.id.as_deref()), (MissingPart::Incident, Some(bad.as_str())));
    }
}

#[tokio::test]
async fn a_short_page_with_a_link_is_not_the_end() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let habits = Habits { cuts_pages: true, ..Habits::default() };
        let world = ChangingWorld::start(backend, 2, 300, habits).await;
        let (read, holes) = walk(&world, false).await;
        assert_eq!((read.len(), holes.len()), (world.facts().visible().len(), 0), "{backend:?}");
        let query = IncidentQuery { extent: Extent::All, ..IncidentQuery::default() };
        let mut list = world.client.list_incidents(&query);
        let mut listed = HashSet::new();
        while let Some(one) = list.next().await.expect("a page") {
            listed.insert(one.incident.expect("readable").id().to_owned());
        }
        assert_eq!(listed.len(), read.len(), "{backend:?}");
    }
}

#[tokio::test]
async fn alerts_behind_a_link_come_with_their_incident() {
    let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
    let many = world.facts().visible()[120];
    world.facts().habits.many_alerts = Some(many);
    let (read, holes) = walk(&world, true).await;
    assert!(holes.is_empty(), "{holes:?}");
    let incident =
        read.iter().find(|one| one["id"].as_str() == Some(&many.to_string())).expect("it is there");
    let alerts: Vec<_> =
        incident["alerts"].as_array().expect("alerts").iter().map(|one| &one["id"]).collect();
    assert_eq!(alerts, ["first", &format!("alert-of-{many}")]);
    assert_eq!(incident.get("alerts@odata.nextLink"), None);
}

#[tokio::test]
async fn an_outage_that_passes_leaves_nobody_out() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
        let all = world.facts().visible();
        world.facts().habits = Habits { poison: Some(all[120]), heals: true, ..Habits::default() };
        let (read, holes) = walk(&world, false).await;
        assert_eq!((read.len(), holes.as_slice()), (all.len(), &[] as &[Hole]), "{backend:?}");
    }
}

#[tokio::test]
async fn alerts_that_are_throttled_are_waited_for_and_not_left_out() {
    let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
    let all = world.facts().visible();
    world.facts().habits = Habits { heavy: Some(all[120]), throttles_single: true, ..Habits::default() };
    let query = IncidentQuery { expand_alerts: true, ..IncidentQuery::default() };
    let mut walk = world.client.walk_incidents(&query).expect("possible");
    let mut found = HashSet::new();
    let error = loop {
        match walk.next().await {
            Ok(page) => found.extend(page.expect("not the end").incidents().map(|one| one.id().to_owned())),
            Err(error) => break error,
        }
    };
    assert!(error.kind() == ApiErrorKind::Throttled && !found.contains(&all[120].to_string()));
    assert!(walk.holes().is_empty());
}

async fn list(world: &ChangingWorld, count: usize, expand_alerts: bool) -> (Vec<Value>, Vec<Hole>) {
    let query = IncidentQuery { extent: Extent::AtMost(count), expand_alerts, ..IncidentQuery::default() };
    let mut list = world.client.list_incidents(&query);
    let mut all = Vec::new();
    while let Some(one) = list.next().await.expect("a page") {
        all.push(serde_json::from_str(one.raw).expect("JSON"));
    }
    (all, list.holes())
}

#[tokio::test]
async fn a_list_of_some_leaves_out_the_one_that_fails_and_goes_on() {
    for backend in [Backend::Graph, Backend::Legacy] {
        for position in [0, 1, 49, 50, 77, 299] {
            let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
            let (before, holes) = list(&world, 1000, false).await;
            assert!(holes.is_empty());
            let bad = ids(&before[position..=position]);
            world.facts().habits.poison = bad.iter().next().and_then(|id| id.parse().ok());
            for wanted in [1, 60, 1000] {
                let (read, holes) = list(&world, wanted, false).await;
                let place = format!("{backend:?}, place {position}, {wanted} wanted");
                assert_eq!(read.len(), wanted.min(299), "{place}");
                assert!(ids(&read).is_disjoint(&bad), "{place}");
                assert_eq!(holes.len(), usize::from(position < wanted), "{place}: {holes:?}");
                assert!(holes.iter().all(|hole| hole.missing == MissingPart::Incident), "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_some_fetches_alerts_apart_where_a_page_is_too_heavy_for_them() {
    for (alone, holes) in [(false, 0), (true, 1)] {
        let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
        let all = world.facts().visible();
        world.facts().habits.heavy = Some(all[20]);
        world.facts().habits.heavy_alone = alone;
        let (read, told) = list(&world, 1000, true).await;
        assert_eq!((read.len(), told.len()), (300, holes), "{told:?}");
        let id = all[20].to_string();
        let heavy = read.iter().find(|one| one["id"] == id.as_str()).expect("it is there");
        assert_eq!(heavy["alerts"].is_null(), alone);
        assert!(told.iter().all(|hole| hole.id.as_deref() == Some(id.as_str())));
    }
}

#[tokio::test]
async fn a_list_from_a_service_that_is_down_is_an_error_at_once() {
    for backend in [Backend::Graph, Backend::Legacy] {
        let world = ChangingWorld::start(backend, 2, 300, Habits::default()).await;
        world.facts().habits.down = true;
        let mut list = world.client.list_incidents(&IncidentQuery::default());
        assert_eq!(list.next().await.expect_err("down").kind(), ApiErrorKind::Unavailable);
        assert!(world.facts().requests < 20, "{}", world.facts().requests);
    }
}

#[tokio::test]
async fn an_incident_that_is_too_heavy_with_its_alerts_is_read_in_two_requests() {
    let world = ChangingWorld::start(Backend::Graph, 2, 300, Habits::default()).await;
    let id = world.facts().visible()[20];
    world.facts().habits.heavy = Some(id);
    world.facts().habits.heavy_alone = false;
    let whole = world.client.get_incident(&id.to_string()).await.expect("an incident");
    assert_eq!(whole.list("alerts").len(), 1);
}
