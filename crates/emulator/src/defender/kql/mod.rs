//! Advanced hunting: a small part of the Kusto query language over tables that agree with the incidents.
//!
//! `let` of constants; tables, `range` and `print`; `where`, `project`, `extend`, `summarize count() by`, `count`,
//! `distinct`, `sort by`, `top`, `take`. Everything else is refused with the texts of the real engine. Source: Microsoft Learn, "Understand the advanced hunting schema"; Kusto query language reference.

mod alert_rows;
mod cell;
mod condition;
mod evaluate;
mod event_rows;
mod execute;
mod lexer;
mod parser;
mod tables;
mod timespan;

use jiff::Timestamp;

pub(crate) use self::cell::HuntingResult;
use super::world::World;
use super::world::ticks::{DAY, Ticks};

/// Rows an answer may have (Microsoft Learn, "Advanced hunting service limits").
const LARGEST_RESULT: usize = 100_000;
/// Bytes an answer may have (the same page).
const LARGEST_ANSWER: usize = 50_000_000;
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
    #[error(
        "The step of 'range' is not positive or it gives too many rows. Fix semantic errors in your query."
    )]
    Range,
    #[error(
        "Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again."
    )]
    TooLarge,
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
    let mut result = execute::source(world, &query, from, to)?;
    for stage in query.stages {
        execute::stage(&mut result, stage)?;
    }
    result.rows.truncate(LARGEST_RESULT);
    if result.size() > LARGEST_ANSWER {
        return Err(KqlError::TooLarge);
    }
    Ok(result)
}

#[cfg(test)]
mod tests;
