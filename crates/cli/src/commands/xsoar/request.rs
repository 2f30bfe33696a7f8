//! `xsoar run`: one request on standard input, one answer on standard output, and nothing else there.

use std::io::{self, Read};
use std::sync::Arc;

use defender_xdr_core::{Clock, SystemClock};
use defender_xdr_xsoar::log::Log;
use defender_xdr_xsoar::{NoRequest, Request, SetClock, World as Platform};

use super::heard;
use crate::detached::detached;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::retirement;
use crate::session::registry;
use crate::world::World;

/// A request with a long list of entries is a few megabytes.
const LONGEST: u64 = 64 << 20;

pub(super) async fn run(world: &World) -> Result<Exit, Failure> {
    refuse_settings(world)?;
    let request = Request::read(&standard_input().await?).map_err(|error| no_request(&error))?;
    let log = Log::default();
    let _listening = heard::into(&log, world.global.verbose);
    let platform =
        Platform { registry: registry()?, environment: world.environment.clone(), clock: clock(world)?, log };
    let answer = defender_xdr_xsoar::run(&platform, request).await;
    let mut output = world.lines();
    output.json_line_by(|output| answer.write_to(output))?;
    output.finish()?;
    Ok(Exit::Ok)
}

/// Whoever sets something here believes that it counts, and a call of the real tenant would be made without it.
fn refuse_settings(world: &World) -> Result<(), Failure> {
    let global = &world.global;
    let flags = [
        ("--demo", world.is_demo()),
        ("--profile", global.profile.is_some()),
        ("--config", global.config.is_some()),
        ("--flow", global.flow.is_some()),
        ("--api", global.api.is_some()),
        ("--tenant", global.tenant.is_some()),
        ("--set", !global.set.is_empty()),
    ];
    match flags.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => {
            Err(Failure::usage(format!("`xsoar run` takes its settings from the request, not from `{flag}`"))
                .with_source(format!("flag {flag}"))
                .with_hint("set `params` in the request")
                .into())
        }
    }
}

fn no_request(error: &NoRequest) -> Failure {
    Failure::usage(error.to_string())
        .with_source("standard input")
        .with_hint("a request is a JSON object: command, args, params, integrationContext, lastRun, instance")
        .into()
}

fn clock(world: &World) -> Result<Arc<dyn Clock>, Failure> {
    Ok(match retirement::set_time(world)? {
        Some(now) => Arc::new(SetClock::at(now)),
        None => Arc::new(SystemClock),
    })
}

async fn standard_input() -> Result<String, Failure> {
    let reading = detached(|| -> io::Result<String> {
        let mut text = String::new();
        io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text)?;
        Ok(text)
    });
    let wrong =
        |why: String| Failure::from(Report::new("usage", Exit::Usage, why).with_source("standard input"));
    let text = reading.await.ok_or_else(|| Failure::bug("reading the request failed"))?;
    let text = text.map_err(|error| wrong(format!("the request cannot be read: {error}")))?;
    if text.len() as u64 > LONGEST {
        Err(wrong("the request is longer than 64 MiB".to_owned()))
    } else {
        Ok(text)
    }
}
