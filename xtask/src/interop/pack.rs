//! The script of the Cortex pack under a real Python, on a stand-in for the platform: every command on both APIs of our
//! emulator, and the two answers side by side.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use super::background::Background;
use super::clients::{APPLICATION, SECRET};
use super::deadline::{self, Finished};
use super::install::Installed;
use super::product::Product;
use crate::{clean_environment, workspace};

const INTEGRATION: &str = "crates/xsoar/pack/Integrations/Microsoft365Defender/Microsoft365Defender";
const LIMIT: Duration = Duration::from_mins(3);

#[derive(serde::Deserialize)]
struct Ready {
    origin: String,
    tenant_id: String,
}

/// What the platform would be told.
pub(crate) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    eprintln!("\n==> the script of the Cortex pack under Python");
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut emulator = product.command(scratch.path());
    emulator.args(["emulator", "--port", "0", "--no-limits"]);
    let server = Background::start("the emulator", &mut emulator, scratch.path().join("emulator.log"))?;
    let ready: Ready = server.ready()?;
    let root = workspace::root();
    let mut python = Command::new(&installed.python);
    clean_environment::apply(&mut python)
        .current_dir(installed.folder.join("python"))
        .env("HOME", scratch.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg("cortex_pack.py")
        .arg("--script")
        .arg(root.join(format!("{INTEGRATION}.py")))
        .arg("--scripts")
        .arg(root.join("crates/xsoar/pack/Scripts"))
        .arg("--description")
        .arg(root.join(format!("{INTEGRATION}.yml")))
        .arg("--program")
        .arg(product.folder()?)
        .args(["--emulator", &ready.origin, "--tenant", &ready.tenant_id])
        .args(["--client-id", APPLICATION, "--client-secret", SECRET]);
    let Finished { status, stdout, stderr } =
        deadline::output(&mut python, LIMIT).map_err(|error| server.blame(&error))?;
    if !status.success() {
        bail!(server.blame(&anyhow!("cortex_pack.py failed ({status}): {}", stderr.trim())));
    }
    eprintln!("ok {}", stdout.trim());
    Ok(())
}
