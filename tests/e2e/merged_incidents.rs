//! Incidents that were merged: who reads one gets the one that goes on, who changes one is told so first.

use defender_xdr_emulator::FaultRule;
use serde_json::json;

use crate::support::{Stage, post_json, status};

const APIS: [&str; 2] = ["graph", "legacy"];

fn merge(stage: &Stage, source: &str, target: &str) {
    let body = json!({ "source": source.parse::<u64>().expect("a number"), "target": target.parse::<u64>().expect("a number") });
    control(stage, "merge", &body.to_string());
}

fn redirect(stage: &Stage, source: &str, target: u64) {
    control(stage, &format!("incidents/{source}/redirect"), &json!({ "target": target }).to_string());
}

fn control(stage: &Stage, action: &str, body: &str) {
    let url = format!("{}/_control/defender/{action}", stage.tenant.origin());
    let reply = post_json(&url, None, body);
    assert_eq!(reply.status, 200, "{}", reply.body);
}

/// A chain of two merges: 20100 into 20101 into 20102.
fn chain(stage: &Stage) {
    merge(stage, "20100", "20101");
    merge(stage, "20101", "20102");
}

#[test]
fn reading_a_merged_incident_shows_the_one_that_goes_on() {
    let stage = Stage::new();
    chain(&stage);
    for api in APIS {
        for raw in [&[][..], &["--raw"]] {
            let mut arguments = vec!["--api", api, "incidents", "get", "20100"];
            arguments.extend(raw);
            let ran = stage.run(&arguments).well();
            ran.json();
            assert!(ran.stdout.contains("20102"), "{api}: {}", ran.stdout);
            assert!(
                ran.stderr.contains("20100 was merged") && ran.stderr.contains("over 20101"),
                "{}",
                ran.stderr
            );
        }
        let end = stage.run(&["--api", api, "incidents", "get", "20100"]).well().json();
        assert_eq!((&end["id"], &end["redirectIncidentId"]), (&json!("20102"), &json!(null)));
        let husk = stage.run(&["--api", api, "incidents", "get", "20100", "--no-follow"]).well().json();
        assert_eq!((&husk["id"], &husk["redirectIncidentId"]), (&json!("20100"), &json!("20101")));
    }
}

#[test]
fn merges_without_an_end_are_noticed() {
    let stage = Stage::new();
    redirect(&stage, "20100", 20101);
    redirect(&stage, "20101", 20100);
    redirect(&stage, "20110", 99_999);
    for api in APIS {
        let get = |id: &str| stage.run(&["--api", api, "-o", "json", "incidents", "get", id]);
        let error = get("20100").ends(8).error();
        assert_eq!(error["kind"], "merge-loop", "{api}: {error}");
        assert!(error["message"].to_string().contains("20100, 20101, 20100"), "{api}: {error}");
        assert!(error["hint"].to_string().contains("--no-follow"), "{api}: {error}");
        let lost = get("20110").ends(6).error();
        assert!(lost["message"].to_string().contains("20110 was merged into 99999"), "{api}: {lost}");
        let update = ["--api", api, "incidents", "update", "20100", "--status", "resolved", "--follow"];
        stage.run(&update).ends(8);
    }
}

#[test]
fn a_chain_of_more_than_ten_merges_is_not_followed() {
    let stage = Stage::new();
    for id in 20_100..20_112_u64 {
        redirect(&stage, &id.to_string(), id + 1);
    }
    stage.run(&["incidents", "get", "20102"]).well();
    stage.run(&["incidents", "get", "20100"]).ends(8).saying(&["more than 10 merges"]);
}

#[test]
fn a_merged_incident_is_changed_only_where_it_goes_on() {
    let stage = Stage::new();
    chain(&stage);
    for api in APIS {
        for change in [
            &["incidents", "update", "20100", "--add-tag", api][..],
            &["incidents", "comment", "20100", api],
            &["incidents", "update", "20100", "--add-tag", api, "--dry-run"],
        ] {
            let mut all = vec!["--api", api, "-o", "json"];
            all.extend(change);
            let error = stage.run(&all).ends(2).error();
            assert_eq!(error["kind"], "merged", "{api}: {error}");
            assert!(error["hint"].to_string().contains("20102"), "{api}: {error}");
        }
        let writes = stage.tenant.control().requests();
        assert!(writes.iter().all(|request| !["PATCH", "POST"].contains(&request.method.as_str())
            || request.path.starts_with("/_control")
            || request.path.contains("token")));

        let tag = ["--api", api, "incidents", "update", "20100", "--add-tag", api, "--follow"];
        let changed = stage.run(&tag).well();
        assert_eq!(changed.json()["id"], "20102");
        assert!(changed.stderr.contains("20102"), "{}", changed.stderr);
        stage.run(&["--api", api, "incidents", "comment", "20100", api, "--follow"]).well();
        let target = stage.run(&["incidents", "get", "20102"]).well().json();
        assert!(
            target["customTags"].to_string().contains(api) && target["comments"].to_string().contains(api)
        );
        let husk = stage.run(&["incidents", "get", "20100", "--no-follow"]).well().json();
        assert!(!husk["customTags"].to_string().contains(api) && !husk["comments"].to_string().contains(api));
        stage.tenant.control().clear_requests();
    }
}

#[test]
fn an_incident_named_also_by_one_merged_into_it_is_changed_once() {
    let stage = Stage::new();
    merge(&stage, "20100", "20102");
    for api in APIS {
        for order in [["20100", "20102"], ["20102", "20100"]] {
            let text = format!("{api} {}", order[0]);
            let mut all = vec!["--api", api, "-o", "ndjson", "incidents", "comment"];
            all.extend(order);
            all.extend(["--text", &text, "--follow"]);
            let told = stage.run(&all).well().lines();
            let mut outcomes: Vec<_> = told.iter().map(|one| one["outcome"].to_string()).collect();
            outcomes.sort_unstable();
            assert_eq!(outcomes, [r#""unchanged""#, r#""updated""#], "{api}: {told:?}");
            let left = told.iter().find(|one| one["outcome"] == "unchanged").expect("one left as it is");
            assert_eq!(left["target"], "20102", "{api}: {told:?}");
            let seen = stage.run(&["incidents", "get", "20102"]).well().json();
            assert_eq!(seen["comments"].to_string().matches(&text).count(), 1, "{api}: {seen}");
        }
    }
}

#[test]
fn an_incident_named_twice_that_cannot_be_changed_is_told_so_twice() {
    let stage = Stage::new();
    merge(&stage, "20100", "20102");
    let lost = FaultRule {
        method: Some("PATCH".into()),
        ..FaultRule::once("/v1.0/security/incidents/20102", status(500, None))
    };
    stage.tenant.control().add_fault(lost);
    let update = ["-o", "ndjson", "incidents", "update", "20100", "20102", "--add-tag", "z", "--follow"];
    let told = stage.run(&update).ends(8).lines();
    assert!(told.len() == 2 && told.iter().all(|one| one["outcome"] == "unknown"), "{told:?}");
}
