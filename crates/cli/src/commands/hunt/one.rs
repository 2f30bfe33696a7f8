//! One query: its rows as they arrive, in constant memory. A table alone is kept until its end, since its columns must be
//! measured; so is what an expression over a whole document is about.

use defender_xdr_api::hunting::{HuntStream, MOST_ROWS, Row, Schema};
use defender_xdr_api::{ApiError, Client};

use super::{Manner, Query};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, List, Output, Record};
use crate::progress::Progress;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// How many rows came, and of what kind.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rows: usize,
    pub(super) unreadable: usize,
    beyond_schema: usize,
}

/// Runs the only query.
pub(super) async fn run(
    world: &World,
    session: &Session,
    manner: &Manner,
    query: &Query,
) -> Result<Exit, Failure> {
    let client = session.client()?;
    let mut stream = match start(world, &client, manner, query).await {
        Ok(stream) => stream,
        Err(error) => {
            session.tokens.flush().await;
            return session.told(Err(error), &query.from);
        }
    };
    if world.global.raw && world.output_format() != Format::Ndjson {
        return verbatim(world, session, stream.keeping_verbatim()).await;
    }
    let schema = match stream.schema().await {
        Ok(schema) => schema,
        Err(error) => {
            session.tokens.flush().await;
            return session.told(Err(error), &query.from);
        }
    };
    let names: Vec<&str> = schema.columns().iter().map(|column| column.name.as_str()).collect();
    let mut list = List::new(world.output(), &names).with_all_fields(&names)?.keeping_times();
    let (tally, fault) = rows(world, &mut stream, &schema, &mut list, None).await?;
    session.tokens.flush().await;
    let fault = fault.map(|error| session.told::<(), _>(Err(error), &query.from));
    if fault.is_none() && tally.rows == 0 {
        world.say("no rows; an empty table is no proof that nothing happened");
    }
    if fault.is_none() || tally.rows > 0 {
        list.finish()?;
    }
    match fault {
        Some(fault) => fault.map(|()| Exit::Ok).map_err(|fault| fault.after_output(tally.rows > 0)),
        None => tally.report().map_or(Ok(Exit::Ok), |report| Err(report.into())),
    }
}

/// Sends a query.
pub(super) async fn start(
    world: &World,
    client: &Client,
    manner: &Manner,
    query: &Query,
) -> Result<HuntStream, ApiError> {
    let progress = Progress::new("the query is running", false, world.global.quiet);
    let text = manner.text(query);
    let result = client.hunt(manner.query(&text)).await;
    drop(progress);
    result
}

/// Prints all rows of an answer. `wrapping` is the name of the query in JSON, where each row has to say whose it is. What
/// went wrong with the answer is given back beside what was printed.
pub(super) async fn rows(
    world: &World,
    stream: &mut HuntStream,
    schema: &Schema,
    list: &mut List,
    wrapping: Option<&str>,
) -> Result<(Tally, Option<ApiError>), Failure> {
    let mut progress = Progress::new("rows", world.output_format() != Format::Table, world.global.quiet);
    let mut tally = Tally::default();
    let mut line = Vec::new();
    let fault = loop {
        match stream.next().await {
            Ok(Some(row)) => {
                if let Err(problem) = print(world, row, schema, list, wrapping, &mut line, &mut tally)? {
                    tracing::warn!("{problem}; it is left out");
                    tally.unreadable += 1;
                }
                tally.rows += 1;
                progress.tick();
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    if tally.beyond_schema > 0 {
        tracing::warn!("{} rows have values that are in no column; ndjson shows them", tally.beyond_schema);
    }
    Ok((tally, fault))
}

fn print(
    world: &World,
    row: Row<'_>,
    schema: &Schema,
    list: &mut List,
    wrapping: Option<&str>,
    line: &mut Vec<u8>,
    tally: &mut Tally,
) -> Result<Result<(), ApiError>, Failure> {
    line.clear();
    if let Some(name) = wrapping {
        line.extend_from_slice(b"{\"query\":");
        line.extend_from_slice(name.as_bytes());
        line.extend_from_slice(b",\"row\":");
    }
    if world.global.raw {
        match (row.raw(), wrapping) {
            (Err(problem), _) => return Ok(Err(problem)),
            (Ok(raw), None) => list.push::<()>(&Record::Raw(raw), Vec::new)?,
            (Ok(raw), Some(_)) => {
                line.extend_from_slice(raw.as_bytes());
                line.push(b'}');
                list.push::<()>(&Record::Raw(text(line)), Vec::new)?;
            }
        }
        return Ok(Ok(()));
    }
    let cells = match row.cells(schema) {
        Ok(cells) => cells,
        Err(problem) => return Ok(Err(problem)),
    };
    if list.takes_cells() {
        tally.beyond_schema += usize::from(cells.beyond_schema() > 0);
        list.cells(cells.texts())?;
    } else {
        cells.write_json(line);
        if wrapping.is_some() {
            line.push(b'}');
        }
        list.push::<()>(&Record::Text(text(line)), Vec::new)?;
    }
    Ok(Ok(()))
}

/// What was put together from texts is text.
fn text(line: &[u8]) -> &str {
    std::str::from_utf8(line).unwrap_or_default()
}

/// Prints the whole answer as the server sent it.
async fn verbatim(world: &World, session: &Session, mut stream: HuntStream) -> Result<Exit, Failure> {
    let mut output = world.output();
    let mut document = world.is_seen_through().then(String::new);
    let mut printed = false;
    let fault = loop {
        let next = stream.next().await.map(|row| row.is_some());
        let text = stream.take_verbatim();
        // What is no answer at all is told, not printed.
        if next.is_ok() || printed {
            printed |= !text.is_empty();
            pass_on(&mut output, document.as_mut(), &text)?;
        }
        match next {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
    };
    session.tokens.flush().await;
    match (fault, document) {
        (Some(fault), document) => {
            output.finish()?;
            let printed = printed && document.is_none();
            return session.told(Err(fault), "").map_err(|fault| fault.after_output(printed));
        }
        (None, Some(document)) => output.raw(&document)?,
        (None, None) => output.line("")?,
    }
    output.finish()?;
    let tally = Tally { rows: stream.count(), ..Tally::default() };
    tally.report().map_or(Ok(Exit::Ok), |report| Err(report.into()))
}

fn pass_on(output: &mut Output, document: Option<&mut String>, text: &str) -> Result<(), Failure> {
    match document {
        Some(document) => document.push_str(text),
        None => output.json(text)?,
    }
    Ok(())
}

impl Tally {
    /// What is wrong with an answer that was read to its end.
    pub(super) fn report(&self) -> Option<Report> {
        if self.unreadable > 0 {
            let message = format!("{} of {} rows could not be read", self.unreadable, self.rows);
            return Some(Report::new("partial", Exit::Partial, message));
        }
        (self.rows >= MOST_ROWS).then(|| {
            let message =
                format!("there are {} rows, and the service gives no more: the result may be cut", self.rows);
            Report::new("partial", Exit::Partial, message)
                .with_hint("count first (`| count`), or ask for one span of time after the other")
        })
    }
}
