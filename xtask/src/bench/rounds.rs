//! Runs the subjects of a benchmark in turn, A B C A B C, so that a slow spell of the machine meets them all.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::measure::{self, Measurement};

/// One program under measurement.
pub(crate) struct Subject<'a> {
    /// What the row is called.
    pub(crate) name: &'static str,
    /// Makes the command anew for each run: the same each time, or with a fresh empty home.
    pub(crate) command: Box<dyn Fn() -> Result<Command> + 'a>,
    /// Looks at what the program prints: a program that does not do the work must not win.
    pub(crate) did_the_work: fn(&[u8]) -> bool,
}

/// All runs of one subject, in order.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) runs: Vec<Measurement>,
}

/// `rounds` rounds, after one that is looked at instead of measured: it also brings programs and libraries
/// from the disk into memory.
pub(crate) fn run(subjects: &[Subject<'_>], rounds: usize) -> Result<Vec<Series>> {
    subjects.iter().try_for_each(require_work)?;
    let mut all: Vec<Series> = subjects
        .iter()
        .map(|subject| Series { name: subject.name, runs: Vec::with_capacity(rounds) })
        .collect();
    for _ in 0..rounds {
        for (subject, series) in subjects.iter().zip(&mut all) {
            let command = (subject.command)()?;
            let measurement =
                measure::once(&command).with_context(|| format!("measuring {}", subject.name))?;
            series.runs.push(measurement);
        }
    }
    Ok(all)
}

fn require_work(subject: &Subject<'_>) -> Result<()> {
    let mut command = measure::bare_environment(&(subject.command)()?);
    let output = command.output().with_context(|| format!("cannot start {}", subject.name))?;
    if output.status.success() && (subject.did_the_work)(&output.stdout) {
        return Ok(());
    }
    let start: String = String::from_utf8_lossy(&output.stdout).chars().take(200).collect();
    bail!(
        "{} did not do the work ({}), it printed: {start}\n{}",
        subject.name,
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Subject, require_work};

    fn echo(word: &'static str) -> Subject<'static> {
        let command = move || {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", "echo $WORD"]).env("WORD", word);
            Ok(command)
        };
        Subject { name: "echo", command: Box::new(command), did_the_work: |stdout| stdout == b"done\n" }
    }

    #[test]
    fn a_program_that_prints_what_it_should_is_measured() {
        require_work(&echo("done")).unwrap();
    }

    #[test]
    fn a_program_that_does_nothing_is_not_measured() {
        let error = require_work(&echo("nothing")).unwrap_err().to_string();
        assert!(error.contains("echo did not do the work"), "{error}");
    }
}
