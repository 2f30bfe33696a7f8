//! Runs the stages of a query, one after the other.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::cell::{Cell, CellKind, Column, HuntingResult};
use super::evaluate;
use super::parser::{Operand, Query, Source, Stage};
use super::{KqlError, tables};
use crate::defender::world::World;
use crate::defender::world::ticks::Ticks;

/// More rows than this are not made, whatever is done with them.
const LARGEST_RANGE: i64 = 2_000_000;

/// The rows a query begins with; those of a table lie between two moments.
pub(super) fn source(
    world: &World,
    query: &Query,
    from: Ticks,
    to: Ticks,
) -> Result<HuntingResult, KqlError> {
    match &query.source {
        Source::Table(name) => {
            let table = tables::find(name).ok_or_else(|| KqlError::Table {
                operator: query.stages.first().map_or("take", operator),
                name: name.clone(),
            })?;
            let column = |(name, kind): &(&str, CellKind)| Column { name: (*name).to_owned(), kind: *kind };
            let columns = table.columns.iter().map(column).collect();
            let mut rows = (table.rows)(world);
            let scanned = rows.len();
            rows.retain(|row| matches!(row.first(), Some(Cell::Time(time)) if *time >= from && *time <= to));
            Ok(HuntingResult { columns, rows, scanned })
        }
        Source::Range { name, from, to, step } => {
            if *step < 1 || to.saturating_sub(*from) / *step >= LARGEST_RANGE {
                return Err(KqlError::Range);
            }
            let numbers = std::iter::successors(Some(*from), |number| number.checked_add(*step));
            let rows: Vec<_> =
                numbers.take_while(|number| number <= to).map(|number| vec![Cell::Long(number)]).collect();
            let scanned = rows.len();
            Ok(HuntingResult {
                columns: vec![Column { name: name.clone(), kind: CellKind::Long }],
                rows,
                scanned,
            })
        }
        Source::Print(values) => {
            let mut result = HuntingResult { columns: Vec::new(), rows: vec![Vec::new()], scanned: 1 };
            extend(&mut result, values, "print")?;
            Ok(result)
        }
    }
}

/// One stage.
pub(super) fn stage(result: &mut HuntingResult, stage: Stage) -> Result<(), KqlError> {
    match stage {
        Stage::Where(condition) => {
            let predicate = evaluate::bind(condition, &result.columns)?;
            result.rows.retain(|row| predicate.holds(row));
        }
        Stage::Project(projections) => {
            let (names, sources): (Vec<_>, Vec<_>) = projections.into_iter().unzip();
            let positions = positions(result, &sources, "project")?;
            pick(result, &positions);
            for (column, name) in result.columns.iter_mut().zip(names) {
                column.name = name;
            }
        }
        Stage::Extend(values) => extend(result, &values, "extend")?,
        Stage::Count { name, by } => count(result, name, &by)?,
        Stage::Distinct(names) => {
            let positions = positions(result, &names, "distinct")?;
            pick(result, &positions);
            let mut seen = BTreeSet::new();
            result.rows.retain(|row| seen.insert(key(row)));
        }
        Stage::Sort(orders) => sort(result, &orders, "sort")?,
        Stage::Top(amount, orders) => {
            sort(result, &orders, "top")?;
            result.rows.truncate(amount);
        }
        Stage::Take(amount) => result.rows.truncate(amount),
    }
    Ok(())
}

fn positions(
    result: &HuntingResult,
    names: &[String],
    operator: &'static str,
) -> Result<Vec<usize>, KqlError> {
    let position = |name: &String| {
        let found = result.columns.iter().position(|column| column.name == *name);
        found.ok_or_else(|| KqlError::Column { operator, name: name.clone() })
    };
    names.iter().map(position).collect()
}

fn pick(result: &mut HuntingResult, positions: &[usize]) {
    for row in &mut result.rows {
        *row = positions.iter().map(|position| row[*position].clone()).collect();
    }
    result.columns = positions.iter().map(|position| result.columns[*position].clone()).collect();
}

fn key(row: &[Cell]) -> Vec<String> {
    row.iter().map(Cell::key).collect()
}

/// Adds columns, or replaces those that have the name.
fn extend(
    result: &mut HuntingResult,
    values: &[(String, Operand)],
    operator: &'static str,
) -> Result<(), KqlError> {
    for (name, operand) in values {
        let (kind, source) = match operand {
            Operand::Column(source) => {
                let at = positions(result, std::slice::from_ref(source), operator)?[0];
                (result.columns[at].kind, Err(at))
            }
            Operand::Literal(cell) => (kind_of(cell), Ok(cell.clone())),
        };
        let place = result.columns.iter().position(|column| column.name == *name);
        for row in &mut result.rows {
            let cell = match &source {
                Ok(cell) => cell.clone(),
                Err(at) => row[*at].clone(),
            };
            match place {
                Some(place) => row[place] = cell,
                None => row.push(cell),
            }
        }
        let column = Column { name: name.clone(), kind };
        match place {
            Some(place) => result.columns[place] = column,
            None => result.columns.push(column),
        }
    }
    Ok(())
}

fn kind_of(cell: &Cell) -> CellKind {
    match cell {
        Cell::Time(_) => CellKind::Time,
        Cell::Text(_) | Cell::Null => CellKind::Text,
        Cell::Long(_) => CellKind::Long,
        Cell::Bool(_) => CellKind::Bool,
        Cell::Real(_) => CellKind::Real,
    }
}

/// Groups come in the order of their first rows. Without groups there is one row, also of nothing.
fn count(result: &mut HuntingResult, name: String, by: &[String]) -> Result<(), KqlError> {
    let positions = positions(result, by, "summarize")?;
    let mut groups: Vec<(Vec<Cell>, i64)> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    for row in &result.rows {
        let group: Vec<Cell> = positions.iter().map(|position| row[*position].clone()).collect();
        let next = groups.len();
        let place = *places.entry(key(&group)).or_insert(next);
        if place == next {
            groups.push((group, 0));
        }
        groups[place].1 += 1;
    }
    if by.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), 0));
    }
    result.columns = positions.iter().map(|position| result.columns[*position].clone()).collect();
    result.columns.push(Column { name, kind: CellKind::Long });
    let row = |(mut group, count): (Vec<Cell>, i64)| {
        group.push(Cell::Long(count));
        group
    };
    result.rows = groups.into_iter().map(row).collect();
    Ok(())
}

fn sort(
    result: &mut HuntingResult,
    orders: &[(String, bool)],
    operator: &'static str,
) -> Result<(), KqlError> {
    let names: Vec<String> = orders.iter().map(|(name, _)| name.clone()).collect();
    let positions = positions(result, &names, operator)?;
    result.rows.sort_by(|left, right| {
        let compared = positions.iter().zip(orders).map(|(position, (_, ascending))| {
            let order = left[*position].order(&right[*position]);
            if *ascending { order } else { order.reverse() }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// The operator that an unknown table is blamed on.
fn operator(stage: &Stage) -> &'static str {
    match stage {
        Stage::Where(_) => "where",
        Stage::Project(_) => "project",
        Stage::Extend(_) => "extend",
        Stage::Count { .. } => "summarize",
        Stage::Distinct(_) => "distinct",
        Stage::Sort(_) => "sort",
        Stage::Top(..) => "top",
        Stage::Take(_) => "take",
    }
}
