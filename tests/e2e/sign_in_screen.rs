//! Device code on a terminal: what can be copied, photographed, opened; and on a server, none of it.

use std::fs;
use std::path::PathBuf;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Stage, Terminal, until};

const DANA: &str = "dana@aurora-lab.example";

/// A browser that notes what it was to open.
fn browser(stage: &Stage) -> (PathBuf, PathBuf) {
    let path = stage.home.write("browser", "#!/bin/sh\nprintf %s \"$1\" > \"$0.page\"\n", 0o700);
    let page = path.with_extension("page");
    (path, page)
}

fn stage() -> Stage {
    Stage::of_device_code(&AUTOMATION, Options::default())
}

#[test]
fn a_person_at_a_screen_gets_page_picture_countdown_and_a_browser() {
    let stage = stage();
    let (browser, page) = browser(&stage);
    let terminal = Terminal::open();
    let login = stage.command(&["auth", "login"]).talking_to(&terminal);
    let child = login.env("BROWSER", browser.to_str().expect("a path")).start();
    let code = stage.user_code();
    let opened =
        until("the browser opens", || fs::read_to_string(&page).ok().filter(|page| !page.is_empty()));
    assert_eq!(opened, format!("{}/device", stage.tenant.origin()));
    until("time runs", || terminal.shown().contains(" left").then_some(()));
    stage.tenant.control().approve(&code, DANA).expect("approved");
    assert!(child.wait_with_output().expect("it ends").status.success());
    let shown = terminal.shown();
    assert!(shown.lines().any(|line| line == code), "the code stands alone: {shown}");
    assert!(shown.lines().any(|line| line == opened), "the page stands alone: {shown}");
    assert!(shown.contains("█▀▀") || shown.contains("█ ▄▄▄▄▄ █"), "a picture is drawn: {shown}");
}

#[test]
fn a_server_without_a_screen_opens_nothing_and_draws_nothing_in_files() {
    for (screen, flags) in [(false, &["auth", "login"][..]), (true, &["auth", "login", "--no-browser"])] {
        let stage = stage();
        let (browser, page) = browser(&stage);
        let run = stage.command(flags).env("BROWSER", browser.to_str().expect("a path"));
        let terminal = Terminal::open();
        let child = if screen { run.talking_to(&terminal) } else { run }.start();
        stage.tenant.control().approve(&stage.user_code(), DANA).expect("approved");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success());
        assert!(!page.exists(), "nothing was to be opened: {flags:?}");
        if !screen {
            let told = String::from_utf8(output.stderr).expect("text");
            assert!(!told.contains('█') && !told.contains(" left\n") && !told.contains('\u{1b}'), "{told}");
        }
    }
    // A terminal over SSH: no variable of a desktop.
    let stage = stage();
    let terminal = Terminal::open();
    let child = stage.command(&["auth", "login"]).talking_to(&terminal).start();
    stage.tenant.control().approve(&stage.user_code(), DANA).expect("approved");
    assert!(child.wait_with_output().expect("it ends").status.success());
    assert!(!terminal.shown().contains("browser:"), "{}", terminal.shown());
}

#[test]
fn a_started_sign_in_is_shown_the_same_way_on_a_terminal() {
    let stage = stage();
    let terminal = Terminal::open();
    let child = stage.command(&["auth", "start"]).on(&terminal).start();
    assert!(child.wait_with_output().expect("it ends").status.success());
    let code = stage.user_code();
    let shown = until("the code is shown", || Some(terminal.shown()).filter(|shown| shown.contains(&code)));
    assert!(shown.lines().any(|line| line == code), "{shown}");
    let table = stage.run(&["-o", "table", "auth", "start"]).well().stdout;
    assert!(!table.contains('█') && table.contains("/device\n"), "{table}");
}
