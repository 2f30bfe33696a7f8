//! Signing in as what Azure says this machine is. The metadata service here is a rogue that knows one token.

use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::managed_identities::{REPORTS, TRIAGE};
use defender_xdr_emulator::{Bearer, Options};

use crate::support::{Home, Rogue, Run, Stage, Told};

const METADATA_SERVICE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

/// A tenant, and a machine whose identity may read its incidents.
fn stage() -> (Stage, Rogue) {
    let stage = Stage::bare(Options::default());
    let minted = stage.tenant.control().access_token(AUTOMATION.id, &Audience::Graph, Bearer::Application);
    let token = minted.expect("a token");
    let machine = Rogue::start(move |_| {
        Told::Json(format!(
            "{{\"access_token\":\"{token}\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\",\"resource\":\"x\"}}"
        ))
    });
    let origin = stage.tenant.origin();
    stage.home.settings(&format!(
        "authentication-flow = \"Azure Managed Identities\"\ncloud = \"custom\"\nendpoint = \"{origin}\"\n"
    ));
    (stage, machine)
}

fn run(stage: &Stage, machine: &Rogue, arguments: &[&str]) -> Run {
    stage.command(arguments).env(METADATA_SERVICE, machine.origin())
}

#[test]
fn a_machine_reads_incidents_with_its_own_identity_and_one_question() {
    let (stage, machine) = stage();
    for _ in 0..2 {
        let ran = run(&stage, &machine, &["incidents", "list", "--limit", "3"]).go().well();
        assert_eq!(ran.records().len(), 3);
    }
    let heard = machine.heard();
    let [question] = heard.as_slice() else { panic!("asked {} times", heard.len()) };
    assert_eq!(
        question.target,
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com%2F"
    );
    assert!(question.headers.iter().any(|line| line.eq_ignore_ascii_case("metadata: true")));
    assert!(!question.has_authorization());
}

#[test]
fn the_host_asked_is_told_with_the_reason() {
    let (stage, machine) = stage();
    run(&stage, &machine, &["-v", "auth", "test"])
        .go()
        .well()
        .saying(&["instance metadata service", "AZURE_POD_IDENTITY_AUTHORITY_HOST is set"]);
}

#[test]
fn the_switch_of_cortex_selects_the_flow() {
    let (stage, machine) = stage();
    let origin = stage.tenant.origin();
    let settings =
        format!("use-managed-identities = \"true\"\ncloud = \"custom\"\nendpoint = \"{origin}\"\n");
    stage.home.settings(&settings);
    let status = run(&stage, &machine, &["auth", "status"]).go().ends(1).json();
    assert_eq!(status["flow"], "managed-identity");
    run(&stage, &machine, &["auth", "test"]).go().well();
}

#[test]
fn the_switch_and_another_flow_contradict_each_other() {
    let stage = Stage::new();
    stage.also("use-managed-identities = true");
    stage.run(&["auth", "status"]).ends(3).saying(&[
        "use-managed-identities",
        "client-credentials",
        "managed-identity flow",
        "config.toml, line",
    ]);
    let off = Stage::new();
    off.also("use-managed-identities = false");
    off.run(&["auth", "test"]).well();
}

#[test]
fn elsewhere_than_on_azure_it_says_so_within_seconds() {
    let gone =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a free port");
    let (stage, _) = stage();
    stage
        .command(&["auth", "test"])
        .env(METADATA_SERVICE, &format!("http://{gone}"))
        .go()
        .ends(8)
        .saying(&["not an Azure machine", "managed-identity-source"]);
}

#[test]
fn the_demonstration_never_asks_the_machine_it_runs_on() {
    let home = Home::new();
    let machine = Rogue::start(|_| Told::Json("{}".to_owned()));
    let ran = Run::new(&home, &["--demo", "-v", "--flow", "managed-identity", "auth", "status"])
        .env(METADATA_SERVICE, machine.origin())
        .env("IDENTITY_ENDPOINT", machine.origin())
        .env("IDENTITY_HEADER", "planted")
        .go()
        .ends(1)
        .saying(&["managed identity from", "/_managed_identity/imds/"]);
    assert!(!ran.stderr.contains(machine.origin()), "{}", ran.stderr);
    assert!(machine.heard().is_empty());
}

/// A tenant whose machine has identities, and a run on one of its hosts.
fn on(stage: &Stage, host: &str, arguments: &[&str]) -> Run {
    let origin = stage.tenant.origin();
    stage
        .home
        .settings(&format!("use-managed-identities = true\ncloud = \"custom\"\nendpoint = \"{origin}\"\n"));
    let variables = stage.tenant.control().managed_identity()["hosts"][host].clone();
    variables
        .as_object()
        .expect("the variables of a host")
        .iter()
        .fold(stage.command(arguments), |run, (name, value)| run.env(name, value.as_str().expect("text")))
}

#[test]
fn every_host_gives_a_token_that_reads_incidents() {
    let stage = Stage::bare(Options::default());
    for (host, told) in [
        ("imds", "instance metadata service"),
        ("app-service", "App Service"),
        ("app-service-2017", "Azure Machine Learning or older App Service"),
        ("machine-learning", "Azure Machine Learning or older App Service"),
        ("cloud-shell", "Cloud Shell"),
    ] {
        let ran = on(&stage, host, &["-v", "incidents", "list", "--limit", "2"]).go().well().saying(&[told]);
        assert_eq!(ran.records().len(), 2, "{host}");
        on(&stage, host, &["--api", "legacy", "incidents", "list", "--limit", "2"]).go().well();
    }
}

#[test]
fn a_user_assigned_identity_is_chosen_by_each_of_its_ids() {
    let stage = Stage::bare(Options::default());
    for host in ["imds", "app-service"] {
        for (key, id) in [
            ("managed-identity-client-id", TRIAGE.application.id),
            ("managed-identity-object-id", TRIAGE.object_id),
            ("managed-identity-resource-id", TRIAGE.resource_id),
        ] {
            let pair = format!("{key}={id}");
            let proof = on(&stage, host, &["--set", &pair, "auth", "test"]).go().well().json();
            assert!(proof["permissions"].to_string().contains("ReadWrite"), "{host} {key}: {proof}");
        }
        let pair = format!("managed-identity-client-id={}", REPORTS.application.id);
        let proof = on(&stage, host, &["--set", &pair, "auth", "test"]).go().well().json();
        assert!(!proof["permissions"].to_string().contains("ReadWrite"), "{host}: {proof}");
    }
}

#[test]
fn an_identity_that_is_not_assigned_is_told_with_the_remedy() {
    let stage = Stage::bare(Options::default());
    let pair = "managed-identity-client-id=d9a2e7f3-4b5c-4e8d-8f10-2c3d4e5f6071";
    for (host, remedy) in [("imds", "az vm identity assign"), ("app-service", "az webapp identity assign")] {
        on(&stage, host, &["--set", pair, "auth", "test"]).go().ends(4).saying(&[remedy, "flag --set"]);
    }
}

#[test]
fn the_demonstration_has_a_machine_of_its_own() {
    let home = Home::new();
    let arguments = ["--demo", "--flow", "Azure Managed Identities", "incidents", "list", "--limit", "2"];
    assert_eq!(Run::new(&home, &arguments).go().well().records().len(), 2);
}
