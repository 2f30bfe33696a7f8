//! `migrate cutover` and `migrate rollback`: one profile from one API to the other, with its checkpoints.
//!
//! What is changed is written in an order that a kill at any point leaves whole: first the note of what was before, then the
//! checkpoints, which are as good for the API in use as before, and last the one line of the settings that makes the change.

use std::path::PathBuf;

use clap::Args;
use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::Secret;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::http::Url;
use defender_xdr_core::settings::{Origin, SettingsError, Values};
use serde::Serialize;

use super::cutover_note::Note;
use crate::commands::fetch::Carried;
use crate::commands::init::Terminal;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Table;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;
use crate::{settings, settings_file, vault};

const API: &str = "api";

#[derive(Debug, Clone, Args)]
pub(crate) struct Arguments {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Look whether it can be done, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do it even if the other API does not answer, or has ended.
    #[arg(long)]
    force: bool,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To Microsoft Graph.
    Cutover,
    /// Back to what was before.
    Rollback,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Done {
    profile: Option<String>,
    settings_file: String,
    from: &'static str,
    to: &'static str,
    checkpoints: usize,
    changed: bool,
}

/// What is to be done.
struct Plan {
    /// The file whose line decides.
    file: PathBuf,
    from: Backend,
    to: Backend,
    /// The text of the setting afterwards; `None` removes it.
    text: Option<String>,
    note: Note,
}

pub(super) async fn run(world: &World, way: Way, arguments: &Arguments) -> Result<Exit, Failure> {
    if world.is_demo() {
        return Err(Failure::usage("the demonstration tenant has no settings to change")
            .with_source("flag --demo")
            .into());
    }
    let values = settings::load(world)?.values;
    let now = session(world, values.clone()).await?;
    let from = now.backend;
    let Some(plan) = plan(world, way, &values, from)? else {
        world.say(match way {
            Way::Cutover => "this profile speaks Microsoft Graph already: nothing was changed",
            Way::Rollback => "`api` is what it was before the cutover: nothing was changed",
        });
        return Ok(Exit::Ok);
    };
    let other = values_for(&values, plan.to);
    scope_fits(&other, plan.to)?;
    let other = session(world, other).await?;
    other.endpoint()?;
    if !arguments.force {
        answers(&other, plan.to).await?;
    }
    let tenant = values.text("tenant-id").unwrap_or_default();
    let mut checkpoints = Carried::hold(world, tenant).map_err(|failure| match failure {
        Failure::Reported(report) if report.message().contains("at work") => Failure::Reported(Box::new(
            report.with_hint("stop what fetches with it, such as a service or a timer, then run this again"),
        )),
        other => other,
    })?;
    let done = Done {
        profile: world.profile().map(str::to_owned),
        settings_file: plan.file.display().to_string(),
        from: plan.from.id(),
        to: plan.to.id(),
        checkpoints: checkpoints.len(),
        changed: !arguments.dry_run,
    };
    world.say(&change(&plan));
    if arguments.dry_run {
        world.say("nothing was changed");
    } else {
        agreed(arguments).await?;
        plan.note.keep(world)?;
        checkpoints.carry_over()?;
        match &plan.text {
            Some(text) => {
                let line = [(API.to_owned(), text.clone())];
                settings_file::write(&plan.file, world.profile(), &line)?;
            }
            None => settings_file::unset(&plan.file, world.profile(), API)?,
        }
        if way == Way::Rollback {
            Note::forget(world);
        }
    }
    let mut output = world.output();
    output.object(&done, || {
        let mut table = Table::new(&["profile", "from", "to", "checkpoints", "settings"]);
        table.row(&[
            done.profile.clone().unwrap_or_else(|| "-".to_owned()),
            done.from.to_owned(),
            done.to.to_owned(),
            done.checkpoints.to_string(),
            done.settings_file.clone(),
        ]);
        table
    })?;
    output.finish()?;
    Ok(Exit::Ok)
}

/// What is to be done; `None` when it is done.
fn plan(world: &World, way: Way, values: &Values, from: Backend) -> Result<Option<Plan>, Failure> {
    let set = values.get(API);
    if let Some(origin @ (Origin::Environment(_) | Origin::Flag(_))) = set.map(|set| &set.origin) {
        let message =
            format!("`{API}` comes from outside the settings files, so that changing them changes nothing");
        return Err(Report::new("settings", Exit::Settings, message)
            .with_source(origin.to_string())
            .with_hint("take it away there, and run this again")
            .into());
    }
    let Some(file) = file(world, set.map(|set| &set.origin)) else {
        let why = world.paths.why_absent(&world.environment);
        return Err(Report::new("settings", Exit::Settings, format!("there is no settings file: {why}"))
            .with_hint("set HOME or XDG_CONFIG_HOME to an absolute path, or name a file with `--config`")
            .into());
    };
    let noted = Note::read(world)?;
    match way {
        Way::Cutover if from == Backend::Graph => Ok(None),
        Way::Cutover => {
            let before = settings_file::own(&file, world.profile(), API);
            let note = Note { file: file.clone(), before };
            let text = Some(Backend::Graph.id().to_owned());
            Ok(Some(Plan { file, from, to: Backend::Graph, text, note }))
        }
        Way::Rollback => {
            let Some(note) = noted else {
                return Err(Report::new(
                    "cutover",
                    Exit::Negative,
                    "no cutover of this profile is noted here",
                )
                .with_hint(format!("to change the API by hand, set `{API}` in {}", file.display()))
                .into());
            };
            if settings_file::own(&note.file, world.profile(), API) == note.before {
                return Ok(None);
            }
            let (file, text) = (note.file.clone(), note.before.clone());
            Ok(Some(Plan { file, from, to: Backend::Legacy, text, note }))
        }
    }
}

/// The file that decides: the one where the setting stands, unless it is the machine's own; else the user's.
fn file(world: &World, origin: Option<&Origin>) -> Option<PathBuf> {
    let sources = settings::sources(world).ok()?;
    let users = sources.extra_file.or(sources.user_file);
    match origin {
        Some(Origin::File { path, .. }) if sources.system_file.as_ref() != Some(path) => Some(path.clone()),
        _ => users,
    }
}

/// The same settings with another API.
fn values_for(values: &Values, backend: Backend) -> Values {
    let mut other = values.clone();
    other.set(API, Secret::new(backend.id()), Origin::Default);
    other
}

async fn session(world: &World, values: Values) -> Result<Session, Failure> {
    let vault = vault::open(world, &values).await?;
    let http = settings::http(world, &values)?;
    Session::build(world, world.environment.clone(), values, vault, http, None)
}

/// A scope that belongs to the API that is left would go on being asked for, and its tokens are none for the other one.
fn scope_fits(values: &Values, to: Backend) -> Result<(), Failure> {
    const KEY: &str = "scope";
    let mut scopes = values.text(KEY).unwrap_or_default().split_whitespace();
    let speaks = |scope: &str| Cloud::dialect_of(Url::parse(scope).ok()?.host_str()?);
    match scopes.find_map(|scope| speaks(scope).filter(|backend| *backend != to)) {
        None => Ok(()),
        Some(backend) => Err(values
            .blame(KEY, SettingsError::new(format!("`{KEY}` asks for a token of {}", told(backend))))
            .with_hint(format!("remove `{KEY}`: what is asked for then follows from `{API}`"))
            .into()),
    }
}

/// Signs in for the other API and reads one incident, so that nobody is left without both.
async fn answers(session: &Session, backend: Backend) -> Result<(), Failure> {
    if let Some(day) = session.ended_on() {
        return Err(Report::new("retired", Exit::Service, format!("the {backend} API ended on {day}"))
            .with_hint("`--force` goes back to it all the same")
            .into());
    }
    let client = session.client()?;
    let query = IncidentQuery { extent: Extent::AtMost(1), ..IncidentQuery::default() };
    let mut list = client.list_incidents(&query);
    let first = list.next().await.map(|_| ());
    session.tokens.flush().await;
    session.told(first, API).map_err(|failure| granting_first(failure, backend))
}

/// What is missing has to be granted on the API that is gone to; the one in use is no way out.
fn granting_first(failure: Failure, backend: Backend) -> Failure {
    match failure {
        Failure::Reported(report) if report.exit == Exit::Permission => {
            Failure::Reported(Box::new(report.with_hint(format!(
                "`defender-xdr migrate permissions` says what to grant on {}; `--force` changes over all the same",
                told(backend)
            ))))
        }
        other => other,
    }
}

/// The one line that changes.
fn change(plan: &Plan) -> String {
    let line = |sign: char, text: Option<&str>| {
        text.map_or_else(String::new, |text| format!("\n{sign} {API} = \"{text}\""))
    };
    let before = match &plan.note.before {
        Some(before) if plan.to == Backend::Graph => Some(before.as_str()),
        _ => Some(plan.from.id()).filter(|_| plan.to == Backend::Legacy),
    };
    format!("{}:{}{}", plan.file.display(), line('-', before), line('+', plan.text.as_deref()))
}

async fn agreed(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.yes {
        return Ok(());
    }
    match Terminal::open() {
        Some(terminal) if terminal.agree("Change this").await? => Ok(()),
        Some(_) => Err(Report::new("cutover", Exit::Negative, "nothing was changed").into()),
        None => Err(Failure::usage("nobody is there to be asked")
            .with_source("standard input")
            .with_hint("`--yes` changes it without a question, `--dry-run` only shows what would change")
            .into()),
    }
}

const fn told(backend: Backend) -> &'static str {
    match backend {
        Backend::Graph => "Microsoft Graph",
        Backend::Legacy => "the legacy API",
    }
}
