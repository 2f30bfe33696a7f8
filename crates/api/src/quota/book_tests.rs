//! A lane against the service's own rule, in a time that costs nothing.

use std::collections::VecDeque;

use super::*;
use crate::quota::Lane;

/// The service: every call of a window counts, also a refused one.
#[derive(Default)]
struct Service {
    calls: VecDeque<i64>,
    refused: usize,
}

impl Service {
    fn arrives(&mut self, at: i64, limits: &[Limit]) {
        let longest = limits.iter().map(milliseconds).max().unwrap_or(0);
        while self.calls.front().is_some_and(|call| at - call >= longest) {
            self.calls.pop_front();
        }
        let full = limits.iter().any(|limit| {
            let in_the_way = self.calls.len().checked_sub(limit.calls).map(|index| self.calls[index]);
            in_the_way.is_some_and(|call| at - call < milliseconds(limit))
        });
        self.refused += usize::from(full);
        self.calls.push_back(at);
    }
}

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

const DAY: i64 = 86_400_000;

/// Calls of a day, one after the other, on a way whose length changes.
fn a_day(lane: Lane, priority: Priority) -> (usize, usize) {
    let (mut book, mut service, mut dice) = (Book::default(), Service::default(), Dice(7));
    let (mut now, mut made) = (1_800_000_000_000_i64, 0_usize);
    let end = now + DAY;
    while now < end {
        let id = u64::try_from(now).expect("after 1970");
        book.settle(now, lane.limits());
        match book.turn(now, lane.limits(), priority, None) {
            Turn::At(at, _) => {
                assert!(at > now);
                now = at;
            }
            Turn::Now => {
                book.sent(id, now);
                let there = now + dice.below(80);
                service.arrives(there, lane.limits());
                now = there + dice.below(40) + 1;
                book.done(id, now);
                made += 1;
            }
        }
    }
    (made, service.refused)
}

#[test]
fn a_day_of_reading_at_99_percent_of_the_quota_is_never_refused() {
    for (lane, quota) in
        [(Lane::LegacyList, 1500 * 24), (Lane::LegacyGet, 1500 * 24), (Lane::GraphSecurity, 150 * 60 * 24)]
    {
        let (made, refused) = a_day(lane, Priority::Background);
        assert_eq!(refused, 0, "{lane:?}");
        assert!(made * 100 >= quota * 99, "{lane:?}: {made} of {quota}");
        let (made, refused) = a_day(lane, Priority::Interactive);
        assert_eq!(refused, 0, "{lane:?}");
        assert!(made * 1000 >= quota * 997, "{lane:?}: {made} of {quota}");
    }
}

#[test]
fn somebody_who_waits_is_let_in_soon_whatever_a_long_job_does() {
    let limits = Lane::LegacyList.limits();
    let (mut book, mut now, mut longest) = (Book::default(), 1_800_000_000_000_i64, 0);
    let mut person = now + 600_000;
    for id in 1..20_000_u64 {
        book.settle(now, limits);
        if now >= person {
            let waits = match book.turn(now, limits, Priority::Interactive, None) {
                Turn::Now => 0,
                Turn::At(at, _) => at - now,
            };
            longest = longest.max(waits);
            book.sent(id + 1_000_000, now + waits);
            now += waits + 50;
            book.done(id + 1_000_000, now);
            person = now + 120_000;
        }
        match book.turn(now, limits, Priority::Background, None) {
            Turn::At(at, _) => now = at.min(now + 30_000),
            Turn::Now => {
                book.sent(id, now);
                now += 50;
                book.done(id, now);
            }
        }
    }
    assert!(now > 1_800_000_000_000 + 3 * 3_600_000, "three hours passed");
    assert!(longest < 10_000, "somebody waited {longest} ms");
}

#[test]
fn places_are_kept_in_the_order_of_asking() {
    let limits = Lane::LegacyHunting.limits();
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    for id in 0..45 {
        book.sent(id, now + i64::try_from(id).expect("small"));
        book.done(id, now + i64::try_from(id).expect("small") * 100);
    }
    let now = now + 10_000;
    let ask = |book: &mut Book, id| {
        let Turn::At(at, Reason::Spent(_)) = book.turn(now, limits, Priority::Interactive, Some(id)) else {
            panic!("the limit is used up")
        };
        book.reserve(id, at);
        at
    };
    let (first, second) = (ask(&mut book, 101), ask(&mut book, 102));
    assert_eq!(second - first, 100);
    let asked_again = (ask(&mut book, 102), ask(&mut book, 101));
    assert_eq!(asked_again, (second, first));
    assert_eq!(book.turn(first, limits, Priority::Interactive, Some(101)), Turn::Now);
}

#[test]
fn a_killed_process_holds_its_place_for_a_while_and_no_longer() {
    let limits = Lane::LegacyHunting.limits();
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    (0..45).for_each(|id| book.sent(id, now));
    book.reserve(99, now + 1000);
    assert!(matches!(book.turn(now, limits, Priority::Interactive, None), Turn::At(..)));
    let later = now + LONGEST_CALL + 61_000;
    book.settle(later, limits);
    assert!(book.is_empty(), "{book:?}");
}

#[test]
fn a_call_of_a_process_that_is_a_little_ahead_is_not_forgotten() {
    let limits = Lane::LegacyList.limits();
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    book.sent(1, now);
    book.done(1, now + 500);
    book.settle(now, limits);
    assert_eq!(book.used(now + 500, &limits[0]), 1);
}

#[test]
fn a_clock_that_was_set_back_leaves_nothing_behind() {
    let limits = Lane::LegacyList.limits();
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    book.sent(1, now);
    book.done(1, now + 50);
    book.sent(2, now);
    book.reserve(3, now + 60_000);
    book.forbid(now, now + 600_000);
    let yesterday = now - DAY;
    book.settle(yesterday, limits);
    assert!(book.is_empty(), "{book:?}");
}

#[test]
fn a_longer_wait_is_kept_and_a_shorter_one_does_not_undo_it() {
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    book.forbid(now, now + 60_000);
    book.forbid(now + 10, now + 5000);
    assert_eq!(book.turn(now + 20, &[], Priority::Background, None), Turn::At(now + 60_000, Reason::Asked));
    book.settle(now + 60_000, &[]);
    assert_eq!(book.turn(now + 60_000, &[], Priority::Background, None), Turn::Now);
}

#[test]
fn nobody_is_barred_for_longer_than_an_hour_whatever_a_gateway_says() {
    let (mut book, now) = (Book::default(), 1_800_000_000_000);
    book.forbid(now, i64::MAX);
    assert_eq!(book.turn(now, &[], Priority::Interactive, None), Turn::At(now + 3_600_000, Reason::Asked));
}

#[test]
fn what_is_written_is_read_again() {
    let mut book = Book::default();
    book.sent(1, 1_800_000_000_000);
    book.done(1, 1_800_000_000_123);
    book.sent(2, 1_800_000_000_200);
    book.done(2, 1_800_000_000_300);
    book.reserve(3, 1_800_000_000_400);
    book.forbid(1_800_000_000_000, 1_800_000_060_000);
    let text = serde_json::to_string(&book).expect("JSON");
    assert!(text.contains("[1800000000123,177]"), "{text}");
    assert_eq!(serde_json::from_str::<Book>(&text).expect("a book"), book);
}
