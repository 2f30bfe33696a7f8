//! From a cached token to the first byte of a request: settings read, record opened, connection made. What a command
//! costs before the service has anything to do.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use super::memory_list::Tenant;
use super::release;
use super::summary::median;
use super::tap::Tap;
use crate::interop::product::Product;
use crate::step;

/// Asked, over plain HTTP and with a key file, beyond what `--version` takes.
const MOST_MILLIS: f64 = 10.0;

/// One way to keep and to send.
struct Way {
    name: &'static str,
    scheme: &'static str,
    passphrase: bool,
}

const WAYS: [Way; 3] = [
    Way { name: "plain HTTP, key file", scheme: "http", passphrase: false },
    Way { name: "HTTPS (ClientHello), key file", scheme: "https", passphrase: false },
    Way { name: "plain HTTP, passphrase", scheme: "http", passphrase: true },
];

pub(crate) fn run(runs: usize) -> Result<()> {
    let binary = release::product()?;
    let product = Product::at(binary.clone())?;
    let tap = Tap::start()?;
    let tenants = [Tenant::start(&product, "260")?, Tenant::start(&product, "260")?];
    let command = |way: &Way| {
        let mut command = tenants[usize::from(way.passphrase)].list(&product, "graph");
        if way.passphrase {
            command.env("DEFENDER_XDR_SEALING_KEY_SOURCE", "passphrase");
            command.env("DEFENDER_XDR_SEALING_PASSPHRASE", "correct horse battery staple");
        }
        command
    };
    // Signs in, so that the token is there from now on.
    for way in &WAYS {
        step::output("sign in", &mut command(way))?;
    }
    let mut start = Vec::new();
    let mut ways = WAYS.map(|way| (way, Vec::new()));
    for _ in 0..=runs {
        start.push(whole(Command::new(&binary).arg("--version"))?);
        for (way, millis) in &mut ways {
            let mut command = command(way);
            command.env("DEFENDER_XDR_ENDPOINT", format!("{}://{}", way.scheme, tap.address));
            millis.push(until_first_byte(&mut command, &tap)?);
        }
    }
    let middle = |millis: &[f64]| median(millis[1..].iter().copied()).unwrap_or(f64::NAN);
    let version = middle(&start);
    println!("**From a cached token to the first byte**\n\n| | ms | beyond `--version` |\n|---|---:|---:|");
    println!("| `--version`, whole run | {version:.2} | |");
    for (way, millis) in &ways {
        let all = middle(millis);
        println!("| {} | {all:.2} | {:.2} |", way.name, all - version);
    }
    let asked = middle(&ways[0].1) - version;
    if asked > MOST_MILLIS {
        bail!("{asked:.1} ms beyond the start, more than {MOST_MILLIS}");
    }
    Ok(())
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn whole(command: &mut Command) -> Result<f64> {
    let started = Instant::now();
    let status = quiet(command).status().context("cannot start the program")?;
    let millis = started.elapsed().as_secs_f64() * 1e3;
    if status.success() { Ok(millis) } else { bail!("`--version` ended with {status}") }
}

/// The program gets no answer, so it is ended once it has spoken.
fn until_first_byte(command: &mut Command, tap: &Tap) -> Result<f64> {
    tap.clear();
    let started = Instant::now();
    let mut child = quiet(command).spawn().context("cannot start the program")?;
    let arrived = tap.next();
    child.kill().context("cannot end the program")?;
    child.wait().context("the program does not end")?;
    Ok(arrived?.duration_since(started).as_secs_f64() * 1e3)
}
