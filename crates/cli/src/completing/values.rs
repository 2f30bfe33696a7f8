//! The values that arguments may have.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use defender_xdr_api::Operation;
use defender_xdr_api::entities::EntityKind;
use defender_xdr_api::words::{
    ALERT_STATUS, CLASSIFICATION, DETERMINATION, SERVICE_SOURCE, SEVERITY, STATUS, Vocabulary,
};
use defender_xdr_core::Environment;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::settings::{self, Sources};

use crate::commands::{alerts, incidents};
use crate::paths::Paths;
use crate::session::registry;

/// A value and what it means.
type Offer = (String, Option<String>);

/// What is known before anything is run.
#[derive(Debug)]
pub(super) struct Known {
    profiles: Vec<String>,
}

impl Known {
    pub(super) fn new(environment: &Environment, config: Option<&OsStr>) -> Self {
        let extra = config.or_else(|| environment.get("DEFENDER_XDR_CONFIG").map(OsStr::new));
        let sources = Sources {
            system_file: Some(Paths::system_settings()),
            user_file: Paths::new(environment).user_settings(),
            extra_file: extra.map(Into::into),
            ..Sources::default()
        };
        Self { profiles: settings::profiles(&sources) }
    }
}

/// The command with values for its arguments, and for those of the commands within it.
pub(super) fn offered(command: Command, path: &[&str], known: &Known) -> Command {
    let command = command.mut_args(|arg| match values(path, arg.get_id().as_str(), known) {
        Some(offers) => with(arg, offers),
        None => arg,
    });
    command.mut_subcommands(|inner| {
        let name = inner.get_name().to_owned();
        offered(inner, &[path, &[name.as_str()]].concat(), known)
    })
}

fn with(arg: Arg, offers: Vec<Offer>) -> Arg {
    let offers = Arc::new(offers);
    arg.add(ArgValueCandidates::new(move || {
        let candidate =
            |(value, help): &Offer| CompletionCandidate::new(value).help(help.clone().map(Into::into));
        offers.iter().map(candidate).collect()
    }))
}

fn values(path: &[&str], id: &str, known: &Known) -> Option<Vec<Offer>> {
    let about_alerts = path.first() == Some(&"alerts");
    Some(match id {
        "profile" => plain(known.profiles.iter().map(String::as_str)),
        "flow" => {
            let registry = registry().ok()?;
            let entries = registry.entries().iter();
            entries.map(|entry| (entry.id.to_owned(), Some(entry.name.to_owned()))).collect()
        }
        "api" => plain(Backend::ALL.iter().map(|backend| backend.id())),
        "set" => settings::keys()
            .filter(|key| !key.secret)
            .map(|key| (format!("{}=", key.name), Some(key.help.to_owned())))
            .collect(),
        "columns" => plain(fields(path)?.iter().copied()),
        "sort" => fields(path)?
            .iter()
            .flat_map(|field| [(*field).to_owned(), format!("{field}:desc")])
            .map(|field| (field, None))
            .collect(),
        "status" if about_alerts => words(ALERT_STATUS),
        "status" => words(STATUS),
        "severity" => words(SEVERITY),
        "classification" => words(CLASSIFICATION),
        "determination" => words(DETERMINATION),
        "service_source" => words(SERVICE_SOURCE),
        "kind" if path == ["incidents", "entities"] => plain(EntityKind::ALL.iter().map(|kind| kind.word())),
        "commands" if path == ["auth", "permissions"] => {
            plain(Operation::ALL.iter().map(|operation| operation.command()))
        }
        "words" if path == ["xsoar", "command"] => defender_xdr_xsoar::table::COMMANDS
            .iter()
            .filter(|command| !command.called_by_platform)
            .map(|command| (command.name.to_owned(), Some(command.description.to_owned())))
            .collect(),
        _ => return None,
    })
}

/// The members of what a command prints, where the service defines them.
fn fields(path: &[&str]) -> Option<&'static [&'static str]> {
    match path {
        ["incidents", "entities"] => Some(incidents::ENTITY_FIELDS),
        ["incidents", ..] => Some(incidents::FIELDS),
        ["alerts", ..] => Some(alerts::FIELDS),
        _ => None,
    }
}

fn words(vocabulary: Vocabulary) -> Vec<Offer> {
    plain(vocabulary.words())
}

fn plain<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Offer> {
    words.map(|word| (word.to_owned(), None)).collect()
}
