//! To a file: exactly once. The checkpoint keeps how many of its bytes count; what a killed run wrote beyond is cut off
//! before the next one goes on.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::kept::{Appended, Kept};
use super::lines::Line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

#[derive(Debug)]
pub(super) struct AppendedFile {
    path: PathBuf,
    file: File,
    length: u64,
}

impl AppendedFile {
    /// Opens the file and cuts off what does not count.
    pub(super) fn open(path: &Path, kept: &mut Kept) -> Result<Self, Failure> {
        let failed = |error: io::Error| failed(path, &error);
        let path = std::path::absolute(path).map_err(failed)?;
        // A folder, a device, a pipe: nothing that could be cut.
        if path.metadata().is_ok_and(|present| !present.is_file()) {
            return Err(Report::new("output", Exit::Usage, format!("{} is no file", path.display()))
                .with_source("flag --output")
                .with_hint("leave `--output` out to write to a pipe")
                .into());
        }
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        let present = file.metadata().map_err(failed)?;
        let counted = kept.appended.as_ref().filter(|appended| appended.file == path);
        let length = match counted {
            Some(Appended { length, .. }) if present.len() >= *length => *length,
            // Somebody moved the old file away, as log rotation does: this is a new one.
            Some(_) if present.len() == 0 => 0,
            Some(Appended { length, .. }) => {
                return Err(Report::new(
                    "output",
                    Exit::Settings,
                    format!(
                        "{} has {} bytes, fewer than the {length} that were written",
                        path.display(),
                        present.len()
                    ),
                )
                .with_source("flag --output")
                .with_hint("somebody else changed it: move it away, and a new one is begun")
                .into());
            }
            None => present.len(),
        };
        file.set_len(length).map_err(failed)?;
        file.seek(SeekFrom::Start(length)).map_err(failed)?;
        kept.appended = Some(Appended { file: path.clone(), length });
        Ok(Self { path, file, length })
    }

    /// Appends; when it returns the lines are on the disk.
    pub(super) fn append(&mut self, lines: &[Line]) -> Result<Appended, Failure> {
        let mut text = Vec::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
        for line in lines {
            text.extend_from_slice(line.text.as_bytes());
            text.push(b'\n');
        }
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        written.map_err(|error| failed(&self.path, &error))?;
        self.length += text.len() as u64;
        Ok(Appended { file: self.path.clone(), length: self.length })
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Report::new("output", Exit::Service, format!("cannot write {}: {error}", path.display()))
        .with_source("flag --output")
        .with_hint("nothing is lost: the next run goes on behind the last incident that was written")
        .into()
}
