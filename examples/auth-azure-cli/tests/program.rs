//! The program with the added flow, from outside: nothing else was changed, and everything knows it.
#![expect(clippy::expect_used, reason = "support code of tests fails a test by panicking")]

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Home(tempfile::TempDir);

impl Home {
    /// A home with an `az` that does this.
    fn with_az(script: &str) -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        let program = home.az();
        let mut file = std::fs::File::create(&program).expect("made");
        writeln!(file, "#!/bin/sh\n{script}").expect("written");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("made executable");
        home
    }

    fn az(&self) -> PathBuf {
        self.0.path().join("az")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_defender-xdr-with-azure-cli"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", format!("{}:/usr/bin:/bin", self.0.path().display()))
            .env("DEFENDER_XDR_AUTHENTICATION_FLOW", "Azure CLI")
            .env("UNRELATED_SECRET", "planted")
            .output()
            .expect("it runs")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

const TOKEN: &str = r#"echo '{"accessToken":"lent","expires_on":4102444800,"tenant":"t"}'"#;

#[test]
fn the_flow_and_its_setting_are_listed() {
    let home = Home::with_az(TOKEN);
    let flows = text(&home.run(&["auth", "flows", "-o", "json"]).stdout);
    assert!(flows.contains(r#""id":"azure-cli""#) && flows.contains("azure-cli-path"), "{flows}");
    let keys = text(&home.run(&["config", "show", "--all", "-o", "json"]).stdout);
    assert!(keys.contains("azure-cli-path"), "{keys}");
}

#[test]
fn its_token_is_used_and_kept() {
    let home = Home::with_az(&format!("echo x >> \"$HOME/asked\"; {TOKEN}"));
    for _ in 0..2 {
        let ran = home.run(&["auth", "token"]);
        assert_eq!(text(&ran.stdout), "lent\n", "{}", text(&ran.stderr));
    }
    let asked = std::fs::read_to_string(home.0.path().join("asked")).expect("it was asked");
    assert_eq!(asked.lines().count(), 1, "the second run took the token from the store");
}

#[test]
fn its_setting_is_checked_like_every_other() {
    let home = Home::with_az(TOKEN);
    let ran = home.run(&["--set", "azure-cli-path=az", "auth", "token"]);
    assert_eq!(ran.status.code(), Some(3));
    let said = text(&ran.stderr);
    assert!(said.contains("not an absolute path") && said.contains("--set"), "{said}");
    let slip = home.run(&["--set", "azure-cli-pth=/az", "auth", "token"]);
    assert!(text(&slip.stderr).contains("azure-cli-path"), "the nearest key is named");
}

#[test]
fn az_sees_no_secret_of_others_and_no_shell_sees_the_arguments() {
    let home =
        Home::with_az(&format!("env > \"$HOME/seen\"; printf '%s\\n' \"$@\" >> \"$HOME/seen\"; {TOKEN}"));
    home.run(&["--tenant", "contoso.example", "auth", "token"]);
    let seen = std::fs::read_to_string(home.0.path().join("seen")).expect("it ran");
    assert!(!seen.contains("planted"), "{seen}");
    assert!(seen.contains("--tenant\ncontoso.example\n"), "{seen}");
}

#[test]
fn an_az_that_hangs_or_fails_is_told() {
    let hanging = Home::with_az("exec sleep 60");
    let ran = hanging.run(&["--set", "timeout=1", "auth", "token"]);
    assert!(!ran.status.success() && text(&ran.stderr).contains("longer than 1 s"), "{}", text(&ran.stderr));
    let failing = Home::with_az("echo 'ERROR: Please run az login' >&2; exit 1");
    let said = text(&failing.run(&["auth", "token"]).stderr);
    assert!(said.contains("Please run az login") && said.contains("az login"), "{said}");
    let chatty = Home::with_az("echo no json here");
    assert!(text(&chatty.run(&["auth", "token"]).stderr).contains("did not print a token"));
}
