//! Results on stdout: tables for people, JSON for machines.

mod format;
mod list;
mod table;
mod writer;

pub(crate) use format::{Color, Format};
pub(crate) use list::{List, Record};
pub(crate) use table::{Table, printable};
pub(crate) use writer::Output;
