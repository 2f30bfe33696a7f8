//! Text of one API in the words of the other: filters, field paths, words of enumerations, bodies of updates, context paths.
//!
//! Every answer is a list of rows. What has no counterpart is a row of its own without a translation, never left out.

mod body;
mod context;
mod field;
mod filter;
mod grammar;
mod path;
mod tokens;
mod value;

use serde::Serialize;

pub use body::body;
pub use context::context;
pub use field::field;
pub use filter::filter;
pub(crate) use filter::fragment;
pub(crate) use value::first_letter;
pub use value::value;

/// One translation, or something without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is: `filter`, `incident`, `PATCH /v1.0/security/incidents/{id}` and so on.
    pub what: String,
    /// The text given, or the part of it that this row is about.
    pub from: String,
    /// The other API's text; `None` when it has no counterpart.
    pub to: Option<String>,
    /// What to know.
    pub note: Option<String>,
}

impl Row {
    fn new(what: impl Into<String>, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { what: what.into(), from: from.into(), to: Some(to.into()), note: None }
    }

    fn without(what: impl Into<String>, from: impl Into<String>, note: impl Into<String>) -> Self {
        Self { what: what.into(), from: from.into(), to: None, note: Some(note.into()) }
    }

    fn noting(self, note: Option<impl Into<String>>) -> Self {
        Self { note: note.map(Into::into), ..self }
    }
}

/// Text that cannot be read as what it is said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TranslateError {
    /// A body that is no JSON object.
    #[error("the body is no JSON object: {0}")]
    NoObject(String),
    /// A filter without a single comparison.
    #[error("`{0}` is no filter: it compares nothing (such as `status eq 'Active'`)")]
    NoFilter(String),
    /// A filter that no API would take.
    #[error("the filter is broken: {0}")]
    Broken(String),
    /// A context path below no root that is known.
    #[error("`{0}` lies below none of the known roots: {1}")]
    NoRoot(String, String),
    /// Nothing at all.
    #[error("there is nothing to translate")]
    Nothing,
}
