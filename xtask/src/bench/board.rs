//! The board with 10,000 incidents: what it holds in memory, and how fast it answers keys, played on a terminal.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::memory_list::Tenant;
use super::{release, summary};
use crate::interop::product::Product;
use crate::played::Played;

const INCIDENTS: &str = "10000";
const LOADED: &str = "10000 of 10000  scope";
/// Promised.
const MOST_MIB: u64 = 50;
const MOST_MILLISECONDS: f64 = 50.0;
const PATIENCE: Duration = Duration::from_mins(4);

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let tenant = Tenant::start(&product, INCIDENTS)?;
    println!(
        "**The board with 10,000 incidents**\n\n| API | Work | Median ms | Longest ms |\n|---|---|---:|---:|"
    );
    let mut worst = 0.0_f64;
    let mut peaks = Vec::new();
    for api in ["graph", "legacy"] {
        let board =
            Played::start(&mut tenant.command(&product, &["incidents", "board", "--api", api]), 120, 40)?;
        board.wait_for("loading…  scope", PATIENCE)?;
        let during = times(&board, runs, &["j"])?;
        board.wait_for(LOADED, PATIENCE)?;
        let rows = [
            ("move while loading", during),
            ("move", times(&board, runs, &["j", "k", "\u{1b}[6~", "g"])?),
            ("change the order", times(&board, runs, &["o"])?),
            ("search, letter by letter", search(&board, runs)?),
        ];
        for (what, times) in rows {
            let longest = times.iter().copied().fold(0.0, f64::max);
            let median = summary::median(times).unwrap_or(0.0);
            println!("| {api} | {what} | {median:.1} | {longest:.1} |");
            worst = worst.max(median);
        }
        peaks.push((api, peak(board.id())?));
    }
    for (api, peak) in &peaks {
        println!("\nPeak memory, {api}: {peak} MiB");
    }
    if worst > MOST_MILLISECONDS || peaks.iter().any(|(_, peak)| *peak > MOST_MIB) {
        bail!("promised are {MOST_MILLISECONDS} ms and {MOST_MIB} MiB");
    }
    Ok(())
}

fn times(board: &Played, runs: usize, keys: &[&str]) -> Result<Vec<f64>> {
    let one = |key: &&str| Ok(board.answer(key, PATIENCE)?.as_secs_f64() * 1_000.0);
    keys.iter().cycle().take(runs).map(one).collect()
}

fn search(board: &Played, runs: usize) -> Result<Vec<f64>> {
    board.answer("/", PATIENCE)?;
    let times = times(board, runs, &["k", "e", "s", "t", "\u{7f}", "\u{7f}", "\u{7f}", "\u{7f}"]);
    board.answer("\u{1b}", PATIENCE)?;
    times
}

/// The most memory that a process has held, in MiB (`proc(5)`, `VmHWM`).
fn peak(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("the board has gone")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the kernel tells no peak")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().context("an odd number")?;
    Ok(kib.div_ceil(1024))
}
