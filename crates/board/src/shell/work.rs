//! Calls of the API beside the picture. Each answers with events.

use std::cell::RefCell;
use std::rc::Rc;

use defender_xdr_api::incidents::{Extent, IncidentQuery, Manner, PlannedChange};
use defender_xdr_api::{ApiError, Client};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, spawn_local, yield_now};

use crate::detail::Detail;
use crate::plain::plain;
use crate::row::Row;
use crate::state::{Effect, Event, Proposal};

/// What is wanted at once.
const FIRST: usize = 50;
/// So many incidents are listed.
const MOST: usize = 10_000;
/// So many rows of a query are kept.
const MOST_ROWS: usize = 1_000;
/// A cell of a row is cut after so many letters: nobody reads more on a terminal.
const LONGEST_CELL: usize = 400;
/// After so many records, keys get their turn.
const BREATH: usize = 8;

/// What was shown to the person, with the question it answers: that and nothing else may be written.
type Proposed = Rc<RefCell<Option<(u64, PlannedChange)>>>;

/// Calls under way.
pub(super) struct Work {
    client: Client,
    query: IncidentQuery,
    events: UnboundedSender<Event>,
    proposed: Proposed,
    failure: Rc<RefCell<Option<ApiError>>>,
    loading: Option<AbortHandle>,
    hunting: Option<AbortHandle>,
}

impl Work {
    pub(super) fn new(client: Client, query: IncidentQuery, events: UnboundedSender<Event>) -> Self {
        Self {
            client,
            query,
            events,
            proposed: Rc::default(),
            failure: Rc::default(),
            loading: None,
            hunting: None,
        }
    }

    /// Why there is nothing to show, if the very first page could not be read.
    pub(super) fn take_failure(&self) -> Option<ApiError> {
        self.failure.borrow_mut().take()
    }

    /// Begins to do something.
    pub(super) fn begin(&mut self, effect: Effect) {
        let (client, events) = (self.client.clone(), self.events.clone());
        match effect {
            Effect::Load { generation } => {
                let (query, failure) = (self.query.clone(), Rc::clone(&self.failure));
                let task = spawn_local(async move {
                    let problem = load(&client, query, generation, &events).await.err();
                    let told = problem.as_ref().map(said);
                    if let (1, Some((0, error))) = (generation, problem) {
                        *failure.borrow_mut() = Some(error);
                    }
                    events.send(Event::Loaded { generation, problem: told }).ok();
                });
                replace(&mut self.loading, task.abort_handle());
            }
            Effect::Open { asked, id } => drop(spawn_local(async move {
                let read = client.get_incident(&id).await;
                let result =
                    read.map(|incident| Box::new(Detail::of(&incident))).map_err(|error| text(&error));
                events.send(Event::Opened { asked, result }).ok();
            })),
            Effect::Propose { asked, id, change } => {
                let proposed = Rc::clone(&self.proposed);
                drop(spawn_local(async move {
                    let plan = client.plan_change(&id, *change, Manner::default()).await;
                    let result = plan.map_err(|error| text(&error)).map(|plan| {
                        let shown = proposal(&plan);
                        *proposed.borrow_mut() = Some((asked, plan));
                        shown
                    });
                    events.send(Event::Proposed { asked, result }).ok();
                }));
            }
            Effect::Write { asked } => {
                let plan = self.proposed.borrow_mut().take().filter(|(shown, _)| *shown == asked);
                drop(spawn_local(async move {
                    let result = match plan {
                        Some((_, plan)) => client.carry_out(&plan).await.map_err(|error| text(&error)),
                        None => {
                            Err("this change is not the one that was shown; nothing was written".to_owned())
                        }
                    };
                    let result = result.map(|written| Box::new(Row::of(&written.incident)));
                    events.send(Event::Written { result }).ok();
                }));
            }
            Effect::Hunt { asked, query } => {
                let task = spawn_local(async move {
                    let (problem, is_cut) = match hunt(&client, &query, asked, &events).await {
                        Ok(is_cut) => (None, is_cut),
                        Err(error) => (Some(text(&error)), false),
                    };
                    events.send(Event::Hunted { asked, problem, is_cut }).ok();
                });
                replace(&mut self.hunting, task.abort_handle());
            }
            Effect::Quit => {}
        }
    }
}

/// A newer task takes the place of an older one of its kind.
fn replace(place: &mut Option<AbortHandle>, task: AbortHandle) {
    if let Some(older) = place.replace(task) {
        older.abort();
    }
}

/// The first page as fast as may be, the others behind the calls of everybody else. An error tells how many had come.
async fn load(
    client: &Client,
    query: IncidentQuery,
    generation: u32,
    events: &UnboundedSender<Event>,
) -> Result<(), (usize, ApiError)> {
    let first = IncidentQuery { extent: Extent::AtMost(FIRST), ..query.clone() };
    let count = pages(client, &first, generation, events).await?;
    if count < FIRST {
        return Ok(());
    }
    let rest = IncidentQuery { extent: Extent::AtMost(MOST - FIRST), offset: query.offset + FIRST, ..query };
    pages(&client.clone().in_background(), &rest, generation, events)
        .await
        .map(drop)
        .map_err(|(more, error)| (count + more, error))
}

async fn pages(
    client: &Client,
    query: &IncidentQuery,
    generation: u32,
    events: &UnboundedSender<Event>,
) -> Result<usize, (usize, ApiError)> {
    let mut incidents = client.list_incidents(query);
    let (mut rows, mut count) = (Vec::new(), 0);
    loop {
        let next = incidents.next().await.map_err(|error| (count, error))?;
        let is_over = next.is_none();
        if let Some(listed) = next {
            count += 1;
            // One that cannot be read is left out here; `incidents list` tells about it.
            rows.extend(listed.incident.ok().map(|incident| Row::of(&incident)));
        }
        if is_over || incidents.is_between_pages() {
            events.send(Event::Rows { generation, rows: std::mem::take(&mut rows) }).ok();
        }
        if is_over {
            return Ok(count);
        }
        if count % BREATH == 0 {
            yield_now().await;
        }
    }
}

/// Whether there were more rows than are kept.
async fn hunt(
    client: &Client,
    query: &str,
    asked: u64,
    events: &UnboundedSender<Event>,
) -> Result<bool, ApiError> {
    let mut stream = client.hunt(query).await?;
    let schema = stream.schema().await?;
    let columns: Vec<String> = schema.columns().iter().map(|column| plain(&column.name)).collect();
    let mut rows = Vec::new();
    let mut count = 0;
    let send =
        |rows: Vec<Vec<String>>| events.send(Event::HuntRows { asked, columns: columns.clone(), rows }).ok();
    while let Some(row) = stream.next().await? {
        if count == MOST_ROWS {
            send(rows);
            return Ok(true);
        }
        count += 1;
        if let Ok(cells) = row.cells(&schema) {
            let cut = |cell: std::borrow::Cow<'_, str>| plain(&cell).chars().take(LONGEST_CELL).collect();
            rows.push(cells.texts().map(cut).collect());
        }
        if count % BREATH == 0 {
            send(std::mem::take(&mut rows));
            yield_now().await;
        }
    }
    send(rows);
    Ok(false)
}

fn proposal(plan: &PlannedChange) -> Proposal {
    let fields = plan.fields.iter().filter(|field| field.is_change());
    Proposal {
        id: plan.current.id().to_owned(),
        name: plain(plan.current.text("displayName").unwrap_or_default()),
        fields: fields.map(|field| (field.field.to_owned(), shown(&field.from), shown(&field.to))).collect(),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    };
    if text.is_empty() { "nothing".to_owned() } else { text }
}

fn said((count, error): &(usize, ApiError)) -> String {
    format!("{} (after {count} incidents)", text(error))
}

fn text(error: &ApiError) -> String {
    match error.hint() {
        Some(hint) => plain(&format!("{error}; {hint}")),
        None => plain(&error.to_string()),
    }
}
