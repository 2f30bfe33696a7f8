//! Starts the built program with an environment in which nothing is set but what a test sets.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use super::home::Home;
use super::ran::Ran;

/// One run of the program to be.
pub(crate) struct Run {
    command: Command,
    input: Option<String>,
}

impl Run {
    pub(crate) fn new(home: &Home, arguments: &[&str]) -> Self {
        Self::of(env!("CARGO_BIN_EXE_defender-xdr"), home, arguments)
    }

    /// The same with another build of the program.
    pub(crate) fn of(program: &str, home: &Home, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_STATE_HOME", home.path().join("state"))
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command, input: None }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn input(mut self, text: &str) -> Self {
        self.command.stdin(Stdio::piped());
        self.input = Some(text.to_owned());
        self
    }

    /// Starts it and does not wait.
    pub(crate) fn start(mut self) -> Child {
        let mut child = self.command.spawn().expect("the program starts");
        if let (Some(text), Some(mut stdin)) = (self.input, child.stdin.take()) {
            stdin.write_all(text.as_bytes()).expect("the program reads");
        }
        child
    }

    /// Runs it to its end.
    pub(crate) fn go(self) -> Ran {
        Ran::new(self.start().wait_with_output().expect("the program ends"))
    }
}
