//! YAML and CSV as others read them: `PyYAML`, which speaks YAML 1.1, and Python's own csv module find in them what is in
//! the JSON.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::deadline::{self, Finished};
use super::install::Installed;
use super::product::Product;
use crate::clean_environment;

const LIMIT: Duration = Duration::from_mins(2);

/// Names that some reader takes for something else, or that end a line, a cell or a text too early.
const NAMES: &[&str] = &[
    "yes",
    "NO",
    "null",
    "~",
    "2026-11-23",
    "12:30:45",
    "0x1F",
    "1e3",
    "0o17",
    ".inf",
    "a: b #c",
    "- x",
    "? y",
    "it's",
    "\"q\" \\",
    "=1+1",
    "@x",
    "%a",
    "<<",
    "a,b;c",
    "line\nbreak\r\n",
    "\u{202E}\u{1F600}\u{85}\u{2028}",
    "\u{e9} \u{6a5f}\u{5bc6}",
];

/// Lists of the demonstration tenant, read back by strangers.
pub(super) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    eprintln!("\n==> formats as others read them");
    let home = tempfile::tempdir().context("no temporary folder")?;
    let run = |arguments: &[&str]| run(product, home.path(), arguments);
    let first = run(&["incidents", "list", "--limit", "1", "--columns", "id", "-o", "csv"])?;
    let id = first.lines().nth(1).context("no incident")?;
    for name in NAMES {
        run(&["incidents", "update", id, &format!("--display-name={name}")])?;
        read_back(installed, home.path(), |format| run(&["incidents", "get", id, "-o", format]))?;
    }
    for arguments in [
        &["incidents", "list", "--all", "--with-alerts"][..],
        &["alerts", "list", "--all"],
        &["hunt", "AlertInfo"],
    ] {
        read_back(installed, home.path(), |format| run(&[arguments, &["-o", format]].concat()))?;
    }
    eprintln!("ok PyYAML and csv: {} names and three lists read back", NAMES.len());
    Ok(())
}

fn run(product: &Product, home: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = product.command(home);
    command.arg("--demo").args(arguments);
    let Finished { status, stdout, stderr } = deadline::output(&mut command, LIMIT)?;
    if !status.success() {
        bail!("{arguments:?} ended with {status}:\n{}", stderr.trim());
    }
    Ok(stdout)
}

fn read_back(installed: &Installed, folder: &Path, printed: impl Fn(&str) -> Result<String>) -> Result<()> {
    let mut python = Command::new(&installed.python);
    clean_environment::apply(&mut python)
        .current_dir(installed.folder.join("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg("formats.py");
    for format in ["json", "yaml", "csv"] {
        let path = folder.join(format!("printed.{format}"));
        File::create(&path)?.write_all(printed(format)?.as_bytes())?;
        python.arg(path);
    }
    let Finished { status, stderr, .. } = deadline::output(&mut python, LIMIT)?;
    if !status.success() {
        bail!("read back otherwise ({status}):\n{}", stderr.trim());
    }
    Ok(())
}
