//! `hunt`: KQL queries, from the command line and from files, and their rows.

mod files;
mod markdown;
mod one;
mod several;
mod source;
mod timespan;
mod yaml;

use std::path::PathBuf;

use clap::Args;
use defender_xdr_api::hunting::HuntQuery;
use defender_xdr_api::kql;

use crate::counting::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Format;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The query, or - to read it from standard input.
    #[arg(conflicts_with = "file")]
    query: Option<String>,
    /// Read queries from a file or a folder: .kql and .txt hold one, Markdown has them in fences marked kql or kusto, YAML
    /// under `query`. May be given several times.
    #[arg(short, long, value_name = "PATH")]
    file: Vec<PathBuf>,
    /// At most this many rows: replaces the number of the query's own `take` and `limit`, or adds one.
    #[arg(long, value_name = "COUNT", value_parser = rows, allow_negative_numbers = true)]
    limit: Option<i64>,
    /// How far back: `3 days`, a start such as 2026-11-01, or an ISO 8601 interval. Graph only.
    #[arg(long, value_name = "SPAN", value_parser = timespan::iso, allow_hyphen_values = true)]
    timespan: Option<String>,
}

/// As many rows as the scanner can write down.
fn rows(text: &str) -> Result<i64, String> {
    i64::try_from(whole(text)?).map_err(|_| "that is more than any number of rows".to_owned())
}

/// One query to run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// Its name, or its place.
    name: String,
    /// Where it comes from, for errors about it.
    from: String,
    text: String,
}

/// How all queries are run.
#[derive(Debug)]
struct Manner {
    limit: Option<i64>,
    timespan: Option<String>,
}

impl Manner {
    /// The text that is sent.
    fn text(&self, query: &Query) -> String {
        kql::with_limit(&query.text, self.limit.unwrap_or(-1))
    }

    fn query<'a>(&'a self, text: &'a str) -> HuntQuery<'a> {
        HuntQuery { text, timespan: self.timespan.as_deref() }
    }
}

pub(crate) async fn run(world: &World, arguments: Arguments) -> Result<Exit, Failure> {
    if arguments.query.is_none() && arguments.file.is_empty() {
        return Err(Failure::usage("there is no query")
            .with_source("command line")
            .with_hint("say it: `hunt QUERY`; or read it: `hunt -` from standard input, `hunt --file PATH` from a file or a folder")
            .into());
    }
    let source = source::Source::of(arguments.query, arguments.file);
    let several = source.may_hold_several();
    if several && world.output_format() == Format::Csv {
        return Err(Failure::usage("several queries do not go into one CSV table: each has its own columns")
            .with_source("flag --format")
            .with_hint("use ndjson, which names the query in each line, or run one query")
            .into());
    }
    let manner = Manner { limit: arguments.limit, timespan: arguments.timespan };
    let mut found = source.read().await?;
    if let [first, others @ ..] = found.empty.as_slice() {
        let and = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        world.say(&format!("no query in {}{and}: left out", first.display()));
    }
    let session = open(world).await?;
    if several {
        return several::run(world, &session, &manner, found).await;
    }
    let query = found.queries.pop().ok_or_else(|| Failure::bug("no query"))?;
    one::run(world, &session, &manner, &query).await
}
