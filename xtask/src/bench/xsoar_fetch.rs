//! A backlog of 50,000 incidents through `xsoar run`, one process for each 200 of them, as the platform asks for it, beside
//! one Python process that pages, parses and serialises.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::measure::{self, Measurement};
use super::release;
use super::summary::median;
use super::xsoar_run::{Ready, asked, signed_in};
use crate::interop::background::Background;
use crate::interop::install;
use crate::interop::product::Product;
use crate::{step, workspace};

const INCIDENTS: usize = 50_000;
/// `dateparser` takes so long that more would only take longer.
const PARSED_SLOWLY: usize = 500;
const PARSED_FAST: usize = 10_000;
const MOST_KIB: u64 = 40 * 1024;
/// Asked on the slower API: so many times the incidents of Python with each of the two.
const LEAST: [f64; 2] = [250.0, 4.0];

/// One way to fetch, and what it cost in each round.
struct Way {
    name: String,
    incidents: usize,
    runs: Vec<Measurement>,
}

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = Product::at(release::product()?)?;
    let installed = install::ensure()?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut emulator = product.command(scratch.path());
    emulator.args(["emulator", "--port", "0", "--no-limits", "--incidents", &INCIDENTS.to_string()]);
    let server = Background::start("the emulator", &mut emulator, scratch.path().join("emulator.log"))?;
    let ready: Ready = server.ready()?;
    let path = scratch.path().join("request.json");
    let mut request = signed_in(&product, scratch.path(), &ready, &path)?;
    let token = request["integrationContext"]["access_token"].as_str().context("no token")?.to_owned();
    request["command"] = "fetch-incidents".into();
    request["args"] = json!({});
    for (key, value) in [("first_fetch", "10 years"), ("max_fetch", "200"), ("fetch_timeout", "0")] {
        request["params"][key] = value.into();
    }
    let way = |name: &str, incidents| Way { name: name.to_owned(), incidents, runs: Vec::new() };
    let mut ways = [
        way("`xsoar run`, legacy", INCIDENTS),
        way("`xsoar run`, Graph", INCIDENTS),
        way("Python, dateparser", PARSED_SLOWLY),
        way("Python, fromisoformat", PARSED_FAST),
    ];
    for _ in 0..runs {
        for (api, way) in ["Legacy", "Graph"].into_iter().zip(&mut ways) {
            request["params"]["api"] = api.into();
            // The token of one API is none of the other's.
            let mut request = request.clone();
            if api == "Graph" {
                request["integrationContext"] = json!({});
            }
            way.runs.push(backlog(&product, scratch.path(), &ready, request)?);
        }
        for (parser, way) in ["dateparser", "fromisoformat"].into_iter().zip(&mut ways[2..]) {
            let mut command = Command::new(&installed.python);
            command.arg(workspace::root().join("xtask/bench/cortex_fetch.py"));
            command.args([ready.origin.as_str(), &token, &way.incidents.to_string(), parser]);
            if way.runs.is_empty() {
                let made = step::output(parser, &mut measure::bare_environment(&command))?;
                if made.trim() != way.incidents.to_string() {
                    bail!("{} made {made}", way.name);
                }
            }
            way.runs.push(measure::once(&command)?);
        }
    }
    told(&ways)
}

/// Fetches everything, in as many processes as the platform would start, and adds up what they cost.
fn backlog(product: &Product, folder: &Path, ready: &Ready, mut request: Value) -> Result<Measurement> {
    let (asking, answered) = (folder.join("fetch.json"), folder.join("answer.json"));
    let mut sum = Measurement { wall_us: 0, cpu_us: 0, peak_kib: 0, floor_kib: 0 };
    let mut seen = BTreeSet::new();
    loop {
        fs::write(&asking, request.to_string()).context("cannot write the request")?;
        let asked = asked(product, folder, ready, &asking);
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "answer=$1; shift; \"$@\" > \"$answer\"", "sh"]).arg(&answered);
        command.arg(asked.get_program()).args(asked.get_args());
        command.envs(asked.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let one = measure::once(&command)?;
        sum.wall_us += one.wall_us;
        sum.cpu_us += one.cpu_us;
        sum.peak_kib = sum.peak_kib.max(one.peak_kib);
        let answer: Value = serde_json::from_slice(&fs::read(&answered).context("no answer")?)?;
        let incidents =
            answer["incidents"].as_array().with_context(|| format!("no incidents: {}", answer["results"]))?;
        for incident in incidents {
            let name = incident["name"].as_str().context("an incident without a name")?;
            if !seen.insert(name.to_owned()) {
                bail!("{name} came twice");
            }
        }
        for state in ["lastRun", "integrationContext"] {
            if !answer[state].is_null() {
                request[state] = answer[state].clone();
            }
        }
        if incidents.len() < 200 {
            break;
        }
    }
    if seen.len() != INCIDENTS {
        bail!("{} incidents came, not {INCIDENTS}", seen.len());
    }
    Ok(sum)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds and incidents are far below 2^52")]
fn told(ways: &[Way]) -> Result<()> {
    println!("| | incidents per CPU second | CPU s | wall s | peak MiB |\n|---|---:|---:|---:|---:|");
    let mut rates = Vec::new();
    for Way { name, incidents, runs } in ways {
        let middle = |of: fn(&Measurement) -> u64| {
            median(runs.iter().map(|run| of(run) as f64)).context("nothing was measured")
        };
        let (cpu, wall) = (middle(|run| run.cpu_us)? / 1e6, middle(|run| run.wall_us)? / 1e6);
        let rate = *incidents as f64 / cpu;
        let peak = runs.iter().map(|run| run.peak_kib).max().unwrap_or(0);
        println!(
            "| {name}, {incidents} incidents | {rate:.0} | {cpu:.2} | {wall:.1} | {:.1} |",
            peak as f64 / 1024.0
        );
        rates.push((rate, peak));
    }
    let &[(legacy, legacy_peak), (graph, graph_peak), (dateparser, _), (fromisoformat, _)] = rates.as_slice()
    else {
        bail!("a way is missing");
    };
    let slower = legacy.min(graph);
    println!(
        "\nThe slower API: {:.0} times dateparser, {:.1} times fromisoformat.",
        slower / dateparser,
        slower / fromisoformat
    );
    if slower / dateparser < LEAST[0]
        || slower / fromisoformat < LEAST[1]
        || legacy_peak.max(graph_peak) > MOST_KIB
    {
        bail!("asked were {} and {} times, and {MOST_KIB} KiB", LEAST[0], LEAST[1]);
    }
    Ok(())
}
