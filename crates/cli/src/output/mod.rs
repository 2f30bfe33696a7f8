//! Results on stdout: tables for people, JSON for machines.

mod format;
mod list;
mod steering;
mod table;
mod writer;

pub(crate) use format::{Color, Format};
pub(crate) use list::{List, Record};
pub(crate) use steering::{printable, without_steering};
pub(crate) use table::Table;
pub(crate) use writer::{Output, escaped};
