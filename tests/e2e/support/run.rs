//! Starts the built program with an environment in which nothing is set but what a test sets.

use std::io::{ErrorKind, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::home::Home;
use super::ran::Ran;
use super::terminal::Terminal;

/// No run takes longer than a few polls of a sign-in.
const LIMIT: Duration = Duration::from_mins(2);

/// Ends a program that does not end by itself, so that a test fails in place of waiting.
struct Watch(#[expect(dead_code, reason = "dropping it is the message")] mpsc::Sender<()>);

impl Watch {
    fn over(child: &Child) -> Self {
        let process = child.id().to_string();
        let (ended, watching) = mpsc::channel();
        thread::spawn(move || {
            if watching.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                Command::new("kill").args(["-9", &process]).status().expect("kill runs");
            }
        });
        Self(ended)
    }
}

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

    /// Shows stderr on a terminal.
    pub(crate) fn talking_to(mut self, terminal: &Terminal) -> Self {
        self.command.stderr(terminal.end()).env("TERM", "xterm");
        self
    }

    /// Reads its keys from a terminal, too.
    pub(crate) fn played_on(mut self, terminal: &Terminal) -> Self {
        self.command.stdin(terminal.end());
        self.on(terminal)
    }

    /// Shows results on a terminal, too.
    pub(crate) fn on(mut self, terminal: &Terminal) -> Self {
        self.command.stdout(terminal.end());
        self.talking_to(terminal)
    }

    /// With a person at the terminal: what they type is read from it.
    pub(crate) fn at(mut self, terminal: &Terminal) -> Self {
        self.command.stdin(terminal.end());
        self.on(terminal)
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
            // A program that refuses its arguments ends before it reads.
            let written = stdin.write_all(text.as_bytes());
            assert!(written.is_ok() || written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe));
        }
        child
    }

    /// Starts it with a keyboard that nobody has typed on yet.
    pub(crate) fn start_with_keyboard(mut self) -> Child {
        self.command.stdin(Stdio::piped()).spawn().expect("the program starts")
    }

    /// Runs it to its end.
    pub(crate) fn go(self) -> Ran {
        let child = self.start();
        let watch = Watch::over(&child);
        let output = child.wait_with_output().expect("the program ends");
        drop(watch);
        Ran::new(output)
    }
}
