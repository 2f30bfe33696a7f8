//! Speed and memory of `hunt` over 99,999 rows (with one more it would end with "may be cut") from a server faster than any client, beside what people write first.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::fast_server::{build_programs, product_at};
use super::rounds::{self, Series, Subject};
use super::{release, summary};
use crate::interop::background::Background;
use crate::interop::install;
use crate::interop::product::Product;
use crate::workspace;

const ROWS: f64 = 99_999.0;

#[derive(Deserialize)]
struct Ready {
    origin: String,
    bytes: u64,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let installed = install::ensure()?;
    let programs = build_programs()?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut server = Command::new(programs.join("hunting_server"));
    let server = Background::start("the hunting server", &mut server, scratch.path().join("server.log"))?;
    let Ready { origin, bytes } = server.ready()?;
    let ours = |format: &'static [&'static str]| {
        let (product, origin, home) = (&product, &origin, scratch.path());
        move || {
            let mut command = product_at(product, home, origin);
            command.args(["hunt", "DeviceProcessEvents", "-o"]).args(format);
            Ok(command)
        }
    };
    let script = workspace::root().join("xtask/bench/hunt.py");
    let python = || {
        let mut command = Command::new(&installed.python);
        command.arg(&script).arg(&origin);
        Ok(command)
    };
    let subjects = [
        Subject { name: "ours, ndjson", command: Box::new(ours(&["ndjson"])), did_the_work: prints_all },
        Subject {
            name: "ours, ndjson --raw",
            command: Box::new(ours(&["ndjson", "--raw"])),
            did_the_work: prints_all,
        },
        Subject { name: "ours, csv", command: Box::new(ours(&["csv"])), did_the_work: prints_a_table },
        Subject { name: "Python, requests and json", command: Box::new(python), did_the_work: prints_all },
    ];
    print(&rounds::run(&subjects, runs)?, bytes);
    Ok(())
}

fn prints_all(stdout: &[u8]) -> bool {
    let whole = |line: &&[u8]| line.starts_with(b"{\"Timestamp\":") && line.ends_with(b"}");
    stdout.split(|byte| *byte == b'\n').filter(whole).count() == 99_999
}

fn prints_a_table(stdout: &[u8]) -> bool {
    stdout.starts_with(b"Timestamp,DeviceId,") && stdout.split(|byte| *byte == b'\n').count() == 100_001
}

#[expect(clippy::cast_precision_loss, reason = "bytes and times are far below 2^52")]
fn print(series: &[Series], bytes: u64) {
    println!("{:.0} MB in {ROWS:.0} rows\n", bytes as f64 / 1e6);
    println!("| | rows per CPU second | wall ms | peak MiB |");
    println!("|---|---:|---:|---:|");
    for Series { name, runs } in series {
        let median = |values: Vec<f64>| summary::median(values).unwrap_or(f64::NAN);
        let cpu = median(runs.iter().map(|run| run.cpu_us as f64 / 1e6).collect());
        let wall = median(runs.iter().map(|run| run.wall_us as f64 / 1e3).collect());
        let peak = runs.iter().map(|run| run.peak_kib).max().unwrap_or(0) as f64 / 1024.0;
        println!("| {name} | {:.0} | {wall:.0} | {peak:.1} |", ROWS / cpu);
    }
}
