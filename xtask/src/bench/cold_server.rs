//! The server of `bench cold` and the trust roots all its subjects share.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tempfile::TempDir;

use crate::interop::background::Background;
use crate::{step, workspace};

/// The system's bundle, where it commonly lies.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A running page server, and the folder with the one bundle that vouches for it.
pub(crate) struct ColdServer {
    /// Ends the server when dropped.
    _server: Background,
    scratch: TempDir,
    /// `https://localhost:PORT`, both authority and API.
    pub(crate) origin: String,
    /// Length of the page of incidents.
    pub(crate) page_bytes: u64,
    /// The bare client that was built along.
    pub(crate) bare_client: PathBuf,
    /// How many certificates everybody loads.
    pub(crate) roots: usize,
}

#[derive(Deserialize)]
struct Ready {
    origin: String,
    page_bytes: u64,
}

impl ColdServer {
    /// Builds the bare client and the page server and starts the latter.
    pub(crate) fn start() -> Result<Self> {
        let manifest = workspace::root().join("xtask/bench/bare/Cargo.toml");
        let target = workspace::target().join("bench/bare");
        let mut build = workspace::cargo(&["build", "--release", "--locked", "--manifest-path"]);
        step::run("cargo build the bare client", build.arg(manifest).arg("--target-dir").arg(&target))?;
        let scratch = tempfile::tempdir().context("no temporary folder")?;
        let certificate = scratch.path().join("authority.pem");
        let mut command = Command::new(target.join("release/page_server"));
        let log = scratch.path().join("page_server.log");
        let server = Background::start("the page server", command.arg(&certificate), log)?;
        let Ready { origin, page_bytes } = server.ready()?;
        let roots = write_bundle(&certificate, &scratch.path().join("bundle.pem"))?;
        let bare_client = target.join("release/client");
        Ok(Self { _server: server, scratch, origin, page_bytes, bare_client, roots })
    }

    /// The system's roots and the server's authority, in one PEM file.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.scratch.path().join("bundle.pem")
    }
}

fn write_bundle(certificate: &Path, bundle: &Path) -> Result<usize> {
    let given = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let candidates = given.into_iter().chain(BUNDLES.iter().map(PathBuf::from));
    let system = candidates.into_iter().find(|path| path.is_file()).context(
        "no bundle of trust roots on this machine; name one with SSL_CERT_FILE, so that everybody loads the same",
    )?;
    let mut pem = fs::read_to_string(&system).with_context(|| format!("cannot read {}", system.display()))?;
    pem.push('\n');
    pem.push_str(&fs::read_to_string(certificate).context("the server wrote no certificate")?);
    fs::write(bundle, &pem).with_context(|| format!("cannot write {}", bundle.display()))?;
    Ok(pem.matches("-----BEGIN CERTIFICATE-----").count())
}
