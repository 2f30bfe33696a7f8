//! Programs that print a secret: what they start ends with them, and what they print has an end.

use std::time::Duration;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Run, Stage, until};

fn stage_with(command: &str) -> Stage {
    let stage = Stage::bare(Options::default());
    let line = format!("client-secret = \"command:{command}\"\n");
    stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, &line));
    stage
}

#[test]
fn a_program_that_prints_without_end_is_told_so() {
    stage_with("yes").run(&["auth", "test"]).ends(3).saying(&["yes printed more than 64 KiB"]);
}

#[test]
fn an_interrupt_ends_what_the_program_started() {
    let stage = stage_with("sh started");
    stage.home.write("started", "(touch running; sleep 2; touch late) &\nsleep 60\n", 0o600);
    let mut child = Run::new(&stage.home, &["auth", "test"]).start();
    until("the grandchild runs", || stage.home.path().join("running").exists().then_some(()));
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    std::thread::sleep(Duration::from_secs(3));
    assert!(!stage.home.path().join("late").exists(), "the grandchild lives on");
}

#[test]
fn a_secret_below_the_home_directory_is_found_by_its_short_name() {
    let stage = Stage::bare(Options::default());
    let line = "client-secret = \"file:~/secret\"\n";
    stage.home.settings(&stage.settings_of("client-credentials", AUTOMATION.id, line));
    stage.run(&["auth", "test"]).ends(3).saying(&["/secret", "config.toml, line 8"]);
    stage.home.write("secret", AUTOMATION.secret.as_ref().expect("a secret").value, 0o600);
    stage.run(&["auth", "test"]).well();
}

#[test]
fn the_short_help_of_a_command_leaves_rare_options_to_the_long_one() {
    let stage = Stage::bare(Options::default());
    let short = stage.run(&["incidents", "get", "-h"]).well().stdout;
    let long = stage.run(&["incidents", "get", "--help"]).well().stdout;
    for rare in ["--demo-fresh", "--retry-now", "--set", "--color"] {
        assert!(!short.contains(rare) && long.contains(rare), "{rare}");
    }
    assert!(short.contains("Global options:") && short.contains("--format"), "{short}");
}
