//! The state is small, is read as it was written, and takes over what the original left.

use serde_json::json;

use super::*;

const LOOK_BACK: SignedDuration = SignedDuration::from_mins(15);

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn again(kept: &Kept) -> LastRun {
    LastRun::read(&map(&kept.value)).expect("readable").expect("ours")
}

fn delivered(count: u64, gap: u64, apart: SignedDuration) -> LastRun {
    let mut state = LastRun::new(at("2026-01-01T00:00:00Z"));
    let mut created = state.latest;
    let mut mixed = 7_u64;
    let mut id = 1_000_000;
    for _ in 0..count {
        mixed = mixed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        id += 1 + (mixed >> 33) % gap;
        state.deliver(&id.to_string(), Some(created));
        created = created.saturating_add(apart).expect("in range");
        state.checkpoint.created = created;
    }
    state
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let mut state = delivered(5_000, 3, SignedDuration::from_secs(60));
    state.checkpoint.polled = Some(at("2026-01-01T01:00:00Z"));
    let began = at("2026-01-02T00:00:00.1234567Z");
    state.position = Some(FetchPosition { began, late: Some(began), onward: began, width: Some(LOOK_BACK) });
    state.owed = Some(Owed { created: began, ids: vec!["7".into()] });
    let kept = state.clone().kept(LOOK_BACK).expect("kept");
    assert_eq!((again(&kept), kept.shrunk_to), (state, None));
}

#[test]
fn thirty_thousand_incidents_of_one_look_back_fit() {
    for gap in [1, 2, 10, 100, 600] {
        let state = delivered(30_000, gap, SignedDuration::from_millis(29));
        let span = state.latest.duration_since(state.checkpoint.since);
        assert!(span < LOOK_BACK, "{span:?}");
        let kept = state.clone().kept(LOOK_BACK).expect("kept");
        let length = kept.value.to_string().len();
        assert!(length < 64 * 1024, "{gap}: {length}");
        assert_eq!(kept.shrunk_to, None, "{gap}");
        assert_eq!(again(&kept), state, "{gap}: nothing was forgotten");
    }
}

#[test]
fn more_than_fits_shrinks_the_window_and_says_so() {
    let state = delivered(60_000, 2_000, SignedDuration::from_millis(14));
    let kept = state.clone().kept(LOOK_BACK).expect("kept");
    assert!(kept.value.to_string().len() < 64 * 1024);
    let left = kept.shrunk_to.expect("a warning");
    let later = again(&kept);
    assert_eq!(later.latest.duration_since(later.checkpoint.since), left);
    assert!(left > SignedDuration::from_mins(4) && left < LOOK_BACK, "{left:?}");
    assert!(later.checkpoint.delivered.len() > 20_000);
}

#[test]
fn a_backlog_of_any_size_stays_small() {
    let mut state = delivered(200_000, 40, SignedDuration::from_secs(20));
    let kept = state.clone().kept(LOOK_BACK).expect("kept");
    let length = kept.value.to_string().len();
    assert!(length < 64 * 1024, "{length}");
    assert_eq!(kept.shrunk_to, None);
    state = again(&kept);
    let span = state.latest.duration_since(state.checkpoint.since);
    assert!(span > SignedDuration::from_hours(24) && span < KEPT + LONGEST + LONGEST, "{span:?}");
    for window in &state.windows {
        assert!(window.from >= state.checkpoint.since);
    }
}

#[test]
fn what_is_forgotten_lies_before_what_is_looked_at() {
    // Many in each instant: a window never ends inside of one.
    let mut state = LastRun::new(at("2026-01-01T00:00:00Z"));
    for id in 0..20_000_u64 {
        let created = at("2026-01-01T00:00:00Z")
            .saturating_add(SignedDuration::from_hours(i64::try_from(id / 3_000).expect("small") * 60))
            .expect("in range");
        state.deliver(&id.to_string(), Some(created));
    }
    let later = again(&state.kept(LOOK_BACK).expect("kept"));
    for id in 0..20_000_u64 {
        let created = at("2026-01-01T00:00:00Z")
            .saturating_add(SignedDuration::from_hours(i64::try_from(id / 3_000).expect("small") * 60))
            .expect("in range");
        let is_known = later.checkpoint.delivered.contains(&id.to_string());
        assert_eq!(is_known, created >= later.checkpoint.since, "{id}");
    }
}

#[test]
fn a_state_of_another_version_is_refused() {
    for odd in [
        json!({ "version": 2, "windows": [] }),
        json!({ "version": "1" }),
        json!({ "version": 1, "since": "2026-01-01T00:00:00Z", "created": "2026-01-01T00:00:00Z",
            "latest": "2026-01-01T00:00:00Z", "polled": null, "windows": [{ "from": "2026-01-01T00:00:00Z", "k": 1, "n": 9, "ids": "!" }] }),
    ] {
        let error = LastRun::read(&map(&odd)).expect_err("unreadable").to_string();
        assert!(error.starts_with("Fetch incidents - the last run cannot be read: "), "{error}");
    }
    assert_eq!(LastRun::read(&Map::new()), Ok(None));
}

fn queued(id: u64, occurred: &str) -> Value {
    json!({ "name": format!("Microsoft 365 Defender {id}"), "occurred": occurred, "rawJSON": "{}" })
}

#[test]
fn the_originals_queue_is_delivered_and_nothing_twice() {
    let now = at("2026-01-02T00:00:00Z");
    let times =
        ["2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", "2026-01-01T11:00:00.5Z"];
    let queue: Vec<Value> = times.iter().zip(1..).map(|(time, id)| queued(id, time)).collect();
    let left = json!({ "last_run": "2026-01-01T11:00:00.5Z", "incidents_queue": queue });
    let original = Original::read(&map(&left), now).expect("the original's");

    let (first, state) = original.clone().take_over(2);
    assert_eq!(first, queue[..2]);
    assert_eq!(state.checkpoint.since, at(times[0]));
    assert!(state.checkpoint.delivered.contains("1") && state.checkpoint.delivered.contains("2"));
    assert_eq!(state.owed, Some(Owed { created: at(times[0]), ids: vec!["3".into()] }));

    let (first, state) = original.take_over(10);
    assert_eq!((first, state.owed), (queue, None));
    assert!(state.checkpoint.since > at("2026-01-01T11:00:00.5Z"));
}

#[test]
fn an_original_without_a_queue_goes_on_where_it_was() {
    let now = at("2026-01-02T00:00:00Z");
    let read = |left: Value| Original::read(&map(&left), now);
    let original = read(json!({ "last_run": "2026-01-01T11:00:00Z", "incidents_queue": [] })).expect("one");
    let (first, state) = original.take_over(10);
    assert!(first.is_empty() && state.checkpoint.since == at("2026-01-01T11:00:00.0000001Z"));
    assert_eq!(read(json!({})), None);
    assert_eq!(read(json!({ "last_run": "", "incidents_queue": null })), None);
}

#[test]
fn what_cannot_be_found_again_is_delivered_at_once() {
    let odd = json!({ "name": "odd", "occurred": null, "rawJSON": "{}" });
    let left = json!({ "last_run": "2026-01-01T11:00:00Z",
        "incidents_queue": [queued(1, "2026-01-01T10:00:00Z"), odd, queued(2, "2026-01-01T11:00:00Z")] });
    let original = Original::read(&map(&left), at("2026-01-02T00:00:00Z")).expect("one");
    let (first, state) = original.take_over(1);
    assert_eq!(first, [odd]);
    assert_eq!(state.checkpoint.since, at("2026-01-01T10:00:00Z"));
}
