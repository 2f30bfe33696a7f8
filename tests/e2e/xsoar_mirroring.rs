//! Mirroring as the platform asks for it, on both backends: what is new comes in, what was changed goes out, and nothing
//! comes back.

use serde_json::{Value, json};

use crate::support::Cortex;

const BACKENDS: [&str; 2] = ["Legacy", "Graph"];
const LONG_AGO: &str = "2020-01-01T00:00:00Z";
const TO: &str = "CommentToMicrosoft365Defender";

/// An instance that mirrors both ways, and an incident that is open.
fn mirroring(api: &str) -> (Cortex, String) {
    let mut cortex = Cortex::new(api);
    for (name, value) in [
        ("mirror_direction", json!("Incoming And Outgoing")),
        ("close_incident", json!(true)),
        ("close_out", json!(true)),
    ] {
        cortex.params[name] = value;
    }
    let listed = cortex.entry("incidents-list", json!({ "status": "Active", "limit": "1" }));
    let id = listed["Contents"][0]["incidentId"].to_string();
    (cortex, id)
}

/// What the platform asks about one incident: the incident, then the entries.
fn ask(cortex: &mut Cortex, id: &str, last_update: &str) -> Vec<Value> {
    let answer = cortex.ask("get-remote-data", json!({ "id": id, "lastUpdate": last_update }));
    let [list] = answer["results"].as_array().expect("a list").as_slice() else {
        panic!("one result: {answer}")
    };
    list.as_array().expect("a list").clone()
}

/// What the platform tells about one incident.
fn tell(cortex: &mut Cortex, id: &str, mut told: Value) -> Value {
    told["remoteId"] = json!(id);
    told["data"] = json!({});
    let answer = cortex.ask("update-remote-system", told);
    assert_eq!(answer["results"], json!([id]), "{answer}");
    answer
}

fn incident(cortex: &mut Cortex, id: &str) -> Value {
    cortex.entry("incident-get", json!({ "id": id }))["Contents"].clone()
}

fn updated(cortex: &mut Cortex, id: &str) -> String {
    incident(cortex, id)["lastUpdateTime"].as_str().expect("a time").to_owned()
}

fn writes(cortex: &Cortex) -> usize {
    let requests = cortex.stage.tenant.control().requests();
    requests
        .iter()
        .filter(|request| {
            request.path.contains("/incidents") && (request.method == "PATCH" || request.method == "POST")
        })
        .count()
}

#[test]
fn a_comment_from_defender_becomes_an_entry_once() {
    for api in BACKENDS {
        let (mut cortex, id) = mirroring(api);
        let before = updated(&mut cortex, &id);
        cortex.entry("incident-update", json!({ "id": id, "comment": "look <here> & there\nnow" }));
        let changed = cortex.ask("get-modified-remote-data", json!({ "lastUpdate": before }));
        let [ids] = changed["results"].as_array().expect("a list").as_slice() else { panic!("{changed}") };
        assert_eq!((&ids["Type"], &ids["ContentsFormat"]), (&json!(1), &json!("json")));
        assert!(ids["Contents"].as_array().expect("ids").contains(&json!(id)), "{ids}");
        let new = ask(&mut cortex, &id, &before);
        assert_eq!(new[0]["incidentId"].to_string(), id);
        for name in ["Categories", "Devices", "Mailboxes", "Active alerts", "comments"] {
            assert!(!new[0][name].is_null(), "{name}");
        }
        assert_eq!(new[1]["Contents"], json!({ "dbotIncidentReopen": true }));
        let entry = &new[2];
        let lines: Vec<_> = entry["Contents"].as_str().expect("a text").lines().collect();
        assert!(lines[0].starts_with("Created By: ") && lines[1].starts_with("Created On: "), "{entry}");
        assert_eq!(lines[2..], ["look &lt;here&gt; &amp; there", "now"]);
        assert_eq!(entry["Tags"], json!(["CommentFromMicrosoft365Defender"]));
        assert_eq!((&entry["ContentsFormat"], &entry["Note"]), (&json!("html"), &json!(true)));
        assert_eq!(entry["EntryContext"]["comments"]["comment"], "look <here> & there\nnow");
        // The platform's time may lie before what it has got already.
        let again = ask(&mut cortex, &id, &before);
        assert!(again.iter().all(|entry| entry["Note"].is_null()), "{again:?}");
    }
}

#[test]
fn fields_entries_and_closing_go_out_and_do_not_come_back() {
    for api in BACKENDS {
        let (mut cortex, id) = mirroring(api);
        let before = updated(&mut cortex, &id);
        let entry =
            |contents: &str| json!({ "contents": contents, "user": "ann", "tags": [TO], "created": before });
        let told = json!({ "incidentChanged": true, "status": 2,
            "delta": { "assignedTo": "ann@aurora-lab.example", "closeReason": "False Positive", "closeNotes": "n" },
            "entries": [entry("first"), entry("<second>"), { "contents": "private", "tags": [] }] });
        let answer = tell(&mut cortex, &id, told.clone());
        assert_eq!(answer["logs"], json!([]), "{api}");
        let now = incident(&mut cortex, &id);
        assert_eq!(now["status"], "Resolved");
        assert_eq!(
            (&now["classification"], &now["determination"]),
            (&json!("FalsePositive"), &json!("Other"))
        );
        assert_eq!(now["assignedTo"], "ann@aurora-lab.example");
        let said = |now: &Value, text: &str| {
            let comments = now["comments"].as_array().expect("a list");
            comments.iter().filter(|comment| comment["comment"] == text).count()
        };
        assert_eq!(said(&now, "(ann): first\n\n Mirrored from Cortex XSOAR"), 1);
        assert_eq!(said(&now, "(ann): <second>\n\n Mirrored from Cortex XSOAR"), 1);
        // The same again, as after a call whose end nobody saw: nothing is written.
        let count = writes(&cortex);
        tell(&mut cortex, &id, told);
        assert_eq!(writes(&cortex), count, "{api}");
        // And what comes back is the closing, which is known, and no comment.
        let back = ask(&mut cortex, &id, &before);
        assert_eq!(
            back[1..],
            [
                json!({ "Type": 1, "Contents": { "dbotIncidentClose": true, "closeReason": "False Positive" }, "ContentsFormat": "json" })
            ]
        );
        // A platform that tells what mirroring did: an echo.
        tell(
            &mut cortex,
            &id,
            json!({ "incidentChanged": true, "status": 2, "delta": { "closeReason": "False Positive" } }),
        );
        assert_eq!(writes(&cortex), count, "{api}");
        tell(
            &mut cortex,
            &id,
            json!({ "incidentChanged": true, "status": 1, "delta": { "closeReason": "" } }),
        );
        assert_eq!(incident(&mut cortex, &id)["status"], "Active");
    }
}

#[test]
fn our_own_writing_reopens_nothing() {
    for api in BACKENDS {
        let (mut cortex, id) = mirroring(api);
        let before = updated(&mut cortex, &id);
        let entry = json!({ "contents": "hello", "user": "ann", "tags": [TO], "created": before });
        tell(&mut cortex, &id, json!({ "entries": [entry], "incidentChanged": false }));
        assert_ne!(updated(&mut cortex, &id), before, "the comment changed it");
        assert_eq!(ask(&mut cortex, &id, &before).len(), 1, "{api}: neither an entry nor reopened");
    }
}

#[test]
fn failures_are_told_in_the_log_and_stop_nothing_else() {
    for api in BACKENDS {
        let (mut cortex, id) = mirroring(api);
        let told = json!({ "incidentChanged": true, "delta": { "status": "Redirected", "classification": "FalsePositive",
                "determination": "Malware" },
            "entries": [{ "contents": "still", "tags": [TO] }] });
        let answer = tell(&mut cortex, &id, told);
        assert_eq!(answer["logs"].as_array().expect("a list").len(), 2, "{answer}");
        let comments = incident(&mut cortex, &id)["comments"].to_string();
        assert!(comments.contains("(dbot): still"), "{comments}");
        let answer =
            tell(&mut cortex, "99999999", json!({ "incidentChanged": true, "delta": { "assignedTo": "a" } }));
        assert!(answer["logs"][0]["message"].as_str().expect("a text").contains("404"), "{answer}");
        let read = ask(&mut cortex, "99999999", LONG_AGO);
        assert_eq!(read[0]["incidentId"], 99_999_999);
        assert!(read[0]["in_mirror_error"].as_str().expect("a text").contains("404"), "{read:?}");
    }
}

#[test]
fn odd_arguments_have_the_originals_answers() {
    let (mut cortex, id) = mirroring("Legacy");
    for time in ["0", "no time", ""] {
        let answer = cortex.ask("get-remote-data", json!({ "id": id, "lastUpdate": time }));
        assert_eq!(answer["results"], json!([[{ "incidentId": id.parse::<u64>().expect("a number") }]]));
    }
    let answer = cortex.ask("get-modified-remote-data", json!({ "lastUpdate": "no time" }));
    assert_eq!(answer["results"], json!([{ "Contents": [], "Type": 1, "ContentsFormat": "json" }]));
    assert_eq!(
        cortex.error("get-remote-data", json!({ "id": "" })),
        "Failed to execute get-remote-data command.\nError:\nget_remote_data_command - remote_incident_id is None"
    );
    let fields = cortex.ask("get-mapping-fields", json!({}));
    assert_eq!(
        fields["results"][0]["Microsoft 365 Defender Incident"]["status"],
        "Specifies the current status of the incident."
    );
}

#[test]
fn incidents_that_cannot_be_listed_are_no_update() {
    let (mut cortex, _) = mirroring("Legacy");
    cortex.params["credentials"] = json!({ "identifier": "", "password": "wrong" });
    cortex.context = json!({});
    let text = cortex.error("get-modified-remote-data", json!({ "lastUpdate": LONG_AGO }));
    assert!(
        text.starts_with("skip update. error: Failed to execute get-modified-remote-data command.\nError:\n"),
        "{text}"
    );
}
