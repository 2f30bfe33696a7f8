//! Lists of incidents: the same from both APIs, and the same as the tenant has.

use std::collections::BTreeSet;

use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::{Bearer, Options};
use serde_json::Value;

use crate::support::{Ran, Stage, get};

const APIS: [&str; 2] = ["graph", "legacy"];

fn list(stage: &Stage, api: &str, arguments: &[&str]) -> Ran {
    let mut all = vec!["--api", api, "incidents", "list"];
    all.extend_from_slice(arguments);
    stage.run(&all).well()
}

/// Every id the tenant has, asked for by hand.
fn ids_of_the_tenant(stage: &Stage) -> BTreeSet<String> {
    let audience = defender_xdr_emulator::caller::Audience::Graph;
    let token = stage.tenant.control().access_token(AUTOMATION.id, &audience, Bearer::Application);
    let token = token.expect("a token");
    let mut link = Some(format!("{}/v1.0/security/incidents?$top=50", stage.tenant.origin()));
    let mut ids = BTreeSet::new();
    while let Some(url) = link {
        let page = get(&url, Some(&token)).json();
        let records = page["value"].as_array().expect("a page");
        ids.extend(records.iter().map(|record| record["id"].as_str().expect("an id").to_owned()));
        link = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    ids
}

#[test]
fn all_means_all_on_both_apis() {
    let stage = Stage::new();
    let expected = ids_of_the_tenant(&stage);
    assert!(expected.len() > 200);
    for api in APIS {
        assert_eq!(list(&stage, api, &["--all"]).ids(), expected, "{api}");
    }
}

#[test]
fn all_means_all_in_a_tenant_of_thousands() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 2000, ..Options::default() });
    // The emulator has no limits here, and nobody wants to wait for those of the real service.
    for api in APIS {
        assert_eq!(list(&stage, api, &["--all"]).ids().len(), 2000, "{api}");
    }
}

#[test]
fn without_a_number_there_are_a_hundred() {
    let stage = Stage::new();
    for api in APIS {
        assert_eq!(list(&stage, api, &[]).ids().len(), 100, "{api}");
    }
}

#[test]
fn a_limit_is_kept_below_at_and_above_a_page() {
    let stage = Stage::new();
    for api in APIS {
        for limit in [0, 1, 49, 50, 51, 100, 101, 130] {
            let records = list(&stage, api, &["--limit", &limit.to_string()]).ids();
            assert_eq!(records.len(), limit, "{api}");
        }
    }
}

#[test]
fn what_is_no_count_is_told_as_such() {
    let stage = Stage::new();
    for words in [
        &["incidents", "list", "--limit", "-1"][..],
        &["incidents", "list", "--offset", "1.5"],
        &["alerts", "list", "--limit", "-1"],
        &["hunt", "AlertInfo", "--limit", "-1"],
        &["fetch", "--max", "-1"],
    ] {
        stage.run(words).ends(2).saying(&["use a whole number from 0"]);
    }
}

#[test]
fn an_offset_goes_on_where_a_limit_ended() {
    let stage = Stage::new();
    for api in APIS {
        let ordered = |arguments: &[&str]| -> Vec<Value> {
            list(&stage, api, arguments).records().iter().map(|record| record["id"].clone()).collect()
        };
        let whole = ordered(&["--limit", "130"]);
        assert_eq!(ordered(&["--limit", "60", "--offset", "70"]), whole[70..], "{api}");
        assert_eq!(ordered(&["--offset", "100000"]), Vec::<Value>::new(), "{api}");
    }
}

#[test]
fn whatever_graph_names_has_the_same_name_from_legacy() {
    let stage = Stage::new();
    let records = |api: &str| list(&stage, api, &["--limit", "40", "--with-alerts"]).records();
    let names = |records: &[Value]| -> BTreeSet<String> {
        records.iter().flat_map(|record| record.as_object().expect("an object").keys().cloned()).collect()
    };
    let (graph, legacy) = (names(&records("graph")), names(&records("legacy")));
    for name in [
        "id",
        "displayName",
        "status",
        "severity",
        "assignedTo",
        "classification",
        "determination",
        "customTags",
        "comments",
        "createdDateTime",
        "lastUpdateDateTime",
        "redirectIncidentId",
        "alerts",
    ] {
        assert!(graph.contains(name) && legacy.contains(name), "{name}: {graph:?} {legacy:?}");
    }
    for name in ["incidentId", "incidentName", "createdTime", "lastUpdateTime", "tags"] {
        assert!(!legacy.contains(name), "the legacy name {name} stayed");
    }
}

#[test]
fn the_same_incident_reads_the_same_from_both_apis() {
    let stage = Stage::new();
    let by_id = |api: &str| -> Vec<(Value, [Value; 6])> {
        let mut records: Vec<_> = list(&stage, api, &["--all"])
            .records()
            .iter()
            .map(|record| {
                let fields =
                    ["status", "severity", "classification", "determination", "assignedTo", "customTags"];
                (record["id"].clone(), fields.map(|name| record[name].clone()))
            })
            .collect();
        records.sort_by_key(|(id, _)| id.to_string());
        records
    };
    let (graph, legacy) = (by_id("graph"), by_id("legacy"));
    let different: Vec<_> = graph.iter().zip(&legacy).filter(|(a, b)| a != b).collect();
    // A few records carry words or shapes that only one API knows; the bulk has to agree.
    assert!(different.len() * 20 < graph.len(), "{} differ, such as {:?}", different.len(), &different[..1]);
}

#[test]
fn raw_prints_the_servers_own_objects() {
    let stage = Stage::new();
    let graph = list(&stage, "graph", &["--raw", "--limit", "2"]).records();
    assert!(graph.iter().all(|record| record["displayName"].is_string() && record["tenantId"].is_string()));
    let legacy = list(&stage, "legacy", &["--raw", "--limit", "2"]).records();
    assert!(
        legacy.iter().all(|record| record["incidentId"].is_number() && record["createdTime"].is_string())
    );
    let lines = list(&stage, "legacy", &["--raw", "--limit", "2", "-o", "ndjson"]).stdout;
    assert_eq!(lines.lines().count(), 2);
}

#[test]
fn status_and_severity_filter_alike_on_both_apis() {
    let stage = Stage::new();
    // Many calls in a row: nobody wants to wait for the limits of the real service.
    // What waits for an action counts as active on the legacy API, so each API is measured by its own list.
    for api in APIS {
        let everything = list(&stage, api, &["--all"]).records();
        for (flag, name, words) in [
            ("--status", "status", "active"),
            ("--status", "status", "active,inProgress"),
            ("--severity", "severity", "high"),
            ("--severity", "severity", "high,informational"),
        ] {
            let wanted: BTreeSet<_> = everything
                .iter()
                .filter(|record| words.split(',').any(|word| record[name] == word))
                .map(|record| record["id"].as_str().expect("an id").to_owned())
                .collect();
            assert!(!wanted.is_empty() && wanted.len() < everything.len(), "{words}");
            assert_eq!(list(&stage, api, &[flag, words, "--all"]).ids(), wanted, "{api} {words}");
        }
    }
    let [graph, legacy] = APIS.map(|api| list(&stage, api, &["--severity", "high,medium", "--all"]).ids());
    assert_eq!(graph, legacy);
}

#[test]
fn a_limit_counts_what_was_asked_for_and_not_what_was_looked_at() {
    let stage = Stage::new();
    for api in APIS {
        let records = list(&stage, api, &["--severity", "high", "--limit", "7"]).records();
        assert_eq!(records.len(), 7, "{api}");
        assert!(records.iter().all(|record| record["severity"] == "high"), "{api}");
    }
}

#[test]
fn since_and_owner_filter_alike_on_both_apis() {
    let stage = Stage::new();
    for filter in
        [["--since", "10 days"], ["--updated-since", "3 days"], ["--assigned-to", "dana@aurora-lab.example"]]
    {
        let [flag, value] = filter;
        let [graph, legacy] = APIS.map(|api| list(&stage, api, &[flag, value, "--all"]).ids());
        assert_eq!(graph, legacy, "{filter:?}");
        assert!(!graph.is_empty() && graph.len() < 260, "{filter:?} gives {}", graph.len());
    }
}

#[test]
fn a_filter_in_the_servers_words_joins_the_others() {
    let stage = Stage::new();
    for (api, name) in [("graph", "createdDateTime"), ("legacy", "createdTime")] {
        let filter = format!("{name} ge 2000-01-01T00:00:00Z or {name} lt 1990-01-01T00:00:00Z");
        let joined = list(&stage, api, &["--status", "active", "--filter", &filter, "--all"]).ids();
        assert_eq!(joined, list(&stage, api, &["--status", "active", "--all"]).ids(), "{api}");
    }
}

#[test]
fn an_empty_list_is_still_a_list() {
    let stage = Stage::new();
    for api in APIS {
        let none = list(&stage, api, &["--since", "2099-01-01T00:00:00Z"]).saying(&["no incidents"]);
        assert_eq!(none.records().len(), 0, "{api}");
    }
}

#[test]
fn one_incident_comes_with_its_alerts() {
    let stage = Stage::new();
    let id = list(&stage, "graph", &["--limit", "1"]).json()[0]["id"].as_str().expect("an id").to_owned();
    for api in APIS {
        let incident = stage.run(&["--api", api, "incidents", "get", &id]).well().json();
        assert_eq!(incident["id"], id.as_str(), "{api}");
        assert!(incident["alerts"].as_array().is_some_and(|alerts| !alerts.is_empty()), "{api}");
        let raw = stage.run(&["--api", api, "incidents", "get", &id, "--raw"]).well().json();
        assert!(raw["displayName"].is_string() || raw["incidentName"].is_string(), "{raw}");
        let table = stage.run(&["--api", api, "incidents", "get", &id, "-o", "table"]).well();
        assert!(table.stdout.contains(&id), "{}", table.stdout);
    }
}

#[test]
fn a_list_of_some_takes_a_page_apart_that_fails_for_its_alerts() {
    let stage = Stage::with(&AUTOMATION, Options { incidents: 120, ..Options::default() });
    let whole = list(&stage, "graph", &["--limit", "90"]).ids();
    stage.tenant.switch(&serde_json::json!({ "expand_fault_above": 40 }));
    let ran = stage.run(&["incidents", "list", "--limit", "90", "--with-alerts", "-o", "json"]);
    assert_eq!(ran.ids(), whole);
    let holes = ran.stderr.lines().filter(|line| line.starts_with("{\"hole\"")).count();
    let bare = ran.records().iter().filter(|record| record["alerts"].is_null()).count();
    assert_eq!((holes, ran.code), (bare, if bare == 0 { 0 } else { 9 }), "{}", ran.stderr);
}

#[test]
fn a_list_that_ends_because_nobody_asked_for_more_says_so() {
    let stage = Stage::new();
    for what in ["incidents", "alerts"] {
        let usual = stage.run(&[what, "list", "-o", "ndjson"]).well();
        assert_eq!(usual.stdout.lines().count(), 100);
        usual.saying(&["100", "`--all`"]);
        for asked in [&["--limit", "100"][..], &["--all"]] {
            let ran = stage.run(&[&[what, "list", "-o", "ndjson"], asked].concat()).well();
            assert!(!ran.stderr.contains("--all"), "{}", ran.stderr);
        }
    }
}
