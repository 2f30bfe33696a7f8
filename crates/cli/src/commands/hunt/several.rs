//! Several queries, one after the other. One that fails does not stop the rest, unless the rest would fail the same way.

use defender_xdr_api::{ApiError, ApiErrorKind, Client};

use super::files::Found;
use super::one::{self, Tally};
use super::{Manner, Query};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, List};
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// How one query ended.
enum End {
    Well,
    /// It ran, and its result is not whole.
    Partly(Report),
    Failed(Report),
    /// There was no answer. One query may take too long; where two in a row get none, nobody is there.
    Unreached(Report),
    /// It failed, and so would all others.
    Hopeless(Report),
}

/// Runs all queries. In JSON each row is `{"query": name, "row": {…}}`; tables have the names above them.
pub(super) async fn run(
    world: &World,
    session: &Session,
    manner: &Manner,
    found: Found,
) -> Result<Exit, Failure> {
    let client = session.client()?;
    let as_json = world.global.output.is_some_and(Format::is_machine_readable);
    let all = found.queries.len() + found.broken.len();
    for problem in &found.broken {
        tracing::warn!("{problem}");
    }
    let mut tables = Tables { world, list: (!is_for_people(world)).then(|| List::new(world.output(), &[])) };
    let (mut failed, mut partly, mut well) = (found.broken.len(), 0, 0);
    let (mut first, mut hopeless) = (None, None);
    let mut unreached = false;
    for query in &found.queries {
        let end = hunt(world, session, &client, manner, query, &mut tables).await?;
        let again = std::mem::replace(&mut unreached, matches!(end, End::Unreached(_)));
        match end {
            End::Well => well += 1,
            End::Partly(report) => {
                report.of_query(&query.name).print(as_json);
                partly += 1;
            }
            End::Unreached(report) if again => {
                hopeless = Some(report.of_query(&query.name));
                break;
            }
            End::Failed(report) | End::Unreached(report) => {
                failed += 1;
                first.get_or_insert(report.exit);
                report.of_query(&query.name).print(as_json);
            }
            End::Hopeless(report) => {
                hopeless = Some(report.of_query(&query.name));
                break;
            }
        }
    }
    session.tokens.flush().await;
    tables.finish()?;
    match (hopeless, failed + partly) {
        (Some(report), _) => Err(Failure::from(report).after_output(well + partly > 0)),
        (None, 0) => Ok(Exit::Ok),
        (None, _) => {
            let exit = first.filter(|_| failed == all).unwrap_or(Exit::Partial);
            let message =
                format!("{failed} of {all} queries failed, {partly} gave a result that is not whole");
            Err(Report::new("partial", exit, message).into())
        }
    }
}

fn is_for_people(world: &World) -> bool {
    world.output_format().is_for_people()
}

/// One list for programs, a table for each query for people.
struct Tables<'a> {
    world: &'a World,
    list: Option<List>,
}

impl Tables<'_> {
    fn finish(self) -> Result<(), Failure> {
        self.list.map_or(Ok(()), List::finish)
    }
}

async fn hunt(
    world: &World,
    session: &Session,
    client: &Client,
    manner: &Manner,
    query: &Query,
    tables: &mut Tables<'_>,
) -> Result<End, Failure> {
    let mut stream = match one::start(world, client, manner, query).await {
        Ok(stream) => stream,
        Err(error) => return failed(session, query, error),
    };
    let schema = match stream.schema().await {
        Ok(schema) => schema,
        Err(error) => return failed(session, query, error),
    };
    let (tally, fault) = if let Some(list) = &mut tables.list {
        // A text always serialises.
        let name = serde_json::to_string(&query.name).unwrap_or_default();
        let result = one::rows(world, &mut stream, &schema, list, Some(&name)).await?;
        list.flush()?;
        result
    } else {
        let mut output = tables.world.output();
        let name = crate::output::printable(&query.name);
        match world.output_format() {
            Format::Markdown => output.line(&format!("### {name}\n"))?,
            _ => output.line(&format!("{name}:"))?,
        }
        let names: Vec<&str> = schema.columns().iter().map(|column| column.name.as_str()).collect();
        let mut list = List::new(output, &names).with_fields(&names).keeping_times();
        let result = one::rows(world, &mut stream, &schema, &mut list, None).await?;
        list.finish()?;
        if result.0.rows == 0 {
            world.say("no rows");
        }
        let mut output = tables.world.output();
        output.line("")?;
        output.finish()?;
        result
    };
    match fault {
        Some(error) => failed(session, query, error),
        None => Ok(ended(&tally)),
    }
}

fn ended(tally: &Tally) -> End {
    tally.report().map_or(End::Well, End::Partly)
}

fn failed(session: &Session, query: &Query, error: ApiError) -> Result<End, Failure> {
    let hopeless = matches!(
        error.kind(),
        ApiErrorKind::SignIn
            | ApiErrorKind::TokenRefused
            | ApiErrorKind::Forbidden
            | ApiErrorKind::Throttled
            | ApiErrorKind::Retired
            | ApiErrorKind::Setup
            | ApiErrorKind::Refused
    );
    let unreached = error.kind() == ApiErrorKind::Unreachable;
    match session.told::<(), _>(Err(error), &query.from) {
        Err(Failure::Reported(report)) if hopeless => Ok(End::Hopeless(*report)),
        Err(Failure::Reported(report)) if unreached => Ok(End::Unreached(*report)),
        Err(Failure::Reported(report)) => Ok(End::Failed(*report)),
        Err(other) => Err(other),
        Ok(()) => Ok(End::Well),
    }
}
