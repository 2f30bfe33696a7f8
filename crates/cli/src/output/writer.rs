//! The only way to stdout.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::rc::Rc;

use defender_xdr_core::Environment;
use serde::Serialize;

use super::format::{Color, Format};
use super::steering::{is_unseen, without_steering};
use super::table::Table;
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
        Self { stdout, format, terminal, color, width, expression: None, line: Vec::new() }
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
            Format::Table => return self.table(&table()),
            Format::Csv => {
                let table = table();
                self.csv(["name", "value"])?;
                return table.rows().iter().try_for_each(|row| self.csv(row));
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

    /// JSON text as it is.
    pub(crate) fn raw(&mut self, json: &str) -> Result<(), Failure> {
        if self.through_expression(json)? {
            return Ok(());
        }
        match self.format {
            Format::Ndjson => self.json(&on_one_line(json))?,
            Format::Json | Format::Table | Format::Csv => self.json(json)?,
        }
        self.write(b"\n")
    }

    /// JSON text on one line.
    pub(crate) fn json_line(&mut self, json: &str) -> Result<(), Failure> {
        if self.through_expression(json)? {
            return Ok(());
        }
        self.json(json)?;
        self.write(b"\n")
    }

    /// A whole table.
    pub(crate) fn table(&mut self, table: &Table) -> Result<(), Failure> {
        let text = table.render(self.width, self.color);
        self.line(&text)
    }

    /// A line of text.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    /// A row of CSV (RFC 4180, lines ending in a line feed). On a terminal, characters that steer it are left out.
    pub(super) fn csv<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        self.line.clear();
        let mut row = csv::WriterBuilder::new().buffer_capacity(1024).from_writer(&mut self.line);
        for cell in cells {
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

/// JSON text whose characters that steer a terminal are escaped.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Control characters that JSON may hold unescaped, and those that reorder text or hide in it.
fn steers(character: char) -> bool {
    matches!(character, '\u{7F}'..='\u{9F}') || is_unseen(character)
}

/// The same in bare text, which has no escapes: lines and columns alone may stay.
fn steers_bare(character: char) -> bool {
    steers(character) || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// Line breaks in JSON text stand only between tokens, where a blank does as well.
pub(super) fn on_one_line(json: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\n', b'\r', json.as_bytes()).is_some() {
        Cow::Owned(json.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(json)
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escaped_json_is_the_same_json_and_steers_nothing() {
        let text = "{\"a\":\"x\u{202E}y\u{9B}z\u{E0041}\"}";
        let safe = escaped(text);
        assert!(safe.is_ascii(), "{safe}");
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).expect("JSON");
        assert_eq!(read(&safe), read(text));
        assert_eq!(escaped("{\"a\":\"é\"}"), "{\"a\":\"é\"}");
    }
}
