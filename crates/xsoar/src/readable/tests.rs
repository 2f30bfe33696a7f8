//! The columns of whole, empty and broken incidents.

use serde_json::json;

use super::*;

fn row(incident: &Value) -> Map<String, Value> {
    readable(incident.as_object().expect("an object"))
}

#[test]
fn an_empty_incident_has_all_columns() {
    let row = row(&json!({}));
    assert_eq!(row.keys().map(String::as_str).collect::<Vec<_>>(), COLUMNS);
    for null in ["Incident name", "Severity", "Incident ID", "Status"] {
        assert_eq!(row[null], Value::Null, "{null}");
    }
    assert_eq!(row["Assigned to"], "Unassigned");
    assert_eq!(row["Classification"], "Not set");
    assert_eq!(row["Active alerts"], "0 / 0");
    for empty in ["Tags", "Categories", "First activity", "Last activity", "Device groups"] {
        assert_eq!(row[empty], "", "{empty}");
    }
}

#[test]
fn columns_are_gathered_over_alerts_in_first_seen_order() {
    let row = row(&json!({
        "incidentId": 7, "incidentName": "N", "severity": "High", "status": "Active", "tags": ["b", "a"],
        "assignedTo": null, "classification": null,
        "alerts": [
            { "category": "Malware", "status": "New", "serviceSource": "OfficeATP", "detectionSource": "MCAS",
              "firstActivity": "2026-09-03T07:00:00.1234567Z", "lastActivity": "2026-09-03T09:00:00Z",
              "devices": [ { "deviceDnsName": "pc2" }, { "deviceDnsName": "" }, { "deviceDnsName": "pc1" } ],
              "entities": [ { "entityType": "User", "domainName": "contoso" }, { "entityType": "User" },
                { "entityType": "MailBox", "mailboxAddress": "m@x" }, { "entityType": "Ip", "domainName": "no" } ] },
            { "category": "Execution", "status": "InProgress", "firstActivity": "2026-09-03T09:00:00.1234566+02:00",
              "lastActivity": "2026-09-03T09:00:00", "devices": [ { "deviceDnsName": "pc2" } ],
              "entities": [ { "entityType": "User", "domainName": "fabrikam" }, { "entityType": "Mailbox", "mailboxAddress": "m@x" } ] },
            { "category": "Malware", "status": "Active" }, { "status": "" } ]
    }));
    assert_eq!(row["Tags"], "b, a");
    assert_eq!(row["Categories"], "Malware, Execution");
    assert_eq!(row["Impacted entities"], "contoso, fabrikam");
    assert_eq!(row["Impacted mailboxes"], "m@x");
    assert_eq!(row["Active alerts"], "2 / 3");
    assert_eq!(row["Service sources"], "OfficeATP");
    assert_eq!(row["First activity"], "2026-09-03T09:00:00.1234566+02:00");
    assert_eq!(row["Last activity"], "2026-09-03T09:00:00Z");
    assert_eq!(row["Device groups"], "pc2, pc1");
    assert_eq!((&row["Assigned to"], &row["Classification"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_would_break_the_original_is_read_mildly() {
    for incident in [
        json!({ "alerts": null, "tags": null }),
        json!({ "alerts": "text", "tags": 5 }),
        json!({ "alerts": [ null, 7, {}, { "entities": null, "devices": null, "category": null } ] }),
        json!({ "alerts": [ { "firstActivity": null, "lastActivity": "soon" },
                            { "firstActivity": "2026-13-01T00:00:00Z", "entities": [null], "devices": [ { "tags": null } ] } ] }),
    ] {
        let row = row(&incident);
        assert_eq!((&row["First activity"], &row["Last activity"]), (&json!(""), &json!("")), "{incident}");
    }
    let row = row(
        &json!({ "alerts": [ { "firstActivity": "soon" }, { "firstActivity": "2026-09-03T07:00:00" } ] }),
    );
    assert_eq!(row["First activity"], "2026-09-03T07:00:00");
}

#[test]
fn of_equal_times_the_first_alert_counts() {
    let alerts = json!([ { "firstActivity": "2026-09-03T07:00:00Z", "lastActivity": "2026-09-03T07:00:00.0Z" },
        { "firstActivity": "2026-09-03T09:00:00+02:00", "lastActivity": "2026-09-03T07:00:00Z" } ]);
    let row = row(&json!({ "alerts": alerts }));
    assert_eq!(row["First activity"], "2026-09-03T07:00:00Z");
    assert_eq!(row["Last activity"], "2026-09-03T07:00:00.0Z");
}
