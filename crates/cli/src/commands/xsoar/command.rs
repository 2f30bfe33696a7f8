//! `xsoar command`: one command, with the settings and the sign-in of this program.

use defender_xdr_xsoar::arguments::Arguments;
use defender_xdr_xsoar::commands::{self, Cause, Failed, Instance};
use defender_xdr_xsoar::log::{Level, Log};
use defender_xdr_xsoar::table::{Command, PREFIX};
use defender_xdr_xsoar::war_room::{self, Line};
use serde_json::{Map, Value};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, Output, without_steering};
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

pub(super) async fn run(world: &World, words: &[String]) -> Result<Exit, Failure> {
    let line = line(words)?;
    let command = known(&line)?;
    let patient = patience(world, &line);
    let session = open(patient.as_ref().unwrap_or(world)).await?;
    let client = session.client()?;
    let (log, nothing) = (Log::default(), Map::new());
    let values = &session.context.values;
    let instance = Instance {
        flow: session.entry,
        tokens: &session.tokens,
        client: &client,
        brings_sign_in: ["refresh-token", "authorization-code"].iter().any(|key| values.get(key).is_some()),
        clock: session.context.clock.as_ref(),
        log: &log,
        form: &nothing,
        name: "",
        last_run: &nothing,
        remembered: "",
    };
    let result = commands::run(&instance, command, &line.arguments).await;
    session.tokens.flush().await;
    for told in log.take() {
        match told.level {
            Level::Debug => tracing::debug!("{}", told.message),
            Level::Info => tracing::info!("{}", told.message),
            Level::Warning | Level::Error => tracing::warn!("{}", told.message),
        }
    }
    let mut output = world.output();
    match result {
        Ok(outcome) => {
            for result in &outcome.results {
                print(&mut output, world.output_format(), result)?;
            }
            output.finish()?;
            Ok(Exit::Ok)
        }
        Err(failed) => {
            if world.output_format().is_machine_readable() {
                print(&mut output, world.output_format(), &failed.entry())?;
                output.finish()?;
            }
            Err(failure(&session, failed))
        }
    }
}

/// One word is a line of the War Room; several come from a shell, which has taken the quotes off.
fn line(words: &[String]) -> Result<Line, Failure> {
    let wrong = |text: String| Failure::from(Failure::usage(text).with_source("argument LINE"));
    let [command, rest @ ..] = words else { return Err(wrong("there is no command".to_owned())) };
    if rest.is_empty() {
        return war_room::read(command).map_err(|error| wrong(error.to_string()));
    }
    let mut arguments = Map::new();
    for word in rest {
        let Some((name, value)) = word.split_once('=') else {
            return Err(wrong(format!("`{word}` is no argument: write name=value")));
        };
        if arguments.insert(name.to_owned(), value.into()).is_some() {
            return Err(wrong(format!("the argument `{name}` is there twice")));
        }
    }
    Ok(Line { command: command.trim_start_matches('!').to_owned(), arguments })
}

/// The command of a line, all of whose arguments it has.
fn known(line: &Line) -> Result<&'static Command, Failure> {
    let wrong = |text: String, hint: String| {
        Failure::from(Failure::usage(text).with_source("argument LINE").with_hint(hint))
    };
    let Some(command) = Command::find_by_any_name(&line.command) else {
        let names = defender_xdr_xsoar::table::COMMANDS.iter().filter(|command| !command.called_by_platform);
        let names: Vec<_> = names.map(|command| command.name.trim_start_matches(PREFIX)).collect();
        let hint = format!("there are {}, each with {PREFIX} before it", names.join(", "));
        return Err(wrong(format!("there is no command `{}`", line.command), hint));
    };
    match Arguments::unknown(command, &line.arguments).first() {
        None => Ok(command),
        Some(name) => {
            let names: Vec<_> = command.arguments.iter().map(|argument| argument.name).collect();
            let hint = if names.is_empty() {
                "it takes none".to_owned()
            } else {
                format!("it takes {}", names.join(", "))
            };
            Err(wrong(format!("{} has no argument `{name}`", command.name), hint))
        }
    }
}

/// The same world with the time limit of the line, which is a setting here.
fn patience(world: &World, line: &Line) -> Option<World> {
    let timeout = line.arguments.get("timeout")?.as_str().filter(|text| text.parse::<u64>().is_ok())?;
    if world.is_demo() {
        return None;
    }
    let mut global = world.global.clone();
    global.set.push(format!("timeout={timeout}"));
    Some(World::new(global, world.environment.clone()))
}

/// For people what the War Room shows, for programs the entry.
fn print(output: &mut Output, format: Format, result: &Value) -> Result<(), Failure> {
    if !format.has_columns() {
        let text = if format == Format::Json {
            serde_json::to_string_pretty(result)
        } else {
            serde_json::to_string(result)
        };
        return output.raw(&text.map_err(|error| Failure::bug(error.to_string()))?);
    }
    let readable = result.get("HumanReadable").and_then(Value::as_str).or(result.as_str());
    // Names and texts of incidents come from attackers.
    let lines = readable.unwrap_or_default().lines().map(without_steering);
    output.line(&lines.collect::<Vec<_>>().join("\n"))
}

/// The original's text, with the exit code and the advice of this program.
fn failure(session: &Session, failed: Failed) -> Failure {
    let told = match failed.cause {
        Cause::Argument => Err(Failure::usage(failed.text.as_str()).into()),
        Cause::NotSignedIn => Err(Report::new("sign-in", Exit::SignIn, failed.text.as_str()).into()),
        Cause::Api(error) => session.told::<(), _>(Err(*error), "argument LINE"),
        Cause::SignIn(error) => session.told::<(), _>(Err(*error), "argument LINE"),
    };
    match told {
        Err(Failure::Reported(report)) => Failure::Reported(Box::new(report.saying(failed.text))),
        Err(other) => other,
        Ok(()) => Failure::bug("a failed command has no cause"),
    }
}
