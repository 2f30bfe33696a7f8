//! Microsoft's own client libraries against our emulator, over HTTPS.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::background::Background;
use super::deadline::{self, Finished};
use super::install::Installed;
use super::product::Product;
use crate::clean_environment;

/// The emulated tenant's application with every permission. The secret is part of the invented tenant.
pub(crate) const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
pub(crate) const SECRET: &str = "aut~Q7.demo-secret-not-real_x1";

const SCRIPTS: [&str; 9] = [
    "msal_client_secret.py",
    "azure_identity_secret.py",
    "msal_device_code.py",
    "azure_identity_device_code.py",
    "refresh.py",
    "msal_certificate.py",
    "msal_code_with_pkce.py",
    "azure_identity_certificate_and_federation.py",
    "managed_identities.py",
];

/// A device-code script polls every five seconds.
const LIMIT: Duration = Duration::from_mins(2);

/// The emulator's ready line.
#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) authority_host: String,
    pub(super) endpoint: String,
    pub(super) tenant_id: String,
}

/// Every script, each in its own process.
pub(crate) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let certificate = scratch.path().join("emulator.pem");
    let mut emulator = product.command(scratch.path());
    emulator
        .args(["emulator", "--https", "--port", "0", "--no-limits", "--certificate-out"])
        .arg(&certificate);
    let server = Background::start("the emulator", &mut emulator, scratch.path().join("emulator.log"))?;
    let ready: Ready = server.ready()?;
    eprintln!("\n==> independent clients at our emulator");
    for script in SCRIPTS {
        let mut python = Command::new(&installed.python);
        clean_environment::apply(&mut python)
            .current_dir(installed.folder.join("python"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(script)
            .args(["--authority-host", &ready.authority_host, "--endpoint", &ready.endpoint])
            .args(["--tenant", &ready.tenant_id, "--client-id", APPLICATION, "--client-secret", SECRET])
            .arg("--ca")
            .arg(&certificate);
        let Finished { status, stdout, stderr } =
            deadline::output(&mut python, LIMIT).map_err(|error| server.blame(&error))?;
        if !status.success() {
            let reason = anyhow::anyhow!("{script} failed ({status}): {}", stderr.trim());
            bail!(server.blame(&reason));
        }
        eprintln!("ok {}", stdout.trim());
    }
    node(installed, scratch.path(), &ready, &certificate).map_err(|error| server.blame(&error))
}

/// Microsoft's library for Node, every credential in one process.
fn node(installed: &Installed, scratch: &Path, ready: &Ready, authority: &Path) -> Result<()> {
    let mut python = Command::new(&installed.python);
    clean_environment::apply(&mut python).current_dir(installed.folder.join("python"));
    let made = deadline::output(python.arg("make_certificate.py").arg(scratch), LIMIT)?;
    if !made.status.success() {
        bail!("make_certificate.py failed: {}", made.stderr.trim());
    }
    let mut node = Command::new("node");
    clean_environment::apply(&mut node).env("NODE_EXTRA_CA_CERTS", authority);
    node.arg(installed.folder.join("node/azure_identity.mjs"));
    node.args([&ready.authority_host, &ready.tenant_id, APPLICATION, SECRET]);
    node.arg(scratch.join("certificate.pem")).arg(scratch.join("key.pem"));
    let Finished { status, stdout, stderr } = deadline::output(&mut node, LIMIT)?;
    if !status.success() {
        bail!("azure_identity.mjs failed ({status}): {}", stderr.trim());
    }
    eprintln!("ok {}", stdout.trim());
    Ok(())
}
