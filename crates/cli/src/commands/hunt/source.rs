//! Where queries come from. Read on another thread: a keyboard or a pipe may take its time, and Ctrl-C must work.

use std::io::Read as _;
use std::path::PathBuf;

use super::files::{self, Found, Kind};
use crate::detached::detached;
use crate::failure::Failure;

/// Queries are text people write; anything larger is a mistake.
pub(super) const LONGEST_QUERY: u64 = 1 << 20;

/// Where queries come from.
#[derive(Debug)]
pub(super) enum Source {
    Argument(String),
    Input,
    Files(Vec<PathBuf>),
}

impl Source {
    pub(super) fn of(query: Option<String>, files: Vec<PathBuf>) -> Self {
        match query.as_deref() {
            Some("-") => Self::Input,
            Some(_) => Self::Argument(query.unwrap_or_default()),
            None => Self::Files(files),
        }
    }

    /// Whether there may be more than one query. The form of the results hangs on that and not on how many there are, so
    /// that a script can rely on it.
    pub(super) fn may_hold_several(&self) -> bool {
        match self {
            Self::Argument(_) | Self::Input => false,
            Self::Files(paths) => {
                paths.len() > 1
                    || paths.iter().any(|path| {
                        path.is_dir() || matches!(Kind::of(path), Some(Kind::Markdown | Kind::Yaml))
                    })
            }
        }
    }

    /// Reads all of them.
    pub(super) async fn read(self) -> Result<Found, Failure> {
        let reading = detached(move || match self {
            Self::Argument(text) => Ok(Found::one("argument QUERY", text)),
            Self::Input => {
                let from = "standard input";
                Ok(Found::one(from, text(std::io::stdin().lock(), from)?))
            }
            Self::Files(paths) => files::read(&paths),
        });
        let read: Option<Result<Found, Failure>> = reading.await;
        read.ok_or_else(|| Failure::bug("reading the query failed"))?
    }
}

/// A whole text of bounded length.
pub(super) fn text(reader: impl std::io::Read, from: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = reader.take(LONGEST_QUERY + 1).read_to_string(&mut text);
    let wrong = |problem: String| Failure::from(Failure::usage(problem).with_source(from));
    read.map_err(|error| wrong(format!("cannot read the query: {error}")))?;
    if text.len() as u64 > LONGEST_QUERY {
        return Err(wrong("the query is longer than 1 MiB".to_owned()));
    }
    // Editors on Windows begin a file with a byte order mark, which the query engine does not know.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
