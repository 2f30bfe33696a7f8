//! Advanced hunting: a small part of the Kusto query language over tables that agree with the incidents.
//!
//! `Table | where <conditions> | project A, B = C | take N`; everything else is refused with the texts of the real
//! engine. Source: Microsoft Learn, "Understand the advanced hunting schema"; Kusto query language reference.

mod alert_rows;
mod cell;
mod evaluate;
mod event_rows;
mod lexer;
mod parser;
mod tables;
mod timespan;

use jiff::Timestamp;

pub(crate) use self::cell::HuntingResult;
use self::cell::{Cell, Column};
use self::parser::Stage;
use super::world::World;
use super::world::ticks::{DAY, Ticks};

/// Rows an answer may have (Microsoft Learn, "Advanced hunting service limits").
const LARGEST_RESULT: usize = 100_000;
/// How far back events are kept.
const LOOK_BACK: i64 = 30 * DAY;

/// Why a query is refused; the texts are the engine's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KqlError {
    #[error("The incomplete fragment is unexpected.. Fix syntax errors in your query.")]
    Syntax,
    #[error("Control commands are not supported. Fix syntax errors in your query.")]
    ControlCommand,
    #[error(
        "'{operator}' operator: Failed to resolve scalar expression named '{name}'. Fix semantic errors in your query."
    )]
    Column { operator: &'static str, name: String },
    #[error(
        "'{operator}' operator: Failed to resolve table or column expression named '{name}'. Fix semantic errors in your query."
    )]
    Table { operator: &'static str, name: String },
    #[error(
        "'where' operator: Cannot compare values of types {left} and {right}. Try adding explicit casts. Fix semantic errors in your query."
    )]
    Types { left: &'static str, right: &'static str },
    #[error("'where' operator: The expression has to be of type bool. Fix semantic errors in your query.")]
    NotBool,
    #[error("The value of 'Timespan' is not an ISO 8601 interval, duration or start.")]
    Timespan,
}

/// Runs a query over the last thirty days, or the shorter window that `timespan` names.
pub(crate) fn run(
    world: &World,
    query: &str,
    timespan: Option<&str>,
    now: Timestamp,
) -> Result<HuntingResult, KqlError> {
    let now = Ticks::from_timestamp(now);
    let query = parser::parse(query, now)?;
    let (from, to) = match timespan {
        Some(text) => timespan::window(text, now).ok_or(KqlError::Timespan)?,
        None => (now.plus(-LOOK_BACK), now),
    };
    let from = from.max(now.plus(-LOOK_BACK));
    let table = tables::find(&query.table).ok_or_else(|| KqlError::Table {
        operator: query.stages.first().map_or("take", operator),
        name: query.table.clone(),
    })?;
    let mut columns: Vec<Column> =
        table.columns.iter().map(|(name, kind)| Column { name: (*name).to_owned(), kind: *kind }).collect();
    let mut rows = (table.rows)(world);
    let scanned = rows.len();
    rows.retain(|row| matches!(row.first(), Some(Cell::Time(time)) if *time >= from && *time <= to));
    for stage in query.stages {
        match stage {
            Stage::Where(condition) => {
                let predicate = evaluate::bind(condition, &columns)?;
                rows.retain(|row| predicate.holds(row));
            }
            Stage::Project(projections) => {
                let mut positions = Vec::new();
                let mut projected = Vec::new();
                for (name, source) in projections {
                    let position = columns
                        .iter()
                        .position(|column| column.name == source)
                        .ok_or(KqlError::Column { operator: "project", name: source })?;
                    positions.push(position);
                    projected.push(Column { name, kind: columns[position].kind });
                }
                for row in &mut rows {
                    *row = positions.iter().map(|position| row[*position].clone()).collect();
                }
                columns = projected;
            }
            Stage::Take(amount) => rows.truncate(amount),
        }
    }
    rows.truncate(LARGEST_RESULT);
    Ok(HuntingResult { columns, rows, scanned })
}

fn operator(stage: &Stage) -> &'static str {
    match stage {
        Stage::Where(_) => "where",
        Stage::Project(_) => "project",
        Stage::Take(_) => "take",
    }
}

#[cfg(test)]
mod tests;
