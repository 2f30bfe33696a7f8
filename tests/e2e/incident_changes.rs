//! Changing and commenting incidents, on both APIs.

use serde_json::{Value, json};

use crate::support::{Ran, Stage};

const APIS: [&str; 2] = ["graph", "legacy"];

fn first(stage: &Stage, filter: &[&str]) -> String {
    let mut arguments = vec!["incidents", "list", "--limit", "1"];
    arguments.extend_from_slice(filter);
    stage.run(&arguments).well().json()[0]["id"].as_str().expect("an incident").to_owned()
}

fn update(stage: &Stage, api: &str, id: &str, change: &[&str]) -> Ran {
    let mut arguments = vec!["--api", api, "incidents", "update", id];
    arguments.extend_from_slice(change);
    stage.run(&arguments)
}

/// The incident as the other API sees it.
fn seen_from_elsewhere(stage: &Stage, api: &str, id: &str) -> Value {
    let other = if api == "graph" { "legacy" } else { "graph" };
    stage.run(&["--api", other, "incidents", "get", id]).well().json()
}

#[test]
fn a_status_changes_for_everybody() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        let answer = update(&stage, api, &id, &["--status", "inProgress"]).well().json();
        assert_eq!(answer["status"], "inProgress", "{api}");
        assert_eq!(seen_from_elsewhere(&stage, api, &id)["status"], "inProgress", "{api}");
    }
}

#[test]
fn a_classification_and_its_determination_change_together() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        let pair =
            ["--classification", "truePositive", "--determination", "phishing", "--status", "resolved"];
        update(&stage, api, &id, &pair).well();
        let seen = seen_from_elsewhere(&stage, api, &id);
        assert_eq!(
            [&seen["classification"], &seen["determination"], &seen["status"]],
            ["truePositive", "phishing", "resolved"],
            "{api}"
        );
    }
}

#[test]
fn a_pair_that_does_not_fit_is_refused_before_anything_is_sent() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        let sent = stage.tenant.control().requests().len();
        let pair = ["--classification", "falsePositive", "--determination", "phishing"];
        update(&stage, api, &id, &pair).ends(2).saying(&["phishing", "falsePositive"]);
        assert_eq!(stage.tenant.control().requests().len(), sent, "{api}");
    }
}

#[test]
fn adding_and_removing_a_tag_keeps_the_others() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        update(&stage, api, &id, &["--tags", "one,two"]).well();
        update(&stage, api, &id, &["--add-tag", "three"]).well();
        update(&stage, api, &id, &["--remove-tag", "one"]).well();
        assert_eq!(seen_from_elsewhere(&stage, api, &id)["customTags"], json!(["two", "three"]), "{api}");
        update(&stage, api, &id, &["--clear-tags"]).well();
        assert_eq!(seen_from_elsewhere(&stage, api, &id)["customTags"], json!([]), "{api}");
    }
}

#[test]
fn an_owner_comes_and_goes() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        update(&stage, api, &id, &["--assigned-to", "mika@aurora-lab.example"]).well();
        assert_eq!(seen_from_elsewhere(&stage, api, &id)["assignedTo"], "mika@aurora-lab.example", "{api}");
        update(&stage, api, &id, &["--unassign"]).well();
        let owner = seen_from_elsewhere(&stage, api, &id)["assignedTo"].clone();
        assert!(owner.is_null() || owner == "", "{api}: {owner}");
    }
}

#[test]
fn a_comment_is_added_to_the_others() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        for text in ["first words", "second \"words\" – naïve ✓"] {
            stage.run(&["--api", api, "incidents", "comment", &id, text]).well();
        }
        let comments = seen_from_elsewhere(&stage, api, &id)["comments"].to_string();
        assert!(comments.contains("first words") && comments.contains("naïve ✓"), "{api}: {comments}");
    }
}

#[test]
fn a_change_and_a_comment_go_in_one_command() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        update(&stage, api, &id, &["--status", "inProgress", "--comment", "taking this one"]).well();
        let seen = seen_from_elsewhere(&stage, api, &id);
        assert_eq!(seen["status"], "inProgress", "{api}");
        assert!(seen["comments"].to_string().contains("taking this one"), "{api}");
    }
}

#[test]
fn changing_nothing_is_a_mistake_of_the_caller() {
    let stage = Stage::new();
    for api in APIS {
        update(&stage, api, "20250", &[]).ends(2);
    }
    assert_eq!(stage.tenant.requests_to("/v1.0/") + stage.tenant.requests_to("/api/"), 0);
}

#[test]
fn nothing_becomes_redirected_by_hand() {
    let stage = Stage::new();
    for api in APIS {
        let id = first(&stage, &["--status", "active"]);
        update(&stage, api, &id, &["--status", "redirected"]).ends(2).saying(&["redirected"]);
    }
}

#[test]
fn what_only_graph_can_change_names_graph() {
    let stage = Stage::new();
    let id = first(&stage, &["--status", "active"]);
    update(&stage, "legacy", &id, &["--display-name", "Storm"]).ends(2).saying(&["raph"]);
    let renamed = update(&stage, "graph", &id, &["--display-name", "Storm"]).well().json();
    assert_eq!(renamed["displayName"], "Storm");
}

#[test]
fn an_incident_that_does_not_exist_is_not_found() {
    let stage = Stage::new();
    for api in APIS {
        for arguments in [
            vec!["incidents", "get", "99999999"],
            vec!["incidents", "update", "99999999", "--status", "active"],
            vec!["incidents", "comment", "99999999", "hello"],
        ] {
            let mut all = vec!["--api", api];
            all.extend(arguments);
            stage.run(&all).ends(6).saying(&["incidents list"]);
        }
    }
}

#[test]
fn a_write_is_not_repeated_after_an_answer_that_may_have_come_too_late() {
    let stage = Stage::new();
    let id = first(&stage, &["--status", "active"]);
    let path = format!("/v1.0/security/incidents/{id}/comments");
    stage.tenant.fault(&path, 0, 5, crate::support::status(503, None));
    stage.run(&["incidents", "comment", &id, "once"]).ends(8);
    assert_eq!(stage.tenant.requests_to(&path), 1);
}
