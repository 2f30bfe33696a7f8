//! The board in a terminal: what a person sees and presses, and that the terminal is theirs again afterwards.

use std::process::Child;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Stage, Terminal, until};

/// What puts the screen back that was there before, and shows the cursor again.
const GIVEN_BACK: [&str; 2] = ["\u{1b}[?1049l", "\u{1b}[?25h"];

fn shows(terminal: &Terminal, words: &str) {
    until(words, || terminal.seen().contains(words).then_some(()));
}

/// The board has all that there is.
fn is_loaded(terminal: &Terminal) {
    shows(terminal, "260 of 260  scope");
}

fn is_given_back(terminal: &Terminal, before: &str) {
    assert_eq!(terminal.manners(), before);
    let shown = terminal.shown();
    for sequence in GIVEN_BACK {
        until("the screen is given back", || terminal.shown().contains(sequence).then_some(()));
    }
    let taken = shown.rfind("\u{1b}[?1049h").expect("it was taken");
    assert!(terminal.shown().rfind(GIVEN_BACK[0]).is_some_and(|given| given > taken));
}

fn ended(child: Child, code: i32) -> String {
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(code));
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_person_looks_at_an_incident_and_leaves_the_terminal_as_it_was() {
    for api in ["graph", "legacy"] {
        let stage = Stage::new();
        let terminal = Terminal::open();
        let before = terminal.manners();
        let child = stage.command(&["--api", api, "incidents", "board"]).played_on(&terminal).start();
        is_loaded(&terminal);
        terminal.press("\r");
        shows(&terminal, "Comments");
        assert_ne!(terminal.manners(), before);
        terminal.press("2h\r");
        shows(&terminal, "where Timestamp");
        // Ctrl-C comes as a key.
        terminal.press("\u{3}");
        ended(child, 0);
        is_given_back(&terminal, &before);
    }
}

#[test]
fn nothing_is_written_before_it_was_shown_and_confirmed() {
    let stage = Stage::new();
    let newest = stage.run(&["incidents", "list", "--limit", "1"]).well().records()[0].clone();
    let id = newest["id"].as_str().expect("an id").to_owned();
    let owner = || stage.run(&["incidents", "get", &id]).well().json()["assignedTo"].clone();
    let before = owner();
    for (answer, expected) in [("n", before.clone()), ("y", "robin@aurora-lab.example".into())] {
        let terminal = Terminal::open();
        let board = ["incidents", "board", "--owner", "robin@aurora-lab.example"];
        let child = stage.command(&board).played_on(&terminal).start();
        is_loaded(&terminal);
        terminal.press("a\r");
        shows(&terminal, "Write this?");
        shows(&terminal, "robin@aurora-lab.example");
        assert_eq!(owner(), before, "it was only shown");
        terminal.press(answer);
        shows(&terminal, if answer == "y" { "was changed" } else { "nothing was written" });
        terminal.press("q");
        ended(child, 0);
        assert_eq!(owner(), expected, "{answer}");
    }
}

#[test]
fn a_signal_ends_the_board_and_gives_the_terminal_back() {
    let stage = Stage::new();
    for (signal, code) in [(Signal::TERM, 0), (Signal::HUP, 0), (Signal::INT, 130)] {
        let terminal = Terminal::open();
        let before = terminal.manners();
        let child = stage.command(&["incidents", "board"]).played_on(&terminal).start();
        is_loaded(&terminal);
        let id = Pid::from_raw(i32::try_from(child.id()).expect("small")).expect("an id");
        kill_process(id, signal).expect("heard");
        ended(child, code);
        is_given_back(&terminal, &before);
    }
}

#[test]
fn what_cannot_be_listed_is_told_as_by_any_command() {
    let stage = Stage::with(&AUTOMATION, Options::default());
    let terminal = Terminal::open();
    let before = terminal.manners();
    let board = ["incidents", "board", "--filter", "nonsense eq 1"];
    let child = stage.command(&board).played_on(&terminal).start();
    ended(child, 2);
    is_given_back(&terminal, &before);
    shows(&terminal, "flag --filter");
}

#[test]
fn a_board_needs_a_terminal() {
    let stage = Stage::new();
    let ran = stage.run(&["incidents", "board"]).ends(2);
    assert!(ran.stderr.contains("incidents list"), "{}", ran.stderr);
    let terminal = Terminal::open();
    let dumb = stage.command(&["incidents", "board"]).played_on(&terminal).env("TERM", "dumb");
    ended(dumb.start(), 2);
}

#[test]
fn no_colour_is_used_where_none_is_wanted() {
    let stage = Stage::new();
    let coloured = |name: &str, value: &str| {
        let terminal = Terminal::open();
        let child = stage.command(&["incidents", "board"]).played_on(&terminal).env(name, value).start();
        is_loaded(&terminal);
        terminal.press("q");
        ended(child, 0);
        let shown = terminal.shown();
        // Crossterm names the sixteen by their numbers.
        ["38;5;1;", "38;5;1m", "38;5;11"].iter().any(|colour| shown.contains(colour))
    };
    assert!(coloured("UNRELATED", "1"));
    assert!(!coloured("NO_COLOR", "1"));
}
