//! The same thing is one entity, and what is not the same stays apart.

use defender_xdr_core::backend::Backend;
use serde_json::{Value, json};

use super::*;

/// The entities of alerts with this evidence, one alert for each list.
fn gathered(alerts: &[Value]) -> Vec<Entity> {
    let mut entities = Entities::default();
    for (index, evidence) in alerts.iter().enumerate() {
        let json = json!({ "id": format!("a{index}"), "createdDateTime": "2026-09-03T07:00:00Z", "evidence": evidence });
        entities.add("7", &Alert::read(Backend::Graph, &json.to_string()).expect("readable"));
    }
    entities.finish()
}

fn values(entities: &[Entity]) -> Vec<(&str, &str)> {
    entities.iter().map(|entity| (entity.kind.word(), entity.value.as_str())).collect()
}

fn piece(kind: &str, members: Value) -> Value {
    let Value::Object(mut fields) = members else { panic!("an object") };
    fields.insert("@odata.type".into(), format!("#microsoft.graph.security.{kind}Evidence").into());
    Value::Object(fields)
}

#[test]
fn a_device_is_one_however_its_name_is_written() {
    let found = gathered(&[
        json!([piece(
            "device",
            json!({ "mdeDeviceId": "4F", "deviceDnsName": "TestServer4", "verdict": "unknown" })
        )]),
        json!([piece(
            "device",
            json!({ "mdeDeviceId": "4f", "azureAdDeviceId": "g", "deviceDnsName": "testserver4",
            "verdict": "malicious", "createdDateTime": "2026-09-03T06:00:00.5Z" })
        )]),
        json!([piece("device", json!({ "deviceDnsName": "TESTSERVER4" }))]),
        json!([piece("device", json!({ "mdeDeviceId": "50", "deviceDnsName": "other" }))]),
    ]);
    assert_eq!(values(&found), [("device", "testserver4"), ("device", "other")]);
    let server = &found[0];
    assert_eq!(server.ids["azureAdDeviceId"], "g");
    assert_eq!(server.verdicts.iter().map(String::as_str).collect::<Vec<_>>(), ["malicious", "unknown"]);
    assert_eq!(server.alert_ids.len(), 3);
    assert_eq!(server.first_seen.as_deref(), Some("2026-09-03T06:00:00.5Z"));
    assert_eq!(server.last_seen.as_deref(), Some("2026-09-03T07:00:00Z"));
}

#[test]
fn an_account_known_by_less_joins_the_only_one_it_can_be() {
    let account = |members: Value| piece("user", json!({ "userAccount": members }));
    let whole = json!({ "accountName": "mika", "domainName": "NW", "azureAdUserId": "g", "userSid": "S-1", "userPrincipalName": "Mika@nw.example" });
    let found = gathered(&[
        json!([account(json!({ "accountName": "mika", "domainName": "nw" }))]),
        json!([account(whole.clone()), account(json!({ "userSid": "S-1", "accountName": "" }))]),
        json!([
            account(json!({ "accountName": "mika" })),
            account(json!({ "accountName": "dana", "domainName": "nw" }))
        ]),
    ]);
    assert_eq!(values(&found), [("user", "Mika@nw.example"), ("user", "mika"), ("user", "nw\\dana")]);
    let twin = json!({ "accountName": "mika", "domainName": "NW", "azureAdUserId": "h" });
    let found = gathered(&[json!([
        account(whole),
        account(twin),
        account(json!({ "accountName": "mika", "domainName": "nw" }))
    ])]);
    assert_eq!(found.len(), 3, "two candidates would be a guess");
}

#[test]
fn a_missing_hash_makes_another_file_and_a_path_does_not() {
    let file = |members: Value| piece("file", json!({ "mdeDeviceId": "d", "fileDetails": members }));
    let found = gathered(&[json!([
        file(json!({ "sha1": "A", "sha256": "B", "fileName": "x.exe", "filePath": "C:\\Temp" })),
        file(
            json!({ "sha1": "a", "sha256": "b", "fileName": "X.exe", "filePath": "\\Device\\HarddiskVolume2\\Temp", "md5": "m" })
        ),
        file(json!({ "sha1": "a", "sha256": null, "fileName": "x.exe" })),
        file(json!({ "fileName": "y.txt", "filePath": "C:\\Temp\\" })),
        file(json!({ "fileName": "y.txt", "filePath": "C:\\Other" })),
        piece("fileHash", json!({ "algorithm": "md5", "value": "0f" })),
    ])]);
    let expected = [
        ("file", "B"),
        ("file", "a"),
        ("file", "C:\\Temp\\y.txt"),
        ("file", "C:\\Other\\y.txt"),
        ("file", "0f"),
    ];
    assert_eq!(values(&found), expected);
}

#[test]
fn a_process_is_its_number_on_its_device_from_its_beginning_on() {
    let process = |number: u32, began: &str, verdict: &str| {
        piece(
            "process",
            json!({ "mdeDeviceId": "d", "processId": number, "processCreationDateTime": began, "verdict": verdict,
            "processCommandLine": "run", "imageFile": { "fileName": "run.exe", "sha1": verdict } }),
        )
    };
    let found = gathered(&[json!([
        process(7, "2026-09-03T07:38:54.50Z", "unknown"),
        process(7, "2026-09-03T07:38:54.5Z", "malicious"),
        process(7, "2026-09-03T08:00:00Z", "unknown"),
        process(8, "2026-09-03T07:38:54.5Z", "unknown"),
    ])]);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].verdicts.len(), 2);
}

#[test]
fn addresses_have_one_spelling_and_bad_ones_stay_as_they_are() {
    let address = |text: &str| piece("ip", json!({ "ipAddress": text }));
    let mut entities = Entities::default();
    let evidence = ["2001:DB8::0:1", "2001:db8::1", "999.1.1.1", "", "  "].map(address);
    let json = json!({ "id": "a", "evidence": evidence });
    entities.add("7", &Alert::read(Backend::Graph, &json.to_string()).expect("readable"));
    assert_eq!(entities.nameless(), 2);
    assert_eq!(values(&entities.finish()), [("ip", "2001:db8::1"), ("ip", "999.1.1.1")]);
}

#[test]
fn everything_else_has_a_place_and_what_is_inside_counts_too() {
    let found = gathered(&[json!([
        piece("dns", json!({ "domainName": "brightpath.example", "hostIpAddress": { "ipAddress": "192.0.2.9" } })),
        piece("registryKey", json!({ "registryHive": "HKLM", "registryKey": "Run" })),
        piece("cloudApplication", json!({ "appId": 7, "displayName": "Files" })),
        piece("cloudApplication", json!({ "appId": 7, "displayName": "Files (old)" })),
        piece("quantum", json!({ "qubits": 12, "verdict": "entangled" })),
        piece("quantum", json!({ "qubits": 12, "verdict": "unknown" })),
        { "entityType": "Odd", "note": "no type" },
        7
    ])]);
    let expected = [
        ("ip", "192.0.2.9"),
        ("other", "brightpath.example"),
        ("other", "HKLM\\Run"),
        ("other", "Files"),
        ("other", "quantumEvidence"),
        ("other", "Odd"),
    ];
    assert_eq!(values(&found), expected);
    assert_eq!(found[4].verdicts.len(), 2);
}
