//! Results on stdout: tables for people, JSON, CSV and YAML for machines, Markdown for tickets.

mod cell;
mod format;
mod json_text;
mod layout;
mod list;
mod markdown;
mod moment;
mod path;
mod record;
mod shape;
mod sorting;
mod steering;
mod table;
mod values;
mod writer;
mod yaml;

pub(crate) use format::{Color, Format};
pub(crate) use json_text::escaped;
pub(crate) use list::List;
pub(crate) use moment::local;
pub(crate) use record::Record;
pub(crate) use shape::{Shape, SortKey, column};
pub(crate) use steering::{printable, without_steering};
pub(crate) use table::Table;
pub(crate) use writer::Output;
