//! Peak memory of `incidents list --all` over two invented tenants, one ten times the other: it must not grow.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tempfile::TempDir;

use super::rounds::{self, Subject};
use super::{release, summary};
use crate::interop::background::Background;
use crate::interop::product::Product;

const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
/// Part of the invented tenant.
const SECRET: &str = "aut~Q7.demo-secret-not-real_x1";

#[derive(Deserialize)]
struct Ready {
    origin: String,
    tenant_id: String,
}

/// An invented tenant, and the home of somebody who lists it.
pub(super) struct Tenant {
    ready: Ready,
    home: TempDir,
    _server: Background,
}

impl Tenant {
    pub(super) fn start(product: &Product, incidents: &str) -> Result<Self> {
        let home = tempfile::tempdir().context("no temporary home")?;
        let mut emulator = product.command(home.path());
        emulator.args(["emulator", "--port", "0", "--no-limits", "--incidents", incidents]);
        let server = Background::start("the emulator", &mut emulator, home.path().join("emulator.log"))?;
        Ok(Self { ready: server.ready()?, home, _server: server })
    }

    pub(super) fn list(&self, product: &Product, api: &str) -> Command {
        self.command(product, &["incidents", "list", "--all", "-o", "ndjson", "--api", api])
    }

    /// Any command, signed in.
    pub(super) fn command(&self, product: &Product, arguments: &[&str]) -> Command {
        let mut command = product.command(self.home.path());
        command.args(arguments);
        for (key, value) in [
            ("AUTHENTICATION_FLOW", "client-credentials"),
            ("CLOUD", "custom"),
            // The emulator refuses nobody, and nobody is to wait for a limit it does not have.
            ("QUOTA", "observed"),
            ("AUTHORITY_HOST", self.ready.origin.as_str()),
            ("ENDPOINT", self.ready.origin.as_str()),
            ("TENANT_ID", self.ready.tenant_id.as_str()),
            ("APPLICATION_ID", APPLICATION),
            ("CLIENT_SECRET", SECRET),
        ] {
            command.env(format!("DEFENDER_XDR_{key}"), value);
        }
        command
    }
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let (small, large) = (Tenant::start(&product, "5000")?, Tenant::start(&product, "50000")?);
    let subject = |name, tenant, api, did_the_work| {
        let product = &product;
        let command = Box::new(move || Ok(Tenant::list(tenant, product, api)));
        Subject { name, command, did_the_work }
    };
    let subjects = [
        subject("legacy, 50,000 incidents", &large, "legacy", lists_50_000 as fn(&[u8]) -> bool),
        subject("legacy, 5,000 incidents", &small, "legacy", lists_5_000),
        subject("Graph, 50,000 incidents", &large, "graph", lists_50_000),
        subject("Graph, 5,000 incidents", &small, "graph", lists_5_000),
    ];
    summary::print("Memory of `incidents list --all -o ndjson`", &rounds::run(&subjects, runs)?);
    Ok(())
}

fn lists_5_000(stdout: &[u8]) -> bool {
    lines(stdout) == 5_000
}

fn lists_50_000(stdout: &[u8]) -> bool {
    lines(stdout) == 50_000
}

fn lines(stdout: &[u8]) -> usize {
    stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"{\"id\":") && line.ends_with(b"}"))
        .count()
}
