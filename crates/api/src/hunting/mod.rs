//! Advanced hunting: a KQL query in, a table out, row by row.

mod cells;
mod run;
mod schema;
mod stream;
mod value;

pub use cells::Cells;
pub use run::{HuntQuery, MOST_ROWS};
pub use schema::{Column, ColumnType, Schema};
pub use stream::{HuntStream, Row};
