//! Binds a condition to the columns of a table, checks its types, and evaluates it on rows.

use super::KqlError;
use super::cell::{Cell, CellKind, Column};
use super::condition::{Comparison, Condition};
use super::parser::Operand;

/// One side of a bound comparison.
#[derive(Debug)]
enum Bound {
    Column(usize),
    Literal(Cell),
}

/// A condition over column positions.
#[derive(Debug)]
pub(crate) enum Predicate {
    Compare(Side, Comparison, Side),
    In(Side, Vec<Side>),
    Truth(Side),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
}

/// A bound operand.
#[derive(Debug)]
pub(crate) struct Side(Bound);

/// Resolves the names of a condition and checks that its comparisons make sense.
pub(crate) fn bind(condition: Condition, columns: &[Column]) -> Result<Predicate, KqlError> {
    let all = |conditions: Vec<Condition>| -> Result<Vec<Predicate>, KqlError> {
        conditions.into_iter().map(|condition| bind(condition, columns)).collect()
    };
    Ok(match condition {
        Condition::All(conditions) => Predicate::All(all(conditions)?),
        Condition::Any(conditions) => Predicate::Any(all(conditions)?),
        Condition::Not(inner) => Predicate::Not(Box::new(bind(*inner, columns)?)),
        Condition::Truth(operand) => {
            let (side, kind) = resolve(operand, columns)?;
            if kind != CellKind::Bool {
                return Err(KqlError::NotBool);
            }
            Predicate::Truth(side)
        }
        Condition::Compare(left, comparison, right) => {
            let (left, left_kind) = resolve(left, columns)?;
            let (right, right_kind) = resolve(right, columns)?;
            check(left_kind, comparison, right_kind)?;
            Predicate::Compare(left, comparison, right)
        }
        Condition::In(left, items) => {
            let (left, left_kind) = resolve(left, columns)?;
            let mut sides = Vec::new();
            for item in items {
                let (side, kind) = resolve(item, columns)?;
                check(left_kind, Comparison::Equal, kind)?;
                sides.push(side);
            }
            Predicate::In(left, sides)
        }
    })
}

fn resolve(operand: Operand, columns: &[Column]) -> Result<(Side, CellKind), KqlError> {
    match operand {
        Operand::Column(name) => match columns.iter().position(|column| column.name == name) {
            Some(position) => Ok((Side(Bound::Column(position)), columns[position].kind)),
            None => Err(KqlError::Column { operator: "where", name }),
        },
        Operand::Literal(cell) => {
            let kind = match cell {
                Cell::Time(_) => CellKind::Time,
                Cell::Text(_) | Cell::Null => CellKind::Text,
                Cell::Long(_) => CellKind::Long,
                Cell::Bool(_) => CellKind::Bool,
                Cell::Real(_) => CellKind::Real,
            };
            Ok((Side(Bound::Literal(cell)), kind))
        }
    }
}

fn check(left: CellKind, comparison: Comparison, right: CellKind) -> Result<(), KqlError> {
    let text = |kind| matches!(kind, CellKind::Text | CellKind::Dynamic);
    let number = |kind| matches!(kind, CellKind::Long | CellKind::Real);
    let fits = match comparison {
        Comparison::Equal => left == right || (text(left) && text(right)) || (number(left) && number(right)),
        Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Less | Comparison::LessOrEqual => {
            (number(left) && number(right)) || (left == CellKind::Time && right == CellKind::Time)
        }
        _ => text(left) && text(right),
    };
    if fits { Ok(()) } else { Err(KqlError::Types { left: left.kusto(), right: right.kusto() }) }
}

impl Predicate {
    /// Whether a row satisfies it; a comparison with null is false.
    pub(crate) fn holds(&self, row: &[Cell]) -> bool {
        match self {
            Self::All(predicates) => predicates.iter().all(|predicate| predicate.holds(row)),
            Self::Any(predicates) => predicates.iter().any(|predicate| predicate.holds(row)),
            Self::Not(inner) => !inner.holds(row),
            Self::Truth(side) => *side.value(row) == Cell::Bool(true),
            Self::Compare(left, comparison, right) => compare(left.value(row), *comparison, right.value(row)),
            Self::In(left, items) => {
                items.iter().any(|item| compare(left.value(row), Comparison::Equal, item.value(row)))
            }
        }
    }
}

impl Side {
    fn value<'r>(&'r self, row: &'r [Cell]) -> &'r Cell {
        match &self.0 {
            Bound::Column(position) => row.get(*position).unwrap_or(&Cell::Null),
            Bound::Literal(cell) => cell,
        }
    }
}

fn compare(left: &Cell, comparison: Comparison, right: &Cell) -> bool {
    match (left, right) {
        (Cell::Text(left), Cell::Text(right)) => compare_text(left, comparison, right),
        (Cell::Bool(left), Cell::Bool(right)) => left == right,
        (Cell::Time(left), Cell::Time(right)) => ordered(comparison, left.partial_cmp(right)),
        (Cell::Long(left), Cell::Long(right)) => ordered(comparison, left.partial_cmp(right)),
        (left, right) => match (real(left), real(right)) {
            (Some(left), Some(right)) => ordered(comparison, left.partial_cmp(&right)),
            _ => false,
        },
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the engine compares long with real in floating point as well"
)]
fn real(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Long(number) => Some(*number as f64),
        Cell::Real(number) => Some(*number),
        _ => None,
    }
}

fn ordered(comparison: Comparison, order: Option<std::cmp::Ordering>) -> bool {
    order.is_some_and(|order| match comparison {
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        _ => order.is_eq(),
    })
}

/// Only `==` and `in` tell upper from lower case (Kusto, "String operators").
fn compare_text(left: &str, comparison: Comparison, right: &str) -> bool {
    if comparison == Comparison::Equal {
        return left == right;
    }
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    match comparison {
        Comparison::Has => has_word(&left, &right),
        Comparison::Contains => left.contains(&right),
        Comparison::StartsWith => left.starts_with(&right),
        Comparison::EndsWith => left.ends_with(&right),
        _ => left == right,
    }
}

/// Whether `word` occurs with no letter or digit right before or after it.
fn has_word(text: &str, word: &str) -> bool {
    let border = |next: Option<char>| next.is_none_or(|character| !character.is_alphanumeric());
    text.match_indices(word).any(|(at, found)| {
        border(text[..at].chars().next_back()) && border(text[at + found.len()..].chars().next())
    })
}
