//! Speed of `incidents list --all` over 50,000 incidents with their alerts, from a server faster than any client,
//! beside what people write first, and beside `serde_json` that merely skips the same bytes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::fast_server::{build_programs, list_at};
use super::release;
use super::rounds::{self, Series, Subject};
use crate::interop::background::Background;
use crate::interop::install;
use crate::interop::product::Product;
use crate::workspace;

const INCIDENTS: f64 = 50_000.0;

#[derive(Deserialize)]
struct Ready {
    origin: String,
}

#[derive(Deserialize)]
struct Skipped {
    bytes: u64,
    nanoseconds: u64,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let installed = install::ensure()?;
    let programs = build_programs()?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let skipped: Vec<Skipped> = (0..runs.max(3)).map(|_| skip(&programs)).collect::<Result<_>>()?;
    let log = scratch.path().join("server.log");
    let server =
        Background::start("the incident server", &mut Command::new(programs.join("incident_server")), log)?;
    let Ready { origin } = server.ready()?;
    let ours = |more: &'static [&'static str]| {
        let (product, origin, home) = (&product, &origin, scratch.path());
        move || Ok(list_at(product, home, origin, more))
    };
    let script = workspace::root().join("xtask/bench/list_incidents.py");
    let python = || {
        let mut command = Command::new(&installed.python);
        command.arg(&script).arg(&origin);
        Ok(command)
    };
    let owned = || {
        let mut command = Command::new(programs.join("owned_structs"));
        command.arg(&origin);
        Ok(command)
    };
    let subjects = [
        Subject { name: "ours, --raw", command: Box::new(ours(&["--raw"])), did_the_work: lists_all },
        Subject { name: "ours, the model's form", command: Box::new(ours(&[])), did_the_work: lists_all },
        Subject { name: "Rust, owned structs", command: Box::new(owned), did_the_work: lists_all },
        Subject { name: "Python, requests and json", command: Box::new(python), did_the_work: lists_all },
    ];
    print(&rounds::run(&subjects, runs)?, &skipped)
}

fn skip(programs: &Path) -> Result<Skipped> {
    let output = Command::new(programs.join("skip")).output().context("cannot start `skip`")?;
    if !output.status.success() {
        bail!("`skip` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("`skip` did not say how fast it was")
}

fn lists_all(stdout: &[u8]) -> bool {
    let whole = |line: &&[u8]| line.starts_with(b"{\"id\":") && line.ends_with(b"}");
    stdout.split(|byte| *byte == b'\n').filter(whole).count() == 50_000
}

#[expect(clippy::cast_precision_loss, reason = "bytes and times are far below 2^52")]
fn print(series: &[Series], skipped: &[Skipped]) -> Result<()> {
    let bytes = skipped.first().context("nothing was skipped")?.bytes as f64;
    let speed = median(skipped.iter().map(|one| one.bytes as f64 * 1e3 / one.nanoseconds as f64));
    println!("| | MB per CPU second | of skipping | incidents per CPU second | wall s | peak MiB |");
    println!("|---|---:|---:|---:|---:|---:|");
    println!("| `serde_json` skipping ({:.0} MB) | {speed:.0} | 100 % | | | |", bytes / 1e6);
    for Series { name, runs } in series {
        let cpu = median(runs.iter().map(|run| run.cpu_us as f64 / 1e6));
        let wall = median(runs.iter().map(|run| run.wall_us as f64 / 1e6));
        let peak = runs.iter().map(|run| run.peak_kib).max().unwrap_or(0) as f64 / 1024.0;
        let own = bytes / 1e6 / cpu;
        println!(
            "| {name} | {own:.0} | {:.0} % | {:.0} | {wall:.1} | {peak:.1} |",
            own / speed * 100.0,
            INCIDENTS / cpu
        );
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
