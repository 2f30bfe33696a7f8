//! A report about 10,000 incidents: reading, counting and drawing, without the network.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::{step, workspace};

/// Promised.
const MOST_MILLISECONDS: f64 = 1_000.0;
const MOST_BYTES: u64 = 1_000_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    incidents: u32,
    bytes_read: u64,
    milliseconds_median: f64,
    bytes_written: u64,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let runs = runs.to_string();
    let words =
        ["bench", "--package", "defender-xdr-report", "--locked", "--bench", "ten_thousand", "--", &runs];
    let output = step::output("cargo bench ten_thousand", &mut workspace::cargo(&words))?;
    let told: Told = serde_json::from_str(output.trim()).context("the measurement printed no numbers")?;
    println!(
        "**A report**\n\n| Incidents | MB read | Median ms | KB written |\n|---:|---:|---:|---:|\n| {} | {} | {:.0} | {} |",
        told.incidents,
        told.bytes_read / 1_000_000,
        told.milliseconds_median,
        told.bytes_written / 1_000
    );
    if told.milliseconds_median > MOST_MILLISECONDS || told.bytes_written > MOST_BYTES {
        bail!("promised are {MOST_MILLISECONDS} ms and {MOST_BYTES} bytes");
    }
    Ok(())
}
