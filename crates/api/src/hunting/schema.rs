//! The columns of an answer and their types.

use serde::{Deserialize, Serialize};

/// A column of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name, as the query made it.
    #[serde(alias = "Name")]
    pub name: String,
    /// The engine's type, such as `DateTime`, `String`, `Int64`.
    #[serde(alias = "Type", rename = "type", default)]
    pub kind: String,
}

/// What the engine's types mean for their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// A moment.
    Time,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Real,
    /// A truth value; the engine's older wire format sends 0 and 1.
    Bool,
    /// JSON, often as text.
    Dynamic,
    /// Everything else is taken as it comes: text, GUIDs, spans of time, and decimals, whose digits would suffer.
    Other,
}

impl Column {
    /// What the type means. The names are those of .NET, as the service sends them, and those of Kusto.
    pub fn column_type(&self) -> ColumnType {
        let kind = self.kind.strip_prefix("System.").unwrap_or(&self.kind);
        match kind.to_ascii_lowercase().as_str() {
            "datetime" | "datetimeoffset" | "date" => ColumnType::Time,
            "int64" | "int32" | "int16" | "long" | "int" => ColumnType::Integer,
            "double" | "single" | "real" => ColumnType::Real,
            "sbyte" | "boolean" | "bool" => ColumnType::Bool,
            "object" | "dynamic" => ColumnType::Dynamic,
            _ => ColumnType::Other,
        }
    }
}

/// The columns of an answer, in the query's order. Names may repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    columns: Vec<Column>,
    types: Vec<ColumnType>,
    /// The names as JSON writes them.
    keys: Vec<String>,
}

impl Schema {
    /// A schema of columns.
    pub fn new(columns: Vec<Column>) -> Self {
        let types = columns.iter().map(Column::column_type).collect();
        // A text always serialises.
        let keys =
            columns.iter().map(|column| serde_json::to_string(&column.name).unwrap_or_default()).collect();
        Self { columns, types, keys }
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// A column's type; out of range it is [`ColumnType::Other`].
    pub(super) fn type_of(&self, index: usize) -> ColumnType {
        self.types.get(index).copied().unwrap_or(ColumnType::Other)
    }

    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The column a row's member belongs to: `expected` if it has that name, as it nearly always does, else the first
    /// with the name that is still free, else one that differs by case alone.
    pub(super) fn place(&self, name: &str, expected: usize, free: impl Fn(usize) -> bool) -> Option<usize> {
        let is_named = |index: usize| self.columns.get(index).is_some_and(|column| column.name == name);
        if is_named(expected) && free(expected) {
            return Some(expected);
        }
        let all = || (0..self.columns.len()).filter(|index| free(*index));
        all().find(|index| is_named(*index)).or_else(|| {
            // A name that the schema has in this very spelling is not another column's.
            let known = self.columns.iter().any(|column| column.name == name);
            all().find(|index| !known && self.columns[*index].name.eq_ignore_ascii_case(name))
        })
    }
}
