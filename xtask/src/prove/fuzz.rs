//! libFuzzer on everything that reads what others wrote (`fuzz/`), with the pinned toolchain: the instrumentation is
//! part of the stable compiler, only the sanitizers are not.
//!
//! The long form gives each target a million executions and goes on, a million at a time, until the last quarter of
//! all of them found no new code. What reached new code stays in `corpus`: another run begins where this one ended.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{clean_environment, step, workspace};

/// What `cargo fuzz` passes to the compiler.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// A target that still finds new code after so many rounds needs better seeds, not more time.
const ROUNDS: u64 = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// Every check has it: no target may fall over.
    Short,
    /// A million executions each, and nothing new in the last quarter.
    Long,
}

impl Length {
    /// The executions of one round.
    fn executions(self) -> u64 {
        match self {
            Self::Short => 20_000,
            Self::Long => 1_000_000,
        }
    }

    /// How it is built: a short run is over before a long build pays.
    fn profile(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "release",
        }
    }
}

/// What a target starts from.
struct Begin {
    seeds: PathBuf,
    dictionary: PathBuf,
}

/// Builds and runs every target, or one.
pub(crate) fn prove(length: Length, only: Option<&str>) -> Result<()> {
    let folder = workspace::root().join("fuzz");
    let targets = targets(&folder)?;
    if let Some(name) = only.filter(|name| targets.iter().all(|target| target != name)) {
        bail!("no fuzz target `{name}`; there are: {}", targets.join(", "));
    }
    let output = workspace::target().join("fuzz");
    let host = host()?;
    let profile = length.profile();
    let mut build =
        workspace::cargo(&["build", "--profile", profile, "--bins", "--locked", "--target", &host]);
    build.current_dir(&folder).env("CARGO_TARGET_DIR", &output).env("RUSTFLAGS", INSTRUMENTATION);
    step::run("the fuzz targets (libFuzzer needs a C++ compiler)", &mut build)?;
    for target in targets.iter().filter(|target| only.is_none_or(|name| name == *target)) {
        let program = output.join(&host).join(profile).join(target);
        let corpus = output.join("corpus").join(target);
        fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
        let begin = Begin {
            seeds: folder.join("seeds").join(target),
            dictionary: folder.join("dictionaries").join(target),
        };
        one(&program, &corpus, &begin, target, length)?;
    }
    Ok(())
}

/// Each file of `fuzz_targets` is one.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let files = fs::read_dir(folder.join("fuzz_targets")).context("cannot list the fuzz targets")?;
    let mut names: Vec<String> =
        files.filter_map(|file| file.ok()?.path().file_stem()?.to_str().map(str::to_owned)).collect();
    names.sort_unstable();
    Ok(names)
}

fn one(program: &Path, corpus: &Path, begin: &Begin, target: &str, length: Length) -> Result<()> {
    let (mut executions, mut newest, mut covered, mut time) = (0, 0, 0, Duration::ZERO);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let said = run(program, corpus, begin, length.executions())?;
        time += started.elapsed();
        // What an earlier round left behind is loaded first: only what goes beyond it is new.
        if let Some((at, best)) = newest_coverage(&said, covered) {
            (newest, covered) = (executions + at, best);
        }
        executions += length.executions();
        let seconds = time.as_secs();
        eprintln!(
            "{target}: {executions} executions in {seconds} s, {covered} edges, the last new one at {newest}"
        );
        if length == Length::Short || newest <= executions / 4 * 3 {
            return Ok(());
        }
    }
    bail!("{target} still found new code in the last quarter of {executions} executions")
}

fn run(program: &Path, corpus: &Path, begin: &Begin, executions: u64) -> Result<String> {
    let mut command = Command::new(program);
    clean_environment::apply(&mut command)
        .arg(format!("-runs={executions}"))
        .arg(format!("-max_len={}", longest_input(&begin.seeds)?))
        .arg("-timeout=20");
    let artifacts = corpus.with_extension("found-");
    command.arg(format!("-artifact_prefix={}", artifacts.display())).arg(corpus);
    command.arg(&begin.seeds);
    // Without the sanitizers libFuzzer does not see which texts are compared: it is told the words.
    if begin.dictionary.is_file() {
        command.arg(format!("-dict={}", begin.dictionary.display()));
    }
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let last: Vec<&str> = said.lines().filter(|line| !line.starts_with('#')).collect();
        bail!("{} fell over; the input is {}*:\n{}", program.display(), artifacts.display(), last.join("\n"));
    }
    Ok(said)
}

/// Longer inputs than twice the longest seed only take time.
fn longest_input(seeds: &Path) -> Result<u64> {
    let files = fs::read_dir(seeds).with_context(|| format!("cannot list {}", seeds.display()))?;
    let lengths = files.map(|file| Ok(file?.metadata()?.len())).collect::<Result<Vec<_>>>()?;
    Ok(2 * lengths.into_iter().max().context("a target needs seeds")?)
}

/// The number of the execution that last covered more edges than before, and how many: `#1234 NEW cov: 567 …`, or
/// `REDUCE` with more coverage.
fn newest_coverage(said: &str, before: u64) -> Option<(u64, u64)> {
    let (mut best, mut at) = (before, None);
    for line in said.lines() {
        let mut words = line.split_whitespace();
        let number = words.next().and_then(|word| word.strip_prefix('#')?.parse::<u64>().ok());
        let covered =
            words.skip_while(|word| *word != "cov:").nth(1).and_then(|word| word.parse::<u64>().ok());
        if let (Some(number), Some(covered)) = (number, covered)
            && covered > best
        {
            (best, at) = (covered, Some(number));
        }
    }
    at.map(|at| (at, best))
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
        assert_eq!(newest_coverage(said, 0), Some((30, 12)));
        assert_eq!(newest_coverage(said, 12), None);
    }
}
