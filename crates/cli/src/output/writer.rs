//! The only way to stdout.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::rc::Rc;

use defender_xdr_core::Environment;
use serde::Serialize;
use serde_json::Value;

use super::format::{Color, Format};
use super::json_text::{escaped, on_one_line, steers_bare};
use super::shape::Shape;
use super::steering::without_steering;
use super::table::Table;
use super::values::{Columns, Fields};
use super::{cell, markdown, path, yaml};
use crate::failure::Failure;
use crate::jq::Expression;

/// Where results go. Everything is checked: a full disk is an error, a closed pipe is not.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: BufWriter<Stdout>,
    pub(super) format: Format,
    terminal: bool,
    pub(super) color: bool,
    pub(super) width: Option<u16>,
    expression: Option<Rc<Expression>>,
    shape: Rc<Shape>,
    /// The columns of one thing for machines.
    fields: Vec<String>,
    /// A row of CSV being put together.
    line: Vec<u8>,
}

impl Output {
    pub(crate) fn new(format: Format, color: Color, environment: &Environment) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let bare = environment.get("TERM").is_some_and(|kind| kind == "dumb");
                terminal && !bare && environment.get("NO_COLOR").is_none()
            }
        };
        let width = terminal
            .then(|| rustix::termios::tcgetwinsize(io::stdout()).ok())
            .flatten()
            .map(|size| size.ws_col);
        let width = width.filter(|columns| *columns >= 40);
        let stdout = BufWriter::with_capacity(64 * 1024, io::stdout());
        let shape = Rc::default();
        Self {
            stdout,
            format,
            terminal,
            color,
            width,
            expression: None,
            shape,
            fields: Vec::new(),
            line: Vec::new(),
        }
    }

    /// The same with what the person chose to see of the records.
    pub(crate) fn shaped(self, shape: Rc<Shape>) -> Self {
        Self { shape, ..self }
    }

    /// The same with the members that one thing has for machines, among others.
    pub(crate) fn with_fields(self, names: &[&str]) -> Self {
        Self { fields: names.iter().map(|name| (*name).to_owned()).collect(), ..self }
    }

    pub(super) fn shape(&self) -> Rc<Shape> {
        Rc::clone(&self.shape)
    }

    /// The same through an expression, which decides what is printed.
    pub(crate) fn seen_through(self, expression: Option<Rc<Expression>>) -> Self {
        Self { expression, ..self }
    }

    /// Whether there is an expression.
    pub(super) fn is_seen_through(&self) -> bool {
        self.expression.is_some()
    }

    /// Prints what the expression makes of a JSON text, one result a line. Whether there is an expression.
    pub(super) fn through_expression(&mut self, json: &str) -> Result<bool, Failure> {
        let Some(expression) = self.expression.clone() else { return Ok(false) };
        expression.apply(json, |result| {
            if self.terminal && result.contains(steers_bare) {
                self.write(result.replace(steers_bare, " ").as_bytes())?;
            } else {
                self.write(result.as_bytes())?;
            }
            self.write(b"\n")
        })?;
        Ok(true)
    }

    /// One thing: an object in JSON, a table of names and values for people.
    pub(crate) fn object(
        &mut self,
        value: &impl Serialize,
        table: impl FnOnce() -> Table,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table | Format::Markdown if self.shape.columns.is_empty() => return self.table(&table()),
            Format::Table | Format::Csv | Format::Yaml | Format::Markdown => {
                let value = serde_json::to_value(value).map_err(|error| Failure::bug(error.to_string()))?;
                return self.one(value);
            }
            Format::Json => serde_json::to_string_pretty(value),
            Format::Ndjson => serde_json::to_string(value),
        };
        let text = text.map_err(|error| Failure::bug(error.to_string()))?;
        if self.through_expression(&text)? {
            return Ok(());
        }
        self.json(&text)?;
        self.write(b"\n")
    }

    /// One thing: a mapping, a row under a header, or names and values.
    fn one(&mut self, value: Value) -> Result<(), Failure> {
        let mut columns = Columns::new(self.shape());
        columns.fields = Fields { names: std::mem::take(&mut self.fields), closed: false };
        match self.format {
            Format::Yaml => {
                let mut text = String::new();
                yaml::document(&columns.project(value)?, &mut text);
                self.write(text.as_bytes())
            }
            Format::Csv => {
                let cells = columns.cells(&value, self.format, false)?;
                let header = columns.paths(Some(&value))?.to_vec();
                self.csv_header(&header)?;
                self.csv(cells)
            }
            _ => {
                let paths = columns.paths(Some(&value))?;
                let pairs =
                    paths.iter().map(|path| (path.as_str(), cell::for_people(&path::find(&value, path))));
                let table = Table::of_pairs(pairs.collect());
                self.table(&table)
            }
        }
    }

    /// JSON text as it is, unless the format is no JSON.
    pub(crate) fn raw(&mut self, json: &str) -> Result<(), Failure> {
        if self.through_expression(json)? {
            return Ok(());
        }
        match self.format {
            Format::Ndjson => self.json(&on_one_line(json))?,
            Format::Csv | Format::Yaml | Format::Markdown => {
                if let Ok(value) = serde_json::from_str(json) {
                    return self.answer(value);
                }
                self.json(json)?;
            }
            Format::Json | Format::Table => self.json(json)?,
        }
        self.write(b"\n")
    }

    /// An answer of a service: rows where it is a list, bare or as `OData` wraps one.
    fn answer(&mut self, value: Value) -> Result<(), Failure> {
        let records = match &value {
            _ if self.format == Format::Yaml => None,
            Value::Array(records) => Some(records),
            Value::Object(members) => members.get("value").and_then(Value::as_array),
            _ => None,
        };
        let Some(records) = records else { return self.one(value) };
        let mut columns = Columns::new(self.shape());
        let header = columns.paths(records.first())?.to_vec();
        if self.format == Format::Csv {
            self.csv_header(&header)?;
        } else {
            self.write(markdown::row(&header).as_bytes())?;
            self.write(markdown::rule(header.len()).as_bytes())?;
        }
        for record in records {
            let cells = columns.cells(record, self.format, false)?;
            if self.format == Format::Csv {
                self.csv(cells)?;
            } else {
                self.write(markdown::row(cells).as_bytes())?;
            }
        }
        Ok(())
    }

    /// JSON text on one line.
    pub(crate) fn json_line(&mut self, json: &str) -> Result<(), Failure> {
        if self.through_expression(json)? {
            return Ok(());
        }
        self.json(json)?;
        self.write(b"\n")
    }

    /// JSON text on one line, which may be long: where nobody looks into it, it is passed on as it is written.
    pub(crate) fn json_line_by(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        if self.terminal || self.is_seen_through() {
            let mut text = Vec::new();
            write(&mut text)?;
            return self.json_line(&String::from_utf8_lossy(&text));
        }
        write(&mut self.stdout)?;
        self.write(b"\n")
    }

    /// A whole table.
    pub(crate) fn table(&mut self, table: &Table) -> Result<(), Failure> {
        if self.format != Format::Markdown {
            return self.line(&table.render(self.width, self.color));
        }
        let header = match table.header() {
            [] => vec!["name".to_owned(), "value".to_owned()],
            names => names.to_vec(),
        };
        self.write(markdown::row(&header).as_bytes())?;
        self.write(markdown::rule(header.len()).as_bytes())?;
        table.rows().iter().try_for_each(|row| self.write(markdown::row(row).as_bytes()))
    }

    /// A line of text.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    /// The header of CSV. A spreadsheet is told the encoding first.
    pub(super) fn csv_header<T: AsRef<str>>(&mut self, names: &[T]) -> Result<(), Failure> {
        if self.shape.spreadsheet {
            self.write("\u{FEFF}".as_bytes())?;
        }
        self.csv(names)
    }

    /// A row of CSV (RFC 4180, lines ending in a line feed). On a terminal, characters that steer it are left out.
    pub(super) fn csv<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        self.line.clear();
        let mut row = csv::WriterBuilder::new().buffer_capacity(1024).from_writer(&mut self.line);
        for cell in cells {
            let cell = cell.as_ref();
            let cell = if self.shape.spreadsheet { cell::for_spreadsheet(cell) } else { Cow::Borrowed(cell) };
            let cell = cell.as_ref();
            let written =
                if self.terminal { row.write_field(without_steering(cell)) } else { row.write_field(cell) };
            written.map_err(|error| Failure::bug(error.to_string()))?;
        }
        row.write_record(None::<&[u8]>).map_err(|error| Failure::bug(error.to_string()))?;
        row.flush()?;
        drop(row);
        Ok(self.stdout.write_all(&self.line)?)
    }

    /// JSON text. On a terminal, characters that steer it are escaped; in a pipe the text is untouched.
    pub(crate) fn json(&mut self, text: &str) -> Result<(), Failure> {
        if self.terminal { self.write(escaped(text).as_bytes()) } else { self.write(text.as_bytes()) }
    }

    /// A value on a line of its own, whatever stands in it.
    pub(crate) fn value(&mut self, value: &str) -> Result<(), Failure> {
        let line = if self.terminal { without_steering(value) } else { value.replace(['\r', '\n'], " ") };
        self.line(&line)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.stdout.write_all(bytes)?)
    }

    /// Hands everything to the reader. Without it, a failed write would be lost.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        Ok(self.stdout.flush()?)
    }

    /// What was written so far reaches the reader now.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.stdout.flush()?)
    }
}
