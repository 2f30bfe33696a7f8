//! `cargo xtask ci`: every check in order, stopping at the first failure, with the time each one took.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::{layers, step, suite, workspace};

struct Check {
    name: &'static str,
    run: fn(suite::Interop) -> Result<()>,
}

/// Cheapest first, so that a slip shows within seconds.
const CHECKS: [Check; 5] = [
    Check {
        name: "fmt",
        run: |_| step::run("cargo fmt", &mut workspace::cargo(&["fmt", "--all", "--check"])),
    },
    Check { name: "layers", run: |_| layers::run() },
    Check { name: "clippy", run: |_| clippy() },
    Check { name: "doc", run: |_| doc() },
    Check { name: "test", run: suite::test },
];

fn clippy() -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    step::run("cargo clippy", &mut workspace::cargo(&arguments))
}

fn doc() -> Result<()> {
    let mut command = workspace::cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    step::run("cargo doc", command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs all checks.
///
/// # Errors
/// The first failing check, by name; the checks after it do not run.
pub(crate) fn run(interop: suite::Interop) -> Result<()> {
    workspace::build_once();
    let mut times = Vec::new();
    let outcome = CHECKS.iter().try_for_each(|check| {
        let start = Instant::now();
        let result = (check.run)(interop);
        times.push((check.name, start.elapsed()));
        result.with_context(|| format!("ci stopped at `{}`", check.name))
    });
    eprint!("\n{}", summary(&times));
    outcome
}

fn summary(times: &[(&str, Duration)]) -> String {
    let mut text = String::new();
    for (name, time) in times {
        let _infallible = writeln!(text, "{name:<8} {:>8.1} s", time.as_secs_f64());
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    let _infallible = writeln!(text, "{:<8} {:>8.1} s", "total", total.as_secs_f64());
    text
}

#[cfg(test)]
mod tests {
    use super::{Duration, summary};

    #[test]
    fn the_summary_names_each_check_and_the_total() {
        let times = [("fmt", Duration::from_millis(1500)), ("test", Duration::from_mins(1))];
        assert_eq!(summary(&times), "fmt           1.5 s\ntest         60.0 s\ntotal        61.5 s\n");
    }
}
