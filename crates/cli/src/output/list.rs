//! Lists, printed as their records come: memory does not grow with their length (except in a table, whose
//! columns must be measured, and where an order or an expression over the whole was asked for).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::format::Format;
use super::json_text::on_one_line;
use super::path;
use super::record::{Record, bug};
use super::sorting::Sorting;
use super::table::Table;
use super::values::{Columns, Fields, no_such};
use super::writer::Output;
use super::{markdown, moment, yaml};
use crate::failure::Failure;

/// A list being printed.
#[derive(Debug)]
pub(crate) struct List {
    output: Output,
    table: Table,
    columns: Columns,
    /// Whether times in tables stay as they came.
    keeps_times: bool,
    count: usize,
    sorting: Option<Sorting>,
    buffer: Vec<u8>,
    text: String,
    /// The array so far, for an expression over the whole document.
    document: String,
}

impl List {
    /// A list on `output`; `columns` are for people.
    pub(crate) fn new(output: Output, columns: &[&str]) -> Self {
        Self {
            table: Table::new(columns),
            columns: Columns::new(output.shape()),
            keeps_times: false,
            count: 0,
            sorting: output.shape().sort.is_some().then(Sorting::default),
            buffer: Vec::new(),
            text: String::new(),
            document: String::new(),
            output,
        }
    }

    /// Names the members that such records have, among others: the columns for machines.
    pub(crate) fn with_fields(mut self, names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.columns.fields = Fields { names, closed: false };
        self
    }

    /// Names all members that such records have.
    ///
    /// # Errors
    /// Exit code 2 if a column was named that is none of them: before anything is done.
    pub(crate) fn with_all_fields(mut self, names: &[&str]) -> Result<Self, Failure> {
        self = self.with_fields(names);
        self.columns.fields.closed = true;
        self.columns.check(None)?;
        Ok(self)
    }

    /// Text in tables is not cut.
    pub(crate) fn wrapping(mut self) -> Self {
        self.table = self.table.wrapping();
        self
    }

    /// Times in tables stay as they are: somebody's data.
    pub(crate) fn keeping_times(mut self) -> Self {
        self.keeps_times = true;
        self
    }

    /// How many records were printed.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether records are wanted as cells, in the columns of the list.
    pub(crate) fn takes_cells(&self) -> bool {
        self.output.format.has_columns() && !self.columns.are_named() && self.sorting.is_none()
    }

    /// Prints a record; `row` is asked for its cells only where people read them.
    pub(crate) fn push<T: Serialize>(
        &mut self,
        record: &Record<'_, T>,
        row: impl FnOnce() -> Vec<String>,
    ) -> Result<(), Failure> {
        let first = self.count == 0;
        self.count += 1;
        if self.sorting.is_some() {
            let cells = (self.wants_rows() && matches!(record, Record::Model(_))).then(row);
            return self.put_aside(record, cells);
        }
        if matches!(record, Record::Model(_)) && self.wants_rows() {
            return self.print_row(row(), first);
        }
        self.print(record, first)
    }

    /// Whether the command decides what people see of a record.
    fn wants_rows(&self) -> bool {
        self.output.format.is_for_people() && !self.columns.are_named() && !self.output.is_seen_through()
    }

    fn print<T: Serialize>(&mut self, record: &Record<'_, T>, first: bool) -> Result<(), Failure> {
        if self.output.is_seen_through() {
            return self.push_through_expression(record, first);
        }
        let named = self.columns.are_named();
        match (self.output.format, record) {
            // The server's own objects have no columns of ours: on a terminal they are printed one a line.
            (Format::Table, Record::Raw(json)) if !named => {
                self.output.json(&on_one_line(json))?;
                self.output.write(b"\n")
            }
            (Format::Yaml, _) => {
                let value = self.columns.project(record.value()?)?;
                self.text.clear();
                yaml::item(&value, &mut self.text);
                self.output.write(self.text.as_bytes())
            }
            (Format::Table | Format::Csv | Format::Markdown, _) => {
                let cells = self.columns.cells(&record.value()?, self.output.format, self.keeps_times)?;
                self.print_cells(cells, first)
            }
            (Format::Json, _) => {
                self.output.write(if first { b"[\n" } else { b",\n" })?;
                self.print_json(record)
            }
            (Format::Ndjson, Record::Raw(json)) => {
                self.output.json(&on_one_line(json))?;
                self.output.write(b"\n")
            }
            (Format::Ndjson, _) => {
                self.print_json(record)?;
                self.output.write(b"\n")
            }
        }
    }

    fn print_json<T: Serialize>(&mut self, record: &Record<'_, T>) -> Result<(), Failure> {
        match record {
            Record::Raw(json) | Record::Text(json) => self.output.json(json),
            Record::Model(value) => {
                self.buffer.clear();
                serde_json::to_writer(&mut self.buffer, value).map_err(|error| bug(&error))?;
                let buffer = std::mem::take(&mut self.buffer);
                // What serde_json writes is UTF-8.
                self.output.json(std::str::from_utf8(&buffer).unwrap_or_default())?;
                self.buffer = buffer;
                Ok(())
            }
        }
    }

    /// What the command says of a record.
    fn print_row(&mut self, mut cells: Vec<String>, first: bool) -> Result<(), Failure> {
        if self.output.format == Format::Markdown {
            if first {
                self.print_names()?;
            }
            return self.output.write(markdown::row(cells).as_bytes());
        }
        if !self.keeps_times {
            for cell in &mut cells {
                if let Some(time) = moment::to_the_minute(cell) {
                    *cell = time;
                }
            }
        }
        self.table.row(&cells);
        Ok(())
    }

    /// The command's own names of the columns, for Markdown.
    fn print_names(&mut self) -> Result<(), Failure> {
        let header = self.table.header();
        self.output.write(markdown::row(header).as_bytes())?;
        self.output.write(markdown::rule(header.len()).as_bytes())
    }

    /// The cells of the columns.
    fn print_cells(&mut self, cells: Vec<String>, first: bool) -> Result<(), Failure> {
        if first {
            self.print_header(None)?;
        }
        match self.output.format {
            Format::Csv => self.output.csv(cells),
            Format::Markdown => self.output.write(markdown::row(cells).as_bytes()),
            _ => {
                self.table.row(&cells);
                Ok(())
            }
        }
    }

    fn print_header(&mut self, first: Option<&Value>) -> Result<(), Failure> {
        let mut header = self.columns.paths(first)?.to_vec();
        if header.is_empty() {
            header = self.table.header().to_vec();
        }
        match self.output.format {
            Format::Csv => self.output.csv_header(&header),
            Format::Markdown => {
                self.output.write(markdown::row(&header).as_bytes())?;
                self.output.write(markdown::rule(header.len()).as_bytes())
            }
            _ => {
                self.table = Table::with_header(header);
                Ok(())
            }
        }
    }

    /// Prints a record that is a row of cells, where [`Self::takes_cells`].
    pub(crate) fn cells<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> Result<(), Failure> {
        let first = self.count == 0;
        self.count += 1;
        if self.output.format != Format::Csv {
            return self.print_row(cells.map(Cow::into_owned).collect(), first);
        }
        if first {
            self.output.csv_header(self.table.header())?;
        }
        self.output.csv(cells)
    }

    fn put_aside<T: Serialize>(
        &mut self,
        record: &Record<'_, T>,
        row: Option<Vec<String>>,
    ) -> Result<(), Failure> {
        let shape = self.output.shape();
        let (Some(sorting), Some(by)) = (&mut self.sorting, &shape.sort) else { return Ok(()) };
        let value = record.value()?;
        if self.count == 1 {
            self.columns.check(Some(&value))?;
        }
        // A member that the first lacks may be there later; what no kind of record has is a mistake.
        if self.count == 1 && self.columns.fields.closed {
            path::check(Some(&value), &self.columns.fields.names, &by.path)
                .map_err(|unknown| no_such(&by.path, "flag --sort", unknown))?;
        }
        sorting.add(by, &value, record.json()?.into_owned(), record.is_raw(), row)
    }

    /// Prints what waited for its order.
    fn print_sorted(&mut self) -> Result<(), Failure> {
        let shape = self.output.shape();
        let (Some(sorting), Some(by)) = (self.sorting.take(), &shape.sort) else { return Ok(()) };
        let has_keys = sorting.has_keys();
        for (index, waiting) in sorting.sorted(by).into_iter().enumerate() {
            if index == 0 && !has_keys {
                let value: Value = serde_json::from_str(&waiting.json).map_err(|error| bug(&error))?;
                path::check(Some(&value), &self.columns.fields.names, &by.path)
                    .map_err(|unknown| no_such(&by.path, "flag --sort", unknown))?;
            }
            match waiting.row {
                Some(cells) => self.print_row(cells, index == 0)?,
                None if waiting.raw => self.print::<()>(&Record::Raw(&waiting.json), index == 0)?,
                None => self.print::<()>(&Record::Text(&waiting.json), index == 0)?,
            }
        }
        Ok(())
    }

    fn push_through_expression<T: Serialize>(
        &mut self,
        record: &Record<'_, T>,
        first: bool,
    ) -> Result<(), Failure> {
        let json = record.json()?;
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
        self.print_sorted()?;
        if self.output.is_seen_through() {
            if self.output.format != Format::Ndjson {
                self.document.push_str(if self.count == 0 { "[]" } else { "]" });
                self.output.through_expression(&self.document)?;
            }
            return self.output.finish();
        }
        match self.output.format {
            Format::Table if self.table.is_empty() => {}
            Format::Table => self.output.table(&self.table)?,
            // A table without rows is a table all the same.
            Format::Markdown if self.count == 0 && self.wants_rows() => self.print_names()?,
            Format::Csv | Format::Markdown if self.count == 0 => self.print_header(None)?,
            Format::Json | Format::Yaml if self.count == 0 => self.output.line("[]")?,
            Format::Json => self.output.write(b"\n]\n")?,
            Format::Csv | Format::Ndjson | Format::Yaml | Format::Markdown => {}
        }
        self.output.finish()
    }
}
