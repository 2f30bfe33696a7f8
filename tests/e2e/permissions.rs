//! What an application lacks is named, with every way out; and the ways out work.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::{
    AUTOMATION, CORTEX_PAGE, GRAPH_ONLY, READER, UNCONSENTED,
};
use defender_xdr_emulator::directory::tenants::{AURORA, BOREALIS};

use crate::support::{Home, Run, Stage};

#[test]
fn an_application_without_any_permission_learns_which_one() {
    let stage = Stage::of(&UNCONSENTED);
    stage.run(&["incidents", "list"]).ends(5).saying(&["SecurityIncident.Read.All", "admin consent"]);
    stage.run(&["hunt", "DeviceInfo | take 1"]).ends(5).saying(&["ThreatHunting.Read.All"]);
    stage.run(&["auth", "test"]).well().saying(&["no permission"]);
}

/// A pod of AKS has tenant and application in its variables only.
#[test]
fn a_workload_identity_is_known_by_the_variables_of_its_pod() {
    let stage = Stage::bare(Options::default());
    let text = stage.settings_of("client-credentials", "", "federated-token = \"workload-identity\"");
    let ours = |line: &&str| !line.starts_with("application-id") && !line.starts_with("tenant-id");
    stage.home.settings(&text.lines().filter(ours).collect::<Vec<_>>().join("\n"));
    let in_a_pod = |arguments: &[&str]| {
        let pod = stage.command(arguments).env("AZURE_CLIENT_ID", AUTOMATION.id);
        pod.env("AZURE_TENANT_ID", AURORA.id).env("AZURE_FEDERATED_TOKEN_FILE", "/no/such/token").go()
    };
    let status = in_a_pod(&["auth", "status", "-o", "json"]).ends(1).json();
    assert_eq!(status["application_id"], AUTOMATION.id);
    assert_eq!(status["tenant"], AURORA.id);
    in_a_pod(&["auth", "permissions", "--no-token"]).well();
}

#[test]
fn a_reader_that_writes_learns_which_permission_writing_needs() {
    let stage = Stage::of(&READER);
    let list = stage.run(&["incidents", "list", "--limit", "1"]).well();
    let id = list.json()[0]["id"].as_str().expect("an id").to_owned();
    stage
        .run(&["incidents", "update", &id, "--status", "resolved"])
        .ends(5)
        .saying(&["SecurityIncident.ReadWrite.All"]);
    stage
        .run(&["--api", "legacy", "incidents", "update", &id, "--status", "resolved"])
        .ends(5)
        .saying(&["Incident.ReadWrite.All"]);
}

/// The walk of somebody who followed the Cortex documentation: refused, told why, and on by following the hint.
#[test]
fn an_application_set_up_for_the_legacy_api_is_led_there() {
    let stage = Stage::of(&CORTEX_PAGE);
    let refused = stage.run(&["incidents", "list", "-o", "json"]).ends(5);
    let error = refused.error();
    assert_eq!((error["kind"].as_str(), error["exit"].as_u64()), (Some("permission"), Some(5)));
    let hint = error["hint"].as_str().expect("a hint");
    assert!(hint.contains("SecurityIncident.Read.All") && hint.contains("2027-02-01"), "{hint}");
    let remedy = hint.split(['(', ')']).find(|part| part.starts_with("--api")).expect("a flag to copy");
    let mut arguments: Vec<_> = remedy.split(' ').collect();
    arguments.extend(["incidents", "list", "--limit", "3"]);
    assert_eq!(stage.run(&arguments).well().records().len(), 3);
    // The other form of the same remedy, as a line of the settings file.
    let line = hint.split('`').find(|part| part.starts_with("api =")).expect("a line to copy");
    stage.also(line);
    assert_eq!(stage.run(&["incidents", "list", "--limit", "3"]).well().records().len(), 3);
}

#[test]
fn an_application_set_up_for_graph_is_led_back() {
    let stage = Stage::of(&GRAPH_ONLY);
    stage.also("api = \"legacy\"");
    stage.run(&["incidents", "list"]).ends(5).saying(&["Incident.Read.All", "--api graph"]);
    stage.run(&["--api", "graph", "incidents", "list", "--limit", "1"]).well();
}

#[test]
fn the_wrong_tenant_is_named() {
    let stage = Stage::of(&AUTOMATION);
    let ran = stage.run(&["--tenant", BOREALIS.id, "incidents", "list"]).ends(4);
    ran.saying(&["AADSTS700016", "tenant-id"]);
    stage
        .run(&["--tenant", "nobody.example", "incidents", "list"])
        .ends(4)
        .saying(&["AADSTS90002", "tenant-id"]);
}

#[test]
fn each_command_is_told_allowed_or_what_it_lacks() {
    let stage = Stage::of(&READER);
    let ran = stage.run(&["auth", "permissions", "-o", "json"]).ends(1);
    let verdicts: Vec<_> = ran
        .records()
        .iter()
        .map(|row| (row["command"].clone(), row["verdict"].clone(), row["missing"].clone()))
        .map(|(command, verdict, missing)| format!("{command} {verdict} {missing}"))
        .collect();
    assert_eq!(
        verdicts,
        [
            r#""incidents list" "allowed" null"#,
            r#""incidents get" "allowed" null"#,
            r#""incidents update" "missing" "SecurityIncident.ReadWrite.All""#,
            r#""incidents comment" "missing" "SecurityIncident.ReadWrite.All""#,
            r#""alerts list" "allowed" null"#,
            r#""alerts get" "allowed" null"#,
            r#""alerts update" "missing" "SecurityAlert.ReadWrite.All""#,
            r#""alerts comment" "missing" "SecurityAlert.ReadWrite.All""#,
            r#""hunt" "missing" "ThreatHunting.Read.All""#,
        ]
    );
    let ran = ran.saying(&[
        "SecurityAlert.ReadWrite.All and SecurityIncident.ReadWrite.All and ThreatHunting.Read.All of Microsoft Graph",
        "adminconsent",
    ]);
    // The page's word and the API it is found under stand beside what the token needs.
    let hunt = &ran.records()[8];
    assert_eq!(hunt["cortex_page"][0][0]["api"], "Microsoft Threat Protection");
    assert!(hunt["admin_consent"].as_str().expect("a link").contains(READER.id));
    stage.run(&["auth", "permissions", "incidents list"]).well();
}

#[test]
fn the_verdict_follows_the_token_and_not_the_page() {
    // Everything that the Cortex page asks for is granted, and nothing that Graph needs.
    let stage = Stage::of(&CORTEX_PAGE);
    let graph = stage.run(&["auth", "permissions", "-o", "json"]).ends(1);
    assert!(graph.records().iter().all(|row| row["verdict"] == "missing"));
    let legacy = stage.run(&["--api", "legacy", "auth", "permissions"]).well();
    assert!(legacy.records().iter().all(|row| row["command"] != "alerts update"));
    let never = stage.run(&["--api", "legacy", "auth", "permissions", "alerts update"]).ends(1);
    assert_eq!(never.records()[0]["verdict"], "not in this API");
}

#[test]
fn a_person_who_never_consented_and_a_cloud_without_the_api_are_told() {
    let stage = Stage::of(&UNCONSENTED);
    stage.run(&["auth", "permissions", "hunt"]).ends(1).saying(&["ThreatHunting.Read.All"]);
    let home = Home::new();
    home.settings(&format!(
        "authentication-flow = \"client-credentials\"\ntenant-id = \"t.example\"\napplication-id = \"{}\"\n\
         client-secret = \"x\"\ncloud = \"china\"\n",
        READER.id
    ));
    let ran = Run::new(&home, &["auth", "permissions", "--no-token", "hunt", "-o", "json"]).go().well();
    assert_eq!(ran.records()[0]["verdict"], "not in this cloud");
    stage.run(&["auth", "permissions", "incidents lst"]).ends(2).saying(&["incidents list"]);
}
