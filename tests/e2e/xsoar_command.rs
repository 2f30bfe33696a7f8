//! A line of the War Room, with the settings and the sign-in of this program.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use serde_json::json;

use crate::support::{Rogue, Stage, Told};

#[test]
fn a_line_gives_the_entry_or_what_the_war_room_shows() {
    let stage = Stage::new();
    let line = "!microsoft-365-defender-incidents-list limit=2 status=Active";
    let entry = stage.run(&["xsoar", "command", line]).well().json();
    assert_eq!((&entry["Type"], entry["Contents"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    for api in ["graph", "legacy"] {
        let shown = stage.run(&["--api", api, "-o", "table", "xsoar", "command", line]).well().stdout;
        assert!(shown.starts_with("### Incidents:\n|Incident name|Tags|"), "{shown}");
    }
}

#[test]
fn a_command_can_be_called_by_its_own_name() {
    let stage = Stage::new();
    let name = "microsoft-365-defender-incidents-list";
    let entry = stage.run(&[name, "limit=1", "status=Active"]).well().json();
    assert_eq!(entry["Contents"].as_array().map(Vec::len), Some(1));
    let words = stage
        .run(&["xsoar", "command", "advanced-hunting", "query=DeviceInfo | take 3", "limit=-1"])
        .well()
        .json();
    assert_eq!(words["Contents"]["query"], "DeviceInfo | take 3");
    let quoted =
        r#"!microsoft-365-defender-advanced-hunting query=`DeviceInfo | where DeviceName != "x"` limit=1"#;
    let entry = stage.run(&["xsoar", "command", quoted]).well().json();
    assert_eq!(entry["Contents"]["results"].as_array().map(Vec::len), Some(1));
}

#[test]
fn mistakes_in_a_line_are_named_before_anything_is_sent() {
    let stage = Stage::new();
    stage.run(&["xsoar", "command", "!nope"]).ends(2).saying(&["`nope`", "incidents-list"]);
    stage.run(&["xsoar", "command", "!incident-get id=1 ID=2"]).ends(2).saying(&["`ID`", "id, timeout"]);
    stage.run(&["xsoar", "command", "!incident-get id=\"1"]).ends(2).saying(&["quote"]);
    stage.run(&["xsoar", "command", "incident-get", "1"]).ends(2).saying(&["name=value"]);
    assert_eq!(stage.tenant.control().requests().len(), 0);
}

#[test]
fn failures_have_the_originals_text_and_this_programs_exit_codes() {
    let stage = Stage::new();
    let ran = stage.run(&["xsoar", "command", "!microsoft-365-defender-incident-get id=99999999"]).ends(6);
    assert_eq!(ran.json()["Type"], 4);
    let said = "Failed to execute microsoft-365-defender-incident-get command.";
    stage
        .run(&["-o", "table", "xsoar", "command", "!incident-get id=99999999"])
        .ends(6)
        .saying(&[said, "[404]"]);
    stage.run(&["xsoar", "command", "!incident-get"]).ends(2).saying(&["Missing \"id\""]);
    let signed_out = Stage::of_device_code(&AUTOMATION, Options::default());
    signed_out.run(&["xsoar", "command", "!incidents-list"]).ends(4).saying(&["auth-start"]);
}

#[test]
fn a_person_signs_in_by_the_commands_of_the_war_room() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let shown =
        stage.run(&["-o", "table", "xsoar", "command", "!microsoft-365-defender-auth-start"]).well().stdout;
    assert!(shown.starts_with("### Authorization instructions\n"), "{shown}");
    stage.tenant.control().approve(&stage.user_code(), "dana@aurora-lab.example").expect("approved");
    stage.run(&["microsoft-365-defender-auth-complete"]).well();
    stage.run(&["microsoft-365-defender-auth-test"]).well();
    stage.run(&["incidents", "list", "--limit", "1"]).well();
    stage.run(&["microsoft-365-defender-auth-reset"]).well();
    stage.run(&["auth", "status"]).ends(1);
}

#[test]
fn names_from_attackers_do_not_steer_the_terminal() {
    let stage = Stage::new();
    let rogue = Rogue::start(|_| {
        Told::Json(
            json!({ "value": [ { "id": "7", "displayName": "red \u{1b}[31m \u{202e}" } ] }).to_string(),
        )
    });
    let rogue = format!("endpoint={}", rogue.origin());
    let run = stage.command(&["--set", &rogue, "-o", "table", "xsoar", "command", "!incidents-list"]);
    let shown = run.go().well().stdout;
    assert!(shown.contains("red") && !shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}
