//! To a file: exactly once. The checkpoint keeps how many of its bytes count and how the last of them read; what a killed
//! run wrote beyond is cut off before the next one goes on, and nothing else ever is.

use std::fs::{File, Metadata, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::kept::Appended;
use super::lines::Line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// So many of the last bytes tell whether a file is the one that was written.
const REMEMBERED: u64 = 64;

#[derive(Debug)]
pub(super) struct AppendedFile {
    path: PathBuf,
    file: File,
    state: Appended,
}

impl AppendedFile {
    /// Opens the file, holds it against others as long as it is open, and cuts off what a killed run left.
    pub(super) fn open(path: &Path, kept: Option<&Appended>) -> Result<Self, Failure> {
        let failed = |error: io::Error| failed(path, &error);
        let path = std::path::absolute(path).map_err(failed)?;
        // A folder, a device, a pipe: nothing that could be cut.
        if path.metadata().is_ok_and(|present| !present.is_file()) {
            return Err(Report::new("output", Exit::Usage, format!("{} is no file", path.display()))
                .with_source("flag --output")
                .with_hint("leave `--output` out to write to a pipe")
                .into());
        }
        let is_new = !path.exists();
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        hold(&file, &path)?;
        if is_new && let Some(folder) = path.parent() {
            // Not only its content: also that it is there must outlive a power cut.
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        let present = file.metadata().map_err(failed)?.len();
        let length = match kept.filter(|kept| kept.file == path) {
            // Somebody moved the old file away, as log rotation does: this is a new one.
            Some(_) if present == 0 => 0,
            Some(kept) => {
                check(&mut file, &path, present, kept)?;
                kept.length
            }
            None => present,
        };
        file.set_len(length).map_err(failed)?;
        let end = end(&mut file, length).map_err(failed)?;
        // A line that somebody else began is not glued to ours.
        let length = if end.is_empty() || end.ends_with('\n') {
            length
        } else {
            file.seek(SeekFrom::Start(length)).and_then(|_| file.write_all(b"\n")).map_err(failed)?;
            length + 1
        };
        Ok(Self { state: Appended { file: path.clone(), length, pending: 0, end }, path, file })
    }

    /// What is true now.
    pub(super) fn state(&self) -> Appended {
        self.state.clone()
    }

    /// What is to be kept before lines are appended: how much a kill in the middle may leave behind. A file that was moved
    /// away or emptied meanwhile is begun anew.
    pub(super) fn announce(&mut self, lines: &[Line]) -> Result<Appended, Failure> {
        self.notice_rotation()?;
        let pending = lines.iter().map(|line| line.text.len() as u64 + 1).sum();
        Ok(Appended { pending, ..self.state.clone() })
    }

    /// Appends; when it returns the lines are on the disk.
    pub(super) fn append(&mut self, lines: &[Line]) -> Result<Appended, Failure> {
        let mut text = Vec::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
        for line in lines {
            text.extend_from_slice(line.text.as_bytes());
            text.push(b'\n');
        }
        let length = self.state.length + text.len() as u64;
        let written = self.file.seek(SeekFrom::Start(self.state.length));
        let written = written.and_then(|_| self.file.write_all(&text)).and_then(|()| self.file.sync_data());
        let end = written.and_then(|()| end(&mut self.file, length));
        let end = end.map_err(|error| failed(&self.path, &error))?;
        self.state = Appended { file: self.path.clone(), length, pending: 0, end };
        Ok(self.state())
    }

    fn notice_rotation(&mut self) -> Result<(), Failure> {
        let here = self.file.metadata().map_err(|error| failed(&self.path, &error))?;
        let there = self.path.metadata().ok();
        let same = |there: &Metadata| (there.dev(), there.ino()) == (here.dev(), here.ino());
        if !there.as_ref().is_some_and(same) {
            *self = Self::open(&self.path, Some(&self.state))?;
        } else if here.len() == 0 {
            self.state = Appended { length: 0, end: String::new(), ..self.state.clone() };
        } else if here.len() != self.state.length {
            check(&mut self.file, &self.path, here.len(), &self.state)?;
        }
        Ok(())
    }
}

/// One writer at a time, whatever its checkpoint.
fn hold(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(failed(path, &error)),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another `fetch` writes to {}", path.display());
            Err(Report::new("output", Exit::Settings, message)
                .with_source("flag --output")
                .with_hint("one file for each checkpoint: name another one")
                .into())
        }
    }
}

/// Whether a file is the one that was written, and nobody else wrote to it.
fn check(file: &mut File, path: &Path, present: u64, kept: &Appended) -> Result<(), Failure> {
    let Appended { length, pending, .. } = kept;
    let problem = if present < *length {
        format!("{} has {present} bytes, fewer than the {length} that were written", path.display())
    } else if end(file, *length).map_err(|error| failed(path, &error))? != kept.end {
        format!(
            "{} is not the file that was written: it reads differently before byte {length}",
            path.display()
        )
    } else if present > length + pending {
        let foreign = present - length;
        format!("{} has {foreign} bytes more than this checkpoint has written", path.display())
    } else {
        return Ok(());
    };
    Err(Report::new("output", Exit::Settings, problem)
        .with_source("flag --output")
        .with_hint(
            "somebody else writes to it: move it away, and a new one is begun; one file for each checkpoint",
        )
        .into())
}

/// The last of the bytes that count, as text.
fn end(file: &mut File, length: u64) -> io::Result<String> {
    let from = length.saturating_sub(REMEMBERED);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(length - from).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Report::new("output", Exit::Service, format!("cannot write {}: {error}", path.display()))
        .with_source("flag --output")
        .with_hint("nothing is lost: the next run goes on behind the last incident that was written")
        .into()
}
