//! The workspace's own commands, for Unix-like machines: `cargo xtask COMMAND`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks on the terminal")]
#![expect(
    clippy::disallowed_methods,
    reason = "it drives processes and owns its environment; no user state here"
)]

mod bench;
mod book;
mod ci;
mod clean_environment;
mod dist;
mod generate;
mod interop;
mod layers;
mod pack;
mod played;
mod prove;
mod screenshots;
mod semver;
mod slim_binary;
mod step;
mod suite;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask COMMAND

  ci [--without-interop]    format, lints, docs, layers, tests; what .ci/run and the workflow call
  test [--without-interop]  every test of the workspace in a clean environment, then interop
  alone                     the tests of each crate by itself (slow)
  layers                    who may import whom, from cargo metadata
  interop                   sign-in against an independent provider and from independent clients
  generate [--check]        docs/reference and tests/snapshots, made of the program; --check only compares
  book                      the documentation as web pages in target/book (needs mdbook)
  pack [--write|--prove]    the pack for Cortex as a zip; --write: after its files were made from the tables,
                            --prove: with demisto-sdk as a judge (installs a hundred packages)
  dist [--twice] [--binary PATH]
                            the packages: a static program as .tar.gz and .deb, SHA256SUMS, SBOM; --twice: built in two
                            places and compared; --binary: packs what was built before
  screenshots               the pictures in docs/images, made of the program
  semver [REVISION]         whether the library crates still offer what they did at a revision (the last commit); needs
                            cargo-semver-checks
  prove [NAME]              the long forms of tests: kill (a thousand kill -9 in sign-in, refresh, new keys),
                            fetch (up to 100,000 incidents that change meanwhile),
                            fuzz (a million executions of each target; --short: 20,000)
  bench [NAME] [RUNS]       measurements as Markdown rows; without a name lists them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ci"] => ci::run(suite::Interop::Included),
        ["ci", "--without-interop"] => ci::run(suite::Interop::LeftOut),
        ["test"] => suite::test(suite::Interop::Included),
        ["test", "--without-interop"] => suite::test(suite::Interop::LeftOut),
        ["alone"] => suite::alone(),
        ["layers"] => layers::run(),
        ["generate"] => generate::run(generate::Generate::Write),
        ["generate", "--check"] => generate::run(generate::Generate::Check),
        ["interop"] => interop::run(),
        ["book"] => book::run(),
        ["screenshots"] => screenshots::run(),
        ["semver", rest @ ..] => semver::run(rest),
        ["dist", rest @ ..] => dist::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["pack", rest @ ..] => pack::run(rest),
        ["prove", rest @ ..] => prove::run(rest),
        [bench::measure::HELPER, command @ ..] => bench::measure::helper(command),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: `{}`\n\n{USAGE}", words.join(" ")),
    }
}
