//! Files and folders, read on several threads as ripgrep does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::{Finding, Scanned, Scanner};

/// A file is read as a whole; larger ones are told of instead.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Which files are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct TreeOptions {
    /// Leave out what `.gitignore` and `.ignore` name. Otherwise everything but `.git` is read, hidden files too: the scripts
    /// that break are not always those under version control.
    pub respect_ignore_files: bool,
    /// Threads; 0 lets the number follow from the machine.
    pub threads: usize,
}

/// A file that could not be read.
#[derive(Debug)]
pub struct Unread {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub why: String,
}

/// What was done.
#[derive(Debug, Default)]
pub struct TreeReport {
    /// What was found, by path, then in order.
    pub findings: Vec<(PathBuf, Finding)>,
    /// Files read as text.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are no text.
    pub binary: usize,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

enum Read {
    Text(PathBuf, u64, Vec<Finding>),
    Binary,
    Unread(Unread),
}

/// Scans files, and folders with all below them. Links are not followed, but for those named themselves; one that leads out
/// of what is scanned counts as unread.
pub fn scan_paths(scanner: &Scanner, paths: &[PathBuf], options: TreeOptions) -> TreeReport {
    let Some((first, others)) = paths.split_first() else { return TreeReport::default() };
    let mut builder = WalkBuilder::new(first);
    for path in others {
        builder.add(path);
    }
    builder.standard_filters(options.respect_ignore_files).hidden(false).threads(options.threads);
    builder.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    let roots: Vec<PathBuf> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let roots = &roots;
    let (sender, receiver) = mpsc::channel();
    builder.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            let read = match entry {
                Ok(entry) if entry.file_type().is_none_or(|kind| !kind.is_file()) => {
                    match why_unread(&entry, roots) {
                        None => return WalkState::Continue,
                        Some(why) => Read::Unread(Unread { path: entry.into_path(), why: why.to_owned() }),
                    }
                }
                Ok(entry) => of_file(scanner, entry.path()),
                Err(error) => Read::Unread(of_error(&error)),
            };
            // The receiver lives until all senders are gone.
            if sender.send(read).is_ok() { WalkState::Continue } else { WalkState::Quit }
        })
    });
    drop(sender);
    collected(receiver)
}

fn collected(reads: mpsc::Receiver<Read>) -> TreeReport {
    let mut report = TreeReport::default();
    let mut by_file = Vec::new();
    for read in reads {
        match read {
            Read::Text(path, bytes, findings) => {
                report.files += 1;
                report.bytes += bytes;
                if !findings.is_empty() {
                    by_file.push((path, findings));
                }
            }
            Read::Binary => report.binary += 1,
            Read::Unread(unread) => report.unread.push(unread),
        }
    }
    by_file.sort_by(|(one, _), (other, _)| one.cmp(other));
    // A folder and a file in it may both be named.
    by_file.dedup_by(|(one, _), (other, _)| one == other);
    report.unread.sort_by(|one, other| one.path.cmp(&other.path));
    let each = |(path, findings): (PathBuf, Vec<Finding>)| {
        findings.into_iter().map(move |finding| (path.clone(), finding))
    };
    report.findings = by_file.into_iter().flat_map(each).collect();
    report
}

/// What is no file: a folder is walked, a socket in it is nobody's script; but whatever is named, and what a link leads to
/// outside, was meant to be read.
fn why_unread(entry: &DirEntry, roots: &[PathBuf]) -> Option<&'static str> {
    if entry.depth() == 0 {
        let is_folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        return (!is_folder).then_some("it is no file and no folder: write it to a file first");
    }
    if !entry.path_is_symlink() {
        return None;
    }
    let target = fs::canonicalize(entry.path()).ok()?;
    let inside = roots.iter().any(|root| target.starts_with(root));
    (!inside).then_some("a link to what lies elsewhere: name that, too")
}

fn of_file(scanner: &Scanner, path: &Path) -> Read {
    match contents(path) {
        Ok(bytes) => match scanner.scan(&bytes) {
            Scanned::Binary => Read::Binary,
            Scanned::Text(findings) => Read::Text(path.to_owned(), bytes.len() as u64, findings),
        },
        Err(error) => Read::Unread(Unread { path: path.to_owned(), why: error.to_string() }),
    }
}

fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let size = fs::metadata(path)?.len();
    if size > LARGEST {
        let megabytes = size / 1_048_576;
        return Err(io::Error::other(format!(
            "{megabytes} MiB are too many to read at once: split the file"
        )));
    }
    fs::read(path)
}

/// Errors lie in one another.
fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn of_error(error: &ignore::Error) -> Unread {
    let path = path_of(error).unwrap_or_default();
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    Unread { path, why }
}
