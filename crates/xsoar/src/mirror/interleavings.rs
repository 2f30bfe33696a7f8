//! Every order in which changes on both sides and the steps of the platform can come, to a depth of six to eight: afterwards
//! both sides agree, and every comment is on both sides once.

mod world;

use std::collections::BTreeSet;

use world::{ALL, Habits, Happening, World};

/// Everything that can happen, breadth first, before both sides are left alone after `depth` steps or sooner; the number of
/// states.
fn explore(habits: Habits, depth: usize) -> usize {
    let mut seen = BTreeSet::new();
    let mut level = vec![(World::new(), Vec::new())];
    for _ in 0..depth {
        let mut next_level = Vec::new();
        for (world, way) in level {
            for happening in ALL.into_iter().filter(|happening| world.can(*happening, habits)) {
                let mut next = world.clone();
                next.happen(happening, habits);
                if !seen.insert(next.clone()) {
                    continue;
                }
                let mut way: Vec<Happening> = way.clone();
                way.push(happening);
                for out_first in [false, true] {
                    let mut settled = next.clone();
                    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        settled.settle(habits, out_first);
                        settled.check();
                    }));
                    assert!(told.is_ok(), "{habits:?}, out first: {out_first}: {way:?}\n{settled:#?}");
                }
                next_level.push((next, way));
            }
        }
        level = next_level;
    }
    seen.len()
}

const PLAIN: Habits = Habits { echoes: false, overlaps: false, forgets: false, one_tag: false };

#[test]
fn both_sides_agree_after_every_interleaving() {
    let states = explore(PLAIN, 8);
    assert!(states > 20_000, "{states} states");
}

#[test]
fn they_agree_where_the_platform_tells_what_mirroring_did() {
    let states = explore(Habits { echoes: true, one_tag: true, ..PLAIN }, 7);
    assert!(states > 10_000, "{states} states");
}

#[test]
fn they_agree_where_calls_run_beside_each_other() {
    let states = explore(Habits { overlaps: true, ..PLAIN }, 7);
    assert!(states > 10_000, "{states} states");
}

#[test]
fn they_agree_where_nothing_is_remembered() {
    let states = explore(Habits { overlaps: true, forgets: true, ..PLAIN }, 6);
    assert!(states > 5_000, "{states} states");
}

#[test]
fn what_mirroring_wrote_does_not_undo_what_a_person_did_next() {
    use Happening::{Apply, BeginIn, BeginOut, CloseHere, CommentHere, Read, Write};
    let closed_after = |habits: Habits| {
        let mut world = World::new();
        // The comment changed the incident there, where it is open; the closing has not gone out yet.
        for happening in [CommentHere, BeginOut, Write, CloseHere, BeginIn, Read, Apply] {
            assert!(world.can(happening, habits), "{happening:?}");
            world.happen(happening, habits);
        }
        world.is_closed_here()
    };
    assert!(closed_after(PLAIN));
    assert!(!closed_after(Habits { forgets: true, ..PLAIN }), "memory makes the difference");
}
