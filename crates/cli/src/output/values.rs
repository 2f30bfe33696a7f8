//! Records as cells: which columns there are, and what stands in them.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::cell;
use super::format::Format;
use super::moment;
use super::path::{self, Unknown};
use super::shape::Shape;
use crate::failure::Failure;

/// The members that records of a command have.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    pub(super) names: Vec<String>,
    /// Whether there are no others.
    pub(super) closed: bool,
}

/// The columns of a list, found when its first record is there.
#[derive(Debug)]
pub(super) struct Columns {
    shape: Rc<Shape>,
    pub(super) fields: Fields,
    chosen: Option<Vec<String>>,
}

impl Columns {
    pub(super) fn new(shape: Rc<Shape>) -> Self {
        Self { shape, fields: Fields::default(), chosen: None }
    }

    /// Whether the person named columns.
    pub(super) fn are_named(&self) -> bool {
        !self.shape.columns.is_empty()
    }

    /// The paths of the columns: those named, else the members of such records, else those of the first.
    pub(super) fn paths(&mut self, first: Option<&Value>) -> Result<&[String], Failure> {
        if self.chosen.is_none() {
            let chosen = if self.are_named() {
                self.check(first)?;
                self.shape.columns.clone()
            } else if self.fields.names.is_empty() {
                first.map(path::flattened).unwrap_or_default()
            } else {
                self.fields.names.clone()
            };
            self.chosen = Some(chosen);
        }
        Ok(self.chosen.as_deref().unwrap_or_default())
    }

    /// Whether the named columns exist. Without a record, only a complete list of members can tell.
    pub(super) fn check(&self, first: Option<&Value>) -> Result<(), Failure> {
        if first.is_none() && !self.fields.closed {
            return Ok(());
        }
        for column in &self.shape.columns {
            path::check(first, &self.fields.names, column)
                .map_err(|unknown| no_such(column, "flag --columns", unknown))?;
        }
        Ok(())
    }

    /// The cells of a record in a format.
    pub(super) fn cells(
        &mut self,
        record: &Value,
        format: Format,
        keeps_times: bool,
    ) -> Result<Vec<String>, Failure> {
        let paths = self.paths(Some(record))?;
        let cell = |path: &String| {
            let found = path::find(record, path);
            match format {
                Format::Table if !keeps_times => {
                    let text = cell::for_people(&found);
                    moment::to_the_minute(&text).unwrap_or(text)
                }
                Format::Table | Format::Markdown => cell::for_people(&found),
                _ => cell::for_machines(&found),
            }
        };
        Ok(paths.iter().map(cell).collect())
    }

    /// The record, or what the named columns leave of it.
    pub(super) fn project(&mut self, record: Value) -> Result<Value, Failure> {
        if !self.are_named() {
            return Ok(record);
        }
        let paths = self.paths(Some(&record))?;
        let members = paths.iter().map(|path| {
            let value = match path::find(&record, path).as_slice() {
                [] => Value::Null,
                [one] => (*one).clone(),
                several => several.iter().copied().cloned().collect(),
            };
            (path.clone(), value)
        });
        Ok(Value::Object(members.collect::<Map<_, _>>()))
    }
}

/// What to say of a path that leads nowhere.
pub(super) fn no_such(path: &str, source: &str, unknown: Unknown) -> Failure {
    let path = super::without_steering(path);
    let report = Failure::usage(format!("there is no column `{path}`")).with_source(source);
    let known = |names: &[String]| names.iter().map(|name| super::without_steering(name)).collect::<Vec<_>>();
    match unknown.nearest {
        Some(nearest) => report.with_hint(format!("did you mean `{}`?", super::without_steering(&nearest))),
        None => report.with_hint(format!("there are {}", known(&unknown.known).join(", "))),
    }
    .into()
}
