//! Waits for a child process, but not for ever.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a finished process left behind.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `command` without input and collects its output; kills it and fails after `limit`.
pub(crate) fn output(command: &mut Command, limit: Duration) -> Result<Finished> {
    output_given(command, Stdio::null(), limit)
}

/// The same with something to read.
pub(crate) fn output_given(command: &mut Command, input: Stdio, limit: Duration) -> Result<Finished> {
    let shown = command.get_program().display().to_string();
    let child = command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot start {shown}"))?;
    // Both pipes are drained while it runs: a full one would stop it.
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let status = wait(&mut child, limit);
    let text =
        |pipe: Option<thread::JoinHandle<String>>| pipe.and_then(|p| p.join().ok()).unwrap_or_default();
    let (stdout, stderr) = (text(stdout), text(stderr));
    match status? {
        Some(status) => Ok(Finished { status, stdout, stderr }),
        None => bail!("{shown} was still running after {} s; stderr:\n{stderr}", limit.as_secs()),
    }
}

/// The text of a file that another process is about to write.
pub(crate) fn file(path: &Path, limit: Duration) -> Result<String> {
    let start = Instant::now();
    loop {
        match fs::read_to_string(path) {
            Ok(text) => return Ok(text),
            Err(_) if start.elapsed() < limit => thread::sleep(LOOK_EVERY),
            Err(error) => bail!("{} did not come within {} s: {error}", path.display(), limit.as_secs()),
        }
    }
}

fn drain(mut pipe: impl std::io::Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before a read error is still worth showing.
        let _read = pipe.by_ref().read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a child process")? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill().context("cannot end a child process that took too long")?;
            child.wait().context("cannot wait for a child process")?;
            return Ok(None);
        }
        thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::output;

    #[test]
    fn output_and_exit_code_are_kept_apart() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo data; echo talk >&2; exit 3"]);
        let finished = output(&mut command, Duration::from_secs(20)).unwrap();
        assert_eq!(finished.status.code(), Some(3));
        assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("data\n", "talk\n"));
    }

    #[test]
    fn a_process_that_hangs_is_ended() {
        let mut command = Command::new("sleep");
        let error = output(command.arg("30"), Duration::from_millis(50)).err().unwrap();
        assert!(error.to_string().contains("still running"), "{error}");
    }
}
