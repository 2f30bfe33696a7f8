//! A server that runs beside the tests: it says in one JSON line that it is ready and ends with its owner.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use serde::de::DeserializeOwned;

const READY_WITHIN: Duration = Duration::from_secs(30);

/// A running server; dropping it ends the process.
pub(crate) struct Background {
    child: Child,
    log: PathBuf,
    /// The ready line as the server wrote it.
    pub(crate) ready_line: String,
}

impl Background {
    /// Starts `command` and waits for its ready line. What it says on stderr goes to `log`.
    pub(crate) fn start(what: &str, command: &mut Command, log: PathBuf) -> Result<Self> {
        let stderr = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn();
        let mut child = child.with_context(|| format!("cannot start {what}"))?;
        let stdout = child.stdout.take().context("a child without stdout")?;
        let mut server = Self { child, log, ready_line: String::new() };
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            // A receiver that is gone has given up waiting.
            let _sent = send.send(lines.next());
            // Read on, so that the server never waits for a full pipe.
            lines.for_each(drop);
        });
        server.ready_line = match receive.recv_timeout(READY_WITHIN) {
            Ok(Some(Ok(line))) => line,
            Ok(_) => return Err(server.blame(&anyhow!("{what} ended before it was ready"))),
            Err(_) => {
                return Err(server.blame(&anyhow!("{what} was not ready in {} s", READY_WITHIN.as_secs())));
            }
        };
        Ok(server)
    }

    /// The process, for the namespaces it has.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The ready line as JSON.
    pub(crate) fn ready<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.ready_line)
            .with_context(|| format!("not the expected ready line: {}", self.ready_line))
    }

    /// `error` with the end of what the server said.
    pub(crate) fn blame(&self, error: &anyhow::Error) -> anyhow::Error {
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let end = lines[lines.len().saturating_sub(20)..].join("\n");
        anyhow!("{error:#}\nthe server said:\n{end}")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _killed = self.child.kill();
        let _status = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use serde_json::Value;

    use super::Background;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_ready_line_is_read_while_the_server_runs_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell("echo '{\"ready\":true}'; exec sleep 30");
        let server = Background::start("a server", &mut command, folder.path().join("log")).unwrap();
        assert_eq!(server.ready::<Value>().unwrap()["ready"], true);
    }

    #[test]
    fn a_server_that_ends_at_once_is_reported_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell("echo 'address in use' >&2; exit 1");
        let error = Background::start("a server", &mut command, folder.path().join("log")).err().unwrap();
        let text = error.to_string();
        assert!(text.contains("ended before it was ready") && text.contains("address in use"), "{text}");
    }
}
