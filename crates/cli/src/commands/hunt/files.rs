//! Queries of files and folders, in the order of the paths.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::source::text;
use super::{Query, markdown, yaml};
use crate::failure::Failure;

/// Folders within folders beyond this are no collection of queries.
const DEEPEST: usize = 32;

/// The queries that were found, and what could not be read of a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) queries: Vec<Query>,
    /// Files that should hold queries and are broken.
    pub(super) broken: Vec<String>,
    /// Files of folders that might hold queries and hold none.
    pub(super) empty: Vec<PathBuf>,
}

impl Found {
    pub(super) fn one(from: &str, text: String) -> Self {
        let query = Query { name: from.to_owned(), from: from.to_owned(), text };
        Self { queries: vec![query], ..Self::default() }
    }
}

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Kql,
    Markdown,
    Yaml,
}

impl Kind {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "kql" | "kusto" | "txt" => Some(Self::Kql),
            "md" | "markdown" => Some(Self::Markdown),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// Reads all queries. A file that was named must be readable and hold one; what lies in a folder need not.
pub(super) fn read(paths: &[PathBuf]) -> Result<Found, Failure> {
    let mut found = Found::default();
    for path in paths {
        let before = found.queries.len();
        if path.is_dir() {
            let mut files = Vec::new();
            walk(path, 0, &mut files)?;
            files.sort();
            for file in files {
                match queries(&file) {
                    Ok(queries) if queries.is_empty() => found.empty.push(file),
                    Ok(queries) => found.queries.extend(queries),
                    Err(Failure::Reported(report)) => found.broken.push(report.line()),
                    Err(other) => return Err(other),
                }
            }
        } else {
            found.queries.extend(queries(path)?);
        }
        if found.queries.len() == before && found.broken.is_empty() {
            let report = Failure::usage("there is no query in it").with_source(place(path)).with_hint(
                "queries are in .kql and .txt files, in Markdown between ```kql and ```, in YAML under `query`",
            );
            return Err(report.into());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::from(Failure::usage(format!("cannot read the folder: {error}")).with_source(place(folder)))
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        // Links to folders are not followed: they may lead in a circle.
        if kind.is_dir() && depth < DEEPEST {
            walk(&entry.path(), depth + 1, files)?;
        } else if Kind::of(&entry.path()).is_some() && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn queries(path: &Path) -> Result<Vec<Query>, Failure> {
    let from = place(path);
    let wrong = |problem: String| Failure::from(Failure::usage(problem).with_source(&from));
    let file = File::open(path).map_err(|error| wrong(format!("cannot read the query: {error}")))?;
    let text = text(file, &from)?;
    let name = path.display().to_string();
    Ok(match Kind::of(path) {
        Some(Kind::Markdown) => markdown::queries(&text, &name),
        Some(Kind::Yaml) => {
            yaml::queries(&text, &name).map_err(|problem| wrong(format!("this is no YAML: {problem}")))?
        }
        // However many blank lines there are in it, it is one query.
        Some(Kind::Kql) | None if text.trim().is_empty() => Vec::new(),
        Some(Kind::Kql) | None => vec![Query { name, from, text }],
    })
}

fn place(path: &Path) -> String {
    format!("file {}", path.display())
}
