//! Lists that go wrong in the middle: what arrived is printed and valid, and the end says that it is not all.

use serde_json::json;

use crate::support::{Home, Ran, Rogue, Run, Stage, Told, status};

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Fault, Options};

const APIS: [(&str, &str, usize); 2] = [("graph", "/v1.0/", 50), ("legacy", "/api/", 100)];

#[test]
fn a_fault_on_the_second_page_leaves_a_valid_first_page() {
    for (api, path, page) in APIS {
        for fault in [status(500, Some(0)), Fault::Reset, status(429, Some(600)), status(403, None)] {
            let stage = Stage::new();
            stage.tenant.fault(path, 1, 99, fault.clone());
            let list = ["--api", api, "--set", "retry-budget=1", "incidents", "list", "--limit", "1000"];
            let ran = stage.run(&list).ends(9).saying(&["not complete"]);
            assert_eq!(ran.ids().len(), page, "{api} {fault:?}");
        }
    }
}

#[test]
fn lines_that_were_printed_are_whole() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 1, 99, Fault::CutBody { bytes: 2000 });
    let ran = stage.run(&["--set", "retry-budget=1", "incidents", "list", "--all", "-o", "ndjson"]).ends(9);
    assert_eq!(ran.stdout.lines().count(), 50);
    for line in ran.stdout.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a whole object");
    }
}

#[test]
fn a_fault_on_the_first_page_is_no_empty_list_and_no_partial_success() {
    let stage = Stage::new();
    stage.tenant.fault("/v1.0/", 0, 99, status(500, Some(0)));
    let ran = stage.run(&["incidents", "list", "--all"]).ends(8);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_link_that_leads_back_is_noticed() {
    let stage = Stage::new();
    stage.tenant.switch(&json!({ "looping_next_link": true }));
    let ran = stage.run(&["incidents", "list", "--limit", "1000", "-o", "json"]).ends(9).saying(&["circle"]);
    assert!(stage.tenant.requests_to("/v1.0/") <= 3);
    assert!(!ran.records().is_empty());
    assert_eq!(ran.error()["kind"], "page-loop");
    assert!(ran.error()["hint"].is_string());
}

#[test]
fn a_list_of_all_needs_no_links_that_lead_anywhere() {
    let stage = Stage::new();
    let whole = stage.run(&["incidents", "list", "--all"]).well().ids();
    stage.tenant.switch(&json!({ "looping_next_link": true }));
    assert_eq!(stage.run(&["incidents", "list", "--all"]).well().ids(), whole);
}

#[test]
fn a_list_of_all_that_fails_anywhere_prints_whole_records_and_says_so() {
    for (api, path, _) in APIS {
        for after in [1, 3] {
            let stage = Stage::new();
            stage.tenant.fault(path, after, 999, status(403, None));
            let ran = stage.run(&["--api", api, "--set", "retry-budget=1", "incidents", "list", "--all"]);
            let printed = if ran.stdout.is_empty() { 0 } else { ran.records().len() };
            assert_eq!(ran.code, if printed > 0 { 9 } else { 5 }, "{api} after {after}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_list_of_all_from_a_service_that_repeats_itself_ends() {
    for (api, _, size) in APIS {
        let stage = Stage::new();
        let count = u32::try_from(size).expect("a page");
        let rogue =
            Rogue::start(move |own| page(0..count, &format!("{own}/v1.0/security/incidents?$skiptoken=x")));
        let endpoint = format!("endpoint={}", rogue.origin());
        let list = ["--api", api, "--set", &endpoint, "incidents", "list", "--all"];
        let ran = stage.run(&list).ends(9).saying(&["circle"]);
        assert_eq!(ran.records().len(), size);
        assert!(rogue.heard().len() < 100, "{} requests", rogue.heard().len());
    }
}

#[test]
fn an_empty_page_with_a_link_is_not_the_end() {
    let stage = Stage::new();
    let whole = stage.run(&["incidents", "list", "--all"]).well().ids();
    stage.tenant.switch(&json!({ "empty_page_with_link": true }));
    assert_eq!(stage.run(&["incidents", "list", "--all"]).well().ids(), whole);
}

#[test]
fn a_list_whose_links_were_dropped_is_whole_all_the_same() {
    let stage = Stage::new();
    for (api, ..) in APIS {
        stage.tenant.switch(&json!({ "drop_next_link": false }));
        let whole = stage.run(&["--api", api, "incidents", "list", "--all"]).well().ids();
        stage.tenant.switch(&json!({ "drop_next_link": true }));
        assert_eq!(stage.run(&["--api", api, "incidents", "list", "--all"]).well().ids(), whole, "{api}");
        let window = ["--api", api, "incidents", "list", "--offset", "10", "--limit", "120"];
        assert_eq!(stage.run(&window).well().ids().len(), 120, "{api}");
    }
}

#[test]
fn legacy_lists_need_no_links() {
    let stage = Stage::new();
    let whole = stage.run(&["--api", "legacy", "incidents", "list", "--all"]).well().ids();
    stage.tenant.switch(&json!({ "legacy_next_link": false }));
    assert_eq!(stage.run(&["--api", "legacy", "incidents", "list", "--all"]).well().ids(), whole);
}

/// Lists from a rogue API with a token of a real tenant.
fn list_from(rogue: &Rogue, stage: &Stage, api: &str) -> Ran {
    let endpoint = format!("endpoint={}", rogue.origin());
    stage.run(&["--api", api, "--set", &endpoint, "incidents", "list", "--limit", "1000"])
}

fn page(ids: std::ops::Range<u32>, link: &str) -> Told {
    let records: Vec<_> = ids
        .map(|id| json!({ "id": id.to_string(), "incidentId": id, "displayName": "x", "incidentName": "x" }))
        .collect();
    Told::Json(json!({ "value": records, "@odata.nextLink": link }).to_string())
}

fn nobody_we_know() -> Rogue {
    Rogue::start(|_| Told::Json(json!({ "value": [] }).to_string()))
}

#[test]
fn a_link_to_another_host_gets_no_token() {
    for (api, _, size) in APIS {
        let stage = Stage::new();
        let other = nobody_we_know();
        let elsewhere = format!("{}/v1.0/security/incidents?$skiptoken=x", other.origin());
        let count = u32::try_from(size).expect("a page");
        let rogue = Rogue::start(move |_| page(0..count, &elsewhere));
        let ran = list_from(&rogue, &stage, api);
        let ran = ran.ends(9).saying(&["another host", "127.0.0.1"]);
        assert!(rogue.heard()[0].has_authorization(), "the chosen endpoint gets the token");
        let heard = other.heard();
        assert!(
            heard.iter().all(|heard| !heard.has_authorization()),
            "{api}: {:?}",
            heard.iter().map(|heard| &heard.target).collect::<Vec<_>>()
        );
        assert_eq!(ran.ids().len(), size, "what came before the link is good");
    }
}

#[test]
fn a_redirection_to_another_host_takes_no_token_along() {
    for (api, _, _) in APIS {
        let stage = Stage::new();
        let other = nobody_we_know();
        let elsewhere = format!("{}/v1.0/security/incidents", other.origin());
        let rogue = Rogue::start(move |_| Told::Elsewhere(elsewhere.clone()));
        let ran = list_from(&rogue, &stage, api).ends(8);
        assert_eq!(ran.stdout, "");
        assert!(other.heard().iter().all(|heard| !heard.has_authorization()), "{api}");
    }
}

#[test]
fn a_sign_in_host_that_redirects_gets_nothing_sent_on() {
    let stage = Stage::new();
    let other = nobody_we_know();
    let elsewhere = format!("{}/token", other.origin());
    let rogue = Rogue::start(move |_| Told::Elsewhere(elsewhere.clone()));
    let authority = format!("authority-host={}", rogue.origin());
    let ran = stage.run(&["--set", &authority, "--set", "retry-budget=1", "auth", "test"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    assert!(other.heard().is_empty(), "the secret went on to a host nobody chose");
}

#[test]
fn links_without_an_end_end() {
    let stage = Stage::new();
    let rogue = Rogue::start(|own| page(0..1, &format!("{own}/v1.0/security/incidents?$skiptoken=same")));
    let ran = list_from(&rogue, &stage, "graph").ends(9).saying(&["circle"]);
    assert_eq!((ran.records().len(), rogue.heard().len()), (1, 2));
}

#[test]
fn the_demonstration_and_a_real_tenant_share_no_token() {
    let stage = Stage::with(&AUTOMATION, Options::default());
    stage.run(&["auth", "test"]).well();
    let home: &Home = &stage.home;
    Run::new(home, &["--demo", "auth", "reset"]).go().well();
    stage.run(&["auth", "status"]).well();
}
