//! libFuzzer on everything that reads what others wrote (`fuzz/`), with the pinned toolchain: the instrumentation is
//! part of the stable compiler, only the sanitizers are not.
//!
//! The long form gives each target a million executions and goes on until the last quarter of a run found no new code.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::{clean_environment, step, workspace};

const TARGETS: [&str; 5] = ["challenge", "key_file", "redirect", "settings", "token_response"];

/// What `cargo fuzz` passes to the compiler.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// A run that still finds new code at its end is followed by one of twice the length, this often.
const EXTENSIONS: u32 = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// Every check has it: no target may fall over.
    Short,
    /// A million executions each, and nothing new in the last quarter.
    Long,
}

impl Length {
    fn executions(self) -> u64 {
        match self {
            Self::Short => 20_000,
            Self::Long => 1_000_000,
        }
    }
}

/// Builds and runs every target, or one.
pub(crate) fn prove(length: Length, only: Option<&str>) -> Result<()> {
    if let Some(name) = only.filter(|name| !TARGETS.contains(name)) {
        bail!("no fuzz target `{name}`; there are: {}", TARGETS.join(", "));
    }
    let folder = workspace::root().join("fuzz");
    let output = workspace::target().join("fuzz");
    let host = host()?;
    let mut build = workspace::cargo(&["build", "--release", "--bins", "--locked", "--target", &host]);
    build.current_dir(&folder).env("CARGO_TARGET_DIR", &output).env("RUSTFLAGS", INSTRUMENTATION);
    step::run("the fuzz targets (libFuzzer needs a C++ compiler)", &mut build)?;
    for target in TARGETS.into_iter().filter(|target| only.is_none_or(|name| name == *target)) {
        let program = output.join(&host).join("release").join(target);
        let corpus = output.join("corpus").join(target);
        fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
        one(&program, &corpus, &folder.join("seeds").join(target), target, length)?;
    }
    Ok(())
}

fn one(program: &Path, corpus: &Path, seeds: &Path, target: &str, length: Length) -> Result<()> {
    let mut executions = length.executions();
    for _ in 0..EXTENSIONS {
        let started = Instant::now();
        let said = run(program, corpus, seeds, executions)?;
        let newest = newest_coverage(&said);
        let seconds = started.elapsed().as_secs_f64();
        eprintln!("ok {target}: {executions} executions in {seconds:.0} s, new code last at {newest}");
        if length == Length::Short || newest <= executions / 4 * 3 {
            return Ok(());
        }
        executions *= 2;
    }
    bail!("{target} still found new code after {executions} executions")
}

fn run(program: &Path, corpus: &Path, seeds: &Path, executions: u64) -> Result<String> {
    let mut command = Command::new(program);
    clean_environment::apply(&mut command)
        .arg(format!("-runs={executions}"))
        .args(["-max_len=2048", "-timeout=20"]);
    let artifacts = corpus.with_extension("found-");
    command.arg(format!("-artifact_prefix={}", artifacts.display())).arg(corpus);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{} fell over; the input is beside {}:\n{said}", program.display(), artifacts.display());
    }
    Ok(said)
}

/// The number of the execution that last reached new code: `#1234 NEW cov: 567 …`, or `REDUCE` with more coverage.
fn newest_coverage(said: &str) -> u64 {
    let (mut best, mut at) = (0, 0);
    for line in said.lines() {
        let mut words = line.split_whitespace();
        let number = words.next().and_then(|word| word.strip_prefix('#')?.parse::<u64>().ok());
        let covered =
            words.skip_while(|word| *word != "cov:").nth(1).and_then(|word| word.parse::<u64>().ok());
        if let (Some(number), Some(covered)) = (number, covered)
            && covered > best
        {
            (best, at) = (covered, number);
        }
    }
    at
}

/// The machine's own target, so that build scripts stay without instrumentation.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot ask rustc for its host")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::newest_coverage;

    #[test]
    fn the_last_execution_that_reached_new_code_is_found() {
        let said = "#2\tINITED cov: 10 ft: 11\n#30\tNEW    cov: 12 ft: 13 corp: 2\n#99\tREDUCE cov: 12 ft: 13\n#200 DONE cov: 12";
        assert_eq!(newest_coverage(said), 30);
    }
}
