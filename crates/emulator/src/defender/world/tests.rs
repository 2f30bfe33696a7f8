//! The world as a whole.

use super::World;
use super::quirk::Quirk;
use super::ticks::Ticks;
use super::triage::Status;

fn now() -> Ticks {
    Ticks::parse("2026-09-14T08:00:00Z").unwrap()
}

fn world(incidents: usize) -> World {
    World::generate(7, incidents, "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94", "aurora-lab.example", now())
}

#[test]
fn every_alert_is_found_again_by_its_id() {
    let world = world(60);
    let mut seen = std::collections::BTreeSet::new();
    for record in world.records() {
        for alert in world.alerts_of(record) {
            let (holder, found) = world.find_alert(&alert.id).expect(&alert.id);
            assert_eq!((holder.id, found.index), (record.id, alert.index));
            assert!(seen.insert(alert.id.clone()), "{} twice", alert.id);
        }
    }
    assert!(seen.len() > 200);
}

#[test]
fn a_merge_moves_the_alerts_and_leaves_a_husk() {
    let mut world = world(60);
    let (source, target) = (world.records()[1].id, world.records()[2].id);
    let before = world.alerts_of(world.record(source).unwrap()).count()
        + world.alerts_of(world.record(target).unwrap()).count();
    world.merge(source, target, now()).unwrap();
    let husk = world.record(source).unwrap();
    assert_eq!((husk.status, husk.redirect), (Status::Redirected, Some(target)));
    assert_eq!(world.alerts_of(husk).count(), 0);
    assert_eq!(world.alerts_of(world.record(target).unwrap()).count(), before);
    assert!(world.merge(source, target, now()).is_err());
    assert!(world.merge(target, target, now()).is_err());
}

#[test]
fn one_incident_is_huge() {
    let world = world(60);
    let huge = world.records().iter().find(|record| record.quirk == Quirk::Huge).unwrap();
    assert!(world.alerts_of(huge).count() > 150);
}

#[test]
fn a_saved_world_comes_back_with_its_changes_and_its_times() {
    let mut world = world(30);
    let id = world.add(now());
    assert!(world.touch(world.records()[0].id, 2, now().plus(5)));
    let saved = serde_json::to_value(world.save()).unwrap();
    let later = World::generate(
        7,
        30,
        "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94",
        "aurora-lab.example",
        now().plus(super::ticks::DAY),
    );
    let loaded = later.load(serde_json::from_value(saved).unwrap()).unwrap();
    assert_eq!(loaded.records(), world.records());
    assert!(loaded.record(id).is_some());
}

#[test]
fn a_saved_world_of_another_seed_is_refused() {
    let other = World::generate(8, 30, "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94", "aurora-lab.example", now());
    assert!(world(30).load(other.save()).is_err());
}
