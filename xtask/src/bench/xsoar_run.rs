//! `xsoar run` for a list of incidents with a cached token, beside a Python process that imports what an integration
//! imports and does the same. Processor time has no wait for the network in it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::rounds::{self, Series, Subject};
use super::{release, summary};
use crate::interop::background::Background;
use crate::interop::clients::{APPLICATION, SECRET};
use crate::interop::install;
use crate::interop::product::Product;
use crate::{step, workspace};

/// Asked, beside the wait for the network.
const MOST_MILLIS: f64 = 30.0;

#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) origin: String,
    pub(super) tenant_id: String,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let installed = install::ensure()?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut emulator = product.command(scratch.path());
    emulator.args(["emulator", "--port", "0", "--no-limits"]);
    let server = Background::start("the emulator", &mut emulator, scratch.path().join("emulator.log"))?;
    let ready: Ready = server.ready()?;
    let request = scratch.path().join("request.json");
    signed_in(&product, scratch.path(), &ready, &request)?;
    let ours = || Ok(asked(&product, scratch.path(), &ready, &request));
    let script = workspace::root().join("xtask/bench/cortex_list.py");
    let python = || {
        let mut command = Command::new(&installed.python);
        command.arg(&script).arg(&request);
        Ok(command)
    };
    let subjects = [
        Subject { name: "`xsoar run`", command: Box::new(ours), did_the_work: lists },
        Subject { name: "Python, requests and dateparser", command: Box::new(python), did_the_work: lists },
    ];
    let series = rounds::run(&subjects, runs)?;
    summary::print("`incidents-list limit=10` with a cached token", &series);
    within_limit(&series)
}

/// Our program with the request on its standard input.
pub(super) fn asked(product: &Product, home: &Path, ready: &Ready, request: &Path) -> Command {
    let model = product.command(home);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "exec \"$0\" xsoar run < \"$1\""]).arg(model.get_program()).arg(request);
    command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("DEFENDER_XDR_QUOTA", "observed").env("DEFENDER_XDR_AUTHORITY_HOST", &ready.origin);
    command
}

/// Writes, and returns, a request whose integration context holds a token, as a first call leaves it.
pub(super) fn signed_in(product: &Product, home: &Path, ready: &Ready, path: &Path) -> Result<Value> {
    let mut request = json!({
        "command": "microsoft-365-defender-incidents-list",
        "args": { "limit": "10" },
        "params": {
            "base_url": ready.origin, "api": "Legacy", "client_credentials": true,
            "creds_client_id": { "password": APPLICATION }, "creds_tenant_id": { "password": ready.tenant_id },
            "credentials": { "password": SECRET },
        },
        "integrationContext": {}, "lastRun": {}, "instance": "one",
    });
    let write = |request: &Value| fs::write(path, request.to_string()).context("cannot write the request");
    write(&request)?;
    let mut command = asked(product, home, ready, path);
    let answer = step::output("sign in", command.stdin(File::open(path).context("no request")?))?;
    let answer: Value = serde_json::from_str(&answer).context("`xsoar run` did not answer in JSON")?;
    request["integrationContext"] = answer["integrationContext"].clone();
    if request["integrationContext"]["access_token"].is_null() {
        bail!("no token came: {}", answer["results"]);
    }
    write(&request)?;
    Ok(request)
}

fn lists(stdout: &[u8]) -> bool {
    let Ok(answer) = serde_json::from_slice::<Value>(stdout) else { return false };
    let entry = &answer["results"][0];
    entry["Contents"].as_array().is_some_and(|incidents| incidents.len() == 10)
        && entry["HumanReadable"].as_str().is_some_and(|text| text.starts_with("### Incidents:"))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of one process are far below 2^52")]
fn within_limit(series: &[Series]) -> Result<()> {
    let ours = series.first().context("nothing was measured")?;
    let millis = summary::median(ours.runs.iter().map(|run| run.cpu_us as f64 / 1e3)).unwrap_or(f64::NAN);
    if millis > MOST_MILLIS {
        bail!("{millis:.1} ms of processor time, more than {MOST_MILLIS}");
    }
    Ok(())
}
