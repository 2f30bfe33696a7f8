//! Peak memory of listing one page of 50 incidents with 100 alerts each, 29 MB, which arrives in chunks: the page, and little
//! more.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::fast_server::{build_programs, list_at};
use super::release;
use super::rounds::{self, Series, Subject};
use crate::interop::background::Background;
use crate::interop::product::Product;

#[derive(Deserialize)]
struct Ready {
    origin: String,
    bytes: u64,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let packaged = release::packaged().map(Product::at).transpose()?;
    let mut server = Command::new(build_programs()?.join("incident_server"));
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let server =
        Background::start("the server", server.args(["50", "100", "9"]), scratch.path().join("server.log"))?;
    let Ready { origin, bytes } = server.ready()?;
    let (product, origin, home) = (&product, &origin, scratch.path());
    let ours = |more: &'static [&'static str]| move || Ok(list_at(product, home, origin, more));
    let mut subjects = vec![
        Subject { name: "the model's form", command: Box::new(ours(&[])), did_the_work: lists_all },
        Subject { name: "--raw", command: Box::new(ours(&["--raw"])), did_the_work: lists_all },
    ];
    if let Some(packaged) = &packaged {
        let command = move || Ok(list_at(packaged, home, origin, &[]));
        let name = "the program of the packages";
        subjects.push(Subject { name, command: Box::new(command), did_the_work: lists_all });
    }
    print(&rounds::run(&subjects, runs)?, bytes);
    Ok(())
}

fn lists_all(stdout: &[u8]) -> bool {
    stdout.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{\"id\":")).count() == 50
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one page are far below 2^52")]
fn print(series: &[Series], bytes: u64) {
    let page = bytes as f64 / 1_048_576.0;
    println!("A page of {page:.1} MiB\n\n| | peak MiB | beyond the page |\n|---|---:|---:|");
    for Series { name, runs } in series {
        let peak = runs.iter().map(|run| run.peak_kib).max().unwrap_or(0) as f64 / 1024.0;
        println!("| {name} | {peak:.1} | {:.1} |", peak - page);
    }
}
