//! Lists, printed as their records come: memory does not grow with their length (except in a table, whose
//! columns must be measured).

use std::borrow::Cow;

use serde::Serialize;

use super::format::Format;
use super::table::Table;
use super::writer::{Output, on_one_line};
use crate::failure::Failure;

/// One record of a list.
pub(crate) enum Record<'a, T> {
    /// In our form.
    Model(&'a T),
    /// JSON text in our form.
    Text(&'a str),
    /// The server's own JSON text.
    Raw(&'a str),
}

/// A list being printed.
#[derive(Debug)]
pub(crate) struct List {
    output: Output,
    table: Table,
    count: usize,
    buffer: Vec<u8>,
    /// The array so far, for an expression over the whole document.
    document: String,
}

impl List {
    /// A list on `output`; `columns` are for people.
    pub(crate) fn new(output: Output, columns: &[&str]) -> Self {
        Self { output, table: Table::new(columns), count: 0, buffer: Vec::new(), document: String::new() }
    }

    /// How many records were printed.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Prints a record; `row` is asked for its cells only in a table.
    pub(crate) fn push<T: Serialize>(
        &mut self,
        record: &Record<'_, T>,
        row: impl FnOnce() -> Vec<String>,
    ) -> Result<(), Failure> {
        let first = self.count == 0;
        self.count += 1;
        if self.output.is_seen_through() {
            return self.push_through_expression(record, first);
        }
        match (self.output.format, record) {
            (Format::Table, Record::Model(_)) => {
                self.table.row(&row());
                return Ok(());
            }
            (Format::Csv, Record::Model(_)) => {
                if first {
                    self.output.csv(self.table.header())?;
                }
                return self.output.csv(row());
            }
            // The server's own objects have no columns: for people they are printed one a line.
            (Format::Table | Format::Csv | Format::Ndjson, Record::Raw(json))
            | (Format::Csv, Record::Text(json)) => {
                self.output.json(&on_one_line(json))?;
                return self.output.write(b"\n");
            }
            (Format::Json, _) => self.output.write(if first { b"[\n" } else { b",\n" })?,
            (Format::Table, Record::Text(_)) | (Format::Ndjson, Record::Model(_) | Record::Text(_)) => {}
        }
        match record {
            Record::Raw(json) | Record::Text(json) => self.output.json(json)?,
            Record::Model(value) => {
                self.buffer.clear();
                serde_json::to_writer(&mut self.buffer, value)
                    .map_err(|error| Failure::bug(error.to_string()))?;
                let buffer = std::mem::take(&mut self.buffer);
                // What serde_json writes is UTF-8.
                self.output.json(std::str::from_utf8(&buffer).unwrap_or_default())?;
                self.buffer = buffer;
            }
        }
        if self.output.format == Format::Ndjson { self.output.write(b"\n") } else { Ok(()) }
    }

    /// Prints a record that is a row of cells, where the format has columns.
    pub(crate) fn cells<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> Result<(), Failure> {
        let first = self.count == 0;
        self.count += 1;
        if self.output.format != Format::Csv {
            let row: Vec<String> = cells.map(Cow::into_owned).collect();
            self.table.row(&row);
            return Ok(());
        }
        if first {
            self.output.csv(self.table.header())?;
        }
        self.output.csv(cells)
    }

    fn push_through_expression<T: Serialize>(
        &mut self,
        record: &Record<'_, T>,
        first: bool,
    ) -> Result<(), Failure> {
        let json = match record {
            Record::Raw(json) | Record::Text(json) => Cow::Borrowed(*json),
            Record::Model(value) => {
                Cow::Owned(serde_json::to_string(value).map_err(|error| Failure::bug(error.to_string()))?)
            }
        };
        if self.output.format == Format::Ndjson {
            return self.output.through_expression(&json).map(|_| ());
        }
        self.document.push(if first { '[' } else { ',' });
        self.document.push_str(&json);
        Ok(())
    }

    /// What was pushed so far reaches the reader now.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.output.flush()
    }

    /// Ends the list; a JSON array is closed also when the list could not be completed.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        if self.output.is_seen_through() {
            if self.output.format != Format::Ndjson {
                self.document.push_str(if self.count == 0 { "[]" } else { "]" });
                self.output.through_expression(&self.document)?;
            }
            return self.output.finish();
        }
        match self.output.format {
            Format::Table if self.table.is_empty() => {}
            // A table without rows is a table all the same.
            Format::Csv if self.count == 0 => self.output.csv(self.table.header())?,
            Format::Table => self.output.table(&self.table)?,
            Format::Json if self.count == 0 => self.output.line("[]")?,
            Format::Json => self.output.write(b"\n]\n")?,
            Format::Csv | Format::Ndjson => {}
        }
        self.output.finish()
    }
}
