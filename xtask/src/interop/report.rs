//! The page about incidents in a real browser: headless Chromium loads it, and nothing else.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::deadline::{self, Finished};
use super::install::Installed;
use super::product::Product;
use crate::clean_environment;

/// Chromium starts slowly on a busy machine.
const LIMIT: Duration = Duration::from_mins(2);

/// What the browser saw: the line of `look_at.mjs`.
#[derive(Debug, Deserialize)]
pub(crate) struct Seen {
    requests: Vec<String>,
    console: Vec<String>,
    paper: u64,
    title: String,
    scripts: u32,
    background: String,
    pictures: Vec<String>,
    nameless: u32,
    tables: u32,
    wide: u32,
    width: u32,
}

pub(super) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    let home = tempfile::tempdir().context("no temporary home")?;
    let page = home.path().join("incidents.html");
    write(product, home.path(), &page)?;
    let mut backgrounds = Vec::new();
    for (dark, width) in [(false, "1180"), (true, "1180"), (false, "390")] {
        let mut more = vec!["--width", width];
        more.extend(dark.then_some("--dark"));
        let seen = look_at(installed, &page, &more)?;
        is_whole(&seen).with_context(|| format!("{seen:?}"))?;
        backgrounds.push(seen.background);
    }
    if backgrounds[0] == backgrounds[1] {
        bail!("dark is as light as light: {}", backgrounds[0]);
    }
    eprintln!("ok report: Chromium loads it alone, in light, in dark, on a telephone and on paper");
    Ok(())
}

/// Writes the page about the demonstration tenant.
pub(crate) fn write(product: &Product, home: &Path, page: &Path) -> Result<()> {
    let mut report = product.command(home);
    report.args(["--demo", "report", "--output"]).arg(page);
    let Finished { status, stderr, .. } = deadline::output(&mut report, LIMIT)?;
    if !status.success() {
        bail!("`report` ended with {status}: {}", stderr.trim());
    }
    let size = fs::metadata(page).context("there is no page")?.len();
    if size > 1_000_000 {
        bail!("the page has {size} bytes");
    }
    Ok(())
}

/// Opens a page in Chromium.
pub(crate) fn look_at(installed: &Installed, page: &Path, more: &[&str]) -> Result<Seen> {
    let mut node = Command::new("node");
    clean_environment::apply(&mut node).arg(installed.folder.join("browser/look_at.mjs"));
    node.arg("--url").arg(format!("file://{}", page.display())).args(more);
    let Finished { status, stdout, stderr } = deadline::output(&mut node, LIMIT)?;
    if !status.success() {
        bail!("the browser failed ({status}): {}", stderr.trim());
    }
    serde_json::from_str(&stdout).context("the browser did not say what it saw")
}

fn is_whole(seen: &Seen) -> Result<()> {
    if seen.requests.len() != 1 || !seen.console.is_empty() || seen.scripts > 0 {
        bail!("it asks for something, says something or runs something");
    }
    if seen.title.is_empty() || seen.pictures.len() < 4 || seen.nameless > 0 || seen.tables < 8 {
        bail!("something is missing for people or for screen readers");
    }
    if seen.pictures.iter().any(|told| told.len() < 40) {
        bail!("a drawing does not say what it shows");
    }
    if seen.wide > seen.width {
        bail!("it is wider than its window");
    }
    if seen.paper < 10_000 {
        bail!("nothing came out on paper");
    }
    Ok(())
}
