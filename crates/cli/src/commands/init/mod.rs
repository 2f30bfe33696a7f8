//! `init`: from nothing to the first incident. Questions are made from the flows' descriptors; whoever has no terminal gives
//! the answers as flags. Nothing is written before all is answered, and then the whole file at once.

mod draft;
mod first_look;
mod interview;
mod question;
mod secrets;
mod terminal;

use clap::Args;
use serde_json::{Value, json};

use self::draft::Draft;
pub(crate) use self::terminal::Terminal;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Table;
use crate::session::Session;
use crate::settings_file;
use crate::world::World;

#[derive(Debug, Clone, Args)]
#[command(after_help = "Without a terminal, everything comes from flags:\n  \
    printf %s \"$SECRET\" | defender-xdr init --flow client-credentials --tenant TENANT \\\n    \
    --set application-id=ID --secret client-secret=-")]
pub(crate) struct Arguments {
    /// A secret: a reference (`env:NAME`, `file:PATH`, `command:ARGV`) is written as it is; KEY=- reads the secret from standard
    /// input and seals it.
    #[arg(long = "secret", value_name = "KEY=REFERENCE")]
    secrets: Vec<String>,
    /// Ask nothing, even on a terminal.
    #[arg(long)]
    no_input: bool,
    /// Write the settings only.
    #[arg(long)]
    no_sign_in: bool,
    /// Print the address of the sign-in page only: open no browser.
    #[arg(long)]
    no_browser: bool,
}

pub(crate) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    if world.is_demo() {
        return Err(Failure::usage("the demonstration tenant has no settings to write")
            .with_source("flag --demo")
            .with_hint(
                "run `defender-xdr init` for a tenant of yours, or `defender-xdr --demo incidents list`",
            )
            .into());
    }
    let terminal = if arguments.no_input { None } else { Terminal::open() };
    let mut draft = Draft::start(world)?;
    secrets::take(&mut draft, &arguments.secrets).await?;
    match &terminal {
        Some(terminal) => interview::ask(world, terminal, &mut draft).await?,
        None => interview::demand(world, &mut draft)?,
    }
    if let Some(terminal) = &terminal
        && !agreed(world, terminal, &draft).await?
    {
        world.say("nothing was written");
        return Ok(Exit::Negative);
    }
    secrets::seal(world, &draft).await?;
    settings_file::write(&draft.path, draft.profile.as_deref(), draft.changes())?;
    let file = draft.path.display().to_string();
    world.say(&format!("written: {file}"));

    let session = open(world).await?;
    let unattended = terminal.is_none() && session.entry.capabilities.interactive;
    // The terminal is the sign-in's from here on.
    drop(terminal);
    if arguments.no_sign_in || unattended {
        if unattended && !arguments.no_sign_in {
            world.say(&format!("the {} flow needs a person: `auth login` signs in", session.entry.id));
        }
        return told(world, &session, &draft, &file, false, None);
    }
    let looked = look(world, &session, !arguments.no_browser).await;
    match looked {
        Ok(incident) => told(world, &session, &draft, &file, true, incident.as_ref()),
        Err(Failure::Reported(mut report)) => {
            let hint = report.hint.take().map(|hint| format!("{hint}; ")).unwrap_or_default();
            report.hint = Some(format!(
                "{hint}the settings are written: `defender-xdr doctor` looks closer, `defender-xdr init` changes them"
            ));
            Err(Failure::Reported(report))
        }
        Err(other) => Err(other),
    }
}

async fn look(world: &World, session: &Session, browser: bool) -> Result<Option<Value>, Failure> {
    first_look::sign_in(world, session, browser).await?;
    first_look::incident(session).await
}

/// Shows what will be written. Secrets are sealed: only their names stand in the file.
async fn agreed(world: &World, terminal: &Terminal, draft: &Draft) -> Result<bool, Failure> {
    let table = draft.profile.as_ref().map(|name| format!(", in [profile.{name}]")).unwrap_or_default();
    world.say(&format!("\n{}{table}:", draft.path.display()));
    for (key, text) in draft.changes() {
        world.say(&format!("  {key} = \"{}\"", defender_xdr_core::settings::shown(key, text)));
    }
    terminal.agree("Write this").await
}

/// What was done and what comes next.
fn told(
    world: &World,
    session: &Session,
    draft: &Draft,
    file: &str,
    signed_in: bool,
    incident: Option<&Value>,
) -> Result<Exit, Failure> {
    let profile = draft.profile.as_ref().map(|name| format!("--profile {name} ")).unwrap_or_default();
    let next = if signed_in { "incidents list" } else { "auth login" };
    let value = json!({
        "settings_file": file,
        "profile": draft.profile,
        "flow": session.entry.id,
        "api": session.backend.id(),
        "signed_in": signed_in,
        "incident": incident,
        "next": format!("defender-xdr {profile}{next}"),
    });
    let mut output = world.output();
    output.object(&value, || {
        let found = match incident {
            None if signed_in => "the tenant has none".to_owned(),
            None => "-".to_owned(),
            Some(incident) => {
                let text = |name: &str| incident[name].as_str().unwrap_or_default();
                let (id, name) = (text("id"), text("displayName"));
                format!("{id} {name} ({}, {})", text("severity"), text("status"))
            }
        };
        Table::of_pairs(vec![
            ("settings", file.to_owned()),
            ("flow", session.entry.name.to_owned()),
            ("api", session.backend.to_string()),
            ("signed in", if signed_in { "yes" } else { "not yet" }.to_owned()),
            ("an incident", found),
            ("next", format!("defender-xdr {profile}{next}")),
        ])
    })?;
    output.finish()?;
    world.say(&format!("If something is wrong one day: defender-xdr {profile}doctor"));
    Ok(Exit::Ok)
}
