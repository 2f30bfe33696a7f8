//! What incidents are about, ready for a table, a program or a block list.

use std::net::IpAddr;

use serde_json::Value;

use crate::support::Stage;

/// Incidents with alerts.
fn incidents(stage: &Stage) -> Vec<String> {
    let list = stage.run(&["incidents", "list", "--limit", "20"]).well();
    list.records().iter().map(|incident| incident["id"].as_str().expect("an id").to_owned()).collect()
}

fn entities(stage: &Stage, arguments: &[&str], ids: &[String]) -> crate::support::Ran {
    let mut all = vec!["incidents", "entities"];
    all.extend(ids.iter().map(String::as_str));
    all.extend_from_slice(arguments);
    stage.run(&all)
}

#[test]
fn each_thing_comes_once_with_what_is_known_about_it() {
    let stage = Stage::new();
    let ids = incidents(&stage);
    let found = entities(&stage, &[], &ids).well().records();
    let mut seen: Vec<String> =
        found.iter().map(|one| format!("{} {} {}", one["kind"], one["value"], one["ids"])).collect();
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total);
    for entity in &found {
        for list in ["alertIds", "incidentIds"] {
            assert!(entity[list].as_array().is_some_and(|ids| !ids.is_empty()), "{entity}");
        }
    }
    let some = entities(&stage, &["--kind", "ip,url"], &ids).well().records();
    assert!(!some.is_empty() && some.len() < total);
    assert!(some.iter().all(|entity| ["ip", "url"].contains(&entity["kind"].as_str().expect("a kind"))));
    entities(&stage, &["--kind", "planet"], &ids).ends(2).saying(&["device, user, mailbox"]);
}

#[test]
fn values_are_a_block_list_of_real_addresses_each_once() {
    let stage = Stage::new();
    // Many calls in a row: nobody wants to wait for the limits of the real service.
    let ids: Vec<_> = stage.run(&["incidents", "list", "--all"]).well().ids().into_iter().collect();
    let ran = entities(&stage, &["--kind", "ip", "--values"], &ids).well();
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(lines.len() > 10 && lines.iter().all(|line| line.parse::<IpAddr>().is_ok()), "{}", ran.stdout);
    let mut unique = lines.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), lines.len());
    assert!(!ran.stderr.contains("several kinds"), "{}", ran.stderr);
    ran.saying(&["no IP addresses were left out", "name nothing"]);
    // A firewall takes no host names among its addresses.
    entities(&stage, &["--values"], &ids).well().saying(&["several kinds (device, ", "`--kind` chooses"]);
}

#[test]
fn csv_has_a_header_and_a_row_for_each_entity() {
    let stage = Stage::new();
    let ids = incidents(&stage);
    let rows = entities(&stage, &["-o", "json"], &ids).well().records();
    let csv = entities(&stage, &["-o", "csv"], &ids).well().stdout;
    let mut lines = csv.lines();
    assert!(lines.next().is_some_and(|header| header.starts_with("kind,evidence,value,verdicts,")));
    assert_eq!(lines.count(), rows.len());
    for entity in &rows {
        let value = entity["value"].as_str().expect("text");
        assert!(csv.contains(&value.replace('"', "\"\"")), "{value}");
    }
    let nothing = entities(&stage, &["--kind", "mailbox", "-o", "csv"], &ids[..1]).well().stdout;
    assert_eq!(nothing.lines().count(), 1 + nothing.matches("\nmailbox,").count());
}

#[test]
fn both_apis_name_the_same_addresses_files_and_users() {
    let stage = Stage::new();
    let ids = incidents(&stage);
    let [graph, legacy] = ["graph", "legacy"].map(|api| {
        let found =
            entities(&stage, &["--api", api, "--kind", "device,user,mailbox,file,ip,url,process"], &ids);
        let mut found = found.well().records();
        for entity in &mut found {
            let fields = entity.as_object_mut().expect("an object");
            // Only Graph has a verdict about devices, a time of their own, and numbers of messages.
            for name in ["verdicts", "remediation", "firstSeen", "lastSeen"] {
                if fields["kind"] == "device" {
                    fields.insert(name.to_owned(), Value::Null);
                }
            }
        }
        found
    });
    assert!(graph.len() > 20);
    assert_eq!(graph, legacy);
}

#[test]
fn an_incident_that_is_not_there_is_named_and_the_others_are_shown() {
    let stage = Stage::new();
    let mut ids = incidents(&stage);
    ids.truncate(1);
    ids.push("99999999".into());
    let ran = entities(&stage, &["-o", "json"], &ids).ends(9);
    assert!(!ran.records().is_empty());
    assert!(ran.stderr.contains("99999999"), "{}", ran.stderr);
    let only = entities(&stage, &["-o", "json"], &ids[1..]).ends(6);
    assert!(only.stdout.is_empty());
    entities(&stage, &["--raw"], &ids[..1]).ends(2).saying(&["incidents get --raw"]);
}
