//! The settings to be: what is there, what was answered, and what of it goes into the file.

use std::path::PathBuf;
use std::sync::Arc;

use defender_xdr_core::Secret;
use defender_xdr_core::settings::{self, Origin, Sources, Values};
use defender_xdr_core::store::MemoryVault;

use super::question::{is_reference, is_secret, stored_name};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// Settings that a variable may have set and that the file needs, so that it works without the variable. Beside them:
/// all that the flow reads.
const SHARED: [&str; 7] =
    ["api", "authentication-flow", "authority-host", "ca-file", "cloud", "endpoint", "proxy"];

/// The settings to be.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) path: PathBuf,
    pub(super) profile: Option<String>,
    pub(super) values: Values,
    /// Key and text, in the order of the answers.
    changes: Vec<(String, String)>,
    /// Name and content of what is to be sealed.
    pub(super) secrets: Vec<(String, Secret)>,
}

impl Draft {
    /// What is there, in the file that is to be changed and around it.
    pub(super) fn start(world: &World) -> Result<Self, Failure> {
        let mut sources: Sources = crate::settings::sources(world)?;
        // A file or a profile that is about to be made is not there yet.
        let named = sources.extra_file.clone();
        sources.extra_file = named.clone().filter(|path| path.exists());
        let profile = sources.profile.clone();
        let exists = profile.as_ref().is_none_or(|name| settings::profiles(&sources).contains(name));
        if !exists && profile.as_deref() != Some("") {
            sources.profile = None;
        }
        let loaded = settings::load(&sources)?;
        let Some(path) = named.or_else(|| world.paths.user_settings()) else {
            let why = world.paths.why_absent(&world.environment);
            return Err(Report::new(
                "settings",
                Exit::Settings,
                format!("{why}: there is no place for settings"),
            )
            .with_hint("set HOME, or name a file with `--config`")
            .into());
        };
        let mut draft =
            Self { path, profile, values: loaded.values, changes: Vec::new(), secrets: Vec::new() };
        let given: Vec<_> = draft
            .values
            .iter()
            .filter(|(_, value)| matches!(value.origin, Origin::Flag(_)))
            .map(|(key, value)| (key.to_owned(), value.text.expose().to_owned()))
            .collect();
        draft.changes = given;
        Ok(draft)
    }

    /// Whether a flag has answered already.
    pub(super) fn is_given(&self, key: &str) -> bool {
        matches!(self.values.get(key).map(|value| &value.origin), Some(Origin::Flag(_)))
            || self.changes.iter().any(|(known, _)| known == key)
    }

    /// Takes an answer. A secret is sealed, unless the text says where it is.
    pub(super) fn answer(&mut self, key: &str, text: Secret) {
        if is_secret(key) && !is_reference(text.expose()) {
            let name = stored_name(self.profile.as_deref(), key);
            self.change(key, format!("stored:{name}"));
            self.values.set(key, text.clone(), Origin::Parameter(key.to_owned()));
            self.secrets.retain(|(other, _)| *other != name);
            self.secrets.push((name, text));
            return;
        }
        self.change(key, text.expose().to_owned());
        // Read as it will be read from the file, which is private.
        let origin = Origin::File { path: self.path.clone(), line: 0, trusted: true, private: true };
        self.values.set(key, text, origin);
    }

    fn change(&mut self, key: &str, text: String) {
        self.changes.retain(|(known, _)| known != key);
        self.changes.push((key.to_owned(), text));
    }

    /// Takes over what variables say about the flow: the file is to work without them.
    pub(super) fn take_variables(&mut self, keys_of_flow: &[&str]) {
        let found: Vec<_> = self
            .values
            .iter()
            .filter(|(key, value)| {
                matches!(value.origin, Origin::Environment(_))
                    && (SHARED.contains(key) || keys_of_flow.contains(key))
            })
            .map(|(key, value)| (key.to_owned(), value.text.clone()))
            .collect();
        for (key, text) in found {
            self.answer(&key, text);
        }
    }

    /// What goes into the file.
    pub(super) fn changes(&self) -> &[(String, String)] {
        &self.changes
    }

    /// Why the flow cannot be used with these settings.
    pub(super) fn fault(&self, world: &World) -> Result<Option<Box<Report>>, Failure> {
        let http = match crate::settings::http(world, &self.values) {
            Ok(http) => http,
            Err(failure) => return reported(failure),
        };
        // Nothing is opened, sealed or sent to find that out.
        let vault = Arc::new(MemoryVault::default());
        match Session::build(world, world.environment.clone(), self.values.clone(), vault, http, None) {
            Ok(session) => session.endpoint().map(|_| None).or_else(reported),
            Err(failure) => reported(failure),
        }
    }
}

fn reported(failure: Failure) -> Result<Option<Box<Report>>, Failure> {
    match failure {
        Failure::Reported(report) => Ok(Some(report)),
        other => Err(other),
    }
}
