//! Completion in real shells: bash, and zsh and fish where they are installed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Home, Run};

/// A script that may complete, run by a shell that finds the program.
fn in_shell(home: &Home, shell: &[&str], script: &str) -> Option<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_defender-xdr"));
    let folder = program.parent().expect("a folder");
    let path = search_path();
    let child = Command::new(shell[0])
        .args(&shell[1..])
        .arg(script)
        .env_clear()
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_STATE_HOME", home.path().join("state"))
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(child) = child else {
        writeln!(std::io::stderr(), "{} is not installed: completion in it is not tried", shell[0])
            .expect("stderr takes it");
        return None;
    };
    let output = child.wait_with_output().expect("the shell ends");
    let (text, talk) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{shell:?}: {text} {talk}");
    Some(text.into_owned())
}

#[expect(clippy::disallowed_methods, reason = "shells are found as the person who runs the tests finds them")]
fn search_path() -> String {
    std::env::var("PATH").expect("a search path")
}

fn home() -> Home {
    let home = Home::new();
    home.settings("[profile.contoso]\napi = \"graph\"\n[profile.fabrikam]\napi = \"legacy\"\n");
    home
}

/// What each line ends in, and what may stand there among others.
const LINES: &[(&[&str], &[&str])] = &[
    (&["inc"], &["incidents"]),
    (&["incidents", "list", "--st"], &["--status"]),
    (&["incidents", "list", "--status", ""], &["active", "inProgress", "resolved"]),
    (&["alerts", "list", "--status", ""], &["new"]),
    (&["--profile", ""], &["contoso", "fabrikam"]),
    (&["--flow", "c"], &["client-credentials", "cortex-xsoar-app"]),
    (&["auth", "flows", "-o", ""], &["table", "json", "yaml", "markdown"]),
    (&["incidents", "list", "--columns", "id,dis"], &["id,displayName"]),
    (&["completions", ""], &["bash", "zsh", "fish", "powershell", "elvish"]),
];

fn each_line(complete: impl Fn(&[&str]) -> Option<String>) {
    for (words, wanted) in LINES {
        let Some(text) = complete(words) else { return };
        let offered: Vec<_> =
            text.lines().map(|line| line.split(['\t', ':']).next().unwrap_or_default().trim()).collect();
        for word in *wanted {
            assert!(offered.contains(word), "{words:?}: {word} is not in {offered:?}");
        }
    }
}

#[test]
fn bash_completes_commands_flags_profiles_flows_and_words() {
    let home = home();
    each_line(|words| {
        let line: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
        let script = format!(
            "source <(defender-xdr completions bash) && COMP_WORDS=(defender-xdr {}) COMP_CWORD={} COMP_TYPE=9 && \
             _clap_complete_defender_xdr defender-xdr '{}' && IFS=$'\\n' && echo \"${{COMPREPLY[*]}}\"",
            line.join(" "),
            words.len(),
            words.last().expect("a word"),
        );
        let text = in_shell(&home, &["bash", "--norc", "-c"], &script);
        assert!(text.is_some(), "bash is needed");
        text
    });
}

#[test]
fn zsh_completes_the_same() {
    let home = home();
    each_line(|words| {
        let line: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
        // What the completion system would be handed is printed in its place.
        let script = format!(
            "compdef() {{ : }}; _describe() {{ print -rl -- \"${{(@P)@[-1]}}\" }}; compadd() {{ print -rl -- \"$@\" }}; \
             source <(defender-xdr completions zsh); words=(defender-xdr {}); CURRENT={}; _clap_dynamic_completer_defender_xdr",
            line.join(" "),
            words.len() + 1,
        );
        in_shell(&home, &["zsh", "-f", "-c"], &script)
    });
}

#[test]
fn fish_completes_the_same() {
    let home = home();
    each_line(|words| {
        let script = format!(
            "defender-xdr completions fish | source; complete --do-complete 'defender-xdr {}'",
            words.join(" ")
        );
        in_shell(&home, &["fish", "--no-config", "-c"], &script)
    });
}

#[test]
fn a_variable_left_behind_takes_no_command_away() {
    let home = Home::new();
    let ran = Run::new(&home, &["auth", "flows"]).env("DEFENDER_XDR_COMPLETE", "bash").go().well();
    assert!(ran.records().len() > 1);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Run::new(&home, &["completions", shell]).go().well().stdout;
        assert!(script.contains("DEFENDER_XDR_COMPLETE") && script.contains("defender-xdr"), "{script}");
    }
}
