//! Lists: every incident once, in pages no larger than the API allows.

use std::collections::BTreeSet;

use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::backend::Backend;
use serde_json::json;

use crate::service::{Expected, Service, incidents, json as answer};
use crate::tenant::{Tenant, all, everything, ids};

/// The `$top` of every request.
fn tops(tenant: &Tenant) -> Vec<usize> {
    let top = |query: &[(String, String)]| {
        query.iter().find(|(name, _)| name == "$top").map(|(_, value)| value.clone())
    };
    tenant
        .requests()
        .iter()
        .map(|request| top(&request.query).expect("asked").parse().expect("a number"))
        .collect()
}

#[tokio::test]
async fn every_incident_comes_once_and_both_backends_have_the_same() {
    let tenant = Tenant::with(260).await;
    let mut sets = Vec::new();
    for (backend, largest, pages) in [(Backend::Graph, 50, 6), (Backend::Legacy, 100, 3)] {
        tenant.control().clear_requests();
        let found = ids(&all(&tenant.client(backend), &everything()).await.expect("a list"));
        assert_eq!(found.len(), 260, "{backend}");
        let set: BTreeSet<String> = found.into_iter().collect();
        assert_eq!(set.len(), 260, "{backend}");
        sets.push(set);
        let tops = tops(&tenant);
        assert_eq!(tops.len(), pages, "{backend}");
        assert!(tops.iter().all(|top| *top <= largest), "{backend}: {tops:?}");
    }
    assert_eq!(sets[0], sets[1]);
}

#[tokio::test]
async fn offset_and_limit_cut_a_window_out_of_the_whole() {
    let tenant = Tenant::with(160).await;
    for backend in Backend::ALL {
        let client = tenant.client(backend);
        let whole = ids(&all(&client, &everything()).await.expect("a list"));
        for (offset, count) in
            [(0, 0), (0, 1), (0, 50), (0, 51), (30, 120), (100, 100), (155, 10), (160, 5), (500, 5)]
        {
            let query = IncidentQuery { offset, extent: Extent::AtMost(count), ..IncidentQuery::default() };
            let window = ids(&all(&client, &query).await.expect("a list"));
            let expected: Vec<_> = whole.iter().skip(offset).take(count).cloned().collect();
            assert_eq!(window, expected, "{backend}: {offset} {count}");
        }
    }
}

#[tokio::test]
async fn no_more_is_asked_for_than_wanted() {
    let tenant = Tenant::with(60).await;
    for backend in Backend::ALL {
        tenant.control().clear_requests();
        let query = IncidentQuery { extent: Extent::AtMost(7), ..IncidentQuery::default() };
        assert_eq!(all(&tenant.client(backend), &query).await.expect("a list").len(), 7);
        assert_eq!(tops(&tenant), [7], "{backend}");
    }
    tenant.control().clear_requests();
    let nothing = IncidentQuery { extent: Extent::AtMost(0), ..IncidentQuery::default() };
    assert!(all(&tenant.client(Backend::Graph), &nothing).await.expect("a list").is_empty());
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn a_list_that_fills_its_last_page_ends_there() {
    for (backend, count) in [(Backend::Graph, 50), (Backend::Legacy, 100)] {
        let tenant = Tenant::with(count).await;
        assert_eq!(all(&tenant.client(backend), &everything()).await.expect("a list").len(), count);
    }
}

#[tokio::test]
async fn an_empty_page_with_a_link_is_not_the_end() {
    let tenant = Tenant::with(120).await;
    tenant.switch(&json!({ "empty_page_with_link": true })).await;
    assert_eq!(all(&tenant.client(Backend::Graph), &everything()).await.expect("a list").len(), 120);
}

#[tokio::test]
async fn the_legacy_list_needs_no_links() {
    let tenant = Tenant::with(250).await;
    for links in [true, false] {
        tenant.switch(&json!({ "legacy_next_link": links })).await;
        let found = ids(&all(&tenant.client(Backend::Legacy), &everything()).await.expect("a list"));
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>().len(), 250, "links: {links}");
    }
}

#[tokio::test]
async fn an_incident_that_a_page_repeats_makes_no_other_disappear() {
    let tenant = Tenant::with(250).await;
    tenant.switch(&json!({ "duplicate_incident_on_page": true })).await;
    for backend in Backend::ALL {
        let found = ids(&all(&tenant.client(backend), &everything()).await.expect("a list"));
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>().len(), 250, "{backend}");
    }
}

#[tokio::test]
async fn a_filter_gives_what_fits_it_whether_the_api_knows_it_or_not() {
    let tenant = Tenant::with(200).await;
    let queries = [
        (vec!["active"], vec![]),
        (vec!["active", "inProgress"], vec![]),
        (vec![], vec!["high"]),
        (vec!["Resolved"], vec!["LOW", "medium"]),
    ];
    for (status, severity) in queries {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let query = IncidentQuery { status: owned(&status), severity: owned(&severity), ..everything() };
        let fits = |words: &[&str], word: Option<&str>| {
            words.is_empty()
                || words.iter().any(|wanted| word.is_some_and(|word| word.eq_ignore_ascii_case(wanted)))
        };
        for backend in Backend::ALL {
            let whole = all(&tenant.client(backend), &everything()).await.expect("a list");
            let expected: BTreeSet<String> = whole
                .iter()
                .filter(|incident| {
                    fits(&status, incident.text("status")) && fits(&severity, incident.text("severity"))
                })
                .map(|incident| incident.id().to_owned())
                .collect();
            assert!(!expected.is_empty(), "{status:?} {severity:?}");
            let found = ids(&all(&tenant.client(backend), &query).await.expect("a list"));
            assert_eq!(found.len(), expected.len(), "{backend} {status:?} {severity:?}");
            assert_eq!(
                found.into_iter().collect::<BTreeSet<_>>(),
                expected,
                "{backend} {status:?} {severity:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_limit_counts_what_passes_the_filter() {
    let tenant = Tenant::with(200).await;
    for backend in Backend::ALL {
        let client = tenant.client(backend);
        let severity = vec!["high".to_owned()];
        let query = IncidentQuery { severity: severity.clone(), ..everything() };
        let whole = ids(&all(&client, &query).await.expect("a list"));
        let first = IncidentQuery { severity, extent: Extent::AtMost(5), ..IncidentQuery::default() };
        assert_eq!(ids(&all(&client, &first).await.expect("a list")), whole[..5], "{backend}");
    }
}

#[tokio::test]
async fn a_record_that_is_no_incident_costs_the_page_nothing_else() {
    let pages = [
        (Backend::Graph, "?$top=50", r#"{"value":[{"id":"1"},{},"text",null,{"id":{}},[1],{"id":"2"}]}"#),
        (
            Backend::Legacy,
            "?$top=100",
            r#"{"value":[{"incidentId":1},{},"text",null,{"incidentId":{}},[1],{"incidentId":2}]}"#,
        ),
    ];
    for (backend, options, page) in pages {
        let service = Service::start(backend).await;
        let target = format!("{}{options}", incidents(backend));
        service.answers(Expected::get(&target), answer(200, page)).await;
        let query = everything();
        let mut list = service.client.list_incidents(&query);
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        while let Some(listed) = list.next().await.expect("a page") {
            match listed.incident {
                Ok(incident) => good.push(incident.id().to_owned()),
                Err(_) => bad.push(listed.raw.to_owned()),
            }
        }
        assert_eq!(good, ["1", "2"], "{backend}");
        assert_eq!(bad.len(), 5, "{backend}");
        assert_eq!(bad[1], "\"text\"");
    }
}
