//! What it costs to keep a session: a record sealed and opened, with a key file and with a passphrase. Inside one
//! process: to start one would cost far more.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::{step, workspace};

/// Asked of sealing and of opening with a key file.
const MOST_MICROS: f64 = 1000.0;

#[derive(Deserialize)]
struct Row {
    what: String,
    micros: f64,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let runs = runs.to_string();
    let words = ["bench", "--package", "defender-xdr-core", "--locked", "--bench", "seal", "--", &runs];
    let mut measuring = workspace::cargo(&words);
    let output = step::output("cargo bench seal", &mut measuring)?;
    let rows: Vec<Row> = serde_json::from_str(output.trim()).context("the measurement printed no rows")?;
    println!("**A session record of 6 KiB**\n\n| Work | Median µs |\n|---|---:|");
    for Row { what, micros } in &rows {
        println!("| {what} | {micros:.1} |");
    }
    match over(&rows) {
        Some(Row { what, micros }) => bail!("{what}: {micros:.0} µs, more than {MOST_MICROS:.0}"),
        None => Ok(()),
    }
}

/// Neither the disk's own time nor a passphrase's is ours to bound.
fn over(rows: &[Row]) -> Option<&Row> {
    let bounded = |row: &&Row| row.what.starts_with("seal") || row.what.starts_with("open");
    rows.iter().filter(bounded).find(|row| row.micros > MOST_MICROS)
}

#[cfg(test)]
mod tests {
    use super::{Row, over};

    #[test]
    fn sealing_and_opening_are_bounded_and_the_disk_is_not() {
        let row = |what: &str, micros| Row { what: what.to_owned(), micros };
        assert!(over(&[row("seal a record", 900.0), row("save a record to disk", 9000.0)]).is_none());
        assert!(over(&[row("open a record", 1100.0)]).is_some_and(|row| row.what == "open a record"));
    }
}
