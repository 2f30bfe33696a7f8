//! Where the next page starts, for pages of three.

use defender_xdr_core::http::{Answer, HeaderMap};

use super::*;

fn page(seconds: &[u32], link: Option<&str>) -> RawPage {
    let records: Vec<_> = seconds
        .iter()
        .map(|second| format!(r#"{{"id":"a","lastUpdateDateTime":"2026-09-03T07:41:{second:02}.5Z"}}"#))
        .collect();
    let link = link.map_or(String::new(), |link| format!(r#","@odata.nextLink":"{link}""#));
    let body = format!(r#"{{"value":[{}]{link}}}"#, records.join(","));
    RawPage::read(Answer {
        status: 200,
        headers: HeaderMap::new(),
        body: body.into(),
        origin: "https://x".into(),
    })
    .expect("a page")
}

fn at(second: u32, skipped: usize) -> Place {
    Place::Time(Some(format!("2026-09-03T07:41:{second:02}.5Z")), skipped)
}

fn next(place: &Place, seconds: &[u32], link: Option<&str>) -> Result<Place, String> {
    after(place, &page(seconds, link), 3).map_err(|error| error.to_string())
}

const START: Place = Place::Time(None, 0);

#[test]
fn a_full_page_without_a_link_goes_on_at_its_last_change() {
    assert_eq!(next(&START, &[1, 2, 3], None), Ok(at(3, 0)));
    assert_eq!(next(&at(3, 0), &[3, 4, 5], Some("l")), Ok(at(5, 0)));
}

#[test]
fn a_short_page_is_the_end_unless_the_service_says_otherwise() {
    assert_eq!(next(&START, &[1, 2], None), Ok(Place::End));
    assert_eq!(next(&START, &[], None), Ok(Place::End));
    assert_eq!(next(&START, &[1, 2], Some("l")), Ok(at(2, 0)));
    assert_eq!(next(&START, &[], Some("l")), Ok(Place::Link("l".into())));
}

#[test]
fn a_page_of_one_moment_is_passed_over_as_far_as_the_service_allows() {
    assert_eq!(next(&START, &[7, 7, 7], None), Ok(at(7, 0)));
    assert_eq!(next(&at(7, 0), &[7, 7, 7], None), Ok(at(7, 3)));
    assert_eq!(next(&at(7, 499), &[7, 7, 7], None), Ok(at(7, 500)));
    assert_eq!(next(&at(7, 500), &[7, 7, 8], None), Ok(at(8, 0)));
    assert_eq!(next(&at(7, 500), &[7, 7], None), Ok(Place::End));
    let error = next(&at(7, 500), &[7, 7, 7], None).expect_err("nobody can see more");
    assert!(error.contains("more than 503 alerts"), "{error}");
}

#[test]
fn pages_out_of_order_are_followed_by_their_links_alone() {
    assert_eq!(next(&START, &[2, 1, 3], Some("l")), Ok(Place::Link("l".into())));
    assert_eq!(next(&at(5, 0), &[1, 2, 3], Some("l")), Ok(Place::Link("l".into())));
    assert!(next(&START, &[2, 1, 3], None).is_err());
    assert_eq!(next(&START, &[2, 1], None), Ok(Place::End));
    assert_eq!(next(&Place::Link("k".into()), &[2, 1, 3], Some("l")), Ok(Place::Link("l".into())));
    assert!(next(&Place::Link("k".into()), &[2, 1, 3], None).is_err());
    assert_eq!(next(&Place::Link("k".into()), &[2], None), Ok(Place::End));
}

#[test]
fn records_without_a_time_hold_nobody_up() {
    let body = r#"{"value":[{"id":"a"},{"id":"b","lastUpdateDateTime":"never"},7]}"#;
    let answer = Answer { status: 200, headers: HeaderMap::new(), body: body.into(), origin: String::new() };
    let page = RawPage::read(answer).expect("a page");
    assert_eq!(after(&START, &page, 3).expect("a place"), Place::Time(None, 3));
}
