//! Incidents that nobody promised fail no command.

use serde_json::{Value, json};

use crate::support::{Cortex, Rogue, Told};

const BACKENDS: [&str; 2] = ["Legacy", "Graph"];

/// Incidents that nobody promised: nulls, other types, unicode, pipes, line breaks, missing members.
fn invented(count: usize) -> Vec<Value> {
    let odd = [
        json!(null),
        json!(""),
        json!("a|b`c\r\nd"),
        json!("Żółć 🦀 \u{202e}"),
        json!(7),
        json!(true),
        json!([]),
        json!({}),
        json!([null, {}, "x"]),
        json!({ "k": [null] }),
        json!("2026-09-03T07:00:00.1234567Z"),
        json!("2026-99-01"),
    ];
    let mut at = 0;
    let mut next = || {
        at += 7;
        odd[at % odd.len()].clone()
    };
    let mut one = |id: usize| {
        let mut incident = json!({ "incidentId": id, "id": id.to_string() });
        for member in [
            "incidentName",
            "tags",
            "severity",
            "status",
            "assignedTo",
            "classification",
            "comments",
            "createdTime",
            "alerts",
        ] {
            if !(id + member.len()).is_multiple_of(5) {
                incident[member] = next();
            }
        }
        if id.is_multiple_of(2) {
            let mut alert = json!({});
            for member in [
                "category",
                "status",
                "serviceSource",
                "detectionSource",
                "firstActivity",
                "lastActivity",
                "devices",
                "entities",
                "evidence",
            ] {
                alert[member] = next();
            }
            let inside = json!({ "entityType": next(), "domainName": next(), "mailboxAddress": next(), "deviceDnsName": next(), "tags": next() });
            incident["alerts"] =
                json!([alert, { "entities": [inside], "devices": [inside], "evidence": [inside] }, null]);
        }
        incident
    };
    (1..=count).map(&mut one).collect()
}

/// Each incident by itself is read and changed.
fn each_by_itself(api: &str, incidents: &[Value]) {
    let mut cortex = Cortex::new(api);
    // Brings a token, which counts for all that follows.
    cortex.entry("incidents-list", json!({ "limit": "1" }));
    for incident in incidents {
        let body = incident.to_string();
        let rogue = Rogue::start(move |_| Told::Json(body.clone()));
        cortex.params["base_url"] = json!(rogue.origin());
        for (command, args) in [
            ("incident-get", json!({ "id": "7" })),
            ("incident-update", json!({ "id": "7", "status": "Active" })),
        ] {
            let entry = cortex.entry(command, args);
            let lines = entry["HumanReadable"].as_str().expect("a text").lines().count();
            assert_eq!(lines, 4, "{api}: {incident}");
        }
    }
}

#[test]
fn two_hundred_odd_incidents_are_read_and_changed_one_by_one() {
    let incidents = invented(200);
    std::thread::scope(|scope| {
        for api in BACKENDS {
            // Nearly all of the time is the start of processes.
            for part in incidents.chunks(50) {
                scope.spawn(move || each_by_itself(api, part));
            }
        }
    });
}

#[test]
fn two_hundred_odd_incidents_fail_no_list() {
    let incidents = invented(200);
    for api in BACKENDS {
        let mut cortex = Cortex::new(api);
        cortex.entry("incidents-list", json!({ "limit": "1" }));
        let own = cortex.params["base_url"].clone();
        for page in incidents.chunks(100) {
            let body = json!({ "value": page }).to_string();
            let rogue = Rogue::start(move |_| Told::Json(body.clone()));
            cortex.params["base_url"] = json!(rogue.origin());
            let entry = cortex.entry("incidents-list", json!({}));
            assert_eq!(entry["Contents"].as_array().map(Vec::len), Some(100), "{api}");
            assert_eq!(entry["HumanReadable"].as_str().expect("a text").lines().count(), 103, "{api}");
        }
        let rows =
            json!({ "Schema": [ { "Name": "incidentName" }, { "Name": "alerts" } ], "Results": incidents })
                .to_string();
        let rogue = Rogue::start(move |_| Told::Json(rows.clone()));
        cortex.params["base_url"] = json!(rogue.origin());
        let entry = cortex.entry("advanced-hunting", json!({ "query": "x" }));
        assert_eq!(entry["HumanReadable"].as_str().expect("a text").lines().count(), 203, "{api}");
        cortex.params["base_url"] = own;
    }
}
