//! Columns and cells of hunting tables.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::defender::world::ticks::Ticks;

/// The type of a column; the API names types as .NET does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    Time,
    Text,
    Long,
    /// Truth values travel as 0 and 1.
    Bool,
    Real,
    /// JSON as text.
    Dynamic,
}

impl CellKind {
    /// The name in the schema of an answer.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Time => "DateTime",
            Self::Text => "String",
            Self::Long => "Int64",
            Self::Bool => "SByte",
            Self::Real => "Double",
            Self::Dynamic => "Object",
        }
    }

    /// The name in error texts of the query engine.
    pub(crate) fn kusto(self) -> &'static str {
        match self {
            Self::Time => "datetime",
            Self::Text => "string",
            Self::Long => "long",
            Self::Bool => "bool",
            Self::Real => "real",
            Self::Dynamic => "dynamic",
        }
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Time(Ticks),
    Text(String),
    Long(i64),
    Bool(bool),
    Real(f64),
}

impl Cell {
    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 2,
            Self::Time(_) => 30,
            Self::Long(number) => number.to_string().len(),
            Self::Real(_) => 8,
            Self::Null | Self::Bool(_) => 4,
        }
    }

    /// What tells a value from others when rows are counted or compared.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Null => "n".to_owned(),
            Self::Time(time) => format!("t{}", time.0),
            Self::Text(text) => format!("s{text}"),
            Self::Long(number) => format!("l{number}"),
            Self::Bool(truth) => format!("b{truth}"),
            Self::Real(number) => format!("r{number}"),
        }
    }

    /// Their order in `sort by`; null is the smallest.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            (Self::Time(left), Self::Time(right)) => left.cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Long(left), Self::Long(right)) => left.cmp(right),
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            (Self::Real(left), Self::Real(right)) => left.total_cmp(right),
            // A column has one type.
            _ => Ordering::Equal,
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Time(time) => time.text().into(),
            Self::Text(text) => text.as_str().into(),
            Self::Long(number) => (*number).into(),
            Self::Bool(truth) => u8::from(*truth).into(),
            Self::Real(number) => (*number).into(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}

impl From<Ticks> for Cell {
    fn from(time: Ticks) -> Self {
        Self::Time(time)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Long(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: CellKind,
}

/// The answer to a query.
#[derive(Debug)]
pub(crate) struct HuntingResult {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Rows that were looked at.
    pub(crate) scanned: usize,
}

impl HuntingResult {
    /// The size of the answer in bytes, roughly as it is sent.
    pub(crate) fn size(&self) -> usize {
        let names: usize = self.columns.iter().map(|column| column.name.len() + 4).sum();
        self.rows.iter().map(|row| row.iter().map(Cell::size).sum::<usize>() + names).sum()
    }

    /// A row as an object; `annotate` adds the type annotations that Graph sends beside 64-bit numbers.
    pub(crate) fn object(&self, row: &[Cell], annotate: bool) -> Value {
        let mut members = Map::new();
        for (column, cell) in self.columns.iter().zip(row) {
            if annotate && column.kind == CellKind::Long && *cell != Cell::Null {
                members.insert(format!("{}@odata.type", column.name), "#Int64".into());
            }
            members.insert(column.name.clone(), cell.json());
        }
        Value::Object(members)
    }
}
