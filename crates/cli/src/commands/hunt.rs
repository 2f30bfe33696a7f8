//! `hunt`: a KQL query, a table.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use crate::detached::detached;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{List, Record};
use crate::progress::Progress;
use crate::world::World;

/// Queries are text people write; anything larger is a mistake.
const LONGEST_QUERY: u64 = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The query, or - to read it from standard input.
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    query: Option<String>,
    /// Read the query from a file.
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Arguments {
    /// Where the query comes from, for errors about it.
    fn origin(&self) -> String {
        match (&self.file, self.query.as_deref()) {
            (Some(path), _) => format!("file {}", path.display()),
            (None, Some("-")) => "standard input".to_owned(),
            (None, _) => "argument QUERY".to_owned(),
        }
    }
}

pub(crate) async fn run(world: &World, arguments: Arguments) -> Result<Exit, Failure> {
    let from = arguments.origin();
    let query = query(arguments, &from).await?;
    let session = open(world).await?;
    let client = session.client()?;
    let progress = Progress::new("the query is running", false, world.global.quiet);
    let result = client.hunt(&query).await;
    drop(progress);
    session.tokens.flush().await;
    let result = session.told(result, &from)?;
    let mut output = world.output();
    if world.global.raw {
        output.raw(result.raw())?;
        output.finish()?;
        return Ok(Exit::Ok);
    }
    let names: Vec<&str> = result.columns().iter().map(|column| column.name.as_str()).collect();
    let mut list = List::new(output, &names);
    for row in result.rows() {
        let row: Map<String, Value> = row?;
        list.push(&Record::Model(&row), || names.iter().map(|name| cell(row.get(*name))).collect())?;
    }
    if list.count() == 0 {
        world.say("no rows; an empty table is no proof that nothing happened");
    }
    list.finish()?;
    Ok(Exit::Ok)
}

/// The query's text. Read on another thread: a keyboard or a pipe may take its time, and Ctrl-C must work.
async fn query(arguments: Arguments, from: &str) -> Result<String, Failure> {
    let reading = detached(move || -> std::io::Result<String> {
        let mut text = String::new();
        match (arguments.query, arguments.file) {
            (_, Some(path)) => {
                std::fs::File::open(path)?.take(LONGEST_QUERY + 1).read_to_string(&mut text)?;
            }
            (Some(query), None) if query == "-" => {
                std::io::stdin().lock().take(LONGEST_QUERY + 1).read_to_string(&mut text)?;
            }
            (query, None) => text = query.unwrap_or_default(),
        }
        Ok(text)
    });
    let read = reading.await.ok_or_else(|| Failure::bug("reading the query failed"))?;
    let text = read.map_err(|error| {
        Failure::from(Failure::usage(format!("cannot read the query: {error}")).with_source(from))
    })?;
    if text.len() as u64 > LONGEST_QUERY {
        return Err(Failure::usage("the query is longer than 1 MiB").with_source(from).into());
    }
    // Editors on Windows begin a file with a byte order mark, which the query engine does not know.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
