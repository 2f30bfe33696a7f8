//! `init` with a person at a terminal.

use std::process::Command;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use defender_xdr_emulator::directory::tenants::AURORA;

use crate::support::{Ran, Stage, Terminal, until};

const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";
const ENTER: &str = "\r";

/// Waits for a question, then presses keys.
fn answer(terminal: &Terminal, question: &str, keys: &str) {
    until(question, || terminal.shown().contains(question).then_some(()));
    terminal.press(keys);
}

/// Answers everything up to the secret.
fn up_to_the_secret(terminal: &Terminal, origin: &str) {
    answer(terminal, "How do you want to sign in", &format!("{DOWN}{ENTER}"));
    // The own addresses stand last.
    answer(terminal, "Which cloud", &format!("{UP}{ENTER}"));
    answer(terminal, "Address of the sign-in service", &format!("{origin}{ENTER}"));
    answer(terminal, "Address of the API", &format!("{origin}{ENTER}"));
    answer(terminal, "Which API", ENTER);
    answer(terminal, "tenant-id (", &format!("{}{ENTER}", AURORA.id));
    // A slip is told at once, and asked again.
    answer(terminal, "application-id (", &format!("not-a-guid{ENTER}"));
    answer(terminal, "it is a GUID", &"\u{7f}".repeat(10));
    terminal.press(&format!("{}{ENTER}", AUTOMATION.id));
    answer(terminal, "What do you want to set", ENTER);
}

#[test]
fn a_person_is_asked_only_what_is_missing_and_ends_with_an_incident() {
    let stage = Stage::bare(Options::default());
    let secret = AUTOMATION.secret.as_ref().expect("a secret").value;
    let terminal = Terminal::open();
    let child = stage.command(&["init"]).at(&terminal).start();
    up_to_the_secret(&terminal, stage.tenant.origin());
    answer(&terminal, "client-secret (", &format!("{secret}{ENTER}"));
    answer(&terminal, "Write this", ENTER);
    let code = child.wait_with_output().expect("it ends").status.code();
    assert_eq!(code, Some(0), "{}", terminal.shown());
    // What was written last may still be on its way through the terminal.
    let next = || Some(terminal.shown()).filter(|shown| shown.contains("defender-xdr incidents list"));
    let shown = until("the next command is named", next);
    assert!(shown.contains("next"), "{shown}");
    assert!(!shown.contains(secret), "the secret is not shown");
    // The names of the admin centre: one GUID looks like the other.
    for name in ["\"Directory (tenant) ID\"", "\"Application (client) ID\"", "\"Secret ID\""] {
        assert!(shown.contains(name), "{name} is not in {shown}");
    }
    assert!(shown.contains("geo-eu – as public, with the legacy API"), "{shown}");
    stage.run(&["incidents", "list", "--limit", "1"]).well();

    // The second time, the return key keeps everything.
    let before = std::fs::read_to_string(stage.home.settings_file()).expect("settings");
    let terminal = Terminal::open();
    let child = stage.command(&["init"]).at(&terminal).start();
    for question in [
        "How do you want to sign in",
        "Which cloud",
        "Address of the sign-in service",
        "Address of the API",
        "Which API",
        "tenant-id (",
        "application-id (",
        "Write this",
    ] {
        answer(&terminal, question, ENTER);
    }
    let code = child.wait_with_output().expect("it ends").status.code();
    assert_eq!(code, Some(0), "{}", terminal.shown());
    assert_eq!(std::fs::read_to_string(stage.home.settings_file()).expect("settings"), before);
}

#[test]
fn an_interrupt_before_the_end_leaves_nothing() {
    let stage = Stage::bare(Options::default());
    let terminal = Terminal::open();
    let child = stage.command(&["init"]).at(&terminal).start();
    up_to_the_secret(&terminal, stage.tenant.origin());
    until("the secret is asked for", || terminal.shown().contains("client-secret (").then_some(()));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    Ran::new(child.wait_with_output().expect("it ends")).ends(130);
    assert!(stage.home.snapshot().is_empty(), "{:?}", stage.home.snapshot().keys());
    assert!(terminal.shown().contains("\u{1b}[?25h"), "the cursor is back");
}

#[test]
fn who_does_not_agree_changes_nothing() {
    let stage = Stage::bare(Options::default());
    let terminal = Terminal::open();
    let child =
        stage.command(&["init", "--flow", "managed-identity", "--set", "cloud=public"]).at(&terminal).start();
    answer(&terminal, "Which API", ENTER);
    answer(&terminal, "Write this", "n");
    let code = child.wait_with_output().expect("it ends").status.code();
    assert_eq!(code, Some(1), "{}", terminal.shown());
    assert!(stage.home.snapshot().is_empty());
}
