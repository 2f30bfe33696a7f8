//! Runs the subjects of a benchmark in turn, A B C A B C, so that a slow spell of the machine meets them all.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::measure::{self, Measurement};

/// One program under measurement.
pub(crate) struct Subject<'a> {
    /// What the row is called.
    pub(crate) name: &'static str,
    /// Makes the command anew for each run: the same each time, or with a fresh empty home.
    pub(crate) command: Box<dyn Fn() -> Result<Command> + 'a>,
}

/// All runs of one subject, in order.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) runs: Vec<Measurement>,
}

/// `rounds` rounds after one that does not count: the first reads programs and libraries from the disk.
pub(crate) fn run(subjects: &[Subject<'_>], rounds: usize) -> Result<Vec<Series>> {
    let mut all: Vec<Series> = subjects
        .iter()
        .map(|subject| Series { name: subject.name, runs: Vec::with_capacity(rounds) })
        .collect();
    for round in 0..=rounds {
        for (subject, series) in subjects.iter().zip(&mut all) {
            let command = (subject.command)()?;
            let measurement =
                measure::once(&command).with_context(|| format!("measuring {}", subject.name))?;
            if round > 0 {
                series.runs.push(measurement);
            }
        }
    }
    Ok(all)
}
