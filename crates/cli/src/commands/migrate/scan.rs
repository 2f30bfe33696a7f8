//! `migrate scan`: what has to change, with file and line and what to write instead.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use defender_xdr_migrate::scan::{Finding, Kind, Scanner, TreeOptions, TreeReport, scan_paths};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record, printable};
use crate::report::Report;
use crate::world::World;

/// Longer texts are cut in a table; JSON has them whole.
const SHOWN: usize = 60;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Files and folders. Folders are read with all below them, hidden files too; `.git` and files that are no text are left
    /// out.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Leave out what .gitignore and .ignore name.
    #[arg(long)]
    gitignore: bool,
    /// Show these kinds only.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    kind: Vec<Wanted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    Host,
    Scope,
    Permission,
    Call,
    Filter,
    Field,
    Value,
    Context,
}

impl Wanted {
    fn kind(self) -> Kind {
        match self {
            Self::Host => Kind::Host,
            Self::Scope => Kind::Scope,
            Self::Permission => Kind::Permission,
            Self::Call => Kind::Call,
            Self::Filter => Kind::Filter,
            Self::Field => Kind::Field,
            Self::Value => Kind::Value,
            Self::Context => Kind::Context,
        }
    }
}

/// The members of a line.
const FIELDS: &[&str] = &["file", "line", "column", "kind", "found", "why", "replacement"];

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    #[serde(flatten)]
    finding: &'a Finding,
}

pub(crate) async fn run(world: &World, arguments: Arguments) -> Result<Exit, Failure> {
    if let Some(missing) = arguments.paths.iter().find(|path| path.symlink_metadata().is_err()) {
        return Err(Report::new("usage", Exit::Usage, format!("there is no `{}`", missing.display()))
            .with_source("argument PATH")
            .with_hint("name files or folders that exist")
            .into());
    }
    let options = TreeOptions { respect_ignore_files: arguments.gitignore, threads: 0 };
    // Apart from this thread, which has to notice Ctrl-C.
    let paths = arguments.paths;
    let scan = tokio::task::spawn_blocking(move || scan_paths(&Scanner::new(), &paths, options));
    let mut report = scan.await.map_err(|error| Failure::bug(error.to_string()))?;
    if !arguments.kind.is_empty() {
        report.findings.retain(|(_, finding)| arguments.kind.iter().any(|kind| kind.kind() == finding.kind));
    }
    let mut list =
        List::new(world.output(), &["place", "kind", "found", "write", "why"]).with_all_fields(FIELDS)?;
    for (path, finding) in &report.findings {
        let line = Line { file: path.display().to_string(), finding };
        list.push(&Record::Model(&line), || {
            let place = format!("{}:{}:{}", line.file, finding.line, finding.column);
            let replacement = finding.replacement.as_deref().unwrap_or("-");
            vec![place, finding.kind.to_string(), cut(&finding.found), cut(replacement), finding.why.clone()]
        })?;
    }
    list.finish()?;
    for unread in &report.unread {
        world.say(&format!(
            "not read: {}: {}",
            printable(&unread.path.display().to_string()),
            printable(&unread.why)
        ));
    }
    world.say(&summary(&report));
    Ok(match (report.findings.is_empty(), report.unread.is_empty()) {
        (false, _) => Exit::Negative,
        (true, true) => Exit::Ok,
        // What was not read may hold anything.
        (true, false) => Exit::Partial,
    })
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}

fn summary(report: &TreeReport) -> String {
    let files: BTreeSet<_> = report.findings.iter().map(|(path, _)| path).collect();
    let kinds: Vec<String> = Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let count = report.findings.iter().filter(|(_, finding)| finding.kind == kind).count();
            (count > 0).then(|| format!("{count} {kind}"))
        })
        .collect();
    let read = format!("{} read ({})", counted(report.files, "file"), size(report.bytes));
    let binary = if report.binary > 0 { format!(", {} no text", report.binary) } else { String::new() };
    if report.findings.is_empty() {
        return format!("nothing of the legacy API was found; {read}{binary}");
    }
    let found = counted(report.findings.len(), "place");
    format!("{found} in {}: {}; {read}{binary}", counted(files.len(), "file"), kinds.join(", "))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
