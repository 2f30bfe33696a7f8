//! `hunt`: a KQL query, a table.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use crate::exit::Exit;
use crate::failure::{Failure, Report};
use crate::output::{List, Record};
use crate::session::Session;
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
    let query = query(arguments)?;
    let session = Session::open(world).await?;
    let result = session.client()?.hunt(&query).await;
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

fn query(arguments: Arguments) -> Result<String, Failure> {
    let unreadable = |from: String, error: std::io::Error| {
        Failure::from(
            Report::new("usage", Exit::Usage, format!("cannot read the query: {error}")).with_source(from),
        )
    };
    let mut text = String::new();
    match (arguments.query, arguments.file) {
        (_, Some(path)) => {
            let from = || format!("file {}", path.display());
            let file = std::fs::File::open(&path).map_err(|error| unreadable(from(), error))?;
            file.take(LONGEST_QUERY).read_to_string(&mut text).map_err(|error| unreadable(from(), error))?;
        }
        (Some(query), None) if query == "-" => {
            let stdin = std::io::stdin().lock();
            stdin
                .take(LONGEST_QUERY)
                .read_to_string(&mut text)
                .map_err(|error| unreadable("standard input".to_owned(), error))?;
        }
        (Some(query), None) => text = query,
        (None, None) => {}
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
