//! What was set before a cutover, kept for the way back.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use defender_xdr_core::store::atomic;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::world::World;

/// What was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Note {
    /// The settings file that was changed.
    pub(super) file: PathBuf,
    /// What `api` was in it; nothing when it was not there.
    pub(super) before: Option<String>,
}

/// One for each profile.
type Notes = BTreeMap<String, Note>;

impl Note {
    /// The note of the chosen profile.
    pub(super) fn read(world: &World) -> Result<Option<Self>, Failure> {
        Ok(all(world)?.remove(world.profile().unwrap_or_default()))
    }

    /// Keeps it, unless one is there: what was before stays what it was, however often a cutover is run.
    pub(super) fn keep(&self, world: &World) -> Result<(), Failure> {
        let mut notes = all(world)?;
        notes.entry(world.profile().unwrap_or_default().to_owned()).or_insert_with(|| self.clone());
        write(world, &notes)
    }

    /// Forgets the note of the chosen profile. One that stays does no harm: the next cutover begins with what it says.
    pub(super) fn forget(world: &World) {
        let Ok(mut notes) = all(world) else { return };
        if notes.remove(world.profile().unwrap_or_default()).is_some()
            && let Err(Failure::Reported(report)) = write(world, &notes)
        {
            tracing::warn!("{}", report.line());
        }
    }
}

fn all(world: &World) -> Result<Notes, Failure> {
    let Some(path) = world.paths.cutovers() else { return Ok(Notes::new()) };
    let wrong = |why: String| {
        Report::new("state", Exit::Settings, format!("the note of earlier cutovers cannot be used: {why}"))
            .with_source(format!("file {}", path.display()))
            .with_hint("remove it, and set `api` by hand where it is to go back")
    };
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()).into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Notes::new()),
        Err(error) => Err(wrong(error.to_string()).into()),
    }
}

fn write(world: &World, notes: &Notes) -> Result<(), Failure> {
    let nowhere = || {
        let why = world.paths.why_absent(&world.environment);
        Report::new("state", Exit::Settings, format!("there is no place to note what was before: {why}"))
            .with_hint("set HOME or XDG_STATE_HOME to an absolute path")
    };
    let path = world.paths.cutovers().ok_or_else(nowhere)?;
    let text = serde_json::to_vec(notes).map_err(|error| Failure::bug(error.to_string()))?;
    let folder = path.parent().ok_or_else(nowhere)?;
    atomic::create_private_directory(folder).and_then(|()| atomic::replace(&path, &text)).map_err(|error| {
        Report::new("state", Exit::Settings, format!("what was before cannot be noted: {error}"))
            .with_source(format!("file {}", path.display()))
            .with_hint("nothing was changed")
            .into()
    })
}
