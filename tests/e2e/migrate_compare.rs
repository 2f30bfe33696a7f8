//! `migrate compare`: both APIs read side by side, and whether the old one can be left.

use defender_xdr_emulator::directory::applications::{AUTOMATION, GRAPH_ONLY};
use defender_xdr_emulator::{Fault, Options};
use serde_json::{Value, json};

use crate::support::{Rogue, Stage, Told, post_json, until};

const ALL: [&str; 4] = ["migrate", "compare", "--since", "40 days"];

fn compare(stage: &Stage, more: &[&str], code: i32) -> Value {
    stage.run(&[&ALL, more, &["-o", "json"]].concat()).ends(code).json()
}

fn plant(stage: &Stage, api: &str, id: u64, kind: &str) {
    stage.tenant.switch(&json!({ "divergences": [{ "api": api, "id": id, "kind": kind }] }));
}

/// How often a rule explained something.
fn count(found: &Value, rule: &str) -> u64 {
    let rows = found["expected"].as_array().expect("a list");
    rows.iter().find(|row| row["rule"] == rule).map_or(0, |row| row["incidents"].as_u64().expect("a count"))
}

fn control(stage: &Stage, action: &str, body: &Value) -> Value {
    let address = format!("{}/_control/defender/{action}", stage.tenant.origin());
    let reply = post_json(&address, None, &body.to_string());
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

#[test]
fn two_apis_over_the_same_incidents_are_a_go_whichever_the_settings_name() {
    let stage = Stage::new();
    let listed = stage.run(&["incidents", "list", "--all", "-o", "json"]).well().ids();
    for api in ["graph", "legacy"] {
        let found = stage.run(&[&["--api", api], &ALL[..], &["-o", "json"]].concat()).well().json();
        assert_eq!((&found["verdict"], &found["compared"]), (&json!("go"), &json!(listed.len())), "{api}");
        assert_eq!((&found["unexplained"], &found["missing"]), (&json!([]), &json!([])), "{api}");
        assert_eq!(count(&found, "awaiting-action"), 2, "{api}");
        let rules = found["expected"].as_array().expect("a list");
        assert!(rules.iter().all(|rule| rule["why"].is_string() && rule["source"].is_string()));
        assert!(rules.iter().all(|rule| !rule["rule"].as_str().expect("a name").contains("evidence")));
    }
    let found = compare(&stage, &["--with-alerts"], 0);
    assert_eq!(found["compared"], listed.len());
    assert!(count(&found, "graph-only-of-evidence") > 100 && count(&found, "legacy-only") > 10);
    assert_eq!(found["window"]["with_alerts"], true);
}

#[test]
fn people_see_the_rules_and_what_they_do_not_explain() {
    let stage = Stage::new();
    let ran = stage.run(&[&ALL[..], &["-o", "table"]].concat()).well();
    assert!(ran.stdout.starts_with("RULE") && ran.stdout.contains("comment-author"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("INCIDENT  "), "{}", ran.stdout);
    let ran = ran.saying(&["go: 260 incidents compared", "0 not, 0 missing"]);
    assert!(!ran.stderr.contains("no-go"));

    plant(&stage, "graph", 20_017, "title");
    let ran = stage.run(&[&ALL[..], &["-o", "table"]].concat()).ends(1);
    assert!(ran.stdout.contains("displayName") && ran.stdout.contains("Another title"), "{}", ran.stdout);
    ran.saying(&["no-go: 260 incidents compared", "1 not, 0 missing"]);

    plant(&stage, "legacy", 20_017, "missing");
    let ran = stage.run(&[&ALL[..], &["-o", "markdown"]].concat()).ends(1);
    assert!(ran.stdout.contains("| 20017 | the incident | missing | there |"), "{}", ran.stdout);
    ran.saying(&["no-go: 259 incidents compared", "1 missing on one side"]);
}

#[test]
fn whatever_one_side_has_otherwise_is_a_no_go() {
    // The oldest, among which is the one that diverges.
    const FEW: [&str; 2] = ["--limit", "40"];
    let stage = Stage::new();
    for api in ["legacy", "graph"] {
        for (kind, path) in
            [("status", "status"), ("updated", "lastUpdateDateTime"), ("created", "createdDateTime")]
        {
            plant(&stage, api, 20_030, kind);
            let found = compare(&stage, &FEW, 1);
            assert_eq!((&found["verdict"], &found["compared"]), (&json!("no-go"), &json!(40)));
            assert_eq!(found["unexplained"].as_array().expect("a list").len(), 1, "{kind} on {api}: {found}");
            let told = &found["unexplained"][0];
            assert_eq!((&told["id"], &told["path"]), (&json!("20030"), &json!(path)), "{kind} on {api}");
            assert_ne!(told["legacy"], told["graph"]);
            assert_eq!(found["missing"], json!([]), "{kind} on {api}");
        }
        plant(&stage, api, 20_030, "missing");
        let found = compare(&stage, &FEW, 1);
        assert_eq!((&found["compared"], &found["unexplained"]), (&json!(39), &json!([])));
        assert_eq!(found["missing"].as_array().expect("a list").len(), 1);
        assert_eq!(
            (&found["missing"][0]["id"], &found["missing"][0]["missing_on"]),
            (&json!("20030"), &json!(api))
        );
        assert_eq!(found["missing"][0]["rule"], Value::Null);
        // Only who asks for alerts is told about them.
        plant(&stage, api, 20_030, "alerts");
        assert_eq!(compare(&stage, &FEW, 0)["verdict"], "go");
        let found = compare(&stage, &["--with-alerts", "--limit", "40"], 1);
        let path = found["unexplained"][0]["path"].as_str().expect("a path");
        assert!(path.starts_with("alerts["), "{path}");
    }
}

#[test]
fn an_incident_that_is_new_or_merged_may_be_missing() {
    let stage = Stage::new();
    let new = control(&stage, "incidents", &json!({}))["id"].as_u64().expect("an id");
    for api in ["legacy", "graph"] {
        plant(&stage, api, new, "missing");
        let found = stage.run(&["migrate", "compare", "-o", "json"]).well().json();
        assert_eq!((&found["verdict"], count(&found, "publication-lag")), (&json!("go"), 1), "{api}");
        assert_eq!(found["missing"][0]["rule"], "publication-lag");
    }
    control(&stage, "incidents/merge", &json!({ "source": 20_040, "target": 20_041 }));
    plant(&stage, "graph", 20_040, "missing");
    let found = compare(&stage, &[], 0);
    assert_eq!((count(&found, "merged"), &found["missing"][0]["id"]), (1, &json!("20040")));
}

#[test]
fn a_change_between_the_two_readings_is_no_difference() {
    let stage = Stage::new();
    let incident = stage.run(&["incidents", "get", "20005", "-o", "json"]).well().json();
    let since = incident["createdDateTime"].as_str().expect("a time");
    // The legacy API is read first, and its answer is old when it comes.
    stage.tenant.fault("/api/incidents", 0, 1, Fault::Slow { milliseconds: 3000 });
    let child = stage.start(&["migrate", "compare", "--since", since, "--limit", "20", "-o", "json"]);
    until("the first list is asked for", || (stage.tenant.requests_to("/api/incidents") > 0).then_some(()));
    control(&stage, "incidents/20005/touch", &json!({}));
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&found["verdict"], count(&found, "changed-meanwhile")), (&json!("go"), 1), "{found}");
}

#[test]
fn a_window_and_a_limit_bound_what_is_read() {
    let stage = Stage::new();
    let found = compare(&stage, &["--limit", "7"], 0);
    assert_eq!((&found["compared"], &found["window"]["cut"]), (&json!(7), &json!(true)));
    let ids =
        stage.run(&["incidents", "list", "--since", "20 days", "--until", "10 days", "--all", "-o", "json"]);
    let expected = ids.well().ids().len();
    let found = stage
        .run(&["migrate", "compare", "--since", "20 days", "--until", "10 days", "-o", "json"])
        .well()
        .json();
    assert_eq!((&found["compared"], &found["window"]["cut"]), (&json!(expected), &json!(false)));
    stage.run(&["migrate", "compare", "--since", "1 day", "--until", "2 days"]).ends(2).saying(&["--since"]);
    let nothing = ["migrate", "compare", "--since", "4000 days", "--until", "3990 days"];
    stage.run(&nothing).ends(1).saying(&["no-go: 0 incidents", "nothing to compare"]);
    stage.run(&["migrate", "compare", "--since", "soonish"]).ends(2).saying(&["flag --since"]);
    stage.run(&["migrate", "compare", "--limit", "0"]).ends(2);
}

#[test]
fn a_side_that_cannot_be_read_is_named() {
    let stage = Stage::of(&GRAPH_ONLY);
    stage.run(&ALL).ends(5).saying(&["the legacy side cannot be read"]);

    let stage = Stage::new();
    stage.tenant.switch(&json!({ "legacy_retired": 410 }));
    let ran = stage.run(&[&ALL[..], &["-o", "json"]].concat()).ends(8);
    assert_eq!(ran.stdout, "");
    assert!(ran.error()["message"].as_str().expect("a text").contains("the legacy side"), "{}", ran.stderr);

    // Past the last day of one side, for somebody who wants to be stopped.
    let stage = Stage::new();
    let end = json!([{
        "id": "legacy-api", "what": "the legacy API", "api": "legacy", "date": "2027-02-01", "confidence": "announced",
        "source": "a test"
    }]);
    let calendar = stage.home.write("retirements.json", &end.to_string(), 0o600);
    stage.also(&format!("retirements-file = \"{}\"\non-retirement = \"fail\"", calendar.display()));
    let late = stage.command(&ALL).env("DEFENDER_XDR_NOW", "2027-02-01T00:00:00Z").go();
    late.ends(3).saying(&["the legacy side cannot be read", "ended on 2027-02-01"]);

    // Signed in on one API alone.
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    stage.sign_in("dana@aurora-lab.example");
    stage.run(&ALL).ends(4).saying(&["the legacy side cannot be read", "--api legacy auth"]);
}

#[test]
fn records_that_cannot_be_read_are_no_go_and_the_work_is_partial() {
    let stage = Stage::new();
    let rogue = Rogue::start(|_| Told::Json(r#"{"value":[{"status":"active"}]}"#.to_owned()));
    let endpoint = format!("endpoint={}", rogue.origin());
    let ran = stage.run(&[&["--set", &endpoint], &ALL[..], &["-o", "json"]].concat()).ends(9);
    let found = ran.json();
    assert_eq!((&found["verdict"], &found["compared"]), (&json!("no-go"), &json!(0)));
    assert_eq!(found["unreadable"], 2);
    ran.saying(&["the legacy side: ", "the graph side: "]);
}
