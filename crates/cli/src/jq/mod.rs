//! `--jq`: an expression of the jq language over what a command prints. Compiled before anything else happens, so that
//! a slip of the pen costs no call.

mod compile;
mod depth;
mod interrupt;
mod text;

use std::fmt;

use jaq_core::data::JustLut;
use jaq_core::{Ctx, Filter, Vars};
use jaq_json::{Val, read};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// A compiled expression.
pub(crate) struct Expression {
    filter: Filter<JustLut<Val>>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Expression").finish_non_exhaustive()
    }
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// A report that names the place and what is wrong there.
    pub(crate) fn compile(code: &str) -> Result<Self, Box<Report>> {
        let filter = compile::filter(code).map_err(|wrong| {
            let report = Failure::usage(wrong).with_source(SOURCE);
            Box::new(report.with_hint("correct the expression; nothing was sent"))
        })?;
        interrupt::end_a_filter_that_does_not();
        Ok(Self { filter })
    }

    /// Hands every result for a JSON text to `print`: texts bare, everything else as JSON on one line.
    ///
    /// # Errors
    /// When the text is no JSON, when the expression does not fit it, or when printing fails.
    pub(crate) fn apply(
        &self,
        json: &str,
        mut print: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        depth::check(json.as_bytes()).map_err(unreadable)?;
        let value = read::parse_single(json.as_bytes()).map_err(|error| unreadable(error.to_string()))?;
        let context = Ctx::<JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        for result in self.filter.id.run((context, value)) {
            match result {
                Ok(value) => print(&text::of_result(&value).map_err(misfit)?)?,
                Err(exception) => match exception.get_err() {
                    Ok(error) => return Err(misfit(shortened(&error.to_string()))),
                    // `halt`: no more results.
                    Err(_) => return Ok(()),
                },
            }
        }
        Ok(())
    }
}

const SOURCE: &str = "flag --jq";

/// What the expression says of the data is the expression's matter.
fn misfit(why: impl fmt::Display) -> Failure {
    Failure::usage(format!("the expression does not fit what it was given: {why}"))
        .with_source(SOURCE)
        .with_hint(
            "with `-o ndjson` it sees each record, with `-o json` the whole document; a list is an array: `.[]`",
        )
        .into()
}

fn unreadable(why: impl fmt::Display) -> Failure {
    Report::new("service", Exit::Service, format!("the expression cannot read what the service sent: {why}"))
        .with_source(SOURCE)
        .with_hint("leave out `--jq` to see it as it came")
        .into()
}

/// An error names the value at fault, which may be a whole incident.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 160;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let half = |end: &mut dyn Iterator<Item = char>| end.take(LONGEST / 2).collect::<Vec<_>>();
    let (start, mut end) = (half(&mut text.chars()), half(&mut text.chars().rev()));
    end.reverse();
    format!("{} … {}", String::from_iter(start), String::from_iter(end))
}

#[cfg(test)]
mod tests;
