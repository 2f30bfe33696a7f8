//! The checkpoint on the disk: replaced as a whole, held by one process at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use defender_xdr_api::fetch::{CHECKPOINT_VERSION, Checkpoint};
use defender_xdr_core::store::atomic;
use serde::{Deserialize, Serialize};

use super::lines::Line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::world::World;

/// What is kept between two runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Kept {
    /// Whose incidents: the setting, as it was.
    pub(super) tenant: String,
    pub(super) checkpoint: Checkpoint,
    /// With `--output`: the file, and how many of its bytes count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) appended: Option<Appended>,
    /// With `--ack`: what was printed and not acknowledged, and the checkpoint that holds afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unacknowledged: Option<Unacknowledged>,
    /// With `--ack`: the id the reader said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acknowledged: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Appended {
    pub(super) file: PathBuf,
    /// So many bytes count.
    pub(super) length: u64,
    /// So many more may be there after a kill.
    #[serde(default)]
    pub(super) pending: u64,
    /// How the last of those that count read.
    #[serde(default)]
    pub(super) end: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Unacknowledged {
    pub(super) lines: Vec<Line>,
    pub(super) then: Checkpoint,
}

impl Kept {
    pub(super) fn new(tenant: String, checkpoint: Checkpoint) -> Self {
        Self { tenant, checkpoint, appended: None, unacknowledged: None, acknowledged: None }
    }
}

/// Where a checkpoint is kept, held against other processes as long as it lives.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    #[expect(dead_code, reason = "closing the file is letting go")]
    lock: File,
}

/// A name of a checkpoint becomes the name of a file.
pub(super) fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.is_empty() || text.starts_with('.') || text.len() > 100 || !text.chars().all(plain) {
        return Err("use letters, digits, `-`, `_` and `.`, and no `.` at the beginning".to_owned());
    }
    Ok(text.to_owned())
}

/// The profile as part of a file's name, which may not hold everything that a profile's name may. Two profiles never share
/// a file.
pub(super) fn profile_in_names(world: &World) -> String {
    let bytes = world.profile().unwrap_or_default().bytes();
    bytes
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02x}"),
        })
        .collect()
}

impl Place {
    pub(super) fn new(world: &World, name: &str) -> Result<Self, Failure> {
        let directory = world.checkpoints().ok_or_else(|| {
            let why = world.paths.why_absent(&world.environment);
            Report::new("state", Exit::Settings, format!("there is no place to keep the checkpoint: {why}"))
                .with_hint("set HOME or XDG_STATE_HOME to an absolute path")
        })?;
        let profile = profile_in_names(world);
        let path = directory.join(format!("{name}@{profile}.json"));
        atomic::create_private_directory(&directory).map_err(|error| {
            let message = format!("there is no place to keep the checkpoint: {error}");
            let report =
                Report::new("state", Exit::Settings, message).with_source(directory.display().to_string());
            report.with_hint("make it a directory of yours, or set XDG_STATE_HOME to another one")
        })?;
        let lock = lock(&path.with_extension("lock"))?;
        Ok(Self { path, lock })
    }

    /// What was kept; `None` on the first run.
    pub(super) fn read(&self, tenant: &str) -> Result<Option<Kept>, Failure> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&self.path, &error.to_string())),
        };
        let kept: Kept =
            serde_json::from_slice(&text).map_err(|error| unusable(&self.path, &error.to_string()))?;
        if kept.checkpoint.version != CHECKPOINT_VERSION {
            let version = kept.checkpoint.version;
            return Err(unusable(&self.path, &format!("version {version} is of another program's")));
        }
        if kept.tenant != tenant {
            let message = format!(
                "this checkpoint belongs to the tenant `{}`, and `tenant-id` is `{tenant}`",
                kept.tenant
            );
            return Err(Report::new("state", Exit::Settings, message)
                .with_source(format!("file {}", self.path.display()))
                .with_hint("name another one with `--checkpoint NAME`, or begin anew with `--restart`")
                .into());
        }
        Ok(Some(kept))
    }

    /// Whose incidents it is about, as far as that can be read.
    pub(super) fn tenant(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Whose {
            tenant: String,
        }
        let whose: Whose = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        Some(whose.tenant)
    }

    pub(super) fn write(&self, kept: &Kept) -> Result<(), Failure> {
        let text = serde_json::to_vec(kept).map_err(|error| Failure::bug(error.to_string()))?;
        atomic::replace(&self.path, &text).map_err(|error| {
            Report::new("state", Exit::Service, format!("the checkpoint was not kept: {error}"))
                .with_hint("nothing is lost: what came since the last one comes again")
                .into()
        })
    }
}

fn lock(path: &Path) -> Result<File, Failure> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| unusable(path, &error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Report::new("state", Exit::Settings, "another `fetch` is at work with this checkpoint")
                .with_source(format!("file {}", path.display()))
                .with_hint("wait for it, or name another one with `--checkpoint NAME`")
                .into())
        }
        Err(TryLockError::Error(error)) => Err(unusable(path, &error.to_string())),
    }
}

fn unusable(path: &Path, why: &str) -> Failure {
    Report::new("state", Exit::Settings, format!("the checkpoint cannot be used: {why}"))
        .with_source(format!("file {}", path.display()))
        .with_hint("begin anew with `--restart`, which delivers incidents again")
        .into()
}
