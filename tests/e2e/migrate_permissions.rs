//! `migrate permissions`: the fewest grants, where to consent, for one profile and for many; and nobody is asked.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use serde_json::json;

use crate::support::Stage;

#[test]
fn the_fewest_grants_for_the_commands_in_use_are_named_without_asking_anybody() {
    let stage = Stage::new();
    let commands = ["incidents list", "incidents update", "hunt"];
    let ran = stage
        .run(&[&["--api", "legacy", "-o", "json", "migrate", "permissions"], &commands[..]].concat())
        .well();
    let row = ran.json();
    let names: Vec<_> =
        row["permissions"].as_array().expect("a list").iter().map(|grant| grant["name"].clone()).collect();
    assert_eq!(names, ["SecurityIncident.ReadWrite.All", "ThreatHunting.Read.All"]);
    assert_eq!(row["api"], "legacy");
    let consent = row["admin_consent"].as_str().expect("an address");
    assert!(consent.contains("/adminconsent?client_id=") && consent.contains(AUTOMATION.id), "{consent}");
    assert_eq!(stage.tenant.control().requests().len(), 0);
}

#[test]
fn the_manifest_names_each_permission_by_its_identifier() {
    let stage = Stage::of_device_code(&AUTOMATION, Options::default());
    let ran = stage.run(&["migrate", "permissions", "--manifest", "hunt", "alerts list"]).well();
    assert_eq!(
        ran.json(),
        json!({ "requiredResourceAccess": [{
            "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [
                { "id": "bc257fb8-46b4-4b15-8713-01e91bfbe4ea", "type": "Scope" },
                { "id": "b152eca8-ea73-4a48-8c98-1a6742673d99", "type": "Scope" },
            ],
        }] })
    );
}

#[test]
fn a_table_of_all_profiles_shows_broken_ones_too() {
    let stage = Stage::new();
    stage.also(
        "\n[profile.north]\ntenant-id = \"north.example\"\napi = \"legacy\"\n\n[profile.south]\n\
         tenant-id = \"south.example\"\nauthentication-flow = \"device-code\"\n\n[profile.west]\nauthentication-flow = \"no-such\"\n",
    );
    let ran = stage.run(&["-o", "csv", "migrate", "permissions", "--all-profiles", "incidents list"]).ends(1);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ran.stdout);
    assert!(lines[0].starts_with("profile,tenant,application,"), "{}", lines[0]);
    assert!(lines[1].starts_with("north,north.example,") && lines[1].contains("legacy"), "{}", lines[1]);
    assert!(
        lines[1].contains("SecurityIncident.Read.All") && lines[1].contains("north.example/adminconsent")
    );
    assert!(lines[2].starts_with("south,south.example,") && lines[2].contains("delegated"), "{}", lines[2]);
    assert!(lines[3].starts_with("west,") && lines[3].contains("no-such"), "{}", lines[3]);
    stage.run(&["-o", "table", "migrate", "permissions", "--all-profiles"]).ends(1);
}

#[test]
fn without_profiles_or_settings_it_says_so() {
    let stage = Stage::bare(Options::default());
    stage.run(&["migrate", "permissions"]).ends(3).saying(&["authentication-flow"]);
    stage.run(&["migrate", "permissions", "--all-profiles"]).ends(3).saying(&["no profiles"]);
    stage.run(&["migrate", "permissions", "no-such"]).ends(2);
}
