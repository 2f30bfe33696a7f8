//! The reader of Cortex's time phrases and Python's `dateparser`, which Cortex itself uses: one table for both.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::deadline::{self, Finished};
use super::install::Installed;
use crate::{clean_environment, workspace};

const TABLE: &str = "crates/xsoar/src/phrase/table.tsv";
const LIMIT: Duration = Duration::from_mins(2);

/// What our own tests hold our reader to, `dateparser` says as well.
pub(crate) fn prove(installed: &Installed) -> Result<()> {
    eprintln!("\n==> time phrases as Cortex reads them");
    let mut python = Command::new(&installed.python);
    clean_environment::apply(&mut python)
        .current_dir(installed.folder.join("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg("cortex_phrases.py")
        .arg(workspace::root().join(TABLE));
    let Finished { status, stdout, stderr } = deadline::output(&mut python, LIMIT)?;
    if !status.success() {
        bail!("`dateparser` reads phrases otherwise ({status}):\n{}", stderr.trim());
    }
    eprintln!("ok {}", stdout.trim());
    Ok(())
}
