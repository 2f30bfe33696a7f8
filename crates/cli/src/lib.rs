//! The `defender-xdr` command line: the only crate that names providers, prints and decides on exit codes.
//!
//! It is a library only so that a program with one more sign-in flow can be built from it.

mod account;
mod args;
mod commands;
mod completing;
mod countdown;
mod counting;
#[cfg(feature = "emulator")]
mod demo;
mod detached;
#[cfg(all(test, feature = "board", feature = "emulator"))]
mod documented_commands;
mod exit;
mod explain;
mod failure;
mod global;
mod interrupts;
mod jq;
mod logging;
mod opening;
mod other_api;
mod other_flows;
mod output;
mod parsing;
mod paste;
mod paths;
mod progress;
mod providers;
mod quota;
mod reference;
mod report;
mod retirement;
mod session;
mod settings;
mod settings_file;
mod usual_limit;
mod vault;
mod watch;
mod world;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use defender_xdr_core::Environment;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Format, without_steering};
use crate::report::Report;
use crate::world::World;

/// A token on its way to the disk gets this long after an interrupt. Otherwise it was waited for before.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// Runs the program with the process's own arguments and environment.
pub fn main() -> ExitCode {
    logging::quiet_panics();
    let run = || run(std::env::args_os(), capture_environment());
    // A panic is a bug of ours. Unwinding lets destructors release locks and zero secrets first.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or(Exit::Bug).into()
}

#[expect(clippy::disallowed_methods, reason = "the one place that captures the environment")]
fn capture_environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn run(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> Exit {
    let words: Vec<OsString> = arguments.into_iter().collect();
    if let Some(shell) = environment.get(completing::VARIABLE)
        && completing::is_asked_for(&words)
    {
        return completing::answer(shell, words, &environment);
    }
    let arguments = match parsing::read(&words) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && asks_for_json(&words) => {
            return Report::of_command_line(&error).print(true);
        }
        Err(error) => {
            // clap prints help and versions to stdout, mistakes to stderr; a closed pipe is nobody's fault.
            let plain = error.render().to_string();
            if error.use_stderr() && plain.lines().any(|line| without_steering(line) != line) {
                let shown: Vec<_> = plain.lines().map(without_steering).collect();
                writeln!(std::io::stderr().lock(), "{}", shown.join("\n")).ok();
            } else {
                error.print().ok();
            }
            return if error.use_stderr() { Exit::Usage } else { Exit::Ok };
        }
    };
    if let Some(report) = misfit(&arguments.global) {
        return report.print(arguments.global.output.is_some_and(Format::is_machine_readable));
    }
    if arguments.global.raw && arguments.global.output.is_some_and(|format| !format.is_machine_readable()) {
        return Report::new(
            "usage",
            Exit::Usage,
            "`--raw` prints the server's own JSON, which no other format holds",
        )
        .with_source("flag --raw")
        .with_hint("leave out `-o`, or `--raw`")
        .print(false);
    }
    let expression = match arguments.global.jq.as_deref().map(jq::Expression::compile).transpose() {
        Ok(expression) => expression,
        Err(report) => return report.print(arguments.global.output.is_some_and(Format::is_machine_readable)),
    };
    logging::start(arguments.global.verbose, arguments.global.quiet);
    let world = World::new(arguments.global, environment).seen_through(expression);
    let as_json = world.global.output.is_some_and(Format::is_machine_readable);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(world.interrupts.end(commands::run(&world, arguments.command)));
            // Threads that wait for a lock or for the keyboard are not waited for; a write is given its time.
            runtime.shutdown_timeout(LAST_WRITE);
            result
        }
        Err(error) => Err(Failure::bug(format!("cannot start: {error}"))),
    };
    match result {
        Ok(exit) => exit,
        Err(Failure::ClosedPipe) => Exit::Ok,
        Err(Failure::Interrupted) => Exit::Interrupted,
        Err(Failure::Reported(mut report)) => {
            report.repeat_profile(world.global.profile.as_deref());
            report.print(as_json)
        }
    }
}

/// What is wrong with the flags about columns and spreadsheets: they are for formats that have them.
fn misfit(global: &Global) -> Option<Report> {
    let is_json = match global.output {
        Some(format) => format.is_machine_readable(),
        None => !std::io::stdout().is_terminal(),
    };
    if !global.columns.is_empty() && (is_json || global.raw || global.jq.is_some()) {
        return Some(
            Report::new("usage", Exit::Usage, "`--columns` is for table, csv, yaml and markdown")
                .with_source("flag --columns")
                .with_hint("add `-o csv` or another of these, or choose members of JSON with `--jq`"),
        );
    }
    if global.spreadsheet && global.output != Some(Format::Csv) {
        return Some(
            Report::new("usage", Exit::Usage, "`--spreadsheet` is for csv")
                .with_source("flag --spreadsheet")
                .with_hint("add `-o csv`"),
        );
    }
    None
}

/// Whether a command line that could not be read asks for JSON: then its error is JSON too.
fn asks_for_json(words: &[OsString]) -> bool {
    let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
    let machine = |format: &str| format == "json" || format == "ndjson";
    words.windows(2).any(|pair| ["-o", "--format"].contains(&pair[0]) && machine(pair[1]))
        || words
            .iter()
            .any(|word| word.strip_prefix("--format=").or(word.strip_prefix("-o")).is_some_and(machine))
}
